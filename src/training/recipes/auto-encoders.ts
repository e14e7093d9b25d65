// The named recipes: each kind of auto-encoder, ready to be trained on handwritten digits or anything of 28 × 28 pixels.
import { parseRecipe, type Recipe, type RecipeInput } from '../network/recipe.ts';

/** What may change in a recipe without it becoming another one. */
export interface RecipeOverrides {
  readonly epochs?: number;
  readonly batch?: number;
  /** Learning rate. */
  readonly rate?: number;
  readonly seed?: number;
}

const PIXELS = { shape: [784] };
const PICTURE = { shape: [1, 28, 28] };

type Layers = RecipeInput['encoder'];

/** Dense layers of these sizes, the last (the code) with an activation of its own. */
function dense(
  sizes: readonly number[],
  activation: 'relu' | 'sigmoid' | 'tanh',
  code: 'identity' | 'relu' | 'sigmoid' = 'identity',
): Layers {
  return sizes.map((units, i) => ({ kind: 'dense', units, activation: i === sizes.length - 1 ? code : activation }));
}

/**
 * 784-1000-500-250-code, the network of Hinton & Salakhutdinov 2006, with tanh in place of pre-training. On the last 10,000
 * training digits, held out for 20 epochs, the error was 3.76 with tanh, 3.85 with ReLU (which fits the others better), and
 * 4.06 with three times the weight decay.
 */
function deep(code: number): RecipeInput {
  return {
    name: `deep-mnist-${code}`,
    about:
      'The deep auto-encoder of Hinton & Salakhutdinov (2006), 784-1000-500-250 and back. tanh and AdamW train it at once ' +
      'where the paper had to pre-train it layer by layer.',
    input: PIXELS,
    encoder: dense([1000, 500, 250, code], 'tanh'),
    optimizer: { kind: 'adamw', weightDecay: 0.1 },
    schedule: { kind: 'cosine', rate: 2e-3, warmUp: 1 },
    batch: 256,
    epochs: 50,
  };
}

