// A training that is finished, opened again from its folder: its figures, its pictures, its codes.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Device, openSession } from '../runtime/onnx-session.ts';
import type { Recipe } from '../training/network/recipe.ts';
import { openPair } from './exported-pair.ts';
import type { LabPictures } from './lab-data.ts';
import { bytesOfBits, packBits } from './packed-bits.ts';
import { RUN_FILES } from './run-files.ts';
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
  const bits = recipe.bits ? new Uint8Array(rows * bytesOfBits(codeSize)) : undefined;
  try {
    for (let first = 0; first < rows; first += BLOCK) {
      const count = Math.min(BLOCK, rows - first);
      const data = pixels.subarray(first * width, (first + count) * width);
      const given = await session.run({ rows: { data, shape: [count, ...recipe.input.shape] } });
      codes.set(given.code!.data as Float32Array, first * codeSize);
      bits?.set(packBits(given.bits!.data as Uint8Array, codeSize), first * bytesOfBits(codeSize));
    }
  } finally {
    await session.release();
  }
  return { codes, ...(bits === undefined ? {} : { bits }) };
}

/** What encoder and decoder of a finished training make of some pictures: values in 0…1. */
export async function reconstructPictures(folder: string, pixels: Uint8Array, device: Device): Promise<Float32Array> {
  const files = {
    encoder: await readFile(join(folder, RUN_FILES.encoder)),
    decoder: await readFile(join(folder, RUN_FILES.decoder)),
  };
  const pair = await openPair(files, device);
  try {
    return await pair.reconstruct(pixels);
  } finally {
    await pair.release();
  }
}
