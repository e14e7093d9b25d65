// The average hash: whether each pixel of a tiny picture is brighter than their mean, bit for bit Python imagehash's.

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
  const hash = new Uint8Array(AHASH_SIDE);
  for (const [at, pixel] of pixels.entries()) {
    if (pixel * pixels.length > sum) hash[at >> 3]! |= 0x80 >> (at & 7);
  }
  return hash;
}
