// Which files of a folder are pictures and which are documents, by their names, or their beginnings where names say nothing.
import { SandglassError } from '../errors.ts';
import { detectBinary, detectText } from '../features/detect-kind.ts';
import { claimOf } from '../features/name-claims.ts';
import { readRegularFile } from '../files/read-file.ts';
import { type WalkedFile, walk } from '../files/walk.ts';
import { isProbablyText } from '../text/probably-text.ts';
import { isIdxName } from './idx-names.ts';
import { invalid, type Opening, throwIfStopped } from './opening.ts';

export interface FoundItems {
  readonly pictures: readonly WalkedFile[];
  readonly documents: readonly WalkedFile[];
}

const PROGRESS_FILES = 1_000;

/** @throws SandglassError DATA_SET_INVALID when nothing usable is there, FILE_VANISHED and FILE_UNREADABLE for the folder, ABORTED */
export async function findItems({ folder, signal, failures, onProgress }: Opening): Promise<FoundItems> {
  const pictures: WalkedFile[] = [];
  const documents: WalkedFile[] = [];
  const passedOver: string[] = [];
  let found = 0;
  for await (const entry of walk(folder)) {
    throwIfStopped(signal);
    if (entry.type === 'failure') {
      if (entry.path === '') throw entry.error;
      failures.push({ path: entry.path, code: entry.error.code, message: entry.error.message });
      continue;
    }
    if (++found % PROGRESS_FILES === 0) onProgress({ stage: 'finding', done: found });
    const kind = await kindOf(entry);
    if (kind === 'image') pictures.push(entry);
    else if (kind === 'text') documents.push(entry);
    else passedOver.push(entry.path);
  }
  onProgress({ stage: 'finding', done: found });
  if (pictures.length + documents.length > 0) return { pictures, documents };

  const idx = passedOver.find((path) => isIdxName(path.slice(path.lastIndexOf('/') + 1)));
  if (idx !== undefined) {
    const where = idx.slice(0, idx.lastIndexOf('/'));
    throw invalid(`Expected IDX files in ${folder} itself but they lie in ${where}; name that folder.`, folder);
  }
  const came =
    found === 0 ? 'no file' : `none in ${found} files (${passedOver.slice(0, 3).join(', ')}${found > 3 ? ', …' : ''})`;
  throw invalid(`Expected IDX files, pictures or documents in ${folder} but found ${came}.`, folder);
}

async function kindOf(file: WalkedFile): Promise<'image' | 'text' | 'other'> {
  const claim = claimOf(file.path);
  if (claim === 'image' || claim === 'text') return claim;
  if (file.size === 0 || isIdxName(file.path)) return 'other';
  let head: Uint8Array = new Uint8Array(0);
  try {
    readRegularFile(file.absolute, (beginning) => {
      head = beginning.slice();
      return undefined;
    });
  } catch (thrown) {
    // It is counted among the documents, whose reading will say what is the matter.
    if (thrown instanceof SandglassError) return 'text';
    throw thrown;
  }
  const { kind } = isProbablyText(head) ? detectText(head, file.path) : await detectBinary(head, file.path);
  return kind === 'image' || kind === 'text' ? kind : 'other';
}
