// One file in, its feature out – or the reason why there is none, whatever the file holds.
import { hash as hashOf } from 'node:crypto';
import { basename } from 'node:path';
import { asSandglassError, type ErrorCode, SandglassError } from '../errors.ts';
import { HEAD_BYTES, readRegularFile } from '../files/read-file.ts';
import type { DescribedImage } from '../image/compute-feature.ts';
import { detectLanguageLater, type UndecidedLanguage } from '../text/language.ts';
import { isProbablyText } from '../text/probably-text.ts';
import { snippetOf } from '../text/snippet.ts';
import { textParts, wordsOf } from '../text/text-parts.ts';
import { type Detected, detectBinary, detectText } from './detect-kind.ts';
import type { ContentStamp, ExtractedText, ExtractFailed, ExtractResult } from './extract-result.ts';
import { keepText } from './keep-text.ts';
import { claimOf, extensionOf } from './name-claims.ts';
import { MOST_PICTURE_BYTES } from './read-picture.ts';

export interface ExtractLimits {
  /** Largest document of plain characters, in bytes; a larger one is not read. @default 64_000_000 */
  readonly textBytes?: number;
  /** Largest document that can hold pictures too (PDF, Word, EPUB, …), in bytes. @default 256_000_000 */
  readonly documentBytes?: number;
  /** Largest picture file, in bytes; a larger one is not read. @default 512_000_000 */
  readonly imageBytes?: number;
  /** Most pixels (width × height) of a picture. @default 268_435_456 */
  readonly maxPixels?: number;
  /** Longest time to decode one picture, in seconds. @default 60 */
  readonly maxSeconds?: number;
}

const DEFAULT_TEXT_BYTES = 64_000_000;
const DEFAULT_DOCUMENT_BYTES = 256_000_000;

/** The decoder counts whole seconds, up to an hour. */
const LONGEST_DECODE_SECONDS = 3_600;

/** Loaded on first use: a question in words does without the parsers of all formats. */
let documentReader: typeof import('../text/read-document.ts') | undefined;

interface Content extends ContentStamp {
  readonly bytes: Uint8Array;
}

type Readable = Extract<Detected, { kind: 'text' | 'image' }>;

export interface ExtractPurpose {
  /** Documents come with what an index keeps of them. @default false */
  readonly keep?: boolean;
  /** How many frames of a picture are looked at, the first included; spread evenly where it has more. @default 1 */
  readonly frames?: number;
  /** Which frame of a picture stands for it, from 0. @default 0 */
  readonly frame?: number;
  /** Answers for the language model. @default it is loaded in this thread */
  readonly askLanguage?: (undecided: UndecidedLanguage) => Promise<string>;
}

/**
 * The feature of the file at `path`. Reads it once, or twice when it is a picture; a large file that is neither text nor
 * picture is not read beyond its first 64 KiB.
 *
 * Never throws for a file: what goes wrong is in the result.
 */
export async function extractFeature(
  path: string,
  limits: ExtractLimits = {},
  purpose: ExtractPurpose = {},
): Promise<ExtractResult> {
  try {
    let detected: Detected = { kind: 'text' };
    let binaryHead: Uint8Array | undefined;
    let content = readRegularFile(path, (head) => {
      if (!isProbablyText(head)) {
        binaryHead = head.slice();
        return undefined;
      }
      detected = detectText(head, path);
      return limitOf(detected, limits);
    });
    if (binaryHead !== undefined) {
      detected = await detectBinary(binaryHead, path);
      content = isReadable(detected) ? readRegularFile(path, () => limitOf(detected, limits)) : undefined;
    }
    if (!isReadable(detected)) return withoutFeature(detected, path);
    // Only a file that was replaced between two looks gets here.
    if (content === undefined) {
      throw new SandglassError('FILE_CHANGED', 'The file changed while it was read; it is tried again next time.');
    }
    return await describe(content, detected, path, limits, purpose);
  } catch (error) {
    return failed(asSandglassError(error, 'FILE_UNREADABLE', path), path);
  }
}

/**
 * The feature of bytes in memory, as if they were the content of a file.
 *
 * @param name a file name: a hint for the format, and used in messages
 */
export async function extractFromBytes(
  bytes: Uint8Array,
  name: string,
  limits: ExtractLimits = {},
  purpose: ExtractPurpose = {},
): Promise<ExtractResult> {
  try {
    const head = bytes.subarray(0, HEAD_BYTES);
    const detected = isProbablyText(head) ? detectText(head, name) : await detectBinary(head, name);
    if (!isReadable(detected)) return withoutFeature(detected, name);
    const limit = limitOf(detected, limits) ?? 0;
    if (bytes.length > limit) {
      throw new SandglassError('FILE_TOO_LARGE', `Expected at most ${limit} bytes but received ${bytes.length}.`);
    }
    return await describe(
      { bytes, hash: hashOf('sha256', bytes), size: bytes.length, mtimeMs: 0 },
      detected,
      name,
      limits,
      purpose,
    );
  } catch (error) {
    return failed(asSandglassError(error, 'FILE_UNREADABLE', name), name);
  }
}

