// The features of a picture: a thumbnail for encoders, hashes and pixels for the plain baselines.

/** Side of the thumbnail that image encoders see, in pixels. */
export const THUMBNAIL_SIDE = 64;

export interface ImageFeature {
  readonly kind: 'image';
  /**
   * [3, 64, 64] bytes: red plane, green plane, blue plane; the whole picture averaged over 64 × 64 cells, upright (EXIF
   * applied), alpha over white, aspect not kept.
   */
  readonly thumbnail: Uint8Array;
  /**
   * 8 bytes, row by row, most significant bit first: Python imagehash's `phash`. Bit for bit for pictures up to a
   * megapixel; larger ones are reduced as they are decoded, after which 94 of 100 hashes are the same and the rest are
   * within 2 bits (100 BSDS photos enlarged to 1.1 – 12 megapixels, JPEG quality 90).
   */
  readonly phash: Uint8Array;
  /** 8 bytes in the same order: Python imagehash's `dhash`; for larger pictures 90 of 100 are the same, the rest within 1 bit. */
  readonly dhash: Uint8Array;
  /** [8, 8, 3] bytes: the picture averaged over an 8 × 8 grid, red green blue interleaved. */
  readonly pixels: Uint8Array;
}
