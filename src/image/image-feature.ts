// The features of a picture: a thumbnail for encoders, hashes and pixels for the plain baselines.

/** Side of the thumbnail that image encoders see, in pixels. */
export const THUMBNAIL_SIDE = 64;

export interface ImageFeature {
  readonly kind: 'image';
  /** [3, 64, 64] bytes: red plane, green plane, blue plane; upright (EXIF applied), alpha over white, aspect not kept. */
  readonly thumbnail: Uint8Array;
  /** 8 bytes, bit for bit Python imagehash's `phash` (row by row, most significant bit first). */
  readonly phash: Uint8Array;
  /** 8 bytes, bit for bit Python imagehash's `dhash`. */
  readonly dhash: Uint8Array;
  /** [8, 8, 3] bytes: the picture averaged over an 8 × 8 grid, red green blue interleaved. */
  readonly pixels: Uint8Array;
}
