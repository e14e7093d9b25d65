// The wavelet hash: the signs of the coarse half of a Haar transform, bit for bit Python imagehash's `whash`.
import { bitsAbove, median, middleTwo } from './bits-above.ts';
import { haarAsReference } from './haar.ts';

const SIDE = 8;

/** Side of the square that the wavelet hash shrinks a picture to: the largest power of 2 in its shorter side, 8 at least. */
export function whashSide(width: number, height: number): number {
  return Math.max(2 ** Math.floor(Math.log2(Math.min(width, height))), SIDE);
}

/**
 * `imagehash.whash(image)` with its defaults, from where it has shrunk the picture: whether each of 8 × 8 blocks is brighter
 * than their median. (The mean that `remove_max_haar_ll` takes away moves blocks and median alike.)
 *
 * The reference compares floating-point sums: where the two blocks in the middle are equally bright, its roundings decide,
 * and only then are they made again.
 *
 * @param pixels - [side, side] grey bytes, `side` of {@link whashSide}: `pillowLanczos` of `pillowLuma`
 * @returns 8 bytes: one a row of blocks, its most significant bit the leftmost block
 */
export function whash(pixels: Uint8Array): Uint8Array {
  const side = Math.sqrt(pixels.length);
  const sums = blockSums(pixels, side);
  const [lower, upper] = middleTwo(sums);
  const values = lower === upper ? haarAsReference(pixels, side, SIDE) : sums;
  return bitsAbove(values, median(values));
}

/** The sums of 8 × 8 equal blocks of a [side, side] picture. */
function blockSums(pixels: Uint8Array, side: number): Float64Array {
  const block = side / SIDE;
  const sums = new Float64Array(SIDE * SIDE);
  let at = 0;
  for (let row = 0; row < side; row++) {
    const first = Math.floor(row / block) * SIDE;
    for (let column = 0; column < SIDE; column++) {
      let sum = 0;
      for (const end = at + block; at < end; at++) sum += pixels[at]!;
      sums[first + column]! += sum;
    }
  }
  return sums;
}
