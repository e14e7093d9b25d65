// The recipe for pictures: a convolutional de-noising auto-encoder whose code also has to agree between a picture and
// its corrupted copy.
import { SandglassError } from '../../errors.ts';
import type { CommonRecipeOptions, Recipe } from '../auto-encoder.ts';
import type { NextChunk } from '../chunks.ts';
import { BatchOrder, epochProgress, meanLosses, planEpochs } from '../epochs.ts';
import { exportModel } from '../export.ts';
import { conv2d, convTranspose2d } from '../graph/convolution.ts';
import { mul, relu, sigmoid, sub } from '../graph/elementwise.ts';
import type { Tensor } from '../graph/graph.ts';
import { gemm } from '../graph/linear.ts';
import { averagePool, upsampleNearest } from '../graph/pooling.ts';
import { cast, concat, gather, reshape, slice } from '../graph/shaping.ts';
import { corruptionInputs, corruptPictures, drawCorruption } from '../image-corruption.ts';
import { heNormal, uniform } from '../initialisation.ts';
import { infoNce, meanSquaredError, weightedSum } from '../losses.ts';
import { defineProgram, type ParameterDescription } from '../program.ts';
import { Random } from '../random.ts';
import { runTraining } from '../trainer.ts';

/** Thumbnails to train on. */
export interface Thumbnails {
  readonly rows: number;
  /** [rows, 3, 64, 64] bytes: red plane, green plane, blue plane. */
  readonly thumbnails: Uint8Array;
}

export interface ImageRecipeOptions extends CommonRecipeOptions {
  /** Numbers in a code. @default 128 */
  readonly codeSize?: number;
  /** Feature maps of each convolution of the encoder; each halves the sides. @default [32, 64, 128] */
  readonly channels?: readonly number[];
  /** Feature maps before each transposed convolution of the decoder; each doubles the sides. @default [64, 32, 16] */
  readonly decoderChannels?: readonly number[];
  /** Steps to train, rounded up to whole epochs. @default one a picture, see {@link stepsFor} */
  readonly steps?: number;
  /** Pictures of one step; the agreement term tells each from all others. @default 128 */
  readonly batchSize?: number;
  /** Pictures of a step that are decoded too: agreement teaches more than reconstruction and costs less. @default 64 */
  readonly decodedPictures?: number;
  /** Learning rate after the warm-up; it falls along half a cosine. @default 6e-3 */
  readonly rate?: number;
  /** Steps of linear growth of the learning rate. @default 50 */
  readonly warmUp?: number;
  /** Weight of the mean squared error to the clean picture. @default 20 */
  readonly reconstructionWeight?: number;
  /** Weight of the agreement (InfoNCE) between the codes of both. @default 1 */
  readonly agreementWeight?: number;
  /** Temperature of the agreement. @default 0.05 */
  readonly temperature?: number;
}

const IMAGE_RECIPE_DEFAULTS = {
  codeSize: 128,
  channels: [32, 64, 128],
  decoderChannels: [64, 32, 16],
  batchSize: 128,
  decodedPictures: 64,
  rate: 6e-3,
  warmUp: 50,
  reconstructionWeight: 20,
  agreementWeight: 1,
  temperature: 0.05,
  seed: 1,
} as const;

const THUMBNAIL_SIDE = 64;
/** What the network works on: thumbnails averaged once more. A quarter of the work, and copies are found as well. */
const SIDE = 32;
/** Fewer pictures than this teach nothing. */
const LEAST_PICTURES = 16;
const FEWEST_STEPS = 200;
/** Less than three minutes on two cores: 1,700 steps took 209 seconds. */
const MOST_STEPS = 1400;

/** As many steps as there are pictures, so that each is seen as often in a small folder as in a large one. */
export function stepsFor(pictures: number): number {
  return Math.min(MOST_STEPS, Math.max(FEWEST_STEPS, pictures));
}

