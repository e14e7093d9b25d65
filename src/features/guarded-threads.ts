// Threads that work through batches and survive every piece of work: one that hangs or kills its thread is named.
import { fileURLToPath } from 'node:url';
import type { MessagePort } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { SandglassError } from '../errors.ts';
import { threadArguments } from '../thread-arguments.ts';

/** What every thread gets. */
export interface GuardedTask {
  /** Shared memory, one number: how many pieces of the batch were begun. It outlives a thread that does not return. */
  readonly begun: Int32Array;
}

export interface Errand<Task> {
  readonly task: Omit<Task, 'begun'>;
  /** What of it is handed over and not copied. */
  readonly transfer?: readonly MessagePort[];
  /** When the errand is done, however it ended. */
  end?(): void;
}

export interface GuardedThreadsOptions<Work, Task extends GuardedTask, Answer, Result> {
  /** Its default export does a task; it adds 1 to `begun` before each piece of work. */
  readonly worker: URL;
  readonly threads: number;
  /** For one piece of work. */
  readonly timeoutSeconds: number;
  /** Heap of one thread, in megabytes. */
  readonly threadMemory: number;
  pathOf(work: Work): string;
  send(batch: readonly Work[]): Errand<Task>;
  receive(answer: Answer): Result[];
  failed(error: SandglassError): Result;
}

export interface GuardedThreads<Work, Result> {
  /** The results of a batch, in its order. Rejects only when no thread can be had, or after `close`. */
  work(batch: readonly Work[]): Promise<Result[]>;
  /** Ends all threads at once. */
  close(): Promise<void>;
}

/** Looks at the clock so many times within the time one piece of work may take. */
const CHECKS_PER_TIMEOUT = 4;

const YOUNG_GENERATION_MEGABYTES = 16;

/** Starts the threads. */
export async function startGuardedThreads<Work, Task extends GuardedTask, Answer, Result>(
  options: GuardedThreadsOptions<Work, Task, Answer, Result>,
): Promise<GuardedThreads<Work, Result>> {
  const { timeoutSeconds, pathOf, failed } = options;
  const { Piscina } = await import('piscina');
  const pool: Piscina<unknown, Answer> = new Piscina({
    ...threadArguments(),
    filename: fileURLToPath(options.worker),
    minThreads: options.threads,
    maxThreads: options.threads,
    resourceLimits: {
      maxOldGenerationSizeMb: options.threadMemory,
      maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES,
    },
  });
  // The loss of a thread concerns the batch it had, and that is told by the batch's promise.
  pool.on('error', () => {});
  let closed = false;

  async function work(batch: readonly Work[]): Promise<Result[]> {
    if (batch.length === 0) return [];
    const begun = new Int32Array(new SharedArrayBuffer(4));
    const watch = watchOver(begun, timeoutSeconds);
    const { task, transfer = [], end } = options.send(batch);
    try {
      const answer = await pool.run({ ...task, begun }, { signal: watch.signal, transferList: [...transfer] });
      return options.receive(answer);
    } catch (error) {
      const at = Atomics.load(begun, 0) - 1;
      if (closed || at < 0) throw error;
      const culprit = batch[at]!;
      return [
        ...(await work(batch.slice(0, at))),
        ...(watch.signal.aborted
          ? [failed(timeout(pathOf(culprit), timeoutSeconds))]
          : // Others of its batch may have left little memory: it has a second chance alone.
            batch.length > 1
            ? await work([culprit])
            : [failed(crash(pathOf(culprit), error))]),
        ...(await work(batch.slice(at + 1))),
      ];
    } finally {
      end?.();
      watch.end();
    }
  }

  return {
    work,
    async close() {
      closed = true;
      await pool.destroy();
    },
  };
}

/** Aborts when the number stays the same for longer than the limit; the wait for a free thread, at 0, does not count. */
function watchOver(begun: Int32Array, timeoutSeconds: number): { signal: AbortSignal; end: () => void } {
  const controller = new AbortController();
  const limit = timeoutSeconds * 1_000;
  let seen = 0;
  let since = performance.now();
  const timer = setInterval(() => {
    const now = Atomics.load(begun, 0);
    if (now !== seen) {
      seen = now;
      since = performance.now();
    } else if (seen > 0 && performance.now() - since >= limit) {
      controller.abort();
    }
  }, limit / CHECKS_PER_TIMEOUT);
  return { signal: controller.signal, end: () => clearInterval(timer) };
}

/** The error for a file that took longer than it may. */
export function timeout(path: string, seconds: number): SandglassError {
  return new SandglassError('READ_TIMEOUT', `Reading the file took longer than ${seconds} s and was given up.`, {
    path,
  });
}

function crash(path: string, cause: unknown): SandglassError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new SandglassError('READ_CRASHED', `Reading the file ended its thread: ${why}`, { path, cause });
}
