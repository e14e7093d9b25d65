// What is decoded: the words between the decoders and those who look at pictures.
import type { PictureFormat } from './picture-format.ts';

/** What is decoded of one file at most; a file beyond it is refused before its pixels are read. */
export interface DecodeLimits {
  /**
   * Most pixels (width × height, as the header says). Formats that cannot be read in strips need up to 6 bytes a pixel; those
   * that are decoded in WebAssembly (see docs/formats.md) need up to 20 and are held to 100 megapixels whatever is given here.
   * @default 268_435_456 (16384²): every camera's photo passes, 30,000 × 30,000 does not
   */
  readonly maxPixels?: number;
  /**
   * Longest time for one file, in seconds; a header can promise work that its bytes do not show. Decoders in WebAssembly cannot
   * be interrupted from within their thread: those of an index are ended with it.
   * @default 60
   */
  readonly maxSeconds?: number;
  /**
   * Which frame of an animation, page of a document or picture of a collection, from 0; see `frameCount`.
   * @default 0
   */
  readonly frame?: number;
}

/** An upright picture in memory: EXIF orientation and colour profile applied, transparency laid over white, 8 bits. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3] bytes: red, green, blue. */
  readonly rgb: Uint8Array;
}

export interface DecodedPicture extends Picture {
  readonly format: PictureFormat;
  /** Size of the picture in its file, upright; of a camera's raw file, of the preview in it. */
  readonly fullWidth: number;
  readonly fullHeight: number;
  /** How many frames, pages or pictures the file has. */
  readonly frames: number;
  /** True when the file is cut short or damaged and only a part of it could be read; the rest is grey or black. */
  readonly partial: boolean;
}