type Settings = Required<Omit<ImageRecipeOptions, 'device' | 'threads'>>;
type Weights = Readonly<Record<string, Tensor>>;

/**
 * encoder.onnx: `thumbnail` [N, 3, 64, 64] uint8 → `code` [N, codeSize].
 * decoder.onnx: `code` → `picture` [N, 3, 64, 64] in 0…1, of 32 × 32 different pixels.
 *
 * The agreement begins near log(batch size), 4.9, and should fall to about 2; the squared error times 20 begins near 1.5
 * and should fall to 0.8.
 */
export const trainImage: Recipe<Thumbnails, ImageRecipeOptions> = async (data, options = {}, hooks = {}) => {
  const { device = 'auto', threads, ...given } = options;
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
  const result = await runTraining(
    defineImageProgram(rows, plan.batchSize, settings),
    corruptions(new BatchOrder(plan, random.fork()), random.fork(), plan.batchSize),
    {
      steps: plan.steps,
      schedule: { kind: 'cosine', rate: settings.rate, warmUp: settings.warmUp },
      seed: settings.seed,
      resident: { thumbnails: { data: thumbnails, shape: [rows, 3, THUMBNAIL_SIDE, THUMBNAIL_SIDE] } },
      device,
      ...(threads === undefined ? {} : { threads }),
      ...(hooks.signal === undefined ? {} : { signal: hooks.signal }),
      onProgress: epochProgress(plan, hooks),
    },
  );
  const recipe = { name: 'image', ...settings, pictures: rows };
  const metadata = { recipe: JSON.stringify(recipe) };
  const ofDecoder = (name: string) => name.startsWith('decoder');
  return {
    encoder: exportModel({
      name: 'image-encoder',
      input: { name: 'thumbnail', type: 'uint8', row: [3, THUMBNAIL_SIDE, THUMBNAIL_SIDE] },
      parameters: result.parameters.filter(({ name }) => !ofDecoder(name)),
      metadata,
      build: (thumbnail, weights) => ({ code: encode(averagePool(scaled(thumbnail)), weights, settings) }),
    }),
    decoder: exportModel({
      name: 'image-decoder',
      input: { name: 'code', type: 'float32', row: [settings.codeSize] },
      parameters: result.parameters.filter(({ name }) => ofDecoder(name)),
      metadata,
      build: (code, weights) => ({ picture: upsampleNearest(decode(code, weights, settings)) }),
    }),
    codeSize: settings.codeSize,
    recipe,
    losses: meanLosses(result.losses, plan),
    seconds: result.seconds,
  };
};

/** Bytes to 0…1. */
function scaled(bytes: Tensor): Tensor {
  return mul(cast(bytes, 'float32'), 1 / 255);
}

/** Codes of pictures [rows, 3, 32, 32]. */
function encode(pictures: Tensor, weights: Weights, { channels }: Settings): Tensor {
  let maps = sub(pictures, 0.5);
  channels.forEach((_, i) => {
    const bias = weights[`encoder${i}Bias`]!;
    maps = relu(conv2d(maps, weights[`encoder${i}`]!, { bias, stride: 2, padding: 1 }));
  });
  const flat = reshape(maps, [maps.shape[0]!, weights.encoderCode!.shape[0]!]);
  return gemm(flat, weights.encoderCode!, { bias: weights.encoderCodeBias! });
}

/** Pictures [rows, 3, 32, 32] of codes. */
function decode(code: Tensor, weights: Weights, { decoderChannels }: Settings): Tensor {
  const side = sideBehind(decoderChannels);
  const spread = gemm(code, weights.decoderCode!, { bias: weights.decoderCodeBias! });
  let maps = reshape(spread, [code.shape[0]!, decoderChannels[0]!, side, side]);
  decoderChannels.forEach((_, i) => {
    const bias = weights[`decoder${i}Bias`]!;
    maps = convTranspose2d(relu(maps), weights[`decoder${i}`]!, { bias, stride: 2, padding: 1 });
  });
  return sigmoid(maps);
}

