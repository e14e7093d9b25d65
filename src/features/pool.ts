// Many files in, their features out, in the same order: on all processors for many, on the spot for a few.
import { availableParallelism } from 'node:os';
import { throwIfAborted } from '../errors.ts';
import { type FileToRead, inBatches } from './batch-files.ts';
import { type ExtractLimits, type ExtractPurpose, extractFeature } from './extract.ts';
import type { ExtractResult } from './extract-result.ts';
import { timeout } from './guarded-threads.ts';
import { needsThread } from './needs-thread.ts';
import { failed, startThreadPool, type ThreadPool, type ThreadPoolOptions } from './thread-pool.ts';

export interface ExtractAllOptions extends ExtractPurpose {
  /** Ends the iteration with ABORTED. */
  readonly signal?: AbortSignal;
  /** @default one for each processor, 8 at most: each takes 50 to 100 MB */
  readonly threads?: number;
  readonly limits?: ExtractLimits;
  /** Longest time for one file; a thread that takes longer is ended. @default 60 */
  readonly timeoutSeconds?: number;
  /** Heap of one thread, in megabytes; a file that needs more fails. @default 1024 */
  readonly threadMemory?: number;
}

export interface Extraction<F extends FileToRead> {
  readonly file: F;
  readonly result: ExtractResult;
}

/** Fewer files than this are read in this thread, where they are harmless: starting others takes longer. */
const FILES_WORTH_THREADS = 16;
/** Batches that wait or are done for each thread; what is held in memory at once is bounded by this. */
const BATCHES_PER_THREAD = 4;
const MOST_THREADS = 8;
const DEFAULT_TIMEOUT_SECONDS = 60;
const DEFAULT_THREAD_MEMORY = 1_024;

/**
 * The features of files, in the order of the files. Takes files from `files` only as fast as results are taken.
 *
 * A file that hangs, or that ends its thread, fails with READ_TIMEOUT or READ_CRASHED and the others are read. (Of
 * fewer than 16, plain texts and pictures are read in the calling thread, see needs-thread.ts.)
 *
 * @throws SandglassError ABORTED by `signal`
 * @throws RangeError for options out of range; whatever `files` throws
 */
export async function* extractAll<F extends FileToRead>(
  files: Iterable<F> | AsyncIterable<F>,
  options: ExtractAllOptions = {},
): AsyncGenerator<Extraction<F>, void, undefined> {
  const { signal, limits = {}, keep = false, frames = 1, frame = 0 } = options;
  const timeoutSeconds = positive('timeoutSeconds', options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS);
  const settings = {
    threads: Math.ceil(positive('threads', options.threads ?? Math.min(availableParallelism(), MOST_THREADS))),
    limits: { maxSeconds: timeoutSeconds, ...limits },
    purpose: { keep, frames, frame },
    timeoutSeconds,
    threadMemory: positive('threadMemory', options.threadMemory ?? DEFAULT_THREAD_MEMORY),
  };
  throwIfStopped(signal);
  const { first, rest } = await splitOff(files, FILES_WORTH_THREADS);
  if (first.length < FILES_WORTH_THREADS) {
    yield* extractFew(first, settings, signal);
    return;
  }

  const pool = await startThreadPool(settings);
  const stop = () => void pool.close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    yield* inBatches(rest, settings.threads * BATCHES_PER_THREAD, (paths) => pool.extract(paths));
  } catch (error) {
    throwIfStopped(signal);
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.close();
  }
}

/** The first `count` files, and all of them again as one sequence. */
async function splitOff<F>(
  files: Iterable<F> | AsyncIterable<F>,
  count: number,
): Promise<{ first: F[]; rest: AsyncIterable<F> }> {
  const source = (async function* () {
    yield* files;
  })();
  const first: F[] = [];
  while (first.length < count) {
    const next = await source.next();
    if (next.done) break;
    first.push(next.value);
  }
  const rest = (async function* () {
    yield* first;
    yield* source;
  })();
  return { first, rest };
}

/** In this thread, but for files that may hang or need much memory: one thread reads these, started for the first of them. */
async function* extractFew<F extends FileToRead>(
  files: readonly F[],
  settings: ThreadPoolOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<Extraction<F>, void, undefined> {
  let pool: ThreadPool | undefined;
  const stop = () => void pool?.close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    for (const file of files) {
      throwIfStopped(signal);
      if (!needsThread(file.absolute)) {
        yield { file, result: await extractHere(file.absolute, settings) };
        continue;
      }
      pool ??= await startThreadPool({ ...settings, threads: 1 });
      const [result] = await pool.extract([file.absolute]);
      yield { file, result: result! };
    }
  } catch (error) {
    throwIfStopped(signal);
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool?.close();
  }
}

async function extractHere(
  path: string,
  { limits, purpose, timeoutSeconds }: ThreadPoolOptions,
): Promise<ExtractResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ExtractResult>((done) => {
    timer = setTimeout(() => done(failed(timeout(path, timeoutSeconds))), timeoutSeconds * 1_000);
  });
  try {
    return await Promise.race([extractFeature(path, limits, purpose), late]);
  } finally {
    clearTimeout(timer);
  }
}

function throwIfStopped(signal: AbortSignal | undefined): void {
  throwIfAborted(signal, 'Reading files was stopped.');
}

function positive(name: string, value: number): number {
  if (value > 0 && value < 2 ** 31) return value;
  throw new RangeError(`Expected a number above 0 for ${name} but received ${value}.`);
}

/** One file, as {@link extractAll} reads it. */
export async function extractOne(path: string, options: ExtractAllOptions = {}): Promise<ExtractResult> {
  for await (const { result } of extractAll([{ absolute: path }], options)) return result;
  throw new Error('Expected a result for every file');
}
