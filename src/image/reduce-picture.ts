// Reduces a picture to the thumbnail, PHash's 32 × 32 and dHash's 9 × 8, the fastest way it can be done here.
import type { Picture } from './decode.ts';
import { DHASH_HEIGHT, DHASH_WIDTH } from './dhash.ts';
import { PHASH_SIDE } from './phash.ts';
import { pillowLanczos, pillowLuma } from './pillow-resample.ts';
import type { ReducedPicture } from './reduced-picture.ts';
import { thumbnail } from './thumbnail.ts';
import { reduceWithVectors } from './vector-kernels.ts';

/** Reduces a picture, with 128-bit vectors where its size and this machine allow it; the bytes are the same either way. */
export function reducePicture(picture: Picture): ReducedPicture {
  return reduceWithVectors(picture) ?? reducePlainly(picture);
}

/** The same in plain TypeScript: any size, about eight times as long. */
export function reducePlainly({ rgb, width, height }: Picture): ReducedPicture {
  const luma = pillowLuma(rgb);
  return {
    thumbnail: thumbnail(rgb, width, height),
    phashPixels: pillowLanczos(luma, width, height, PHASH_SIDE, PHASH_SIDE),
    dhashPixels: pillowLanczos(luma, width, height, DHASH_WIDTH, DHASH_HEIGHT),
  };
}
