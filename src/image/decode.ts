// Bytes of a picture file in, upright RGB pixels out. The only importer of sharp.
import sharp, { type Metadata, type Sharp } from 'sharp';
import { SandglassError } from '../errors.ts';
import { FORMAT_LIST, HEIC_REASON, isFinal, refusal, tooLarge } from './decode-refusal.ts';
import { jpegSize } from './jpeg-header.ts';

/** What is decoded of one file at most; a file beyond it is refused before its pixels are read. */
export interface DecodeLimits {
  /**
   * Most pixels (width × height, as the header says). Formats that cannot be read in strips need up to 6 bytes a pixel.
   * @default 268_435_456 (16384²): every camera's photo passes, 30,000 × 30,000 does not
   */
  readonly maxPixels?: number;
  /**
   * Longest time for one file, in seconds; a header can promise work that its bytes do not show.
   * @default 60
   */
  readonly maxSeconds?: number;
}

/** The formats that are read, as sharp names them. */
export const PICTURE_FORMATS = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'svg'] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** An upright picture in memory: EXIF orientation and colour profile applied, transparency laid over white, 8 bits. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3] bytes: red, green, blue. */
  readonly rgb: Uint8Array;
}

export interface DecodedPicture extends Picture {
  readonly format: PictureFormat;
  /** Size of the picture in its file, upright. */
  readonly fullWidth: number;
  readonly fullHeight: number;
  /** True when the file is cut short or damaged and only a part of it could be read; the rest is grey or black. */
  readonly partial: boolean;
}

/** Pixels up to which a picture is worked on as it is; the hashes then are the reference's, bit for bit. */
const EXACT_PIXELS = 1 << 20;
/** A larger picture keeps at least this many pixels on its shorter side: 8 for each of PHash's 32, 4 for each of the thumbnail's 64. */
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
 * JPEG, PNG, WebP, GIF (first frame), TIFF (first page), AVIF and SVG. A file that is cut short or damaged gives what could
 * be read of it, marked `partial`; less than a quarter is refused.
 *
 * @throws SandglassError FILE_EMPTY, KIND_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_BROKEN, READ_TIMEOUT
 */
export function decodeImage(bytes: Uint8Array, limits: DecodeLimits = {}): Promise<DecodedPicture> {
  return decode(bytes, limits, Math.max);
}

/**
 * Decodes a picture for features and hashes: whole up to 1 megapixel, beyond that reduced as long as its shorter side keeps
 * 256 pixels. JPEGs are reduced as they are decoded, which is several times as fast.
 *
 * @throws SandglassError as {@link decodeImage}
 */
export function decodeReduced(bytes: Uint8Array, limits: DecodeLimits = {}): Promise<DecodedPicture> {
  return decode(bytes, limits, reducedLongSide);
}

/** A pipeline of sharp on pixels in memory, for those who draw on them or write them to a file. */
export function pipelineOf(picture: Picture): Sharp {
  const { width, height, rgb } = picture;
  return sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false });
}

async function decode(
  bytes: Uint8Array,
  { maxPixels = DEFAULT_MAX_PIXELS, maxSeconds = DEFAULT_MAX_SECONDS }: DecodeLimits,
  longSideOf: (width: number, height: number) => number,
): Promise<DecodedPicture> {
  if (bytes.length === 0) throw new SandglassError('FILE_EMPTY', 'Expected a picture but the file has no bytes.');
  const { width, height, format } = await readHeader(bytes);
  if (width * height > maxPixels) throw tooLarge(width, height, maxPixels);
  const size = { width, height, longSide: longSideOf(width, height), maxPixels, maxSeconds };
  try {
    return { ...(await readPixels(bytes, size, 'error')), format, partial: false };
  } catch (error) {
    if (isFinal(error)) throw refusal(error);
    return { ...(await readUsablePart(bytes, size, error)), format, partial: true };
  }
}

function reducedLongSide(width: number, height: number): number {
  const [short, long] = width < height ? [width, height] : [height, width];
  if (width * height <= EXACT_PIXELS) return long;
  const fits = (divisor: number) => short / divisor >= REDUCED_SHORT_SIDE;
  let divisor = DIVISORS.findLast(fits) ?? 1;
  while (fits(divisor * 2)) divisor *= 2;
  return Math.min(Math.floor(long / divisor), REDUCED_LONG_SIDE);
}

interface DecodeSize {
  /** As stored, before orientation. */
  readonly width: number;
  readonly height: number;
  /** The longer side of the pixels that are wanted. */
  readonly longSide: number;
  readonly maxPixels: number;
  readonly maxSeconds: number;
}

async function readHeader(bytes: Uint8Array): Promise<{ width: number; height: number; format: PictureFormat }> {
  const size = jpegSize(bytes);
  if (size) return { ...size, format: 'jpeg' };
  let header: Metadata;
  try {
    header = await sharp(bytes, { limitInputPixels: false, failOn: 'none' }).metadata();
  } catch (error) {
    throw refusal(error);
  }
  const format = header.format === 'heif' && header.compression === 'av1' ? 'avif' : header.format;
  if (!PICTURE_FORMATS.includes(format as PictureFormat)) {
    throw header.format === 'heif'
      ? new SandglassError('KIND_UNSUPPORTED', HEIC_REASON)
      : new SandglassError('KIND_UNSUPPORTED', `Expected ${FORMAT_LIST} but received ${header.format}.`);
  }
  if (!(header.width > 0 && header.height > 0)) {
    throw new SandglassError('IMAGE_BROKEN', 'The picture has no pixels: its width or height is 0.');
  }
  return { width: header.width, height: header.height, format: format as PictureFormat };
}

async function readPixels(
  bytes: Uint8Array,
  { width, height, longSide, maxPixels, maxSeconds }: DecodeSize,
  failOn: 'error' | 'none',
): Promise<Omit<DecodedPicture, 'format' | 'partial'>> {
  const pipeline = sharp(bytes, {
    failOn,
    autoOrient: true,
    limitInputPixels: maxPixels,
    ignoreIcc: failOn === 'none',
  });
  // A square box is blind to the orientation, which is applied first.
  if (longSide < Math.max(width, height)) pipeline.resize(longSide, longSide, { fit: 'inside' });
  const { data, info } = await pipeline
    .flatten({ background: WHITE })
    .toColourspace('srgb')
    .timeout({ seconds: maxSeconds })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const turned = info.width !== info.height && info.width > info.height !== width > height;
  return {
    width: info.width,
    height: info.height,
    rgb: info.channels === 3 ? data : threeChannels(data, info.channels),
    fullWidth: turned ? height : width,
    fullHeight: turned ? width : height,
  };
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
