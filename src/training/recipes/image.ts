// The recipe for pictures: a convolutional de-noising auto-encoder whose code also has to agree between a picture and
// its corrupted copy.
import { SandglassError } from '../../errors.ts';
import type { CommonRecipeOptions, RecipeHooks, TrainedAutoEncoder } from '../auto-encoder.ts';
import type { CheckpointOptions } from '../checkpoint.ts';
import type { ChunkSource } from '../chunks.ts';
import { BatchOrder, epochProgress, meanLosses, planEpochs } from '../epochs.ts';
import { drawCorruption, SMALLEST_PART } from '../image-corruption.ts';
import {
  defineImageProgram,
  exportImageDecoder,
  exportImageEncoder,
  type ImageTraining,
  THUMBNAIL_SIDE,
  type TrainedImageNetwork,
} from '../image-network.ts';
import { Random } from '../random.ts';
import type { Parameter } from '../state.ts';
import { runTraining } from '../trainer.ts';
import type { StepReport } from '../training-options.ts';

/** Thumbnails to train on. */
export interface Thumbnails {
  readonly rows: number;
  /** [rows, 3, 64, 64] bytes: red plane, green plane, blue plane. */
  readonly thumbnails: Uint8Array;
}

export interface ImageRecipeOptions extends CommonRecipeOptions, Partial<ImageTraining> {
  /** Numbers in a code. @default 128 */
  readonly codeSize?: number;
  /** Pixels along a side of what the network works on: 64, or 32, for which thumbnails are averaged once more. @default 32 */
  readonly side?: number;
  /** Feature maps of each convolution of the encoder; each halves the sides. @default [32, 64, 128] */
  readonly channels?: readonly number[];
  /** Feature maps before each transposed convolution of the decoder; each doubles the sides. @default [64, 32, 16] */
  readonly decoderChannels?: readonly number[];
  /** Steps to train, rounded up to whole epochs. @default one a picture, see {@link stepsFor} */
  readonly steps?: number;
  /** Pictures of one step; the agreement term tells each from all others. @default 128 */
  readonly batchSize?: number;
  /** Corrupted copies of each picture of a step. @default 1 */
  readonly copies?: number;
  /** What crops leave of each side of a picture at least. @default 0.5 */
  readonly smallestPart?: number;
  /** Pictures of a step that are decoded too: agreement teaches more than reconstruction and costs less. @default 64 */
  readonly decodedPictures?: number;
  /** Learning rate after the warm-up; it falls along half a cosine. @default 6e-3 */
  readonly rate?: number;
  /** Steps of linear growth of the learning rate. @default 50 */
  readonly warmUp?: number;
  /** Standard deviation of the noise at the code, before the decoder. @default 0.3 */
  readonly codeNoise?: number;
  /** Weight of the mean squared error to the clean picture. @default 20 */
  readonly reconstructionWeight?: number;
  /** Weight of the agreement (InfoNCE) between the codes of both. @default 1 */
  readonly agreementWeight?: number;
  /** Weight of the agreement between the signs of both codes, which makes them good bits. @default 0.5 */
  readonly signWeight?: number;
  /** Temperature of the agreement. @default 0.05 */
  readonly temperature?: number;
  /** Parameters of a network that was trained before, to go on from; see {@link tuningOptions}. @default drawn */
  readonly start?: readonly Parameter[];
}

/** What else a training of pictures can be given and can tell: for long ones, and for those that others build on. */
export interface ImageTrainingHooks extends RecipeHooks {
  readonly checkpoint?: CheckpointOptions;
  /** Called after each epoch with the encoder and the decoder as they are. */
  readonly afterEpoch?: (trained: { readonly step: number } & ImageModels) => Promise<void>;
  readonly onSteps?: (steps: StepReport) => void;
}

export interface ImageModels {
  readonly encoder: Uint8Array;
  readonly decoder: Uint8Array;
}

/** What is not named is this; scripts/train-models.ts writes them into a model's card too. */
export const IMAGE_RECIPE_DEFAULTS = {
  codeSize: 128,
  side: 32,
  channels: [32, 64, 128],
  decoderChannels: [64, 32, 16],
  batchSize: 128,
  copies: 1,
  smallestPart: SMALLEST_PART,
  decodedPictures: 64,
  rate: 6e-3,
  warmUp: 50,
  codeNoise: 0.3,
  reconstructionWeight: 20,
  agreementWeight: 1,
  signWeight: 0.5,
  temperature: 0.05,
  seed: 1,
} as const;

/** Fewer pictures than this teach nothing. */
const LEAST_PICTURES = 16;
const FEWEST_STEPS = 200;
/** Less than three minutes on two cores: 1,700 steps took 209 seconds. */
const MOST_STEPS = 1400;

/** As many steps as there are pictures, so that each is seen as often in a small folder as in a large one. */
export function stepsFor(pictures: number): number {
  return Math.min(MOST_STEPS, Math.max(FEWEST_STEPS, pictures));
}