function isReadable(detected: Detected): detected is Readable {
  return detected.kind === 'text' || detected.kind === 'image';
}

function limitOf(detected: Detected, limits: ExtractLimits): number | undefined {
  if (detected.kind === 'text' && detected.format === undefined) return limits.textBytes ?? DEFAULT_TEXT_BYTES;
  if (detected.kind === 'text') return limits.documentBytes ?? DEFAULT_DOCUMENT_BYTES;
  return detected.kind === 'image' ? (limits.imageBytes ?? MOST_PICTURE_BYTES) : undefined;
}

async function describe(
  content: Content,
  detected: Readable,
  path: string,
  limits: ExtractLimits,
  purpose: ExtractPurpose,
): Promise<ExtractResult> {
  const { bytes, hash, size, mtimeMs } = content;
  const stamp = { status: 'ok', hash, size, mtimeMs } as const;
  try {
    if (size === 0 && bytes.length === 0) throw new SandglassError('FILE_EMPTY', 'The file has no bytes.');
    if (detected.kind === 'text') {
      return { ...stamp, kind: 'text', ...(await describeDocument(bytes, basename(path), purpose)) };
    }
    return { ...stamp, kind: 'image', ...(await describePicture(bytes, limits, purpose)) };
  } catch (error) {
    const code: ErrorCode = detected.kind === 'text' ? 'TEXT_BROKEN' : 'IMAGE_BROKEN';
    const refusal = asSandglassError(error, code, path);
    if (refusal.code === 'FILE_EMPTY' && claimOf(path) !== 'image') {
      return { status: 'skipped', type: 'empty', error: report(refusal, path) };
    }
    // the beginning of the file did not tell yet that it is of a kind that is not read
    if (refusal.code === 'KIND_UNSUPPORTED') {
      return { status: 'skipped', type: extensionOf(path) || 'document', error: report(refusal, path) };
    }
    return { ...failed(refusal, path), hash };
  }
}

async function describePicture(
  bytes: Uint8Array,
  { maxPixels, maxSeconds }: ExtractLimits,
  { frames, frame = 0 }: ExtractPurpose,
): Promise<DescribedImage> {
  const { imageFeature } = await import('../image/compute-feature.ts');
  if (frame > 0) await expectFrame(bytes, frame);
  const limits = {
    ...(maxPixels === undefined ? {} : { maxPixels }),
    ...(maxSeconds === undefined ? {} : { maxSeconds: Math.min(Math.ceil(maxSeconds), LONGEST_DECODE_SECONDS) }),
    frame,
  };
  return imageFeature(bytes, limits, frames);
}

async function expectFrame(bytes: Uint8Array, frame: number): Promise<void> {
  const { frameCount } = await import('../image/decode.ts');
  const count = await frameCount(bytes);
  if (frame < count) return;
  throw new SandglassError(
    'SETTING_INVALID',
    count === 1
      ? `Expected a picture of several frames for frame ${frame + 1} but it has only one.`
      : `Expected a frame from 1 to ${count} but received ${frame + 1}.`,
  );
}

async function describeDocument(
  bytes: Uint8Array,
  name: string,
  { keep = false, askLanguage }: ExtractPurpose,
): Promise<Omit<ExtractedText, 'status' | 'kind' | keyof ContentStamp>> {
  documentReader ??= await import('../text/read-document.ts');
  const { text, format, charset: _, language: declared, ...metadata } = await documentReader.readDocument(bytes, name);
  const language = await detectLanguageLater(text, declared, askLanguage);
  const parts = keep ? textParts(text, language) : undefined;
  const feature = parts?.feature ?? wordsOf(text, language);
  const words = feature.counts.reduce((sum, count) => sum + count, 0);
  const kept = parts && { kept: keepText(parts) };
  return { ...metadata, format, language, feature, snippet: snippetOf(text), words, ...kept };
}

function withoutFeature(detected: Exclude<Detected, Readable>, path: string): ExtractResult {
  const error = report(detected.error, path);
  return detected.kind === 'skipped' ? { status: 'skipped', type: detected.type, error } : { status: 'failed', error };
}

function failed(error: SandglassError, path: string): ExtractFailed {
  return { status: 'failed', error: report(error, path) };
}

function report(error: SandglassError, path: string) {
  return { ...error.toJSON(), path };
}
