// Threads that read batches of files and survive every one of them: a file that hangs or kills its thread is named.
import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';
import { SandglassError } from '../errors.ts';
import { answerLanguages } from './ask-language.ts';
import type { ExtractLimits, ExtractPurpose } from './extract.ts';
import type { ExtractResult } from './extract-result.ts';
import { type PackedResults, TermReceiver } from './term-transfer.ts';
import type { BatchTask } from './worker.ts';

export interface ThreadPoolOptions {
  readonly threads: number;
  readonly limits: ExtractLimits;
  readonly purpose: ExtractPurpose;
  /** For one file. */
  readonly timeoutSeconds: number;
  /** Heap of one thread, in megabytes. */
  readonly threadMemory: number;
}

export interface ThreadPool {
  /** The results of files, in their order. Rejects only when no thread can be had, or after `close`. */
  extract(paths: readonly string[]): Promise<ExtractResult[]>;
  /** Ends all threads at once. */
  close(): Promise<void>;
}

/** Looks at the clock so many times within the time one file may take. */
const CHECKS_PER_TIMEOUT = 4;

const YOUNG_GENERATION_MEGABYTES = 16;

/** Starts the threads. */
export async function startThreadPool(options: ThreadPoolOptions): Promise<ThreadPool> {
  const { limits, purpose } = options;
  const { Piscina } = await import('piscina');
  const receiver = new TermReceiver();
  const pool: Piscina<BatchTask, PackedResults> = new Piscina({
    filename: fileURLToPath(new URL('./worker.js', import.meta.url)),
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

  async function extract(paths: readonly string[]): Promise<ExtractResult[]> {
    if (paths.length === 0) return [];
    const begun = new Int32Array(new SharedArrayBuffer(4));
    const watch = watchOver(begun, options.timeoutSeconds);
    const { port, end } = answerLanguages();
    try {
      const task = { paths, limits, purpose, begun, port };
      return receiver.unpack(await pool.run(task, { signal: watch.signal, transferList: [port] }));
    } catch (error) {
      const at = Atomics.load(begun, 0) - 1;
      if (closed || at < 0) throw error;
      const path = paths[at]!;
      return [
        ...(await extract(paths.slice(0, at))),
        ...(watch.signal.aborted
          ? [failed(timeout(path, options.timeoutSeconds))]
          : // Others of its batch may have left little memory: it has a second chance alone.
            paths.length > 1
            ? await extract([path])
            : [failed(crash(path, error))]),
        ...(await extract(paths.slice(at + 1))),
      ];
    } finally {
      end();
      watch.end();
    }
  }

  return {
    extract,
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

export function failed(error: SandglassError): ExtractResult {
  return { status: 'failed', error: error.toJSON() };
}
