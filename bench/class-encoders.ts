// The auto-encoders that class retrieval compares: the shipped one, the same gone on with, and named recipes from their random start.

import type { Encoder } from '../dist/encoders/encoder.js';
import { loadEncoder } from '../dist/encoders/load-encoder.js';
import { DECODER_MODEL, ENCODER_MODEL, type EncoderFiles, withManifest } from '../dist/encoders/manifest.js';
import { shippedImageEncoder } from '../dist/encoders/shipped-encoder.js';
import { interleavedOf } from '../dist/image/cell-average.js';
import { fitPicture, pictureLayout } from '../dist/image/fit-picture.js';
import { THUMBNAIL_SIDE } from '../dist/image/image-feature.js';
import { readImageNetwork } from '../dist/training/image-network.js';
import { exportNetwork } from '../dist/training/network/export-network.js';
import { trainNetwork } from '../dist/training/network/train-network.js';
import { namedRecipe, withOverrides } from '../dist/training/recipes/auto-encoders.js';
import { tuningOptions } from '../dist/training/recipes/image.js';
import { trainInWorker } from '../dist/training/train-in-worker.js';

export interface NamedEncoder {
  readonly name: string;
  readonly encoder: Encoder;
}

export const THUMBNAIL_BYTES = 3 * THUMBNAIL_SIDE ** 2;
/** As many as an index learns from at most. */
const LEARNED_PICTURES = 10_000;
const SEED = 1;

/** Epochs and pictures of each: minutes for all of them; `pictures` is many times as large as the others. */
const RECIPES = [
  { recipe: 'mnist-mlp', kind: 'plain', epochs: 10, most: Number.POSITIVE_INFINITY },
  { recipe: 'denoise-gauss', kind: 'de-noising', epochs: 10, most: Number.POSITIVE_INFINITY },
  { recipe: 'cnn', kind: 'convolutional', epochs: 5, most: Number.POSITIVE_INFINITY },
  { recipe: 'pictures', kind: 'convolutional, de-noising, in colour', epochs: 5, most: LEARNED_PICTURES },
] as const;

export const CLASS_ENCODERS_PROTOCOL = `${RECIPES.map(({ recipe, kind, epochs, most }) => `${recipe} (${kind}): ${epochs} epochs of ${Number.isFinite(most) ? `${most}` : 'all'} pictures of the database`).join('; ')}; copy-64 tuned: gone on with on ${LEARNED_PICTURES} of them, as by sandglass index; compared by cosine`;

/** @param thumbnails of the database, [pictures, 3, 64, 64] */
export async function* classEncoders(thumbnails: Uint8Array): AsyncGenerator<NamedEncoder> {
  const pictures = thumbnails.length / THUMBNAIL_BYTES;
  for (const { recipe, kind, epochs, most } of RECIPES) {
    const rows = Math.min(pictures, most);
    process.stderr.write(`\rtraining ${recipe}        `);
    yield { name: `${recipe} (${kind})`, encoder: await trained(recipe, epochs, thumbnails, rows) };
  }
  const shipped = await shippedImageEncoder();
  if (shipped === undefined) return;
  yield { name: shipped.name, encoder: await opened(shipped.files) };
  const rows = Math.min(pictures, LEARNED_PICTURES);
  const begun = readImageNetwork(shipped.files[ENCODER_MODEL], shipped.files[DECODER_MODEL]);
  const tuned = await trainInWorker(
    'image',
    { rows, thumbnails: spread(thumbnails, rows) },
    { seed: SEED, device: 'cpu', ...tuningOptions(begun, rows) },
    { onProgress: ({ step, steps }) => process.stderr.write(`\rtuning: step ${step} of ${steps}   `), move: true },
  );
  const files = withManifest(
    { kind: 'image', dimensions: tuned.codeSize, input: { feature: 'thumbnail', side: THUMBNAIL_SIDE } },
    { [ENCODER_MODEL]: tuned.encoder, [DECODER_MODEL]: tuned.decoder },
  );
  yield { name: `${shipped.name} tuned`, encoder: await opened(files) };
}

async function trained(name: string, epochs: number, thumbnails: Uint8Array, rows: number): Promise<Encoder> {
  const recipe = withOverrides(namedRecipe(name)!, { epochs, seed: SEED });
  const { shape } = recipe.input;
  const layout = pictureLayout(shape)!;
  const width = shape.reduce((product, size) => product * size, 1);
  const chosen = rows === thumbnails.length / THUMBNAIL_BYTES ? thumbnails : spread(thumbnails, rows);
  const resident = new Uint8Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const rgb = interleavedOf(chosen.subarray(row * THUMBNAIL_BYTES, (row + 1) * THUMBNAIL_BYTES));
    resident.set(fitPicture({ rgb, width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE }, layout), row * width);
  }
  const { network, values } = await trainNetwork(
    recipe,
    { count: rows, type: 'uint8', resident, read: async (numbers) => rowsAt(resident, width, numbers) },
    { device: 'cpu' },
  );
  const { encoder, decoder } = exportNetwork(recipe, network, values, { type: 'uint8', metadata: {} });
  const dimensions = network.code.reduce((product, size) => product * size, 1);
  const input = { feature: 'pixels', shape } as const;
  const files = { [ENCODER_MODEL]: encoder, [DECODER_MODEL]: decoder };
  return opened(withManifest({ kind: 'image', dimensions, input }, files));
}

function opened(files: EncoderFiles): Promise<Encoder> {
  return loadEncoder(files, { device: 'cpu' });
}

/** So many of the thumbnails, from all over: neighbours are often of one class. */
function spread(thumbnails: Uint8Array, rows: number): Uint8Array {
  const all = thumbnails.length / THUMBNAIL_BYTES;
  const places = Uint32Array.from({ length: rows }, (_, row) => Math.floor((row * all) / rows));
  return rowsAt(thumbnails, THUMBNAIL_BYTES, places);
}

function rowsAt(values: Uint8Array, width: number, rows: ArrayLike<number>): Uint8Array {
  const chosen = new Uint8Array(rows.length * width);
  for (let i = 0; i < rows.length; i++)
    chosen.set(values.subarray(rows[i]! * width, (rows[i]! + 1) * width), i * width);
  return chosen;
}
