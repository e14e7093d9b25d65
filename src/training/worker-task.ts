// What trainInWorker starts its thread with.
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
