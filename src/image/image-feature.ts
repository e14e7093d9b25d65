// The features of a picture: a thumbnail for encoders, hashes and pixels for the plain baselines.
import type { PictureSource } from './picture-source.ts';

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
   * 8 bytes, row by row, most significant bit first: Python imagehash's `phash`. This one and the others are bit for bit the
   * reference's for pictures up to a megapixel; larger ones are reduced as they are decoded, see docs/images.md for what
   * that changes.
   */
  readonly phash: Uint8Array;
  /** 32 bytes in the same order: `phash` with `hash_size=16`. */
  readonly phash16: Uint8Array;
  /** 8 bytes in the same order: Python imagehash's `dhash`. */
  readonly dhash: Uint8Array;
  /** 8 bytes in the same order: Python imagehash's `average_hash`. */
  readonly ahash: Uint8Array;
  /** 8 bytes in the same order: Python imagehash's `whash`. */
  readonly whash: Uint8Array;
  /** 33 bytes: Meta's PDQ in the order of its hexadecimal digits, then its quality, 0 … 100. */
  readonly pdq: Uint8Array;
  /** 32 bytes, row by row, most significant bit first: Blockhash of Commons Machinery. */
  readonly blockhash: Uint8Array;
  /** 64 bytes: how much of the picture has each colour, see colour.ts. */
  readonly colour: Uint8Array;
  /** [8, 8, 3] bytes: the picture averaged over an 8 × 8 grid, red green blue interleaved. */
  readonly pixels: Uint8Array;
  /** Where more of its pixels can be had; carried for encoders that look at more than the thumbnail. */
  readonly source?: PictureSource;
}

const NONE = new Uint8Array();

/** A feature for those who look at the thumbnail alone. */
export function ofThumbnail(thumbnail: Uint8Array): ImageFeature {
  return {
    kind: 'image',
    thumbnail,
    phash: NONE,
    phash16: NONE,
    dhash: NONE,
    ahash: NONE,
    whash: NONE,
    pdq: NONE,
    blockhash: NONE,
    colour: NONE,
    pixels: NONE,
  };
}
