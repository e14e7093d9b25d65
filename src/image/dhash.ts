// dHash: whether each pixel of a tiny picture is brighter than its left neighbour, bit for bit Python imagehash's `dhash`.

/** Size of the picture that dHash looks at. */
export const DHASH_WIDTH = 9;
export const DHASH_HEIGHT = 8;

/**
 * `imagehash.dhash(image, hash_size=8)` from where it has shrunk the picture.
 *
 * @param pixels - [8, 9] grey bytes: `pillowLanczos` of `pillowLuma`
 * @returns 8 bytes: one a row, its most significant bit the leftmost pair
 */
export function dhash(pixels: Uint8Array): Uint8Array {
  const hash = new Uint8Array(DHASH_HEIGHT);
  for (let row = 0; row < DHASH_HEIGHT; row++) {
    for (let column = 0; column < DHASH_WIDTH - 1; column++) {
      const at = row * DHASH_WIDTH + column;
      if (pixels[at + 1]! > pixels[at]!) hash[row]! |= 0x80 >> column;
    }
  }
  return hash;
}
