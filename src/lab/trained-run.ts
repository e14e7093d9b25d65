// A training that is finished, opened again from its folder: its figures, its pictures, its codes.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NumericTensor } from '../runtime/numeric-tensor.ts';
import { type Device, openSession } from '../runtime/onnx-session.ts';
import type { Recipe } from '../training/network/recipe.ts';
import type { LabPictures } from './lab-data.ts';
import { RUN_FILES } from './run-folder.ts';
import type { TrainSummary } from './train-events.ts';

/** manifest.json: what a training said at its end, with its whole recipe. */
export type RunManifest = Omit<TrainSummary, 'recipe' | 'out' | 'files'> & {
  readonly recipe: Recipe;
  /** Of encoder.onnx and decoder.onnx, by name. */
  readonly sha256: Readonly<Record<string, string>>;
};

/** The manifest, or undefined where there is none or none that can be read. */
export async function readManifest(folder: string): Promise<RunManifest | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, RUN_FILES.manifest), 'utf8')) as RunManifest;
  } catch {
    return undefined;
  }
}

/** Rows that go through the network at a time. */
const BLOCK = 1000;

export interface RunCodes {
  /** [rows, size] */
  readonly codes: Float32Array;
  /** [rows, ⌈size / 8⌉], of networks that give bits: the first bit is the lowest of the first byte. */
  readonly bits?: Uint8Array;
}

/** Codes of all pictures. */
export async function encodePictures(
  folder: string,
  { recipe, codeSize }: RunManifest,
  { pixels, rows, width }: LabPictures,
  device: Device,
): Promise<RunCodes> {
  const session = await openSession(await readFile(join(folder, RUN_FILES.encoder)), { device });
  const codes = new Float32Array(rows * codeSize);
  const bytes = Math.ceil(codeSize / 8);
  const bits = recipe.bits ? new Uint8Array(rows * bytes) : undefined;
  try {
    for (let first = 0; first < rows; first += BLOCK) {
      const count = Math.min(BLOCK, rows - first);
      const data = pixels.subarray(first * width, (first + count) * width);
      const given = await session.run({ rows: { data, shape: [count, ...recipe.input.shape] } });
      codes.set(given.code!.data as Float32Array, first * codeSize);
      if (bits !== undefined) packBits(given.bits!.data as Uint8Array, codeSize, bits.subarray(first * bytes));
    }
  } finally {
    await session.release();
  }
  return { codes, ...(bits === undefined ? {} : { bits }) };
}

function packBits(zerosAndOnes: Uint8Array, size: number, packed: Uint8Array): void {
  const bytes = Math.ceil(size / 8);
  for (let i = 0; i < zerosAndOnes.length; i++) {
    const place = i % size;
    if (zerosAndOnes[i] === 1) packed[Math.floor(i / size) * bytes + (place >> 3)]! |= 1 << (place & 7);
  }
}

/** What encoder and decoder make of some pictures: values in 0…1. */
export async function reconstructPictures(
  folder: string,
  { recipe }: RunManifest,
  pixels: Uint8Array,
  device: Device,
): Promise<Float32Array> {
  const encoder = await openSession(await readFile(join(folder, RUN_FILES.encoder)), { device });
  const decoder = await openSession(await readFile(join(folder, RUN_FILES.decoder)), { device });
  try {
    const rows = pixels.length / recipe.input.shape.reduce((product, size) => product * size, 1);
    const codes = await encoder.run({ rows: { data: pixels, shape: [rows, ...recipe.input.shape] } });
    const feeds = Object.fromEntries(decoder.inputs.map((name) => [name, codes[name] as NumericTensor]));
    return (await decoder.run(feeds)).reconstruction!.data as Float32Array;
  } finally {
    await encoder.release();
    await decoder.release();
  }
}
