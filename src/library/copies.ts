// Corrupted copies of the user's own files, for the comparison that needs no labels.
import { readFileSync } from 'node:fs';
import type { CopyKind, KnownItem } from '../compare/label-free.ts';
import { SandglassError } from '../errors.ts';
import { extractFromBytes } from '../features/extract.ts';
import type { Kind } from '../features/feature.ts';
import { fileError } from '../files/file-error.ts';
import { IMAGE_CORRUPTIONS } from '../image/corrupt-image.ts';
import { decodeReduced, type Picture, pipelineOf } from '../image/decode.ts';
import { previewOf } from '../image/preview.ts';
import { TEXT_CORRUPTIONS } from '../text/corrupt-text.ts';
import { detectLanguage } from '../text/language.ts';
import { readDocument } from '../text/read-document.ts';
import { snippetOf } from '../text/snippet.ts';
import { wordsOf } from '../text/text-parts.ts';
import { itemPath } from './folders.ts';
import type { Workspace } from './workspace.ts';

/** Texts of the batch at hand, so that each is read once for all kinds of copies. */
const KEPT_TEXTS = 64;
/** Pictures of the batch at hand, so that each is decoded once; a megapixel each. */
const KEPT_PICTURES = 16;

const STRIP = 16;
const LONGEST_STRIP = 2_048;

/** Every way to corrupt items of a kind; copies are made of the stored texts, and of pictures as they are on disk now. */
export function copyKinds(workspace: Workspace, kind: Kind): CopyKind[] {
  return kind === 'text'
    ? textCopies(remembering(KEPT_TEXTS, (id) => readOriginalText(workspace, id)))
    : imageCopies(remembering(KEPT_PICTURES, (id) => readOriginalPicture(workspace, id)));
}

interface OriginalText {
  readonly text: string;
  readonly language: string;
}

interface OriginalFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

interface OriginalPicture {
  readonly path: string;
  readonly picture: Picture;
}

function textCopies(read: (id: number) => Promise<OriginalText>): CopyKind[] {
  return TEXT_CORRUPTIONS.map(({ name, seen, apply, against }) => ({
    name,
    seen,
    async copy(item: KnownItem, random) {
      const { text, language } = await read(item.id);
      const copy = apply(text, random);
      const feature = wordsOf(copy, language);
      const standIn = against && wordsOf(against(text), language);
      // One word has no halves.
      if (feature.terms.length === 0 || standIn?.terms.length === 0) return undefined;
      return { feature, ...(standIn ? { standIn } : {}), preview: async () => ({ snippet: snippetOf(copy) }) };
    },
  }));
}

function imageCopies(read: (id: number) => Promise<OriginalPicture>): CopyKind[] {
  return IMAGE_CORRUPTIONS.map(({ name, family, seen, apply }) => ({
    name,
    family,
    seen,
    async copy(item: KnownItem, random) {
      const { path, picture } = await read(item.id);
      const copy = await apply(picture, random);
      const result = await extractFromBytes(copy, path);
      if (result.status !== 'ok')
        throw new SandglassError('IMAGE_BROKEN', `The ${name} copy of ${path} could not be read back.`, { path });
      // Encoders that look at more than thumbnails take their pixels from the copy.
      const feature = result.kind === 'image' ? { ...result.feature, source: { path, bytes: copy } } : result.feature;
      return { feature, preview: async () => ({ thumbnail: await thumbnailUri(copy) }) };
    },
  }));
}

/** A small picture as a `data:` URI. */
export async function thumbnailUri(bytes: Uint8Array): Promise<string> {
  return `data:image/jpeg;base64,${Buffer.from(await previewOf(bytes)).toString('base64')}`;
}

/** The stored text of a document; of one that an earlier version has indexed, that of its file. */
async function readOriginalText(workspace: Workspace, id: number): Promise<OriginalText> {
  const { documents } = workspace.catalog;
  const stored = documents.text(id);
  if (stored !== undefined) return { text: stored, language: documents.get(id)!.language };
  const { path, bytes } = readItem(workspace, id);
  const { text, language } = await readDocument(bytes, path);
  return { text, language: detectLanguage(text, language) };
}

async function readOriginalPicture(workspace: Workspace, id: number): Promise<OriginalPicture> {
  const { path, bytes } = readItem(workspace, id);
  return { path, picture: await shortened(await decodeReduced(bytes)) };
}

/** A strip whose longer side is 16 times the other, brought to 2,048 pixels: turned by 25°, it becomes a square of its length. */
async function shortened(picture: Picture): Promise<Picture> {
  const { width, height } = picture;
  const longest = Math.max(width, height);
  if (longest <= LONGEST_STRIP || longest < STRIP * Math.min(width, height)) return picture;
  const size = { width: Math.min(width, LONGEST_STRIP), height: Math.min(height, LONGEST_STRIP) };
  const rgb = await pipelineOf(picture)
    .resize({ ...size, fit: 'fill' })
    .raw()
    .toBuffer();
  return { ...size, rgb };
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
