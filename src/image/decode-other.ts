// Pictures in formats beyond the common ones: brought into the form that the common decoder reads, or mended and brought there.
import { noPixels, tooLarge } from './decode-refusal.ts';
import { cameraRawPreview } from './decoders/camera-raw.ts';
import { type Coder, promisedSize, toTiff } from './decoders/magick.ts';
import { decodeTga } from './decoders/tga.ts';
import { largestIcon } from './icon-directory.ts';
import type { Picture } from './picture.ts';
import type { OtherFormat } from './picture-format.ts';
import { storedSize } from './stored-size.ts';

/** What the common decoder is given in place of the file: another file, or pixels. */
export interface Brought {
  readonly bytes: Uint8Array | Picture;
  /** True when the end of the file was missing and is filled up. */
  readonly mended: boolean;
  /** How much of the picture was there, where that is known. */
  readonly share?: number;
}

/** WebAssembly has 4 GB; a pixel of JPEG 2000 or JPEG XL takes up to 20 bytes of it. */
const MOST_PIXELS = 100e6;
/** So much at the most is put in place of what a file lacks. */
const MOST_MENDED_PIXELS = 50e6;
/** Formats whose pixels come one after another, so that what is there can be read without what is not. */
const SEQUENTIAL: ReadonlySet<string> = new Set(['bmp', 'ppm', 'qoi', 'hdr', 'jp2']);
const FILLER_PER_PIXEL = 8;
const BMP_FILE_SIZE_AT = 2;
const BMP_PIXELS_AT = 10;
const BMP_HEADER_AT = 14;
const WINDOWS_END = BMP_HEADER_AT + 40;
const OS2_END = BMP_HEADER_AT + 64;

/**
 * The picture in a form that the common decoder reads.
 *
 * @throws SandglassError IMAGE_TOO_LARGE; MagickFailure for what cannot be decoded
 */
export async function bringOther(
  file: Uint8Array,
  format: OtherFormat | 'tiff',
  { maxPixels, frame }: { readonly maxPixels: number; readonly frame: number },
): Promise<Brought> {
  const preview = format === 'raw' ? cameraRawPreview(file) : undefined;
  if (preview !== undefined) return { bytes: preview.jpeg, mended: false };
  const bytes = format === 'bmp' ? withTrueSize(withKnownHeader(file)) : file;
  const limit = Math.min(maxPixels, MOST_PIXELS);
  const icon = format === 'ico' ? largestIcon(bytes) : undefined;
  const size = storedSize(bytes, format) ?? icon ?? (await promisedSize(bytes, coderOf(bytes, format)));
  if (!(size.width > 0 && size.height > 0)) throw noPixels();
  if (size.width * size.height > limit) throw tooLarge(size.width, size.height, limit, limit < maxPixels);
  const tga = format === 'tga' ? decodeTga(bytes) : undefined;
  if (tga !== undefined) return { bytes: tga, mended: tga.share < 1, share: tga.share };
  const coder = coderOf(bytes, format);
  const place = icon?.index ?? frame;
  try {
    return { bytes: await toTiff(bytes, coder, place, limit), mended: false };
  } catch (error) {
    const pixels = size.width * size.height;
    if (!SEQUENTIAL.has(format) || pixels > MOST_MENDED_PIXELS) throw error;
    const filled = withTrueSize(Buffer.concat([bytes, Buffer.alloc(pixels * FILLER_PER_PIXEL)]), format);
    return { bytes: await toTiff(filled, coder, place, limit).catch(() => Promise.reject(error)), mended: true };
  }
}

function coderOf(bytes: Uint8Array, format: OtherFormat | 'tiff'): Coder {
  switch (format) {
    case 'heic':
      return 'HEIC';
    case 'jp2':
      return bytes[0] === 0xff ? 'J2K' : 'JP2';
    case 'ppm':
      return bytes[1] === 0x37 ? 'PAM' : bytes[1] === 0x66 || bytes[1] === 0x46 ? 'PFM' : 'PNM';
    case 'raw':
      return 'DNG';
    default:
      return CODERS[format];
  }
}

const CODERS = {
  jxl: 'JXL',
  bmp: 'BMP',
  tga: 'TGA',
  ico: 'ICO',
  psd: 'PSD',
  qoi: 'QOI',
  hdr: 'HDR',
  tiff: 'TIFF',
} as const;

/** OS/2 had a header of its own, 64 bytes, whose first 40 are those of Windows. */
function withKnownHeader(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.byteLength < OS2_END || view.getUint32(BMP_HEADER_AT, true) !== OS2_END - BMP_HEADER_AT) return file;
  const known = Buffer.concat([file.subarray(0, WINDOWS_END), file.subarray(OS2_END)]);
  known.writeUInt32LE(WINDOWS_END - BMP_HEADER_AT, BMP_HEADER_AT);
  const pixelsAt = view.getUint32(BMP_PIXELS_AT, true);
  if (pixelsAt >= OS2_END) known.writeUInt32LE(pixelsAt - (OS2_END - WINDOWS_END), BMP_PIXELS_AT);
  return known;
}

/** A BMP says how many bytes it has; some programs are wrong about it, and a file that is cut short is. */
function withTrueSize(file: Uint8Array, format = 'bmp'): Uint8Array {
  if (format !== 'bmp' || file.length < BMP_FILE_SIZE_AT + 4) return file;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(BMP_FILE_SIZE_AT, true) === file.length) return file;
  const mended = Buffer.from(file);
  mended.writeUInt32LE(file.length, BMP_FILE_SIZE_AT);
  return mended;
}
