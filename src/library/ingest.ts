// Files in, items in the catalog: read in worker threads, encoded in batches, stored a transaction a batch.

import type { Encoder } from '../encoders/encoder.ts';
import { SandglassError } from '../errors.ts';
import type { ExtractResult } from '../features/extract-result.ts';
import type { Feature, Kind } from '../features/feature.ts';
import { type ExtractAllOptions, extractAll } from '../features/pool.ts';
import type { WalkedFile } from '../files/walk.ts';
import type { FailureRecord } from '../index/failures.ts';
import type { NewCode, NewItem, StoredFile } from '../index/items.ts';
import type { RootRecord } from '../index/roots.ts';
import { TEXT_RULES } from '../text/text-parts.ts';
import { type PlainEncoders, plainCodes } from './plain-codes.ts';
import { present } from './present.ts';
import type { Workspace } from './workspace.ts';

/** A batch is stored when it has so many files, or characters of documents, or is so many seconds old. */
const BATCH_FILES = 256;
const BATCH_CHARACTERS = 32_000_000;
const BATCH_SECONDS = 2;

export interface IngestOptions extends Pick<ExtractAllOptions, 'threads' | 'limits' | 'timeoutSeconds'> {
  readonly signal: AbortSignal;
  onFile(): void;
}

export interface IngestCounts {
  added: number;
  changed: number;
  /** Touched, but of the same content. */
  unchanged: number;
  failed: number;
  /** Files of types that are not read, by type. */
  readonly skipped: Record<string, number>;
}

export interface FileToRead extends WalkedFile {
  readonly root: RootRecord;
  /** What the catalog has at this path. */
  readonly known: Pick<StoredFile, 'id' | 'hash' | 'textless'> | undefined;
}

/** An encoder that new items are encoded with at once; it does not read texts, only their words. */
export interface LoadedEncoder {
  readonly id: number;
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
  encoders: ReadonlyMap<Kind, LoadedEncoder>,
  plain: PlainEncoders,
  options: IngestOptions,
): Promise<IngestCounts> {
  const counts: IngestCounts = { added: 0, changed: 0, unchanged: 0, failed: 0, skipped: {} };
  let batch: [FileToRead, ExtractResult][] = [];
  let characters = 0;
  let began = performance.now();
  const flush = async () => {
    await storeBatch(workspace, batch, encoders, plain, counts);
    batch = [];
    characters = 0;
    began = performance.now();
  };
  try {
    for await (const { file, result } of extractAll(files, { ...options, keep: true })) {
      batch.push([file, result]);
      options.onFile();
      if ('kept' in result) characters += result.kept?.characters ?? 0;
      const isFull = batch.length >= BATCH_FILES || characters >= BATCH_CHARACTERS;
      if (isFull || performance.now() - began > BATCH_SECONDS * 1000) await flush();
    }
  } catch (error) {
    // Whatever stopped the reading, what was read is stored.
    if (error instanceof SandglassError && error.code === 'ABORTED') await flush();
    throw error;
  }
  await flush();
  return counts;
}

async function storeBatch(
  { catalog }: Workspace,
  batch: readonly (readonly [FileToRead, ExtractResult])[],
  encoders: ReadonlyMap<Kind, LoadedEncoder>,
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
    } else if (file.known?.hash === result.hash && !file.known.textless) {
      counts.unchanged++;
      touched.push({ id: file.known.id, size: result.size, mtimeMs: result.mtimeMs });
    } else {
      if (file.known?.hash === result.hash) counts.unchanged++;
      else if (file.known) counts.changed++;
      else counts.added++;
      fresh.push({ item: { ...facts(file, result), ...stored(result, plain, encoders) }, result });
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
  if (result.kind === 'image') return { ...common, width: result.width, height: result.height };
  const { title, snippet, words } = result;
  return { ...common, ...(title === undefined ? {} : { title }), snippet, words };
}

/**
 * What the catalog keeps of a file: of a document its words, its text, passages and shingles; of a picture the plain codes,
 * and its thumbnail until an encoder has seen it.
 */
function stored(file: ReadFile, plain: PlainEncoders, encoders: ReadonlyMap<Kind, LoadedEncoder>): Partial<NewItem> {
  if (file.kind === 'image') {
    const thumbnail = encoders.has('image') ? {} : { thumbnail: file.feature.thumbnail };
    return { codes: plainCodes(plain, file.feature), ...thumbnail };
  }
  const { feature, kept, language, author, date, pages } = file;
  if (kept === undefined) throw new TypeError('Expected documents to be read to be kept');
  const { deflated, characters, passages, shingles } = kept;
  const said = present({ author, date, pages });
  return { bag: feature, document: { deflated, characters, language, ...said, rules: TEXT_RULES }, passages, shingles };
}

/** The items with the codes of themselves and of their passages, by the encoder of their kind, where there is one. */
async function encodeBatch(
  files: readonly { readonly item: NewItem; readonly result: ReadFile }[],
  encoders: ReadonlyMap<Kind, LoadedEncoder>,
): Promise<NewItem[]> {
  const units = new Map<Kind, Feature[]>([...encoders.keys()].map((kind) => [kind, []]));
  for (const { result } of files) addUnits(units.get(result.kind), result);
  const codes = new Map<Kind, Iterator<NewCode>>();
  for (const [kind, { id, encoder }] of encoders) {
    const all = await encoder.encode(units.get(kind)!);
    codes.set(kind, codesOf(id, all, encoder.dimensions));
  }
  return files.map(({ item, result }) => {
    const own = codes.get(result.kind);
    if (own === undefined) return item;
    // Each document is followed by its passages.
    const code: NewCode = own.next().value;
    const passages = item.passages?.map((passage) => ({ ...passage, codes: [own.next().value as NewCode] }));
    return { ...item, codes: [...(item.codes ?? []), code], ...(passages && { passages }) };
  });
}

/** What is encoded of a file: itself, and the passages of a document. */
function addUnits(units: Feature[] | undefined, { feature, ...file }: ReadFile): void {
  if (units === undefined) return;
  units.push(feature);
  if (feature.kind !== 'text' || !('kept' in file)) return;
  for (const { terms, counts } of file.kept?.passages ?? []) units.push({ kind: 'text', terms, counts });
}

function* codesOf(encoderId: number, codes: Float32Array, dimensions: number): Generator<NewCode, never> {
  for (let at = 0; ; at += dimensions) yield { encoderId, code: codes.subarray(at, at + dimensions) };
}
