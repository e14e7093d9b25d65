// Training as a caller sees it: in a thread of its own, told as a stream of events.
import { eventsOf } from '../events.ts';
import { runThreadJob } from '../thread-job.ts';
import type { Recipe } from '../training/network/recipe.ts';
import type { TrainEvent, TrainOptions, TrainSummary, TrainTask } from './train-events.ts';

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
    const worker = new URL('./train-worker.js', import.meta.url);
    const summary = await runThreadJob<TrainTask, TrainEvent, TrainSummary>(worker, task, { signal, onEvent: emit });
    emit({ phase: 'done', summary });
  }, outer);
}

/** The named recipes, with all defaults filled in: what `recipe` of {@link train} may name, and what to begin one's own with. */
export async function recipes(): Promise<Recipe[]> {
  // Loaded when asked for: checking recipes takes a library that most commands do without.
  const { namedRecipe, RECIPE_NAMES } = await import('../training/recipes/auto-encoders.ts');
  return RECIPE_NAMES.map((name) => namedRecipe(name)!);
}
