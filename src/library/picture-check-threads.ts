// Threads that read and compare pictures: on all processors, a picture that hangs or ends its thread fails alone.
import { availableParallelism } from 'node:os';
import { throwIfAborted } from '../errors.ts';
import { inOrder } from '../features/batch-files.ts';
import { type GuardedThreads, startGuardedThreads } from '../features/guarded-threads.ts';
import type { ErrandName, PictureAnswer, PictureErrands, PictureTask } from './picture-check-worker.ts';

export interface PictureThreadsOptions {
  readonly signal?: AbortSignal | undefined;
  /** @default one for each processor, 8 at most */
  readonly threads?: number;
  /** Longest time for one picture, or one pair; a thread that takes longer is ended. @default 60 */
  readonly timeoutSeconds?: number;
}

const MOST_THREADS = 8;
const DEFAULT_TIMEOUT_SECONDS = 60;
/** Heap of one thread, in megabytes. */
const THREAD_MEMORY = 1_024;
/** A message takes as long as little work; a batch that is too long leaves threads idle at the end. */
const ASKS_PER_BATCH: Readonly<Record<ErrandName, number>> = {
  sketch: 4,
  pixels: 2,
  verdict: 8,
  damage: 1,
  thumbnail: 4,
  difference: 2,
};
/** Batches that wait or are done for each thread. */
const BATCHES_PER_THREAD = 3;

interface Piece {
  readonly errand: ErrandName;
  readonly ask: PictureErrands[ErrandName]['ask'];
}

/** Starts threads when there is something to do, as many as it is worth. */
export class PictureThreads {
  readonly #options: PictureThreadsOptions;
  #pool: Promise<GuardedThreads<Piece, PictureAnswer>> | undefined;
  #threads = 0;

  constructor(options: PictureThreadsOptions) {
    this.#options = options;
  }

  /**
   * The answers, in the order in which they were asked for.
   *
   * @throws SandglassError ABORTED by the signal
   */
  async *each<Name extends ErrandName>(
    errand: Name,
    asks: readonly PictureErrands[Name]['ask'][],
  ): AsyncGenerator<PictureAnswer<Name>, void, undefined> {
    if (asks.length === 0) return;
    const { signal } = this.#options;
    const stopped = () => throwIfAborted(signal, 'Looking for duplicates was stopped.');
    stopped();
    const batches = Math.ceil(asks.length / ASKS_PER_BATCH[errand]);
    const pool = await this.#started(batches);
    const stop = () => void pool.close();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const pieces = batchesOf(
        asks.map((ask): Piece => ({ errand, ask })),
        ASKS_PER_BATCH[errand],
      );
      const done = inOrder(pieces, this.#threads * BATCHES_PER_THREAD, (batch) => pool.work(batch));
      for await (const { result } of done) yield result as PictureAnswer<Name>;
    } catch (error) {
      stopped();
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  async close(): Promise<void> {
    const pool = await this.#pool;
    this.#pool = undefined;
    await pool?.close();
  }

  /** @param batches how many there are to do now; threads that were started for fewer are not enough for many */
  async #started(batches: number): Promise<GuardedThreads<Piece, PictureAnswer>> {
    const { threads = Math.min(availableParallelism(), MOST_THREADS), timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } =
      this.#options;
    const worth = Math.min(threads, batches);
    if (this.#pool !== undefined && this.#threads >= worth) return this.#pool;
    await this.close();
    this.#threads = worth;
    this.#pool = startGuardedThreads<Piece, PictureTask, PictureAnswer[], PictureAnswer>({
      worker: new URL('./picture-check-worker.js', import.meta.url),
      threads: worth,
      timeoutSeconds,
      threadMemory: THREAD_MEMORY,
      pathOf: ({ ask }) => ask.paths[0]!,
      // The decoder counts whole seconds.
      send: (batch) => ({
        task: {
          errand: batch[0]!.errand,
          asks: batch.map(({ ask }) => ask),
          maxSeconds: Math.ceil(timeoutSeconds),
        },
      }),
      receive: (answers) => answers,
      failed: (error) => ({ error: error.toJSON() }),
    });
    return this.#pool;
  }
}

async function* batchesOf<T>(all: readonly T[], size: number): AsyncGenerator<readonly T[], void, undefined> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}
