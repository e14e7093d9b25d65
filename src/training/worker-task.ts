// What passes between trainInWorker and its thread.
import type { SandglassError } from '../errors.ts';
import type { RecipeProgress, TrainedAutoEncoder } from './auto-encoder.ts';
import type { BagsOfWords } from './bags-of-words.ts';
import type { ImageRecipeOptions, Thumbnails } from './recipes/image.ts';
import type { TextRecipeOptions } from './recipes/text.ts';

/** The data each recipe learns from. */
export interface RecipeData {
  readonly text: BagsOfWords;
  readonly image: Thumbnails;
}

/** The settings each recipe takes. */
export interface RecipeOptions {
  readonly text: TextRecipeOptions;
  readonly image: ImageRecipeOptions;
}

export type RecipeName = keyof RecipeData;

/** What the thread is started with. */
export interface WorkerTask {
  readonly recipe: RecipeName;
  readonly data: RecipeData[RecipeName];
  readonly options: RecipeOptions[RecipeName];
}

/** What comes back. Errors travel as their parts: a class does not survive the trip between threads. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly progress: RecipeProgress }
  | { readonly kind: 'trained'; readonly trained: TrainedAutoEncoder }
  | { readonly kind: 'refused'; readonly error: ReturnType<SandglassError['toJSON']> }
  | { readonly kind: 'failed'; readonly error: unknown };

/** The message that asks the thread to stop at the end of its chunk. */
export const STOP = 'stop';
