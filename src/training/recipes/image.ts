// The recipe for pictures: a convolutional de-noising auto-encoder whose code also has to agree between a picture and
// its corrupted copy.
import { SandglassError } from '../../errors.ts';
import type { CommonRecipeOptions, Recipe } from '../auto-encoder.ts';
import { BatchOrder, epochProgress, meanLosses, planEpochs } from '../epochs.ts';
import { exportModel } from '../export.ts';
import { conv2d, convTranspose2d } from '../graph/convolution.ts';
import { mul, relu, sigmoid, sub } from '../graph/elementwise.ts';
import type { Tensor } from '../graph/graph.ts';
import { gemm } from '../graph/linear.ts';
import { cast, concat, gather, reshape, slice } from '../graph/shaping.ts';
import { corruptionInputs, corruptPictures, drawCorruption } from '../image-corruption.ts';
import { uniform } from '../initialisation.ts';
import { infoNce, meanSquaredError, weightedSum } from '../losses.ts';
import { defineProgram, type ParameterDescription } from '../program.ts';
import { Random } from '../random.ts';
import { type NextChunk, runTraining } from '../trainer.ts';

/** Thumbnails to train on. */
export interface Thumbnails {
  readonly rows: number;
  /** [rows, 3, 64, 64] bytes: red plane, green plane, blue plane. */
  readonly thumbnails: Uint8Array;
}

export interface ImageRecipeOptions extends CommonRecipeOptions {
  /** Numbers in a code. @default 128 */
  readonly codeSize?: number;
  /** Feature maps of each convolution; each halves the sides. @default [16, 32, 64, 128] */
  readonly channels?: readonly number[];
  /** Steps to train, rounded up to whole epochs. @default 600 */
  readonly steps?: number;
  /** Pictures of one step; the agreement term tells each from all others. @default 128 */
  readonly batchSize?: number;
  /** Learning rate at the start; it falls along half a cosine. @default 1e-3 */
  readonly rate?: number;
  /** Weight of the mean squared error to the clean picture. @default 100 */
  readonly reconstructionWeight?: number;
  /** Weight of the agreement (InfoNCE) between the codes of both. @default 1 */
  readonly agreementWeight?: number;
  /** Temperature of the agreement. @default 0.05 */
  readonly temperature?: number;
}

export const IMAGE_RECIPE_DEFAULTS = {
  codeSize: 128,
  channels: [16, 32, 64, 128],
  steps: 600,
  batchSize: 128,
  rate: 1e-3,
  reconstructionWeight: 100,
  agreementWeight: 1,
  temperature: 0.05,
  seed: 1,
} as const;

const SIDE = 64;
/** Fewer pictures than this teach nothing. */
const LEAST_PICTURES = 16;

type Settings = Required<Omit<ImageRecipeOptions, 'device' | 'threads'>>;
type Weights = Readonly<Record<string, Tensor>>;

/**
 * encoder.onnx: `thumbnail` [N, 3, 64, 64] uint8 → `code` [N, codeSize].
 * decoder.onnx: `code` → `picture` [N, 3, 64, 64] in 0…1.
 *
 * The agreement begins near log(batch size) and should fall below 1; the squared error times 100 begins near 8 and should
 * fall to 2 or 3.
 */
