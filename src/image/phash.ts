// PHash: the signs of the lowest frequencies of a picture, bit for bit Python imagehash's `phash`.
import { bitsAbove, median } from './bits-above.ts';
import { cosineTransform } from './cosine-transform.ts';

/** Side of the picture that PHash transforms, and that of its longer kind. */
export const PHASH_SIDE = 32;
export const PHASH_16_SIDE = 64;
/** Of both sides, a quarter of the frequencies are kept. */
const KEPT = 4;

/**
 * `imagehash.phash(image, hash_size=8 or 16, highfreq_factor=4)` from where it has shrunk the picture: DCT-II along columns,
 * then rows, keep the lowest frequencies, set a bit where one is above their median.
 *
 * @param pixels - [side, side] grey bytes, side 32 or 64: `pillowLanczos` of `pillowLuma`
 * @returns 8 or 32 bytes: vertical frequency by vertical frequency, the most significant bit the lowest horizontal one
 */
export function phash(pixels: Uint8Array): Uint8Array {
  const low = lowFrequencies(pixels, Math.sqrt(pixels.length));
  return bitsAbove(low, median(low));
}

/** The lowest frequencies, row by row, of [side, side] bytes. */
function lowFrequencies(pixels: Uint8Array, side: number): Float64Array {
  const kept = side / KEPT;
  const line = new Float64Array(side);
  const vertical = new Float64Array(kept * side);
  for (let column = 0; column < side; column++) {
    for (let row = 0; row < side; row++) line[row] = pixels[row * side + column]!;
    cosineTransform(line);
    for (let frequency = 0; frequency < kept; frequency++) vertical[frequency * side + column] = line[frequency]!;
  }
  const low = new Float64Array(kept * kept);
  for (let row = 0; row < kept; row++) {
    line.set(vertical.subarray(row * side, (row + 1) * side));
    cosineTransform(line);
    low.set(line.subarray(0, kept), row * kept);
  }
  return low;
}
