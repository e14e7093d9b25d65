// Bytes of a picture file in, upright RGB pixels out. The only importer of sharp, which reads the common formats itself.
import sharp, { type Metadata, type Sharp } from 'sharp';
import { SandglassError } from '../errors.ts';
import { bringOther } from './decode-other.ts';
import { endsEarly, FORMAT_LIST, isFinal, isStrangeTiff, noPixels, refusal, tooLarge } from './decode-refusal.ts';
import { reachesItsEnd } from './gif-end.ts';
import { jpegSize, type StoredSize } from './jpeg-header.ts';
import type { DecodedPicture, DecodeLimits, Picture } from './picture.ts';
import { COMMON_FORMATS, type CommonFormat, type OtherFormat, otherFormat } from './picture-format.ts';
import { strangeTiff } from './tiff-directories.ts';

export type { DecodedPicture, DecodeLimits, Picture } from './picture.ts';
export type { PictureFormat } from './picture-format.ts';

/** Pixels up to which a picture is worked on as it is; the hashes then are the reference's, bit for bit. */
const EXACT_PIXELS = 1 << 20;
/** A larger picture keeps this many pixels on its shorter side for hashes: 8 for each of PHash's 32, 4 for each of the thumbnail's 64. */
const REDUCED_SHORT_SIDE = 256;
/** A JPEG decoder divides by 2, 4 or 8, and sharp lets it do so only where something is left for the final resize. */
const DIVISORS = [3, 5, 9];
/** And at most this many on its longer one, so that a panorama stays small too. */
const REDUCED_LONG_SIDE = 4096;
const DEFAULT_MAX_PIXELS = 16384 * 16384;
const DEFAULT_MAX_SECONDS = 60;
/** Of a damaged file at least this share must have been read: pictures that are mostly filler are all alike. */
const LEAST_PART = 0.25;
const WHITE = '#ffffff';

// Each worker thread decodes one file at a time and no file twice; threads inside libvips and its cache only cost memory.
sharp.cache(false);
sharp.concurrency(1);

/**
 * Decodes a whole picture.
 *
 * Of every format of `PictureFormat`, told by content; of several frames or pages the first, or that of `limits.frame`;
 * of an icon the largest; of a camera's raw file the preview. A file that is cut short or damaged gives what could be read of it,
 * marked `partial`; less than a quarter is refused.
 *
 * @throws SandglassError FILE_EMPTY, KIND_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_BROKEN, READ_TIMEOUT; RangeError for a frame
 *   that the file does not have
 */
export function decodeImage(bytes: Uint8Array, limits: DecodeLimits = {}): Promise<DecodedPicture> {
  return decode(bytes, limits, Math.max);
}

/**
 * Decodes a picture for features and hashes: whole up to 1 megapixel, beyond that reduced as long as its shorter side keeps
 * 256 pixels. JPEGs are reduced as they are decoded, which is several times as fast.
 *
 * @param shortSide for those who look at more than hashes do: pixels that the shorter side keeps
 * @throws SandglassError as {@link decodeImage}
 */
export function decodeReduced(
  bytes: Uint8Array,
  limits: DecodeLimits = {},
  shortSide = REDUCED_SHORT_SIDE,
): Promise<DecodedPicture> {
  return decode(bytes, limits, (width, height) => reducedLongSide(width, height, shortSide));
}

/** A pipeline of sharp on pixels in memory, for those who draw on them or write them to a file. */
export function pipelineOf(picture: Picture): Sharp {
  const { width, height, rgb } = picture;
  return sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false });
}

/**
 * Some frames of an animation, reduced as {@link decodeReduced} does, in one go: by itself each would have all before it decoded.
 *
 * @param ordinals rising, from 0; the pixels of all frames from the first to the last of them are in memory at once
 * @throws SandglassError READ_TIMEOUT, IMAGE_BROKEN
 */
export async function decodeRun(
  bytes: Uint8Array,
  ordinals: readonly number[],
  maxSeconds = DEFAULT_MAX_SECONDS,
): Promise<Picture[]> {
  const first = ordinals[0]!;
  const pages = ordinals.at(-1)! - first + 1;
  try {
    const pipeline = sharp(bytes, { failOn: 'none', page: first, pages, limitInputPixels: false });
    const { width, height: all, rgb } = await rgbOf(pipeline, maxSeconds);
    const height = all / pages;
    const size = width * height * 3;
    const frames: Picture[] = [];
    for (const ordinal of ordinals) {
      const at = (ordinal - first) * size;
      const frame = { width, height, rgb: rgb.subarray(at, at + size) };
      frames.push(await reduced(frame, (w, h) => reducedLongSide(w, h, REDUCED_SHORT_SIDE)));
    }
    return frames;
  } catch (error) {
    throw refusal(error);
  }
}

