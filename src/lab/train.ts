// Training as a caller sees it: in a thread of its own, told as a stream of events.
import { Worker } from 'node:worker_threads';
import { SandglassError } from '../errors.ts';
import { eventsOf } from '../events.ts';
import type { Recipe } from '../training/network/recipe.ts';
import type { TrainEvent, TrainOptions, TrainSummary } from './train-events.ts';
import { STOP, type TrainMessage } from './train-message.ts';

/**
 * Trains a recipe on a folder. Nothing happens until the events are read; the last one is `done`, with the summary. Leaving
 * the loop, or `signal`, stops at the end of the steps at work and keeps what is done: the same call goes on from there.
 *
 * @throws SandglassError as {@link TrainOptions} and the data ask for: RECIPE_UNKNOWN, RECIPE_INVALID, GRAPH_SHAPE,
 *   DATA_SET_INVALID, OUTPUT_EXISTS, TRAINING_TOO_SMALL, TRAINING_DIVERGED, DEVICE_UNAVAILABLE, ABORTED,
 *   CHECKPOINT_BROKEN, CHECKPOINT_MISMATCH, DISK_FULL, OUTPUT_UNWRITABLE
 */
export function train(options: TrainOptions): AsyncGenerator<TrainEvent, void, undefined> {
  const { signal: outer, ...task } = options;
  return eventsOf<TrainEvent>(async (emit, signal) => {
    emit({ phase: 'done', summary: await inWorker(task, emit, signal) });
  }, outer);
}

async function inWorker(
  task: Omit<TrainOptions, 'signal'>,
  emit: (event: TrainEvent) => void,
  signal: AbortSignal,
): Promise<TrainSummary> {
  if (signal.aborted) throw new SandglassError('ABORTED', 'Training was stopped before it began.');
  const worker = new Worker(new URL('./train-worker.js', import.meta.url), { workerData: task });
  const stop = () => worker.postMessage(STOP);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<TrainSummary>((resolve, reject) => {
      worker.on('message', (message: TrainMessage) => {
        if (message.kind === 'event') emit(message.event);
        else if (message.kind === 'done') resolve(message.summary);
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
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

/** The named recipes, with all defaults filled in: what `recipe` of {@link train} may name, and what to begin one's own with. */
export async function recipes(): Promise<Recipe[]> {
  // Loaded when asked for: checking recipes takes a library that most commands do without.
  const { namedRecipe, RECIPE_NAMES } = await import('../training/recipes/auto-encoders.ts');
  return RECIPE_NAMES.map((name) => namedRecipe(name)!);
}
