// Reduces a picture to the thumbnail and to what each hash looks at, the fastest way it can be done here.
import { AHASH_SIDE } from './ahash.ts';
import { blockSums } from './blockhash.ts';
import type { Picture } from './decode.ts';
import { DHASH_HEIGHT, DHASH_WIDTH } from './dhash.ts';
import { pdqSamples } from './pdq-samples.ts';
import { PHASH_16_SIDE, PHASH_SIDE } from './phash.ts';
import { pillowLanczos, pillowLuma } from './pillow-resample.ts';
import type { ReducedPicture } from './reduced-picture.ts';
import { thumbnail } from './thumbnail.ts';
import { reduceWithVectors } from './vector-kernels.ts';
import { whashSide } from './whash.ts';

/** Reduces a picture, with 128-bit vectors where its size and this machine allow it; the bytes are the same either way. */
export function reducePicture(picture: Picture): ReducedPicture {
  return reduceWithVectors(picture) ?? reducePlainly(picture);
}

/** The same in plain TypeScript: any size, about eight times as long. */
export function reducePlainly(picture: Picture): ReducedPicture {
  const { rgb, width, height } = picture;
  const luma = pillowLuma(rgb);
  const shrunk = (outWidth: number, outHeight = outWidth) => pillowLanczos(luma, width, height, outWidth, outHeight);
  return {
    thumbnail: thumbnail(rgb, width, height),
    phashPixels: shrunk(PHASH_SIDE),
    phash16Pixels: shrunk(PHASH_16_SIDE),
    dhashPixels: shrunk(DHASH_WIDTH, DHASH_HEIGHT),
    ahashPixels: shrunk(AHASH_SIDE),
    whashPixels: shrunk(whashSide(width, height)),
    blockSums: blockSums(picture),
    pdqSamples: pdqSamples(picture),
  };
}
