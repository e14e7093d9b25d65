// Files in, items in the catalog: read in worker threads, encoded in batches, stored a transaction a batch.

import type { Encoder } from '../encoders/encoder.ts';
import { SandglassError } from '../errors.ts';
import type { ExtractResult } from '../features/extract-result.ts';
import type { Kind } from '../features/feature.ts';
import { type ExtractAllOptions, extractAll } from '../features/pool.ts';
import type { WalkedFile } from '../files/walk.ts';
import type { FailureRecord } from '../index/failures.ts';
import type { NewItem } from '../index/items.ts';
import type { RootRecord } from '../index/roots.ts';
import { type PlainEncoders, plainCodes } from './plain-codes.ts';
import type { Workspace } from './workspace.ts';

/** A batch is stored when it has so many files, or is so many seconds old. */
const BATCH_FILES = 256;
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
  readonly known: { readonly id: number; readonly hash: string } | undefined;
}

/** An encoder that new items are encoded with at once. */
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
  let began = performance.now();
  const flush = async () => {
    await storeBatch(workspace, batch, encoders, plain, counts);
    batch = [];
    began = performance.now();
  };
  try {
    for await (const { file, result } of extractAll(files, options)) {
      batch.push([file, result]);
      options.onFile();
      if (batch.length >= BATCH_FILES || performance.now() - began > BATCH_SECONDS * 1000) await flush();
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
    } else if (file.known?.hash === result.hash) {
      counts.unchanged++;
      touched.push({ id: file.known.id, size: result.size, mtimeMs: result.mtimeMs });
    } else {
      if (file.known) counts.changed++;
      else counts.added++;
      fresh.push({ item: { ...facts(file, result), ...stored(result, plain, encoders) }, result });
    }
  }
  const learned = await encodeBatch(
    fresh.map(({ result }) => result),
    encoders,
  );
  catalog.write(() => {
    catalog.items.put(
      fresh.map(({ item }, i) => ({ ...item, codes: [...(item.codes ?? []), ...(learned[i] ? [learned[i]] : [])] })),
    );
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

/** What the catalog keeps of a feature: all words; of a picture the plain codes, and its thumbnail until an encoder has seen it. */
function stored(
  { feature }: ReadFile,
  plain: PlainEncoders,
  encoders: ReadonlyMap<Kind, LoadedEncoder>,
): Partial<NewItem> {
  if (feature.kind === 'text') return { bag: feature };
  return { codes: plainCodes(plain, feature), ...(encoders.has('image') ? {} : { thumbnail: feature.thumbnail }) };
}

/** The code of each file by the encoder of its kind, where there is one. */
async function encodeBatch(
  files: readonly ReadFile[],
  encoders: ReadonlyMap<Kind, LoadedEncoder>,
): Promise<({ encoderId: number; code: Float32Array } | undefined)[]> {
  const codes: ({ encoderId: number; code: Float32Array } | undefined)[] = new Array(files.length).fill(undefined);
  for (const [kind, { id, encoder }] of encoders) {
    const rows = files.flatMap((file, row) => (file.kind === kind ? [row] : []));
    const all = await encoder.encode(rows.map((row) => files[row]!.feature));
    rows.forEach((row, i) => {
      codes[row] = { encoderId: id, code: all.subarray(i * encoder.dimensions, (i + 1) * encoder.dimensions) };
    });
  }
  return codes;
}
