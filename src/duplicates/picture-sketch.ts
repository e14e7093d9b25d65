// What is kept of a picture to compare it with others: its grey levels and corners, some hundred kilobytes.
import type { DecodedPicture, Picture } from '../image/decode.ts';
import { type CornerFeatures, cornerFeatures } from './corner-features.ts';
import { type LumaLevel, lumaPyramid } from './luma-pyramid.ts';

export class PictureSketch {
  /** Grey levels, the largest first. */
  readonly levels: readonly LumaLevel[];
  /** Mean red, green and blue of each cell of an 8 × 8 grid, 0…255. */
  readonly colours: Float32Array;
  /** Size of the picture in its file, upright, in pixels. */
  readonly fullWidth: number;
  readonly fullHeight: number;
  #corners: CornerFeatures | undefined;

  constructor(picture: Picture & Partial<Pick<DecodedPicture, 'fullWidth' | 'fullHeight'>>) {
    this.levels = lumaPyramid(picture);
    this.colours = cellColours(picture);
    this.fullWidth = picture.fullWidth ?? picture.width;
    this.fullHeight = picture.fullHeight ?? picture.height;
  }

  /** Found when they are first asked for: most copies are recognised without. */
  get corners(): CornerFeatures {
    this.#corners ??= cornerFeatures(this.levels);
    return this.#corners;
  }
}

const CELLS = 8;
/** Pixels of a cell that are looked at along each axis. */
const LOOKED_AT = 16;

function cellColours({ width, height, rgb }: Picture): Float32Array {
  const colours = new Float32Array(CELLS * CELLS * 3);
  const lines = CELLS * LOOKED_AT;
  for (let j = 0; j < lines; j++) {
    const y = Math.floor(((j + 0.5) * height) / lines);
    for (let i = 0; i < lines; i++) {
      const x = Math.floor(((i + 0.5) * width) / lines);
      const cell = Math.floor(j / LOOKED_AT) * CELLS + Math.floor(i / LOOKED_AT);
      for (let channel = 0; channel < 3; channel++)
        colours[cell * 3 + channel]! += rgb[(y * width + x) * 3 + channel]! / LOOKED_AT ** 2;
    }
  }
  return colours;
}

/** Mean difference of the cells' colours, 0…255: what greys do not show, such as a copy without colour. */
export function colourDifference(a: PictureSketch, b: PictureSketch): number {
  let sum = 0;
  for (let i = 0; i < a.colours.length; i++) sum += Math.abs(a.colours[i]! - b.colours[i]!);
  return sum / a.colours.length;
}
