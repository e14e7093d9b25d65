// The documents of a folder as bags of words over the vocabulary they give: what the text recipe learns from.
import { createHash, hash } from 'node:crypto';
import { extractAll } from '../features/pool.ts';
import type { WalkedFile } from '../files/walk.ts';
import { type CountMatrix, countMatrix } from '../text/term-counts.ts';
import type { TextFeature } from '../text/text-feature.ts';
import { chooseVocabulary, documentFrequencies, type Vocabulary } from '../text/vocabulary.ts';
import type { DataSetFailure, DataSetOptions } from './data-set.ts';
import { findItems } from './find-items.ts';
import { beginOpening, counted, invalid, throwIfStopped } from './opening.ts';

export interface DocumentBags {
  /** The last name of the folder. */
  readonly name: string;
  readonly vocabulary: Vocabulary;
  /** A row a document, a column a word of the vocabulary. */
  readonly counts: CountMatrix;
  readonly failures: readonly DataSetFailure[];
  readonly notices: readonly string[];
  /** SHA-256 of vocabulary and counts, in hexadecimal. */
  readonly fingerprint: string;
}

export interface BagOptions extends Pick<DataSetOptions, 'seed' | 'signal' | 'onProgress'> {
  /** Documents that are read at most: of more, a sample by their paths. @default 50,000 */
  readonly most?: number;
}

const MOST_DOCUMENTS = 50_000;
const PROGRESS_FILES = 100;

/** @throws SandglassError DATA_SET_INVALID when no two documents share a word, FILE_VANISHED, FILE_UNREADABLE, ABORTED */
export async function openBags(
  folder: string,
  { most = MOST_DOCUMENTS, ...options }: BagOptions,
): Promise<DocumentBags> {
  const opening = beginOpening(folder, { ...options, shape: [1], scratch: folder });
  const { name, seed, signal, failures, notices, onProgress } = opening;
  throwIfStopped(signal);
  const { documents, pictures } = await findItems(opening);
  if (pictures.length > 0)
    notices.push(`${counted(pictures.length, 'picture')} passed over: this recipe learns words.`);
  const files = sample(documents, most, seed);
  if (files.length < documents.length)
    notices.push(`${counted(files.length, 'document')} of ${documents.length.toLocaleString('en')} are learned from.`);
  const features: TextFeature[] = [];
  let done = 0;
  for await (const { file, result } of extractAll(files, signal === undefined ? {} : { signal })) {
    if (result.status === 'failed')
      failures.push({ path: file.path, code: result.error.code, message: result.error.message });
    else if (result.status !== 'skipped' && result.kind === 'text') features.push(result.feature);
    if (++done % PROGRESS_FILES === 0 || done === files.length)
      onProgress({ stage: 'reading', done, total: files.length });
  }
  const vocabulary = chooseVocabulary(documentFrequencies(features), features.length);
  if (vocabulary.size < 2) {
    throw invalid(
      `Expected documents that share words in ${folder} but received ${counted(features.length, 'document')} with ${counted(vocabulary.size, 'word')} in common.`,
      folder,
    );
  }
  const counts = countMatrix(
    features.map((feature) => vocabulary.toCounts(feature)),
    vocabulary.size,
  );
  return { name, vocabulary, counts, failures, notices, fingerprint: fingerprintOf(vocabulary, counts) };
}

/** The same files give the same sample, whatever else comes or goes. */
function sample(files: readonly WalkedFile[], most: number, seed: number): readonly WalkedFile[] {
  if (files.length <= most) return files;
  const keyed = files.map((file) => ({ file, key: hash('sha256', `${seed}\n${file.path.normalize('NFC')}`) }));
  const chosen = keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, most);
  return chosen.map(({ file }) => file).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function fingerprintOf(vocabulary: Vocabulary, { offsets, indices, counts }: CountMatrix): string {
  const sum = createHash('sha256').update(vocabulary.serialise());
  for (const part of [offsets, indices, counts]) sum.update(part);
  return sum.digest('hex');
}
