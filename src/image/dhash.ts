// dHash: whether each pixel of a tiny picture is brighter than its left neighbour, bit for bit Python imagehash's `dhash`.
import { pillowLanczos } from './pillow-resample.ts';

const SIDE = 8;

/**
 * `imagehash.dhash(image, hash_size=8)` of a grey picture.
 *
 * @param luma - [height, width] bytes, see `pillowLuma`
 * @returns 8 bytes: one a row, its most significant bit the leftmost pair
 */
export function dhash(luma: Uint8Array, width: number, height: number): Uint8Array {
  const columns = SIDE + 1;
  const pixels = pillowLanczos(luma, width, height, columns, SIDE);
  const hash = new Uint8Array(SIDE);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const at = row * columns + column;
      if (pixels[at + 1]! > pixels[at]!) hash[row]! |= 0x80 >> column;
    }
  }
  return hash;
}
