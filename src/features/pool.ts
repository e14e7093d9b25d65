// Many files in, their features out, in the same order: on all processors for many, on the spot for a few.
import { availableParallelism } from 'node:os';
import { throwIfAborted } from '../errors.ts';
import { type FileToRead, inBatches } from './batch-files.ts';
import { type ExtractLimits, extractFeature } from './extract.ts';
import type { ExtractResult } from './extract-result.ts';
import { failed, startThreadPool, timeout } from './thread-pool.ts';

export interface ExtractAllOptions {
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

/** Fewer files than this are read in this thread: starting others takes longer. */
const FILES_WORTH_THREADS = 16;
/** Batches that wait or are done for each thread; what is held in memory at once is bounded by this. */
const BATCHES_PER_THREAD = 4;
const MOST_THREADS = 8;
const DEFAULT_TIMEOUT_SECONDS = 60;
const DEFAULT_THREAD_MEMORY = 1_024;

/**
 * The features of files, in the order of the files. Takes files from `files` only as fast as results are taken.
 *
 * A file that hangs, or that ends its thread, fails with READ_TIMEOUT or READ_CRASHED and the others are read. (Fewer
 * than 16 files are read in the calling thread, where a text cannot be interrupted; a picture can.)
 *
 * @throws SandglassError ABORTED by `signal`
 * @throws RangeError for options out of range; whatever `files` throws
 */
export async function* extractAll<F extends FileToRead>(
  files: Iterable<F> | AsyncIterable<F>,
  options: ExtractAllOptions = {},
): AsyncGenerator<Extraction<F>, void, undefined> {
  const { signal, limits = {} } = options;
  const timeoutSeconds = positive('timeoutSeconds', options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS);
  const settings = {
    threads: Math.ceil(positive('threads', options.threads ?? Math.min(availableParallelism(), MOST_THREADS))),
    limits: { maxSeconds: timeoutSeconds, ...limits },
    timeoutSeconds,
    threadMemory: positive('threadMemory', options.threadMemory ?? DEFAULT_THREAD_MEMORY),
  };
  throwIfStopped(signal);
  const { first, rest } = await splitOff(files, FILES_WORTH_THREADS);
  if (first.length < FILES_WORTH_THREADS) {
    for (const file of first) {
      throwIfStopped(signal);
      yield { file, result: await extractHere(file.absolute, settings.limits, timeoutSeconds) };
    }
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

async function extractHere(path: string, limits: ExtractLimits, seconds: number): Promise<ExtractResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ExtractResult>((done) => {
    timer = setTimeout(() => done(failed(timeout(path, seconds))), seconds * 1_000);
  });
  try {
    return await Promise.race([extractFeature(path, limits), late]);
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
