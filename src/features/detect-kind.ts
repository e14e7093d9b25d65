// What a file is, from its bytes; the name only breaks ties and words the complaint.

import { SandglassError } from '../errors.ts';
import { HEAD_BYTES } from '../files/read-file.ts';
import { otherFormat, type PictureFormat } from '../image/picture-format.ts';
import { tgaFits, tgaHeader } from '../image/tga-header.ts';
import { type DocumentGuess, documentFormat, type PackedFormat, packedFormatOf } from '../text/document-format.ts';
import { unsupportedSentence } from '../text/unsupported-documents.ts';
import { claimOf, extensionOf } from './name-claims.ts';

/**
 * What to do with a file. A text with a `format` is a document that is no plain characters. `skipped` is for whole files that
 * Sandglass does not read and nobody expects it to – archives, programs, music: they are counted by type.
 * `failed` is for files whose name promises a text or a picture that is not in them.
 */
export type Detected =
  | { readonly kind: 'text'; readonly format?: PackedFormat }
  | { readonly kind: 'image'; readonly format: PictureFormat }
  | { readonly kind: 'skipped'; readonly type: string; readonly error: SandglassError }
  | { readonly kind: 'failed'; readonly error: SandglassError };

const PICTURES: Readonly<Record<string, PictureFormat>> = {
  jpg: 'jpeg',
  png: 'png',
  apng: 'png',
  webp: 'webp',
  gif: 'gif',
  tif: 'tiff',
  avif: 'avif',
  heic: 'heic',
  jp2: 'jp2',
  jpx: 'jp2',
  j2c: 'jp2',
  jxl: 'jxl',
  bmp: 'bmp',
  ico: 'ico',
  cur: 'ico',
  psd: 'psd',
  // files of cameras that begin like a TIFF
  ...Object.fromEntries(['arw', 'cr2', 'cr3', 'dng', 'nef', 'orf', 'raf', 'rw2'].map((type) => [type, 'raw' as const])),
};

const TGA_NAMES: ReadonlySet<string> = new Set(['tga', 'icb', 'vda', 'vst', 'targa']);
const TIFF = /^(?:II[*+]\0|MM\0[*+])/;
/** Formats that pass for text, found by how they begin. */
const POSTSCRIPT = /^(?:%!PS|\x04%!PS)/;
const TEXTUAL_FIRST_BYTES: ReadonlySet<number> = new Set(Buffer.from('%P\x04', 'latin1'));

// Declaration, comments and document type may precede the root element.
const SVG_PROLOGUE = /^(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE[^>[]*(?:\[[^\]]*\]\s*)?>)/i;
const SVG_ROOT = /^<(?:[\w-]+:)?svg[\s>/]/;

/**
 * What text-like bytes are: text, an SVG picture, or a document format that is written in characters.
 *
 * @param head the beginning of the file, all of it or some kilobytes
 * @param path for the claim of the file's name
 */
export function detectText(head: Uint8Array, path = ''): Detected {
  const document = documentFormat(head, extensionOf(path));
  if (document?.format !== undefined) return { kind: 'text', format: document.format };
  if (TEXTUAL_FIRST_BYTES.has(head[0] ?? 0)) {
    if (POSTSCRIPT.test(beginningOf(head))) return skipped('ps');
    if (otherFormat(head) === 'ppm') return { kind: 'image', format: 'ppm' };
  }
  return isSvg(head) ? { kind: 'image', format: 'svg' } : { kind: 'text' };
}

function isSvg(head: Uint8Array): boolean {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  if (!bytes.includes('svg')) return false;
  let rest = bytes.toString('utf8').replace(/^\uFEFF/, '');
  for (let match = SVG_PROLOGUE.exec(rest); match !== null; match = SVG_PROLOGUE.exec(rest)) {
    rest = rest.slice(match[0].length);
  }
  return SVG_ROOT.test(rest);
}

/**
 * What bytes that are not text are.
 *
 * @param head as for {@link detectText}
 * @param path for the claim of the file's name
 */
