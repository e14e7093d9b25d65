// Corrupted copies of the user's own files, for the comparison that needs no labels.
import { readFileSync } from 'node:fs';
import type { CopyKind, KnownItem } from '../compare/label-free.ts';
import { SandglassError } from '../errors.ts';
import { extractFromBytes } from '../features/extract.ts';
import type { Kind } from '../features/feature.ts';
import { fileError } from '../files/file-error.ts';
import { IMAGE_CORRUPTIONS } from '../image/corrupt-image.ts';
import { previewOf } from '../image/preview.ts';
import { TEXT_CORRUPTIONS } from '../text/corrupt-text.ts';
import { readText } from '../text/read-text.ts';
import { snippetOf } from '../text/snippet.ts';
import type { TextFeature } from '../text/text-feature.ts';
import { countTerms } from '../text/tokenize.ts';
import { itemPath } from './folders.ts';
import type { Workspace } from './workspace.ts';

/** Files of the batch at hand, so that a file is read once for all kinds of copies. */
const KEPT_FILES = 64;

/** Every way to corrupt items of a kind; copies are made of the files as they are on disk now. */
export function copyKinds(workspace: Workspace, kind: Kind): CopyKind[] {
  const read = remembering(KEPT_FILES, (id: number) => readItem(workspace, id));
  return kind === 'text' ? textCopies(read) : imageCopies(read);
}

interface OriginalFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

function textCopies(read: (id: number) => OriginalFile): CopyKind[] {
  const textOf = remembering(KEPT_FILES, (id: number) => {
    const { path, bytes } = read(id);
    return readText(bytes, path).text;
  });
  return TEXT_CORRUPTIONS.map(({ name, seen, apply, against }) => ({
    name,
    seen,
    async copy(item: KnownItem, random) {
      const text = textOf(item.id);
      const copy = apply(text, random);
      const feature = withText(copy);
      const standIn = against && withText(against(text));
      // One word has no halves.
      if (feature.terms.length === 0 || standIn?.terms.length === 0) return undefined;
      return { feature, ...(standIn ? { standIn } : {}), preview: async () => ({ snippet: snippetOf(copy) }) };
    },
  }));
}

/** Its words, and itself for encoders that read it. */
function withText(text: string): TextFeature {
  return { ...countTerms(text), text };
}

function imageCopies(read: (id: number) => OriginalFile): CopyKind[] {
  return IMAGE_CORRUPTIONS.map(({ name, family, seen, apply }) => ({
    name,
    family,
    seen,
    async copy(item: KnownItem, random) {
      const { path, bytes } = read(item.id);
      const copy = await apply(bytes, random);
      const result = await extractFromBytes(copy, path);
      if (result.status !== 'ok')
        throw new SandglassError('IMAGE_BROKEN', `The ${name} copy of ${path} could not be read back.`, { path });
      return { feature: result.feature, preview: async () => ({ thumbnail: await thumbnailUri(copy) }) };
    },
  }));
}

/** A small picture as a `data:` URI. */
export async function thumbnailUri(bytes: Uint8Array): Promise<string> {
  return `data:image/jpeg;base64,${Buffer.from(await previewOf(bytes)).toString('base64')}`;
}

function readItem({ catalog }: Workspace, id: number): OriginalFile {
  const item = catalog.items.get(id);
  if (item === undefined) throw new SandglassError('FILE_VANISHED', `Item ${id} is not in the index any more.`);
  const path = itemPath(catalog, item);
  try {
    return { path, bytes: readFileSync(path) };
  } catch (error) {
    throw fileError(error, path);
  }
}

/** `work`, remembering its last results. */
function remembering<Result>(most: number, work: (id: number) => Result): (id: number) => Result {
  const known = new Map<number, Result>();
  return (id) => {
    let result = known.get(id);
    if (result === undefined) {
      result = work(id);
      if (known.size >= most) known.delete(known.keys().next().value as number);
      known.set(id, result);
    }
    return result;
  };
}
