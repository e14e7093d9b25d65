// The lab's list: which recipes it trains, in which order, and under which headings they stand in the report.

export interface LabRecipe {
  readonly name: string;
  readonly title: string;
  /** Recipes of one family share a section. */
  readonly family?: string;
  /** Its first layer is worth a look. */
  readonly filters?: boolean;
}

const DEEP = 'Deep auto-encoders';
const DENOISING = 'De-noising auto-encoders';
const STACKED = 'Stacked, layer by layer';

export const LAB_RECIPES: readonly LabRecipe[] = [
  { name: 'mnist-mlp', title: 'Plain auto-encoder' },
  { name: 'deep-mnist-30', title: 'Deep, 30 numbers', family: DEEP },
  { name: 'deep-mnist-16', title: 'Deep, 16 numbers', family: DEEP },
  { name: 'deep-mnist-10', title: 'Deep, 10 numbers', family: DEEP },
  { name: 'deep-mnist-2', title: 'Deep, 2 numbers', family: DEEP },
  { name: 'denoise-mask', title: 'Masked pixels', family: DENOISING, filters: true },
  { name: 'denoise-gauss', title: 'Normal noise', family: DENOISING },
  { name: 'cnn', title: 'Convolutional auto-encoder', filters: true },
  { name: 'stacked', title: 'Pre-trained layer by layer', family: STACKED },
  { name: 'stacked-scratch', title: 'The same from scratch', family: STACKED },
  { name: 'tied', title: 'Tied weights', filters: true },
  { name: 'sparse', title: 'Sparse auto-encoder', filters: true },
  { name: 'contractive', title: 'Contractive auto-encoder', filters: true },
  { name: 'semantic-hash', title: 'Semantic hashing' },
  { name: 'vae', title: 'Variational auto-encoder' },
];

/** The deep recipes that stand beside PCA with as many numbers. */
export const BESIDE_PCA: readonly { readonly codeSize: number; readonly recipe: string }[] = [
  { codeSize: 2, recipe: 'deep-mnist-2' },
  { codeSize: 10, recipe: 'deep-mnist-10' },
  { codeSize: 16, recipe: 'deep-mnist-16' },
  { codeSize: 30, recipe: 'deep-mnist-30' },
];

/** The recipe whose two numbers are a map. */
export const MAP_RECIPE = 'deep-mnist-2';
