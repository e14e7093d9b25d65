// Files in, items in the catalog: read in worker threads, encoded in batches, stored a transaction a batch.

import type { Encoder } from '../encoders/encoder.ts';
import { SandglassError } from '../errors.ts';
import type { ExtractResult } from '../features/extract-result.ts';
import type { Feature } from '../features/feature.ts';
import { type ExtractAllOptions, extractAll } from '../features/pool.ts';
import type { WalkedFile } from '../files/walk.ts';
import type { ImageFeature } from '../image/image-feature.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import type { FailureRecord } from '../index/failures.ts';
import type { NewCode, NewItem, StoredFile } from '../index/items.ts';
import { storedForm } from '../index/packed-form.ts';
import type { RootRecord } from '../index/roots.ts';
import { present } from '../present.ts';
import { TEXT_RULES } from '../text/text-parts.ts';
import { frameLimit } from './frames.ts';
import { type PlainEncoders, plainCodes } from './plain-codes.ts';
import type { Workspace } from './workspace.ts';

/** A batch is stored when it has so many files, characters of documents or frames of animations, or is so many seconds old. */
const BATCH_FILES = 256;
const BATCH_FRAMES = 2_048;
const BATCH_CHARACTERS = 32_000_000;
const BATCH_SECONDS = 2;

export interface IngestOptions extends Pick<ExtractAllOptions, 'threads' | 'limits' | 'timeoutSeconds'> {
  readonly signal: AbortSignal;
  onFile(): void;
  /** So many more files are stored: they are there whatever happens from now on. */
  onStored?(count: number): void;
}

export interface IngestCounts {
  added: number;
  changed: number;
  /** Touched, but of the same content. */
  unchanged: number;
  /** Of those added and changed, damaged pictures of which only a part could be read. */
  partial: number;
  failed: number;
  /** Files of types that are not read, by type. */
  readonly skipped: Record<string, number>;
}

export interface FileToRead extends WalkedFile {
  readonly root: RootRecord;
  /** What the catalog has at this path. */
  readonly known: Pick<StoredFile, 'id' | 'hash' | 'incomplete'> | undefined;
}

/** An encoder that new items are encoded with at once; it does not read texts, only their words. */
export interface LoadedEncoder {
  readonly record: EncoderRecord;
  readonly encoder: Encoder;
}

/**
 * Reads `files` and stores what they hold. What was stored stays when the run is aborted or dies.
 *
 * @throws SandglassError ABORTED, DISK_FULL, ENCODER_BROKEN
 */
export async function ingest(
  workspace: Workspace,
  files: readonly FileToRead[],
  encoders: readonly LoadedEncoder[],
  plain: PlainEncoders,
  options: IngestOptions,
): Promise<IngestCounts> {
  const counts: IngestCounts = { added: 0, changed: 0, unchanged: 0, partial: 0, failed: 0, skipped: {} };
  let batch: [FileToRead, ExtractResult][] = [];
  let characters = 0;
  let frames = 0;
  let began = performance.now();
  const flush = async () => {
    await storeBatch(workspace, batch, encoders, plain, counts);
    options.onStored?.(batch.length);
    batch = [];
    characters = 0;
    frames = 0;
    began = performance.now();
  };
  const stop = new AbortController();
  const reading = extractAll(files, {
    ...options,
    signal: AbortSignal.any([options.signal, stop.signal]),
    keep: true,
    frames: frameLimit(workspace.catalog),
  });
  try {
    for (;;) {
      const next = reading.next();
      const wait = BATCH_SECONDS * 1000 - (performance.now() - began);
      // What was read does not wait for a file that takes long.
      if (batch.length > 0 && !(await settlesWithin(next, wait))) await flush();
      const { done, value } = await next;
      if (done) break;
      const { file, result } = value;
      batch.push([file, result]);
      options.onFile();
      if ('kept' in result) characters += result.kept?.characters ?? 0;
      if ('innerFrames' in result) frames += result.innerFrames.length;
      const isFull = batch.length >= BATCH_FILES || characters >= BATCH_CHARACTERS || frames >= BATCH_FRAMES;
      if (isFull || performance.now() - began > BATCH_SECONDS * 1000) await flush();
    }
  } catch (error) {
    // Whatever stopped the reading, what was read is stored.
    if (error instanceof SandglassError && error.code === 'ABORTED') await flush();
    throw error;
  } finally {
    stop.abort();
    await reading.return();
  }
  await flush();
  return counts;
}

/** Whether `work` comes to an end, well or not, before so many milliseconds are over. */
function settlesWithin(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), milliseconds);
    const settled = () => {
      clearTimeout(timer);
      resolve(true);
    };
    work.then(settled, settled);
  });
}

