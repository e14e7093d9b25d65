// Bytes of a picture file in, its feature out: one decode, from which thumbnail, hashes and pixels are computed.
import { ahash } from './ahash.ts';
import { blockhash } from './blockhash.ts';
import { colourHistogram } from './colour.ts';
import { type DecodedPicture, type DecodeLimits, decodeReduced, type Picture, type PictureFormat } from './decode.ts';
import { decodeFrames } from './decode-frames.ts';
import { dhash } from './dhash.ts';
import type { ImageFeature } from './image-feature.ts';
import { pdq } from './pdq.ts';
import { phash } from './phash.ts';
import { reducePicture } from './reduce-picture.ts';
import { coarsePixels } from './thumbnail.ts';
import { whash } from './whash.ts';

export interface DescribedImage {
  readonly feature: ImageFeature;
  /** Size of the whole picture, upright, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly format: PictureFormat;
  /** True when only a part of a damaged file could be read. */
  readonly partial: boolean;
  /** How many frames, pages or pictures the file has. */
  readonly frames: number;
  /** Those beside the first that were wanted, in their order. */
  readonly innerFrames: readonly FrameFeature[];
}

export interface FrameFeature {
  /** Its place in the file, from 1: the first frame, 0, is the picture itself. */
  readonly ordinal: number;
  readonly feature: ImageFeature;
}

/**
 * The feature of a picture file.
 *
 * Pictures up to 1 megapixel are worked on whole: their hashes are the reference's bit for bit (given the same decoded
 * pixels). Larger ones are reduced first, see `decodeReduced`, which may change a bit or two of a hash.
 *
 * @param mostFrames how many frames are looked at, the first included; spread evenly where the file has more
 * @throws SandglassError FILE_EMPTY, KIND_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_BROKEN, READ_TIMEOUT
 */
export async function imageFeature(
  bytes: Uint8Array,
  limits: DecodeLimits = {},
  mostFrames = 1,
): Promise<DescribedImage> {
  const picture: DecodedPicture = await decodeReduced(bytes, limits);
  const { fullWidth: width, fullHeight: height, format, partial, frames } = picture;
  const innerFrames: FrameFeature[] = [];
  for await (const { ordinal, picture: inner } of decodeFrames(bytes, picture, mostFrames, limits))
    innerFrames.push({ ordinal, feature: featureOf(inner) });
  return { feature: featureOf(picture), width, height, format, partial, frames, innerFrames };
}

/** The feature of pixels in memory. */
export function featureOf(picture: Picture): ImageFeature {
  const reduced = reducePicture(picture);
  const { thumbnail } = reduced;
  const { bits, quality } = pdq(picture, reduced.pdqSamples);
  return {
    kind: 'image',
    thumbnail,
    phash: phash(reduced.phashPixels),
    phash16: phash(reduced.phash16Pixels),
    dhash: dhash(reduced.dhashPixels),
    ahash: ahash(reduced.ahashPixels),
    whash: whash(reduced.whashPixels),
    pdq: Uint8Array.of(...bits, quality),
    blockhash: blockhash(reduced.blockSums, picture.width * picture.height),
    colour: colourHistogram(thumbnail),
    pixels: coarsePixels(thumbnail),
  };
}