/** The side of feature maps at the narrow end of layers that each halve or double it. */
function sideBehind(channels: readonly number[]): number {
  return SIDE / 2 ** channels.length;
}

function describeParameters({ channels, decoderChannels, codeSize }: Settings): Record<string, ParameterDescription> {
  const parameters: Record<string, ParameterDescription> = {};
  const layer = (
    name: string,
    shape: readonly number[],
    outputs: number,
    inputs: number,
    initial = heNormal({ fanIn: inputs }),
  ) => {
    parameters[name] = { shape, initial };
    parameters[`${name}Bias`] = { shape: [outputs], initial: uniform(1 / Math.sqrt(inputs)) };
  };
  channels.forEach((out, i) => {
    const into = channels[i - 1] ?? 3;
    layer(`encoder${i}`, [out, into, 3, 3], out, into * 9);
  });
  const flat = channels.at(-1)! * sideBehind(channels) ** 2;
  layer('encoderCode', [flat, codeSize], codeSize, flat, uniform(1 / Math.sqrt(flat)));
  const spread = decoderChannels[0]! * sideBehind(decoderChannels) ** 2;
  layer('decoderCode', [codeSize, spread], spread, codeSize);
  decoderChannels.forEach((into, i) => {
    const out = decoderChannels[i + 1] ?? 3;
    // Of a 4 × 4 kernel at stride 2, four places reach each pixel of the result.
    layer(`decoder${i}`, [into, out, 4, 4], out, into * 4);
  });
  return parameters;
}

function defineImageProgram(rows: number, batchSize: number, settings: Settings) {
  const { reconstructionWeight, agreementWeight, temperature } = settings;
  const decoded = Math.min(settings.decodedPictures, batchSize);
  return defineProgram({
    name: 'image-training',
    parameters: describeParameters(settings),
    resident: { thumbnails: { type: 'uint8', shape: [rows, 3, THUMBNAIL_SIDE, THUMBNAIL_SIDE] } },
    streamed: {
      rows: { type: 'int64', shape: [batchSize] },
      others: { type: 'int64', shape: [batchSize] },
      ...corruptionInputs(batchSize),
    },
    loss: ({ parameters, resident, streamed, noise }) => {
      const thumbnails = scaled(gather(resident.thumbnails, streamed.rows));
      const clean = averagePool(thumbnails);
      const corrupted = corruptPictures(noise, thumbnails, gather(clean, streamed.others), streamed);
      // Both through the encoder at once: one large product is faster than two.
      const codes = encode(concat([corrupted, clean], 0), parameters, settings);
      const agreement = infoNce(slice(codes, 0, 0, batchSize), slice(codes, 0, batchSize, 2 * batchSize), {
        temperature,
      });
      const reconstruction = meanSquaredError(
        decode(slice(codes, 0, 0, decoded), parameters, settings),
        slice(clean, 0, 0, decoded),
      );
      return {
        loss: weightedSum([
          [reconstructionWeight, reconstruction],
          [agreementWeight, agreement],
        ]),
        metrics: { reconstruction, agreement },
      };
    },
  });
}

function corruptions(order: BatchOrder, random: Random, batchSize: number): NextChunk {
  const ofCorruption = random.fork();
  return (_, count) => {
    const rows = new BigInt64Array(count * batchSize);
    for (let step = 0; step < count; step++) {
      order.next().forEach((row, i) => {
        rows[step * batchSize + i] = BigInt(row);
      });
    }
    const shape = [count, batchSize];
    return {
      rows: { data: rows, shape },
      // What shows beside a picture that became smaller: another one of the same step, or itself.
      others: { data: BigInt64Array.from(rows, () => BigInt(random.integer(batchSize))), shape },
      ...drawCorruption(ofCorruption, count, batchSize),
    };
  };
}