/**
 * How many frames, pages or pictures a file has: 1 for a still picture. Only headers are looked at.
 *
 * @throws SandglassError as {@link decodeImage}
 */
export async function frameCount(bytes: Uint8Array): Promise<number> {
  if (bytes.length === 0) throw new SandglassError('FILE_EMPTY', 'Expected a picture but the file has no bytes.');
  if (jpegSize(bytes) !== undefined || strangeTiff(bytes) === 'raw') return 1;
  const format = otherFormat(bytes);
  if (format !== undefined && format !== 'heic') return 1;
  return (await metadataOf(bytes)).pages ?? 1;
}

async function decode(bytes: Uint8Array, limits: DecodeLimits, longSideOf: LongSideOf): Promise<DecodedPicture> {
  if (bytes.length === 0) throw new SandglassError('FILE_EMPTY', 'Expected a picture but the file has no bytes.');
  const frame = limits.frame ?? 0;
  if (!(Number.isInteger(frame) && frame >= 0)) {
    throw new RangeError(`Expected a whole number from 0 for frame but received ${frame}.`);
  }
  const count = frame === 0 ? 1 : await frameCount(bytes);
  if (frame >= count) throw new RangeError(`Expected a frame below ${count} but received ${frame}.`);
  const format = strangeTiff(bytes) ?? otherFormat(bytes);
  if (format !== undefined) return decodeOther(bytes, format, limits, longSideOf);
  try {
    const header = await readHeader(bytes, frame);
    if (header.format === 'heic') return await decodeOther(bytes, header.format, limits, longSideOf);
    const { format, frames } = header;
    return { ...(await decodeCommon(bytes, header, limits, longSideOf)), format, frames };
  } catch (error) {
    if (!isStrangeTiff(error)) throw error;
    return await decodeOther(bytes, 'tiff', limits, longSideOf).catch(() => Promise.reject(error));
  }
}

async function decodeOther(
  bytes: Uint8Array,
  format: OtherFormat | 'tiff',
  limits: DecodeLimits,
  longSideOf: LongSideOf,
): Promise<DecodedPicture> {
  const { maxPixels = DEFAULT_MAX_PIXELS, frame = 0 } = limits;
  let frames = 1;
  if (format === 'heic') {
    // its name is general: what is in it is told by its compression
    const header = await readHeader(bytes, frame).catch(() => undefined);
    frames = header?.frames ?? 1;
    if (header?.format === 'avif')
      return { ...(await decodeCommon(bytes, header, limits, longSideOf)), format: 'avif', frames };
  }
  try {
    const { bytes: brought, mended, share } = await bringOther(bytes, format, { maxPixels, frame });
    const picture =
      'rgb' in brought
        ? await reduced(brought, longSideOf)
        : await decodeCommon(brought, await readHeader(brought), { ...limits, frame: 0 }, longSideOf);
    // a BMP begins with its last row
    const inOrder = mended && format === 'bmp' ? picture.rgb.toReversed() : picture.rgb;
    if (mended && (share ?? readShare(inOrder)) < LEAST_PART) throw endsEarly();
    return { ...picture, format, frames, partial: picture.partial || mended };
  } catch (error) {
    throw refusal(error);
  }
}

