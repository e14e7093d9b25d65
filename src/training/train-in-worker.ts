// Trains in a thread of its own, so that the caller's event loop stays free.

import { runThreadJob } from '../thread-job.ts';
import type { RecipeHooks, RecipeProgress, TrainedAutoEncoder } from './auto-encoder.ts';
import type { RecipeData, RecipeName, RecipeOptions, WorkerTask } from './worker-task.ts';

export interface WorkerHooks extends RecipeHooks {
  /**
   * Hands the data's arrays over instead of copying them: they are empty for the caller afterwards. Arrays over a
   * SharedArrayBuffer cannot be moved; pictures in one are copied once, inside the thread. @default false
   */
  readonly move?: boolean;
}

/**
 * Runs a recipe in a worker thread.
 *
 * When `hooks.signal` fires, the thread stops at the end of its chunk of steps (about a second) and the promise is
 * rejected with ABORTED.
 *
 * @throws SandglassError TRAINING_TOO_SMALL, TRAINING_DIVERGED, ABORTED, DEVICE_UNAVAILABLE
 */
export async function trainInWorker<Name extends RecipeName>(
  recipe: Name,
  data: RecipeData[Name],
  options: RecipeOptions[Name] = {},
  hooks: WorkerHooks = {},
): Promise<TrainedAutoEncoder> {
  const { signal, onProgress, move = false } = hooks;
  const task: WorkerTask = { recipe, data, options };
  return runThreadJob<WorkerTask, RecipeProgress, TrainedAutoEncoder>(new URL('./worker.js', import.meta.url), task, {
    signal,
    onEvent: (progress) => onProgress?.(progress),
    transfer: move ? buffersOf(data) : [],
  });
}

/** The buffers under the typed arrays of a recipe's data, each once; shared memory is not moved. */
function buffersOf(data: RecipeData[RecipeName]): ArrayBuffer[] {
  const arrays = Object.values(data).filter(ArrayBuffer.isView);
  const buffers = arrays.map(({ buffer }) => buffer).filter((buffer) => !isShared(buffer));
  return [...new Set(buffers)] as ArrayBuffer[];
}

function isShared(buffer: ArrayBufferLike): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;
}
