// Fits latent semantic analysis in a thread of its own, so that the caller's event loop stays free.
import { runThreadJob } from '../thread-job.ts';
import type { BagsOfWords } from './bags-of-words.ts';
import type { FittedLsa, LsaOptions } from './recipes/lsa.ts';

/** What the thread is started with. */
export interface LsaTask {
  readonly bags: BagsOfWords;
  readonly options: LsaOptions;
}

/**
 * {@link fitLsa} in a worker thread. The arrays of `bags` are handed over: they are empty for the caller afterwards. When
 * the signal fires, the thread stops after the pass through the documents it is in.
 *
 * @throws SandglassError TRAINING_TOO_SMALL, ABORTED
 */
export async function fitLsaInWorker(
  bags: BagsOfWords,
  options: LsaOptions = {},
  signal?: AbortSignal,
): Promise<FittedLsa> {
  const task: LsaTask = { bags, options };
  const { indptr, indices, counts } = bags;
  return runThreadJob<LsaTask, never, FittedLsa>(new URL('./lsa-worker.js', import.meta.url), task, {
    signal,
    onEvent: () => undefined,
    transfer: [...new Set([indptr.buffer, indices.buffer, counts.buffer])] as ArrayBuffer[],
  });
}
