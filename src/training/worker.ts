// The thread in which trainInWorker trains: runs one recipe.

import { serveThreadJob } from '../thread-job.ts';
import type { RecipeHooks, RecipeProgress, TrainedAutoEncoder } from './auto-encoder.ts';
import type { RecipeData, RecipeOptions, WorkerTask } from './worker-task.ts';

await serveThreadJob<WorkerTask, RecipeProgress, TrainedAutoEncoder>(
  (task, onProgress, signal) => train(task, { signal, onProgress }),
  ({ encoder, decoder }) => [encoder.buffer as ArrayBuffer, decoder.buffer as ArrayBuffer],
);

async function train({ recipe, data, options }: WorkerTask, hooks: RecipeHooks): Promise<TrainedAutoEncoder> {
  if (recipe === 'text') {
    const { trainText } = await import('./recipes/text.ts');
    return trainText(data as RecipeData['text'], options as RecipeOptions['text'], hooks);
  }
  const { trainImage } = await import('./recipes/image.ts');
  return trainImage(data as RecipeData['image'], options as RecipeOptions['image'], hooks);
}
