// PHash: the signs of the 64 lowest frequencies of a picture, bit for bit Python imagehash's `phash`.
import { cosineTransform32 } from './cosine-transform.ts';

/** Side of the picture that PHash transforms. */
export const PHASH_SIDE = 32;
const SIDE = PHASH_SIDE;
const LOW = 8;

/**
 * `imagehash.phash(image, hash_size=8, highfreq_factor=4)` from where it has shrunk the picture: DCT-II along columns, then
 * rows, keep the 8 × 8 lowest frequencies, set a bit where one is above their median.
 *
 * @param pixels - [32, 32] grey bytes: `pillowLanczos` of `pillowLuma`
 * @returns 8 bytes: one a vertical frequency, its most significant bit the lowest horizontal frequency
 */
export function phash(pixels: Uint8Array): Uint8Array {
  const low = lowFrequencies(pixels);
  const middle = median(low);
  const hash = new Uint8Array(LOW);
  for (let at = 0; at < low.length; at++) {
    if (low[at]! > middle) hash[at >> 3]! |= 0x80 >> (at & 7);
  }
  return hash;
}

/** The 8 × 8 lowest frequencies, row by row, of [32, 32] bytes. */
function lowFrequencies(pixels: Uint8Array): Float64Array {
  const line = new Float64Array(SIDE);
  const vertical = new Float64Array(LOW * SIDE);
  for (let column = 0; column < SIDE; column++) {
    for (let row = 0; row < SIDE; row++) line[row] = pixels[row * SIDE + column]!;
    cosineTransform32(line);
    for (let frequency = 0; frequency < LOW; frequency++) vertical[frequency * SIDE + column] = line[frequency]!;
  }
  const low = new Float64Array(LOW * LOW);
  for (let row = 0; row < LOW; row++) {
    line.set(vertical.subarray(row * SIDE, (row + 1) * SIDE));
    cosineTransform32(line);
    low.set(line.subarray(0, LOW), row * LOW);
  }
  return low;
}

/** numpy's median of an even number of values: the mean of the two in the middle. */
function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const half = sorted.length / 2;
  return (sorted[half - 1]! + sorted[half]!) / 2;
}