export const trainImage: Recipe<Thumbnails, ImageRecipeOptions> = async (data, options = {}, hooks = {}) => {
  const { device = 'auto', threads, ...given } = options;
  const settings: Settings = { ...IMAGE_RECIPE_DEFAULTS, ...given };
  const { rows, thumbnails } = data;
  if (thumbnails.length !== rows * 3 * SIDE * SIDE) {
    throw new RangeError(
      `Expected ${rows} × 3 × ${SIDE} × ${SIDE} bytes of thumbnails but received ${thumbnails.length}`,
    );
  }
  if (rows < LEAST_PICTURES) {
    throw new SandglassError('TRAINING_TOO_SMALL', `Expected at least ${LEAST_PICTURES} pictures but received ${rows}`);
  }
  const perEpoch = Math.floor(rows / Math.min(settings.batchSize, rows));
  const plan = planEpochs(rows, settings.batchSize, Math.ceil(settings.steps / perEpoch));
  const random = new Random(settings.seed);
  const program = defineImageProgram(rows, plan.batchSize, settings);
  const result = await runTraining(
    program,
    corruptions(new BatchOrder(plan, random.fork()), random.fork(), plan.batchSize),
    {
      steps: plan.steps,
      schedule: { kind: 'cosine', rate: settings.rate },
      seed: settings.seed,
      resident: { thumbnails: { data: thumbnails, shape: [rows, 3, SIDE, SIDE] } },
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
      input: { name: 'thumbnail', type: 'uint8', row: [3, SIDE, SIDE] },
      parameters: result.parameters.filter(({ name }) => !ofDecoder(name)),
      metadata,
      build: (thumbnail, weights) => ({ code: encode(scaled(thumbnail), weights, settings) }),
    }),
    decoder: exportModel({
      name: 'image-decoder',
      input: { name: 'code', type: 'float32', row: [settings.codeSize] },
      parameters: result.parameters.filter(({ name }) => ofDecoder(name)),
      metadata,
      build: (code, weights) => ({ picture: decode(code, weights, settings) }),
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

function encode(pictures: Tensor, weights: Weights, { channels }: Settings): Tensor {
  let maps = sub(pictures, 0.5);
  channels.forEach((_, i) => {
    const bias = weights[`encoder${i}Bias`]!;
    maps = relu(conv2d(maps, weights[`encoder${i}`]!, { bias, stride: 2, padding: 1 }));
  });
  const flat = reshape(maps, [maps.shape[0]!, weights.encoderCode!.shape[0]!]);
  return gemm(flat, weights.encoderCode!, { bias: weights.encoderCodeBias! });
}

function decode(code: Tensor, weights: Weights, { channels }: Settings): Tensor {
  const { deepest, side } = innermost(channels);
  const spread = gemm(code, weights.decoderCode!, { bias: weights.decoderCodeBias! });
  let maps = reshape(spread, [code.shape[0]!, deepest, side, side]);
  channels.forEach((_, i) => {
    const bias = weights[`decoder${i}Bias`]!;
    maps = convTranspose2d(relu(maps), weights[`decoder${i}`]!, { bias, stride: 2, padding: 1 });
  });
  return sigmoid(maps);
}

/** Feature maps and their side at the narrow end of the convolutions. */
function innermost(channels: readonly number[]): { deepest: number; side: number } {
  return { deepest: channels.at(-1)!, side: SIDE / 2 ** channels.length };
}

function describeParameters({ channels, codeSize }: Settings): Record<string, ParameterDescription> {
  const { deepest, side } = innermost(channels);
  const flat = deepest * side * side;
  const parameters: Record<string, ParameterDescription> = {};
  const layer = (name: string, shape: readonly number[], outputs: number, inputs: number) => {
    parameters[name] = { shape, initial: uniform(1 / Math.sqrt(inputs)) };
    parameters[`${name}Bias`] = { shape: [outputs], initial: uniform(1 / Math.sqrt(inputs)) };
  };
  channels.forEach((out, i) => {
    const into = channels[i - 1] ?? 3;
    layer(`encoder${i}`, [out, into, 3, 3], out, into * 9);
  });
  layer('encoderCode', [flat, codeSize], codeSize, flat);
  layer('decoderCode', [codeSize, flat], flat, codeSize);
  const widths = [...[...channels].reverse(), 3];
  channels.forEach((_, i) => {
    const [into, out] = [widths[i]!, widths[i + 1]!];
    // Of a 4 × 4 kernel at stride 2, four places reach each pixel of the result.
    layer(`decoder${i}`, [into, out, 4, 4], out, into * 4);
  });
  return parameters;
}

function defineImageProgram(rows: number, batchSize: number, settings: Settings) {
  const { reconstructionWeight, agreementWeight, temperature, seed } = settings;
  return defineProgram({
    name: 'image-training',
    parameters: describeParameters(settings),
    resident: { thumbnails: { type: 'uint8', shape: [rows, 3, SIDE, SIDE] } },
    streamed: {
      rows: { type: 'int64', shape: [batchSize] },
      others: { type: 'int64', shape: [batchSize] },
      ...corruptionInputs(batchSize),
    },
    loss: ({ graph, parameters, resident, streamed }) => {
      const clean = scaled(gather(resident.thumbnails, streamed.rows));
      const others = scaled(gather(resident.thumbnails, streamed.others));
      const corrupted = corruptPictures(graph, clean, others, streamed, seed);
      // Both through the encoder at once: one large product is faster than two.
      const codes = encode(concat([corrupted, clean], 0), parameters, settings);
      const ofCorrupted = slice(codes, 0, 0, batchSize);
      const ofClean = slice(codes, 0, batchSize, 2 * batchSize);
      const reconstruction = meanSquaredError(decode(ofCorrupted, parameters, settings), clean);
      const agreement = infoNce(ofCorrupted, ofClean, { temperature });
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
    const others = new BigInt64Array(count * batchSize);
    for (let step = 0; step < count; step++) {
      const batch = order.next();
      batch.forEach((row, i) => {
        rows[step * batchSize + i] = BigInt(row);
        others[step * batchSize + i] = BigInt(batch[random.integer(batchSize)]!);
      });
    }
    const shape = [count, batchSize];
    return {
      rows: { data: rows, shape },
      others: { data: others, shape },
      ...drawCorruption(ofCorruption, count, batchSize),
    };
  };
}
