// Pictures in, their framed pixels out, in the same order: read in threads, while somebody else computes with the former ones.
import { availableParallelism } from 'node:os';
import { throwIfAborted } from '../errors.ts';
import { inOrder } from '../features/batch-files.ts';
import { type GuardedThreads, startGuardedThreads } from '../features/guarded-threads.ts';
import { needsThread } from '../features/needs-thread.ts';
import type { PictureSource } from '../image/picture-source.ts';
import type { PictureFrame } from './picture-input.ts';
import { type Framed, type FrameTask, frameOrSay } from './picture-worker.ts';

export interface FramedOptions {
  /** Ends the iteration with ABORTED. */
  readonly signal?: AbortSignal;
  /** @default one for each processor, 4 at most */
  readonly threads?: number;
  /** Longest time for one picture; a thread that takes longer is ended. @default 60 */
  readonly timeoutSeconds?: number;
  /** Heap of one thread, in megabytes; a picture that needs more fails. @default 1024 */
  readonly threadMemory?: number;
}

/** Fewer are read in this thread, where they are harmless: starting others takes longer. */
const WORTH_THREADS = 8;
const MOST_THREADS = 4;
const PICTURES_A_TASK = 4;
/** Tasks that wait or are done for each thread; what is held in memory at once is bounded by this. */
const TASKS_PER_THREAD = 4;
const DEFAULT_TIMEOUT_SECONDS = 60;
const DEFAULT_THREAD_MEMORY = 1_024;

/**
 * The framed pixels of pictures, in their order. A picture that cannot be read, hangs or ends its thread fails alone.
 *
 * @throws SandglassError ABORTED by `signal`
 */
export async function* framedPictures<S extends PictureSource>(
  sources: readonly S[],
  frame: PictureFrame,
  options: FramedOptions = {},
): AsyncGenerator<{ readonly source: S; readonly framed: Framed }, void, undefined> {
  const { signal, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, threadMemory = DEFAULT_THREAD_MEMORY } = options;
  // The decoder counts whole seconds.
  const maxSeconds = Math.ceil(timeoutSeconds);
  const wanted = options.threads ?? Math.min(availableParallelism(), MOST_THREADS);
  const isFew = sources.length < WORTH_THREADS;
  const threads = isFew ? 1 : wanted;
  let pool: GuardedThreads<PictureSource, Framed> | undefined;
  const start = () =>
    startGuardedThreads<PictureSource, FrameTask, Framed[], Framed>({
      worker: new URL('./picture-worker.js', import.meta.url),
      threads,
      timeoutSeconds,
      threadMemory,
      pathOf: ({ path }) => path,
      send: (batch) => ({ task: { sources: batch.map(alone), frame, maxSeconds } }),
      receive: (framed) => framed,
      failed: (error) => error.toJSON(),
    });
  const stopped = () => throwIfAborted(signal, 'Reading pictures was stopped.');
  const stop = () => void pool?.close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    stopped();
    if (isFew) {
      for (const source of sources) {
        stopped();
        if ('bytes' in source || !needsThread(source.path)) {
          yield { source, framed: await frameOrSay(source, frame, maxSeconds) };
          continue;
        }
        pool ??= await start();
        const [framed] = await pool.work([source]);
        yield { source, framed: framed! };
      }
      return;
    }
    const running = await start();
    pool = running;
    const read = inOrder(tasksOf(sources), threads * TASKS_PER_THREAD, (batch) => running.work(batch));
    for await (const { file, result } of read) yield { source: file, framed: result };
  } catch (error) {
    stopped();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool?.close();
  }
}

/** A source without what else its owner keeps with it. */
function alone(source: PictureSource): PictureSource {
  if ('bytes' in source) return { path: source.path, bytes: source.bytes };
  const { path, hash, frame = 0 } = source;
  return { path, hash, frame };
}

async function* tasksOf<S>(sources: readonly S[]): AsyncGenerator<readonly S[], void, undefined> {
  for (let from = 0; from < sources.length; from += PICTURES_A_TASK) yield sources.slice(from, from + PICTURES_A_TASK);
}
