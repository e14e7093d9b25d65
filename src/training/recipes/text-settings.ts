// The settings of the recipe for documents: what they mean, their defaults, and what follows from how many documents there are.
import type { CommonRecipeOptions } from '../auto-encoder.ts';

/** How long and how large: `fast` takes half the default's time, `best` half as long again. */
export type TextQuality = 'fast' | 'default' | 'best';

export interface TextRecipeOptions extends CommonRecipeOptions {
  /** Which of three sets of defaults the other options start from. @default 'default' */
  readonly quality?: TextQuality;
  /** Numbers in a code. @default 128 */
  readonly codeSize?: number;
  /** Units of the hidden layer. @default 256; 512 of `best` */
  readonly hiddenSize?: number;
  /** Largest share of a document's words that is taken away from the input. @default 0.9 */
  readonly masking?: number;
  /** Smallest such share; drawn anew for every document and step. @default 0 */
  readonly leastMasking?: number;
  /** Words of an input at most: of long documents more is taken away. @default 48 */
  readonly viewWords?: number;
  /** Standard deviation of the noise added to the code, whose numbers lie in −1…1: makes their signs good bits. @default 0.3 */
  readonly codeNoise?: number;
  /**
   * Share of a step's documents whose words are brought back from the signs of their codes, in the last round. @default 0.5
   */
  readonly signShare?: number;
  /** Length of the input vector. @default 8 */
  readonly inputLength?: number;
  /** Nearest documents to learn from; fewer in a small collection, see {@link neighboursFor}. @default 20 */
  readonly neighbours?: number;
  /** Nearest documents by code and words, of the second round and those after it. @default 100 */
  readonly laterNeighbours?: number;
  /** Share of a neighbour's words, against the document's own, in what has to be brought back. @default 0.8 */
  readonly neighbourWeight?: number;
  /** Weight of the agreement (InfoNCE) between the codes of two views. @default 0.5 */
  readonly agreementWeight?: number;
  /** Temperature of the agreement. @default 0.2 */
  readonly temperature?: number;
  /** How often the second view is of the document itself and not of a neighbour: finds more excerpts and fewer topics. @default 0 */
  readonly ownView?: number;
  /** Times that neighbours are sought: first by words, then by code and words. @default 3; 1 of `fast` */
  readonly rounds?: number;
  /** Epochs, all rounds together. @default as {@link epochsFor} says */
  readonly epochs?: number;
  /** Share of the epochs that the last round takes; the others share the rest. @default 0.4 */
  readonly lastRound?: number;
  /** Documents of one step. @default 256 */
  readonly batchSize?: number;
  /** Learning rate at the start; in the last round it falls along half a cosine. @default 1e-2 */
  readonly rate?: number;
}

/** Steps for a collection of any size: one for every `documentsPerStep` documents, but no fewer and no more than these. */
interface StepRange {
  readonly fewest: number;
  readonly most: number;
  readonly documentsPerStep: number;
}

const FULL: StepRange = { fewest: 250, most: 500, documentsPerStep: 20 };
const STEPS: Readonly<Record<TextQuality, StepRange>> = {
  fast: { fewest: 200, most: 250, documentsPerStep: 40 },
  default: FULL,
  // A thousand steps, or five rounds, learn the neighbours by heart: they find less (docs/text.md).
  best: FULL,
};
const FEWEST_EPOCHS = 4;

const DEFAULTS = {
  codeSize: 128,
  hiddenSize: 256,
  masking: 0.9,
  leastMasking: 0,
  viewWords: 48,
  codeNoise: 0.3,
  signShare: 0.5,
  inputLength: 8,
  neighbours: 20,
  laterNeighbours: 100,
  neighbourWeight: 0.8,
  agreementWeight: 0.5,
  temperature: 0.2,
  ownView: 0,
  rounds: 3,
  lastRound: 0.4,
  batchSize: 256,
  rate: 1e-2,
  seed: 1,
} as const;

const OF_QUALITY: Readonly<Record<TextQuality, Partial<TextRecipeOptions>>> = {
  fast: { rounds: 1 },
  default: {},
  best: { hiddenSize: 512 },
};

/** Every setting of a training, the device apart. */
export type TextSettings = Required<Omit<TextRecipeOptions, 'device' | 'threads'>>;

/** The settings of a training on so many documents. */
export function textSettings(given: Omit<TextRecipeOptions, 'device' | 'threads'>, documents: number): TextSettings {
  const { quality = 'default' } = given;
  const settings = { ...DEFAULTS, quality, ...OF_QUALITY[quality], ...given };
  return { epochs: epochsFor(documents, settings.batchSize, quality), ...settings };
}

/** Epochs that make as many steps as the quality asks for; and 4 epochs at least. */
export function epochsFor(documents: number, batchSize: number, quality: TextQuality = 'default'): number {
  const { fewest, most, documentsPerStep } = STEPS[quality];
  const steps = Math.min(most, Math.max(fewest, documents / documentsPerStep));
  const stepsPerEpoch = Math.max(1, Math.floor(documents / batchSize));
  return Math.max(FEWEST_EPOCHS, Math.round(steps / stepsPerEpoch));
}

/** Some documents per square root of all of them, but 1 to `most`: the 20th nearest of 50 is no neighbour. */
export function neighboursFor(documents: number, most: number): number {
  return Math.min(most, Math.max(1, Math.floor((Math.sqrt(documents) * most) / 80)));
}
