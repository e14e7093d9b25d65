// Threads that read batches of files; one that hangs or kills its thread fails alone.
import type { SandglassError } from '../errors.ts';
import { answerLanguages } from './ask-language.ts';
import type { ExtractLimits, ExtractPurpose } from './extract.ts';
import type { ExtractResult } from './extract-result.ts';
import { startGuardedThreads } from './guarded-threads.ts';
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

/** Starts the threads. */
export async function startThreadPool({ limits, purpose, ...options }: ThreadPoolOptions): Promise<ThreadPool> {
  const receiver = new TermReceiver();
  const threads = await startGuardedThreads<string, BatchTask, PackedResults, ExtractResult>({
    ...options,
    worker: new URL('./worker.js', import.meta.url),
    pathOf: (path) => path,
    send(paths) {
      const { port, end } = answerLanguages();
      return { task: { paths, limits, purpose, port }, transfer: [port], end };
    },
    receive: (packed) => receiver.unpack(packed),
    failed,
  });
  return { extract: (paths) => threads.work(paths), close: () => threads.close() };
}

export function failed(error: SandglassError): ExtractResult {
  return { status: 'failed', error: error.toJSON() };
}