async function reduced(picture: Picture, longSideOf: LongSideOf): Promise<DecodedFrame> {
  const { width, height, rgb } = picture;
  const full = { fullWidth: width, fullHeight: height, partial: false };
  const longSide = longSideOf(width, height);
  if (longSide >= Math.max(width, height)) return { width, height, rgb, ...full };
  const { data, info } = await pipelineOf(picture)
    .resize(longSide, longSide, { fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data, ...full };
}

async function decodeCommon(
  bytes: Uint8Array,
  { width, height }: StoredSize,
  { maxPixels = DEFAULT_MAX_PIXELS, maxSeconds = DEFAULT_MAX_SECONDS, frame = 0 }: DecodeLimits,
  longSideOf: LongSideOf,
): Promise<DecodedFrame> {
  if (width * height > maxPixels) throw tooLarge(width, height, maxPixels);
  const size = { width, height, longSide: longSideOf(width, height), maxPixels, maxSeconds, frame };
  try {
    return { ...(await readPixels(bytes, size, 'error')), partial: !reachesItsEnd(bytes) };
  } catch (error) {
    if (isFinal(error) || isStrangeTiff(error)) throw refusal(error);
    return { ...(await readUsablePart(bytes, size, error)), partial: true };
  }
}

function reducedLongSide(width: number, height: number, shortSide: number): number {
  const [short, long] = width < height ? [width, height] : [height, width];
  if (width * height <= EXACT_PIXELS) return long;
  const fits = (divisor: number) => short / divisor >= shortSide;
  let divisor = DIVISORS.findLast(fits) ?? 1;
  while (fits(divisor * 2)) divisor *= 2;
  return Math.min(Math.floor(long / divisor), REDUCED_LONG_SIDE);
}

type LongSideOf = (width: number, height: number) => number;

type DecodedFrame = Omit<DecodedPicture, 'format' | 'frames'>;

interface Header extends StoredSize {
  readonly format: CommonFormat | 'heic';
  readonly frames: number;
}

interface DecodeSize {
  /** As stored, before orientation. */
  readonly width: number;
  readonly height: number;
  /** The longer side of the pixels that are wanted. */
  readonly longSide: number;
  readonly maxPixels: number;
  readonly maxSeconds: number;
  readonly frame: number;
}

async function readHeader(bytes: Uint8Array, frame = 0): Promise<Header> {
  const size = jpegSize(bytes);
  if (size) return { ...size, format: 'jpeg', frames: 1 };
  const header = await metadataOf(bytes, frame);
  const format = header.format === 'heif' ? (header.compression === 'av1' ? 'avif' : 'heic') : header.format;
  if (format !== 'heic' && !COMMON_FORMATS.some((common) => common === format)) {
    throw new SandglassError('KIND_UNSUPPORTED', `Expected ${FORMAT_LIST} but received ${header.format}.`);
  }
  if (!(header.width > 0 && header.height > 0)) throw noPixels();
  const { width, height, pages: frames = 1 } = header;
  return { width, height, format: format as Header['format'], frames };
}

/** Pages of one file may differ in size. */
async function metadataOf(bytes: Uint8Array, page = 0): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: false, failOn: 'none', page }).metadata();
  } catch (error) {
    throw refusal(error);
  }
}

async function readPixels(
  bytes: Uint8Array,
  { width, height, longSide, maxPixels, maxSeconds, frame }: DecodeSize,
  failOn: 'error' | 'none',
): Promise<Omit<DecodedFrame, 'partial'>> {
  const pipeline = sharp(bytes, {
    failOn,
    autoOrient: true,
    limitInputPixels: maxPixels,
    ignoreIcc: failOn === 'none',
    ...(frame === 0 ? {} : { page: frame }),
  });
  // A square box is blind to the orientation, which is applied first.
  if (longSide < Math.max(width, height)) pipeline.resize(longSide, longSide, { fit: 'inside' });
  const pixels = await rgbOf(pipeline, maxSeconds);
  const turned = pixels.width !== pixels.height && pixels.width > pixels.height !== width > height;
  return {
    ...pixels,
    fullWidth: turned ? height : width,
    fullHeight: turned ? width : height,
  };
}

async function rgbOf(pipeline: Sharp, maxSeconds: number): Promise<Picture> {
  const { data, info } = await pipeline
    .flatten({ background: WHITE })
    .toColourspace('srgb')
    .timeout({ seconds: maxSeconds })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { width, height, rgb: channels === 3 ? data : threeChannels(data, channels) };
}

async function readUsablePart(bytes: Uint8Array, size: DecodeSize, firstError: unknown) {
  let picture: Awaited<ReturnType<typeof readPixels>>;
  try {
    picture = await readPixels(bytes, size, 'none');
  } catch (error) {
    throw refusal(error);
  }
  if (readShare(picture.rgb) < LEAST_PART) throw refusal(firstError);
  return picture;
}

/** The share of a picture before its end of one colour, with which decoders fill what they could not read. */
function readShare(rgb: Uint8Array): number {
  let end = rgb.length;
  while (end > 3 && rgb[end - 1] === rgb[end - 4]) end--;
  return end > 3 ? end / rgb.length : 0;
}

/** sharp gives one or two channels for some grey files. */
function threeChannels(data: Uint8Array, channels: number): Uint8Array {
  const pixels = data.length / channels;
  const rgb = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let colour = 0; colour < 3; colour++) {
      rgb[pixel * 3 + colour] = data[pixel * channels + (channels < 3 ? 0 : colour)]!;
    }
  }
  return rgb;
}
