// The pictures of one training: what the network makes of test pictures after each epoch, and at the end what it learned.
import { type Device, openSession } from '../runtime/onnx-session.ts';
import { elementCount } from '../training/graph/shape.ts';
import { corruptsInput, corruptValues } from '../training/network/corrupt.ts';
import type { ExportedNetwork } from '../training/network/export-network.ts';
import type { Recipe } from '../training/network/recipe.ts';
import type { NetworkEpoch, TrainedNetwork } from '../training/network/train-network.ts';
import { Random } from '../training/random.ts';
import { RUN_FILES, sheetOfEpoch } from './run-files.ts';
import type { RunFolder } from './run-folder.ts';
import { drawFilters, drawSheet, type SheetBand } from './sheet.ts';

/** Seeds of what the pictures show: noise on inputs, drawn codes. */
const PICTURE_SEED = 7;

/** True when a row can be looked at. */
export function isPicture({ input }: Recipe): boolean {
  return input.values === 'pixels' && pictureShape(input.shape) !== undefined;
}

/** [784] is a square; [height, width], [1, height, width] and [3, height, width] are pictures as they are. */
export function pictureShape(shape: readonly number[]): readonly number[] | undefined {
  const [first = 0] = shape;
  if (shape.length === 1) {
    const side = Math.sqrt(first);
    return Number.isInteger(side) ? [side, side] : undefined;
  }
  return shape.length === 2 || first === 1 || first === 3 ? shape : undefined;
}

/**
 * Draws originals over reconstructions, de-noising networks noisy over restored over clean.
 *
 * @returns the name of the file; undefined in stages that train a layer only
 */
export async function drawEpochSheet(
  folder: RunFolder,
  recipe: Recipe,
  { epoch, reconstruct }: NetworkEpoch,
  rows: Uint8Array | Float32Array,
): Promise<string | undefined> {
  if (reconstruct === undefined) return undefined;
  const bands = await sheetBands(recipe, rows, reconstruct);
  const name = sheetOfEpoch(epoch);
  await folder.write(name, await drawSheet(bands, { shape: pictureShape(recipe.input.shape)! }));
  return name;
}

/** @param rows bytes of pixels */
async function sheetBands(
  recipe: Recipe,
  rows: Uint8Array | Float32Array,
  reconstruct: (rows: Float32Array) => Promise<Float32Array>,
): Promise<SheetBand[]> {
  const clean = Float32Array.from(rows, (value) => value / 255);
  if (!corruptsInput(recipe)) {
    return [
      { label: 'original', pictures: clean },
      { label: 'reconstruction', pictures: await reconstruct(Float32Array.from(rows)) },
    ];
  }
  const noisy = corruptValues(recipe, clean, PICTURE_SEED);
  return [
    { label: 'noisy', pictures: noisy },
    { label: 'restored', pictures: await reconstruct(noisy.map((value) => value * 255)) },
    { label: 'clean', pictures: clean },
  ];
}

/** Kernels have few pixels: each is enlarged to about this side. */
const KERNEL_SIDE = 48;
/** Codes drawn from the standard normal distribution in one picture: eight lines of eight. */
const SAMPLES = 64;

/** What the first layer's units look for, and of a variational network pictures that were never there. */
export async function drawFinalSheets(
  folder: RunFolder,
  trained: TrainedNetwork,
  { decoder }: ExportedNetwork,
  device: Device,
): Promise<string[]> {
  if (!isPicture(trained.recipe)) return [];
  const filters = await firstLayer(trained);
  if (filters !== undefined) await folder.write(RUN_FILES.firstLayer, filters);
  const samples = await drawnPictures(trained, decoder, device);
  if (samples !== undefined) await folder.write(RUN_FILES.samples, samples);
  return [
    ...(filters === undefined ? [] : [RUN_FILES.firstLayer]),
    ...(samples === undefined ? [] : [RUN_FILES.samples]),
  ];
}

/** Undefined where the first layer with weights is of a kind that is not drawn, or does not see the picture itself. */
async function firstLayer({ recipe, network, values }: TrainedNetwork): Promise<Uint8Array | undefined> {
  const first = network.encoder.find(({ parameters }) => Object.keys(parameters).length > 0);
  const weights = values.find(({ name }) => name === `${first?.name}.weight`);
  if (first === undefined || weights === undefined) return undefined;
  const input = pictureShape(recipe.input.shape)!;
  const seesPixels = first.kind === 'dense' && weights.shape[0] === elementCount(input);
  if (seesPixels) return drawFilters(weights.data, { shape: weights.shape, input });
  if (first.kind !== 'conv2d') return undefined;
  const longest = Math.max(...weights.shape.slice(2));
  const scale = Math.max(1, Math.floor(KERNEL_SIDE / longest));
  return drawFilters(weights.data, { shape: weights.shape, scale });
}

/** Undefined for a network whose codes follow no distribution. */
async function drawnPictures(
  { recipe, network }: TrainedNetwork,
  decoder: Uint8Array,
  device: Device,
): Promise<Uint8Array | undefined> {
  if (network.encoder.at(-1)?.kind !== 'gaussian') return undefined;
  const session = await openSession(decoder, { device });
  try {
    // Switches of pooling layers belong to a picture that was there: they cannot be drawn.
    if (session.inputs.length > 1) return undefined;
    const size = elementCount(network.code);
    const random = new Random(PICTURE_SEED);
    const codes = Float32Array.from({ length: SAMPLES * size }, () => random.normal());
    const { reconstruction } = await session.run({ code: { data: codes, shape: [SAMPLES, size] } });
    const pictures = reconstruction!.data as Float32Array;
    return await drawSheet([{ label: 'drawn', pictures }], { shape: pictureShape(recipe.input.shape)! });
  } finally {
    await session.release();
  }
}
