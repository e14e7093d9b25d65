// What is kept of a picture to compare it with others: its grey levels and corners, some hundred kilobytes.
import type { DecodedPicture, Picture } from '../image/decode.ts';
import { type CornerFeatures, cornerFeatures } from './corner-features.ts';
import { type LumaLevel, lumaPyramid } from './luma-pyramid.ts';

export interface PictureSketch {
  /** Grey levels, the largest first. */
  readonly levels: readonly LumaLevel[];
  /** Mean red, green and blue of each cell of an 8 × 8 grid, 0…255. */
  readonly colours: Float32Array;
  readonly corners: CornerFeatures;
  /** Size of the picture in its file, upright, in pixels. */
  readonly fullWidth: number;
  readonly fullHeight: number;
}

/** About 15 ms. */
export function pictureSketch(
  picture: Picture & Partial<Pick<DecodedPicture, 'fullWidth' | 'fullHeight'>>,
): PictureSketch {
  const levels = lumaPyramid(picture);
  return {
    levels,
    colours: cellColours(picture),
    corners: cornerFeatures(levels),
    fullWidth: picture.fullWidth ?? picture.width,
    fullHeight: picture.fullHeight ?? picture.height,
  };
}

/** The same in memory that threads share, so that it is handed from one to another without being copied. */
export function sharedSketch({ levels, colours, corners, ...sizes }: PictureSketch): PictureSketch {
  const { count, x, y, size, angle, patches } = corners;
  return {
    ...sizes,
    levels: levels.map(({ width, height, luma }) => ({ width, height, luma: sharedBytes(luma) })),
    colours: sharedFloats(colours),
    corners: {
      count,
      x: sharedFloats(x),
      y: sharedFloats(y),
      size: sharedFloats(size),
      angle: sharedFloats(angle),
      patches: sharedFloats(patches),
    },
  };
}

function sharedBytes(values: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}

function sharedFloats(values: Float32Array): Float32Array {
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
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

/** How far the cells' colours are apart, 0…255, in the mean and where they are farthest: what greys do not show, such as a copy without colour. */
export function colourDifference(
  a: PictureSketch,
  b: PictureSketch,
): { readonly mean: number; readonly worst: number } {
  let [sum, worst] = [0, 0];
  for (let at = 0; at < a.colours.length; at += 3) {
    let ofCell = 0;
    for (let i = at; i < at + 3; i++) ofCell += Math.abs(a.colours[i]! - b.colours[i]!) / 3;
    sum += ofCell;
    worst = Math.max(worst, ofCell);
  }
  return { mean: sum / (a.colours.length / 3), worst };
}
