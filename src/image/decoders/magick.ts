// Formats that the decoder of the common ones does not know, by ImageMagick as WebAssembly. The only importer of
// @imagemagick/magick-wasm. What it reads is handed on as an uncompressed TIFF with its colour profile and transparency, so that
// profiles, transparency, 16 bits and sizes are dealt with in one place for all formats.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { IMagickImage } from '@imagemagick/magick-wasm';
import type { StoredSize } from '../jpeg-header.ts';

// Node has WebAssembly, but only the DOM's type library describes it.
declare const WebAssembly: { compile(binary: Uint8Array): Promise<Module> };

type Library = typeof import('@imagemagick/magick-wasm');
type Module = Extract<Parameters<Library['initializeImageMagick']>[0], object>;

/** The coders that are asked for by name: the content never chooses one, so that scripts and drawings are not run. */
export type Coder =
  | 'HEIC'
  | 'JP2'
  | 'J2K'
  | 'JXL'
  | 'BMP'
  | 'TGA'
  | 'PNM'
  | 'PAM'
  | 'PFM'
  | 'ICO'
  | 'PSD'
  | 'QOI'
  | 'HDR'
  | 'DNG'
  | 'TIFF';

/** What went wrong inside, in the library's words. */
class MagickFailure extends Error {}

/** Memory of WebAssembly only grows; after a picture of more pixels it is given back. */
const KEPT_PIXELS = 16e6;
const LONGEST_SIDE = 1_000_000n;
const MOST_MEMORY = 3n << 30n;
const MOST_PROFILE = 16n << 20n;

/** Compiled once; an instance takes some 20 ms. */
let compiled: Promise<Module> | undefined;
let started: Promise<Library> | undefined;

/** The size that a header promises, without decoding. @throws MagickFailure */
export function promisedSize(bytes: Uint8Array, coder: Coder): Promise<StoredSize> {
  return withLibrary((library) => {
    const { width, height } = library.MagickImageInfo.create(bytes, settings(library, coder, 0));
    return { width, height };
  });
}

/**
 * One picture of a file as an uncompressed TIFF, upright.
 *
 * @param frame which of those in the file, from 0
 * @throws MagickFailure
 */
export function toTiff(bytes: Uint8Array, coder: Coder, frame: number, maxPixels: number): Promise<Buffer> {
  return withLibrary((library) => {
    library.ResourceLimits.area = BigInt(maxPixels);
    const image = library.MagickImage.create();
    let pixels = 0;
    try {
      image.read(bytes, settings(library, coder, frame));
      pixels = image.width * image.height;
      image.autoOrient();
      const { CMYK, Gray, sRGB } = library.ColorSpace;
      if (image.colorSpace !== CMYK && image.colorSpace !== Gray) image.colorSpace = sRGB;
      // fewer bits or colours than these would be packed in ways that not every reader of TIFF knows
      image.depth = 8;
      image.settings.colorType = colorTypeOf(image, library);
      image.settings.compression = library.CompressionMethod.NoCompression;
      return image.write(library.MagickFormat.Tiff, (tiff) => Buffer.from(tiff));
    } finally {
      image.dispose();
      if (pixels > KEPT_PIXELS) drop(library);
    }
  });
}

/** A palette becomes colours; grey stays grey where a profile for grey goes with it. */
function colorTypeOf({ colorSpace, hasAlpha, profileNames }: IMagickImage, { ColorSpace, ColorType }: Library) {
  if (colorSpace === ColorSpace.CMYK) return hasAlpha ? ColorType.ColorSeparationAlpha : ColorType.ColorSeparation;
  if (colorSpace === ColorSpace.Gray && profileNames.includes('icc')) {
    return hasAlpha ? ColorType.GrayscaleAlpha : ColorType.Grayscale;
  }
  return hasAlpha ? ColorType.TrueColorAlpha : ColorType.TrueColor;
}

function settings(library: Library, coder: Coder, frame: number) {
  return new library.MagickReadSettings({ format: coder, frameIndex: frame, frameCount: 1 });
}

/** Any error that is not the library's own, as a trap of WebAssembly, leaves its memory in an unknown state. */
async function withLibrary<T>(work: (library: Library) => T): Promise<T> {
  const library = await running();
  try {
    return work(library);
  } catch (error) {
    if (!(error instanceof library.MagickError)) drop(library);
    throw new MagickFailure(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Another picture may have dropped it while this one waited. */
async function running(): Promise<Library> {
  for (;;) {
    const start = started ?? begin();
    started = start;
    const library = await start;
    if (start === started) return library;
  }
}

async function begin(): Promise<Library> {
  const library = await import('@imagemagick/magick-wasm');
  const file = fileURLToPath(import.meta.resolve('@imagemagick/magick-wasm/magick.wasm'));
  compiled ??= readFile(file).then((bytes) => WebAssembly.compile(bytes));
  await library.initializeImageMagick(await compiled);
  const limits = library.ResourceLimits;
  limits.width = LONGEST_SIDE;
  limits.height = LONGEST_SIDE;
  limits.memory = MOST_MEMORY;
  limits.maxProfileSize = MOST_PROFILE;
  limits.disk = 0n;
  return library;
}

/** Its one instance hangs on this property; without it, the next start makes a new one. */
function drop(library: Library): void {
  Reflect.set(library.ImageMagick, '_api', undefined);
  started = undefined;
}