async function storeBatch(
  { catalog }: Workspace,
  batch: readonly (readonly [FileToRead, ExtractResult])[],
  encoders: readonly LoadedEncoder[],
  plain: PlainEncoders,
  counts: IngestCounts,
): Promise<void> {
  const failures: FailureRecord[] = [];
  const touched: { id: number; size: number; mtimeMs: number }[] = [];
  const gone: number[] = [];
  const fresh: { item: NewItem; result: Extract<ExtractResult, { status: 'ok' }> }[] = [];
  for (const [file, result] of batch) {
    if (result.status === 'failed') {
      counts.failed++;
      // An item that stood here before stays as it was, until the file can be read again.
      const { code, message } = result.error;
      failures.push({
        rootId: file.root.id,
        path: file.path,
        size: file.size,
        mtimeMs: file.mtimeMs,
        code,
        message,
        at: Date.now(),
      });
    } else if (result.status === 'skipped') {
      counts.skipped[result.type] = (counts.skipped[result.type] ?? 0) + 1;
      if (file.known) gone.push(file.known.id);
    } else if (file.known?.hash === result.hash && !file.known.incomplete) {
      counts.unchanged++;
      touched.push({ id: file.known.id, size: result.size, mtimeMs: result.mtimeMs });
    } else {
      if (file.known?.hash === result.hash) counts.unchanged++;
      else if (file.known) counts.changed++;
      else counts.added++;
      if (result.kind === 'image' && result.partial && file.known?.hash !== result.hash) counts.partial++;
      fresh.push({ item: { ...facts(file, result), ...stored(result, plain, encoders, frameLimit(catalog)) }, result });
    }
  }
  const encoded = await encodeBatch(fresh, encoders);
  catalog.write(() => {
    catalog.items.put(encoded);
    for (const { id, size, mtimeMs } of touched) catalog.items.touch(id, size, mtimeMs);
    catalog.items.remove(gone);
    catalog.failures.put(failures);
  });
}

type ReadFile = Extract<ExtractResult, { status: 'ok' }>;

function facts(file: FileToRead, result: ReadFile): NewItem {
  const { kind, format, hash, size, mtimeMs } = result;
  const common = { rootId: file.root.id, path: file.path, kind, format, size, mtimeMs, hash };
  if (result.kind === 'image') {
    const { width, height, frames, partial } = result;
    return { ...common, width, height, frames, ...(partial ? { partial } : {}) };
  }
  const { title, snippet, words } = result;
  return { ...common, ...(title === undefined ? {} : { title }), snippet, words };
}

/**
 * What the catalog keeps of a file: of a document its words, its text, passages and shingles; of a picture the plain codes,
 * and of each of its frames, and thumbnails until an encoder has seen them.
 */
function stored(
  file: ReadFile,
  plain: PlainEncoders,
  encoders: readonly LoadedEncoder[],
  limit: number,
): Partial<NewItem> {
  if (file.kind === 'image') {
    const isSeen = encoders.some(({ record }) => record.kind === 'image');
    const partsOf = (feature: ImageFeature) => ({
      codes: plainCodes(plain, feature),
      ...(isSeen ? {} : { thumbnail: feature.thumbnail }),
    });
    const innerFrames = file.innerFrames.map(({ ordinal, feature }) => ({ ordinal, ...partsOf(feature) }));
    return { ...partsOf(file.feature), innerFrames, frameLimit: limit };
  }
  const { feature, kept, language, author, date, pages } = file;
  if (kept === undefined) throw new TypeError('Expected documents to be read to be kept');
  const { deflated, characters, passages, shingles } = kept;
  const said = present({ author, date, pages });
  return { bag: feature, document: { deflated, characters, language, ...said, rules: TEXT_RULES }, passages, shingles };
}

/** The items with the codes of themselves and of their parts, by the encoders of their kind. */
async function encodeBatch(
  files: readonly { readonly item: NewItem; readonly result: ReadFile }[],
  encoders: readonly LoadedEncoder[],
): Promise<NewItem[]> {
  // Each item is followed by its passages or frames.
  const units = files.map(({ result }) => unitsOf(result));
  const codes = await Promise.all(
    encoders.map(async ({ record, encoder }) => {
      const ofKind = units.filter(([unit]) => unit!.kind === record.kind).flat();
      return { kind: record.kind, next: reader(record, await encoder.encode(ofKind)) };
    }),
  );
  return files.map(({ item }) => {
    const own = codes.filter(({ kind }) => kind === item.kind);
    const next = () => own.map((encoder) => encoder.next());
    const codesOfItem = next();
    const passages = item.passages?.map((passage) => ({ ...passage, codes: next() }));
    const innerFrames = item.innerFrames?.map((frame) => ({ ...frame, codes: [...(frame.codes ?? []), ...next()] }));
    return {
      ...item,
      codes: [...(item.codes ?? []), ...codesOfItem],
      ...(passages && { passages }),
      ...(innerFrames && { innerFrames }),
    };
  });
}

/** What is encoded of a file: itself, and the passages of a document or the frames of a picture. */
function unitsOf({ feature, ...file }: ReadFile): Feature[] {
  if ('innerFrames' in file) return [feature, ...file.innerFrames.map((frame) => frame.feature)];
  if (feature.kind !== 'text' || !('kept' in file)) return [feature];
  const passages = (file.kept?.passages ?? []).map(({ terms, counts }) => ({ kind: 'text', terms, counts }) as const);
  return [feature, ...passages];
}

/** Gives the codes that an encoder made one after the other, as they are stored. */
function reader(record: EncoderRecord, codes: Float32Array): () => NewCode {
  const { id: encoderId, form, dimensions } = record;
  const all = storedForm(record, codes);
  const length = form === 'bits' ? dimensions / 8 : dimensions;
  let end = 0;
  return () => {
    end += length;
    return { encoderId, code: all.subarray(end - length, end) };
  };
}
