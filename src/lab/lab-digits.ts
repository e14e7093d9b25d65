// The pictures of a lab that was given none: digits that are drawn for it, as the four IDX files that MNIST has.
import { join } from 'node:path';
import { drawDigits, writeIdx } from './drawn-digits.ts';
import { runWriteError } from './run-write-error.ts';

export const DRAWN_FOR_TRAINING = 10_000;
export const DRAWN_FOR_TESTING = 2_000;
/** Always the same digits, whatever the seed of the trainings. */
const SEED = 1234;
const PIXELS = 784;

/**
 * Draws the digits into `digits/` of a folder; takes about two seconds. What is there of an earlier visit is written
 * again, the same.
 *
 * @returns the folder of the four files
 * @throws SandglassError DISK_FULL, OUTPUT_UNWRITABLE
 */
export async function drawLabDigits(out: string): Promise<string> {
  const folder = join(out, 'digits');
  const { pixels, labels } = drawDigits({ count: DRAWN_FOR_TRAINING + DRAWN_FOR_TESTING, seed: SEED });
  const part = (first: number, end: number) => ({
    pixels: pixels.subarray(first * PIXELS, end * PIXELS),
    labels: labels.subarray(first, end),
  });
  try {
    await writeIdx(folder, { train: part(0, DRAWN_FOR_TRAINING), test: part(DRAWN_FOR_TRAINING, labels.length) });
  } catch (thrown) {
    throw runWriteError(thrown, folder);
  }
  return folder;
}
