// The average hash: whether each pixel of a tiny picture is brighter than their mean, bit for bit Python imagehash's.
import { bitsAbove } from './bits-above.ts';

/** Side of the picture that the average hash looks at. */
export const AHASH_SIDE = 8;

/**
 * `imagehash.average_hash(image, hash_size=8)` from where it has shrunk the picture.
 *
 * @param pixels - [8, 8] grey bytes: `pillowLanczos` of `pillowLuma`
 * @returns 8 bytes: one a row, its most significant bit the leftmost pixel
 */
export function ahash(pixels: Uint8Array): Uint8Array {
  let sum = 0;
  for (const pixel of pixels) sum += pixel;
  return bitsAbove(pixels, sum / pixels.length);
}
