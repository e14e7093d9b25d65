// The pictures of one training: what the network makes of test pictures after each epoch, and at the end what it learned.
import { type Device, openSession } from '../runtime/onnx-session.ts';
import { elementCount } from '../training/graph/shape.ts';
import { corruptsInput, corruptValues } from '../training/network/corrupt.ts';
import type { ExportedNetwork } from '../training/network/export-network.ts';
import type { Recipe } from '../training/network/recipe.ts';
import type { NetworkEpoch, TrainedNetwork } from '../training/network/train-network.ts';
import { Random } from '../training/random.ts';
import { RUN_FILES, type RunFolder } from './run-folder.ts';
import { drawFilters, drawSheet, type SheetBand } from './sheet.ts';

/** Seeds of what the pictures show: noise on inputs, drawn codes. */
const PICTURE_SEED = 7;

/** True when a row can be looked at. */
export function isPicture({ input }: Recipe): boolean {
  return input.values === 'pixels' && pictureShape(input.shape) !== undefined;
}

/** [784] is a square; other shapes are pictures as they are. */
export function pictureShape(shape: readonly number[]): readonly number[] | undefined {
  if (shape.length !== 1) return shape;
  const side = Math.sqrt(shape[0]!);
  return Number.isInteger(side) ? [side, side] : undefined;
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
  const name = `${RUN_FILES.sheets}/epoch-${String(epoch).padStart(4, '0')}.png`;
  await folder.write(name, await drawSheet(bands, { shape: pictureShape(recipe.input.shape)! }));
  return name;
}

/** @param rows bytes of pixels */
export async function sheetBands(
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

/** Codes drawn from the standard normal distribution in one picture: eight lines of eight. */
const SAMPLES = 64;

/** What the first layer's units look for, and of a variational network pictures that were never there. */
export async function drawFinalSheets(
  folder: RunFolder,
  { recipe, network, values }: TrainedNetwork,
  { decoder }: ExportedNetwork,
  device: Device,
): Promise<string[]> {
  if (!isPicture(recipe)) return [];
  const shape = pictureShape(recipe.input.shape)!;
  const drawn: string[] = [];
  const first = network.encoder.find(({ parameters }) => Object.keys(parameters).length > 0);
  const weights = values.find(({ name }) => name === `${first?.name}.weight`);
  if (weights !== undefined && (first?.kind === 'dense' || first?.kind === 'conv2d')) {
    const name = 'first-layer.png';
    await folder.write(name, await drawFilters(weights.data, { shape: weights.shape, input: shape }));
    drawn.push(name);
  }
  if (network.encoder.at(-1)?.kind === 'gaussian') {
    const size = elementCount(network.code);
    const random = new Random(PICTURE_SEED);
    const codes = Float32Array.from({ length: SAMPLES * size }, () => random.normal());
    const session = await openSession(decoder, { device });
    try {
      const { reconstruction } = await session.run({ code: { data: codes, shape: [SAMPLES, size] } });
      const name = 'samples.png';
      const pictures = reconstruction!.data as Float32Array;
      await folder.write(name, await drawSheet([{ label: 'drawn', pictures }], { shape }));
      drawn.push(name);
    } finally {
      await session.release();
    }
  }
  return drawn;
}