export async function detectBinary(head: Uint8Array, path: string): Promise<Detected> {
  const extension = extensionOf(path);
  const claim = claimOf(path);
  const document = documentFormat(head, extension);
  const known = document && detectedDocument(document, extension);
  if (known !== undefined) return known;
  const type = document?.type ?? (document?.container === 'ole' ? compoundType(extension) : await binaryType(head));
  const archived = document?.container === 'zip' && type !== undefined ? packedFormatOf(type) : undefined;
  if (archived !== undefined) return { kind: 'text', format: archived };
  if (type === 'gz' && extension === 'svgz') return { kind: 'image', format: 'svg' };
  const picture = pictureOf(head, type, extension);
  if (claim === 'document' && document === undefined) return misnamedDocument(type, extension, path);
  if (picture !== undefined) return { kind: 'image', format: picture };

  if (claim === 'text') {
    const what = type === undefined ? 'binary' : `binary (${type})`;
    const message = `Expected text, as the name says, but the content is ${what}.`;
    return { kind: 'failed', error: new SandglassError('TEXT_BINARY', message, { path }) };
  }
  if (claim === 'image' && type === undefined) {
    const message = `Expected a picture, as the name says, but the content does not begin like one.`;
    return { kind: 'failed', error: new SandglassError('IMAGE_BROKEN', message, { path }) };
  }
  return skipped(type ?? 'binary');
}

/** A TGA has no signature: what looks like one without the name must at least have the length of one. */
function pictureOf(head: Uint8Array, type: string | undefined, extension: string): PictureFormat | undefined {
  const picture = type === undefined ? otherFormat(head) : PICTURES[type];
  if (picture !== 'tga' || TGA_NAMES.has(extension)) return picture;
  const header = tgaHeader(head);
  return header !== undefined && (head.length === HEAD_BYTES || tgaFits(header, head.length)) ? picture : undefined;
}

/** Undefined where neither the beginning nor the name says that it is a document. */
function detectedDocument({ format, type }: DocumentGuess, extension: string): Detected | undefined {
  if (format !== undefined) return { kind: 'text', format };
  if (type !== undefined) return undefined;
  const claimed = packedFormatOf(extension);
  return claimed === undefined ? undefined : { kind: 'text', format: claimed };
}

/** Of a compound file that only its name can tell. */
function compoundType(extension: string): string {
  return unsupportedSentence(extension) === undefined ? 'cfb' : extension;
}

/** A known type under the name of a document is an error; what is unknown is left to the reader of such documents to judge. */
function misnamedDocument(type: string | undefined, extension: string, path: string): Detected {
  const format = packedFormatOf(extension);
  if (type === undefined && format !== undefined) return { kind: 'text', format };
  const message = `Expected a document, as the name says, but the content is of type ${type ?? 'binary'}; rename it.`;
  return { kind: 'failed', error: new SandglassError('DOCUMENT_BROKEN', message, { path }) };
}

async function binaryType(head: Uint8Array): Promise<string | undefined> {
  const { fileTypeFromBuffer } = await import('file-type');
  const found = await fileTypeFromBuffer(head);
  // The general HEIF brand stands for AVIF too.
  if (found?.ext === 'heic' && Buffer.from(head.subarray(8, 64)).includes('avif')) return 'avif';
  // Many a TGA begins like a cursor.
  const isIcon = found?.ext === 'ico' || found?.ext === 'cur';
  if (found !== undefined && !(isIcon && otherFormat(head) !== 'ico')) return found.ext;
  // A TIFF keeps its directory anywhere, often beyond the head; four bytes must do.
  return TIFF.test(beginningOf(head)) ? 'tif' : undefined;
}

function beginningOf(head: Uint8Array): string {
  return Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 1_024)).toString('latin1');
}

function skipped(type: string): Detected {
  const other = type === 'binary' ? 'Binary files of unknown type' : `${type.toUpperCase()} files`;
  const message = unsupportedSentence(type) ?? `${other} are not read.`;
  return { kind: 'skipped', type, error: new SandglassError('KIND_UNSUPPORTED', message) };
}
