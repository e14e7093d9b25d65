// Trains in a thread of its own, so that the caller's event loop stays free.
import { Worker } from 'node:worker_threads';
import { SandglassError } from '../errors.ts';
import type { RecipeHooks, TrainedAutoEncoder } from './auto-encoder.ts';
import {
  type RecipeData,
  type RecipeName,
  type RecipeOptions,
  STOP,
  type WorkerMessage,
  type WorkerTask,
} from './worker-task.ts';

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
  if (signal?.aborted === true) {
    throw new SandglassError('ABORTED', 'Training was stopped before it began', { cause: signal.reason });
  }
  const task: WorkerTask = { recipe, data, options };
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: task,
    transferList: move ? buffersOf(data) : [],
  });
  const stop = () => worker.postMessage(STOP);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<TrainedAutoEncoder>((resolve, reject) => {
      worker.on('message', (message: WorkerMessage) => {
        if (message.kind === 'progress') onProgress?.(message.progress);
        else if (message.kind === 'trained') resolve(message.trained);
        else if (message.kind === 'failed') reject(message.error);
        else {
          const { code, message: text, path } = message.error;
          reject(new SandglassError(code, text, path === undefined ? {} : { path }));
        }
      });
      worker.on('error', reject);
      worker.on('exit', (status) => reject(new Error(`The training thread ended with status ${status} and no result`)));
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
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