/**
 * To go on with a network that has learned from many pictures, on a few more: at a rate that leaves what it knows, and for
 * half as many steps as a new one would take.
 */
export function tuningOptions({ network, parameters }: TrainedImageNetwork, pictures: number): ImageRecipeOptions {
  return { ...network, start: parameters, steps: Math.ceil(stepsFor(pictures) / 2), rate: 5e-4, warmUp: 20 };
}

type Settings = Required<Omit<ImageRecipeOptions, 'device' | 'threads' | 'start'>>;

/**
 * encoder.onnx: `thumbnail` [N, 3, 64, 64] uint8 → `code` [N, codeSize], of length √codeSize.
 * decoder.onnx: `code` → `picture` [N, 3, 64, 64] in 0…1, of side × side different pixels.
 *
 * The agreement begins near log(batch size), 4.9, and should fall to about 2; the squared error times 20 begins near 1.5
 * and should fall to 0.8.
 */
export async function trainImage(
  data: Thumbnails,
  options: ImageRecipeOptions = {},
  hooks: ImageTrainingHooks = {},
): Promise<TrainedAutoEncoder> {
  const { device = 'auto', threads, start = [], ...given } = options;
  const { rows, thumbnails } = data;
  const settings: Settings = { ...IMAGE_RECIPE_DEFAULTS, steps: stepsFor(rows), ...given };
  if (thumbnails.length !== rows * 3 * THUMBNAIL_SIDE ** 2) {
    throw new RangeError(
      `Expected ${rows} × 3 × ${THUMBNAIL_SIDE} × ${THUMBNAIL_SIDE} bytes of thumbnails but received ${thumbnails.length}`,
    );
  }
  if (rows < LEAST_PICTURES) {
    throw new SandglassError('TRAINING_TOO_SMALL', `Expected at least ${LEAST_PICTURES} pictures but received ${rows}`);
  }
  const perEpoch = Math.floor(rows / Math.min(settings.batchSize, rows));
  const plan = planEpochs(rows, settings.batchSize, Math.ceil(settings.steps / perEpoch));
  const random = new Random(settings.seed);
  const recipe = { name: 'image', ...settings, pictures: rows, ...(start.length > 0 ? { tuned: true } : {}) };
  const metadata = { recipe: JSON.stringify(recipe) };
  const { afterEpoch } = hooks;
  const result = await runTraining(
    defineImageProgram(rows, plan.batchSize, settings),
    corruptions(new BatchOrder(plan, random.fork()), random.fork(), plan.batchSize, settings),
    {
      steps: plan.steps,
      schedule: { kind: 'cosine', rate: settings.rate, warmUp: settings.warmUp },
      seed: settings.seed,
      start,
      resident: { thumbnails: { data: thumbnails, shape: [rows, 3, THUMBNAIL_SIDE, THUMBNAIL_SIDE] } },
      stepsPerEpoch: plan.stepsPerEpoch,
      device,
      ...(threads === undefined ? {} : { threads }),
      ...(hooks.signal === undefined ? {} : { signal: hooks.signal }),
      ...(hooks.checkpoint === undefined ? {} : { checkpoint: hooks.checkpoint }),
      ...(hooks.onSteps === undefined ? {} : { onSteps: hooks.onSteps }),
      ...(afterEpoch === undefined
        ? {}
        : { afterEpoch: ({ step, parameters }) => afterEpoch({ step, ...exported(parameters, settings, metadata) }) }),
      onProgress: epochProgress(plan, hooks),
    },
  );
  return {
    ...exported(result.parameters, settings, metadata),
    codeSize: settings.codeSize,
    recipe,
    losses: meanLosses(result.losses, plan),
    seconds: result.seconds,
  };
}

function exported(
  parameters: readonly Parameter[],
  settings: ImageTraining,
  metadata: Readonly<Record<string, string>>,
): ImageModels {
  return {
    encoder: exportImageEncoder(parameters, settings, metadata),
    decoder: exportImageDecoder(parameters, settings, metadata),
  };
}

function corruptions(
  order: BatchOrder,
  random: Random,
  batchSize: number,
  { copies, smallestPart }: Pick<Settings, 'copies' | 'smallestPart'>,
): ChunkSource {
  const ofCorruption = random.fork();
  const perStep = copies * batchSize;
  return {
    next: (_, count) => {
      const rows = new BigInt64Array(count * batchSize);
      for (let step = 0; step < count; step++) {
        order.next().forEach((row, i) => {
          rows[step * batchSize + i] = BigInt(row);
        });
      }
      return {
        rows: { data: rows, shape: [count, batchSize] },
        // What shows beside a picture that became smaller: another one of the same step, or itself.
        others: {
          data: BigInt64Array.from({ length: count * perStep }, () => BigInt(random.integer(batchSize))),
          shape: [count, perStep],
        },
        ...drawCorruption(ofCorruption, count, perStep, smallestPart),
      };
    },
  };
}