const RECIPES: readonly RecipeInput[] = [
  {
    name: 'mnist-mlp',
    about:
      'The plain auto-encoder: dense layers narrow to 16 numbers and widen again, and learn to give back what they got. ' +
      'What the middle cannot hold is lost: look at what the reconstructions keep and what they smooth away.',
    input: PIXELS,
    encoder: dense([256, 128, 64, 16], 'relu'),
    schedule: { kind: 'constant', rate: 1e-3 },
    batch: 64,
    epochs: 20,
    seed: 1234,
  },
  {
    name: 'denoise-mask',
    about:
      'A de-noising auto-encoder (Vincent et al. 2010): a quarter of the pixels is set to 0 at random, anew at every step, ' +
      'and the clean picture is asked back. Copying the input no longer helps; it has to learn what digits look like.',
    input: PIXELS,
    encoder: [{ kind: 'mask', probability: 0.25 }, ...dense([512, 256, 64], 'relu')],
    batch: 128,
    epochs: 20,
  },
  {
    name: 'denoise-gauss',
    about: 'The same with normal noise on every pixel: x′ = x + n, deviation 0.3.',
    input: PIXELS,
    encoder: [{ kind: 'noise', deviation: 0.3 }, ...dense([512, 256, 64], 'relu')],
    batch: 128,
    epochs: 20,
  },
  {
    name: 'cnn',
    about:
      'A convolutional auto-encoder: a strided convolution, then pooling that remembers where each maximum was. The decoder ' +
      'puts the values back at those places and undoes the convolutions by transposed ones. The remembered places go ' +
      'past the code, so reconstructions are sharper than the code alone could make them.',
    input: PICTURE,
    encoder: [
      { kind: 'conv2d', filters: 4, kernel: 2, stride: 2, padding: 1, activation: 'relu' },
      { kind: 'conv2d', filters: 16, kernel: 3, padding: 1 },
      { kind: 'maxPool2d', kernel: 2, padding: 1, name: 'pool' },
      { kind: 'activation', activation: 'relu' },
      { kind: 'flatten' },
      { kind: 'dense', units: 32 },
    ],
    batch: 64,
    epochs: 5,
  },
  {
    name: 'stacked',
    about:
      'Greedy layer-wise pre-training (Bengio et al. 2007): each layer learns to give back what the layer below makes, then ' +
      'all are trained together. Sigmoid units let little gradient through many layers, so the head start shows; compare ' +
      'with stacked-scratch, the same network without it.',
    input: PIXELS,
    encoder: dense([1000, 500, 250, 30], 'sigmoid', 'sigmoid'),
    batch: 128,
    epochs: 10,
    pretraining: { epochs: 5 },
  },
  {
    name: 'stacked-scratch',
    about: 'The network of stacked, trained from its random start.',
    input: PIXELS,
    encoder: dense([1000, 500, 250, 30], 'sigmoid', 'sigmoid'),
    batch: 128,
    epochs: 10,
  },
  deep(30),
  deep(16),
  deep(10),
  {
    ...deep(2),
    about: 'The same network narrowed to two units: every digit becomes a point of a map, as in the paper’s figure 3.',
  },
  {
    name: 'tied',
    about:
      'The decoder uses the encoder’s weights, transposed: half the parameters, and no way to cheat by letting one side ' +
      'grow while the other shrinks.',
    input: PIXELS,
    encoder: dense([256, 64, 16], 'relu'),
    decoder: 'tied',
    batch: 64,
    epochs: 20,
  },
  {
    name: 'sparse',
    about:
      'A code wider than it needs to be, with a price on every unit that speaks (L1): most stay silent for any one picture, ' +
      'and each stands for a stroke or a piece of one.',
    input: PIXELS,
    encoder: [{ kind: 'dense', units: 256, activation: 'relu' }],
    loss: [
      { kind: 'mse', reduction: 'sum' },
      { kind: 'l1', weight: 0.05 },
    ],
    batch: 64,
    epochs: 20,
  },
  {
    name: 'contractive',
    about:
      'A price on the derivative of the code by the picture (Rifai et al. 2011): small changes of the picture, which no ' +
      'digit needs, move the code little. The derivative’s size is estimated with one random direction a picture, and its ' +
      'own gradient is taken through the network a second time.',
    input: PIXELS,
    encoder: [{ kind: 'dense', units: 128, activation: 'sigmoid' }],
    loss: [
      { kind: 'mse', reduction: 'sum' },
      { kind: 'contractive', weight: 0.1 },
    ],
    batch: 64,
    epochs: 20,
  },
  {
    name: 'semantic-hash',
    about:
      'Codes of 64 bits (after Salakhutdinov & Hinton 2009): noise before the sigmoid of the code drives each unit to one of its ' +
      'ends, so that little is lost when it is cut to a bit. Bits are compared a billion pairs a second.',
    input: PIXELS,
    encoder: [
      ...dense([512, 256, 64], 'relu'),
      { kind: 'noise', deviation: 4 },
      { kind: 'activation', activation: 'sigmoid' },
    ],
    decoder: [
      { kind: 'dense', units: 256, activation: 'relu' },
      { kind: 'dense', units: 512, activation: 'relu' },
      { kind: 'dense', units: 784 },
    ],
    bits: true,
    batch: 128,
    epochs: 20,
  },
  {
    name: 'vae',
    about:
      'A variational auto-encoder (Kingma & Welling 2014): the encoder gives a mean and a spread, the decoder sees a draw from ' +
      'them, and all codes together are held to the standard normal distribution. New pictures are made by drawing a code.',
    input: PIXELS,
    encoder: [...dense([512, 256], 'relu', 'relu'), { kind: 'gaussian', units: 16 }],
    loss: [
      { kind: 'bce', reduction: 'sum' },
      { kind: 'kl', weight: 1, warmUp: 3 },
    ],
    batch: 128,
    epochs: 20,
  },
  {
    name: 'pictures',
    about:
      'For folders of colour pictures: strided convolutions (3 × 3, stride 2) halve the picture four times, and their transposes ' +
      'double it back. A tenth of the values is dropped, the others count for them, and all are a little noisy; the clean picture ' +
      'is asked back. More noise would make clean pictures, which it never sees, come out worse.',
    input: { shape: [3, 64, 64] },
    encoder: [
      { kind: 'dropout', probability: 0.1 },
      { kind: 'noise', deviation: 0.05 },
      ...[16, 32, 64, 64].map((filters) => ({
        kind: 'conv2d' as const,
        filters,
        kernel: 3,
        stride: 2,
        padding: 1,
        activation: 'relu' as const,
      })),
      { kind: 'flatten' },
      { kind: 'dense', units: 128 },
    ],
    schedule: { kind: 'cosine', rate: 2e-3, warmUp: 1 },
    batch: 32,
    epochs: 20,
  },
  {
    name: 'words',
    about:
      'For folders of documents: the 2,000 words that matter most, squeezed as by Hinton & Salakhutdinov (2006), 2000-500-250-125 and a ' +
      'code, here of 32. Half of the words is hidden, and the others count double so that a document without gaps looks the same. The ' +
      'network says how likely every word is (softmax).',
    input: { shape: [2000], values: 'words' },
    encoder: [{ kind: 'dropout', probability: 0.5 }, ...dense([500, 250, 125, 32], 'relu')],
    output: 'softmax',
    loss: [{ kind: 'multinomial' }],
    schedule: { kind: 'cosine', rate: 2e-3, warmUp: 1 },
    batch: 64,
    epochs: 12,
  },
];

/** Names of the recipes. */
export const RECIPE_NAMES: readonly string[] = RECIPES.map(({ name }) => name);

/** The recipe of that name with all defaults filled in, or undefined. */
export function namedRecipe(name: string): Recipe | undefined {
  const recipe = RECIPES.find((each) => each.name === name);
  return recipe === undefined ? undefined : parseRecipe(recipe, name);
}

/**
 * A recipe with some settings replaced.
 *
 * @throws SandglassError RECIPE_INVALID when one of them is none it can have
 */
export function withOverrides(recipe: Recipe, { epochs, batch, rate, seed }: RecipeOverrides): Recipe {
  return parseRecipe(
    {
      ...recipe,
      ...(epochs === undefined ? {} : { epochs }),
      ...(batch === undefined ? {} : { batch }),
      ...(seed === undefined ? {} : { seed }),
      ...(rate === undefined ? {} : { schedule: { ...recipe.schedule, rate } }),
    },
    recipe.name,
  );
}
