// A picture as grey levels of falling size: what its corners and blocks are taken from.
import type { Picture } from '../image/decode.ts';
import { pillowLanczos, pillowLuma } from '../image/pillow-resample.ts';

/** One size of a grey picture. */
export interface LumaLevel {
  readonly width: number;
  readonly height: number;
  /** [height, width]: 0…255. */
  readonly luma: Uint8Array;
}

/** Longer side of the first level, in pixels: enough for blocks of a crop of a third, little enough to keep thousands. */
export const SKETCH_SIDE = 256;

/** Each level has this share of the side of the one before. */
export const LEVEL_STEP = Math.SQRT1_2;

/** Levels end before the shorter side falls below this. */
const LEAST_SIDE = 32;

/**
 * The levels of a picture, the largest first; its longer side is at most {@link SKETCH_SIDE}. A level is made from the one
 * before by Lanczos resampling. One level for the smallest pictures.
 */
export function lumaPyramid({ width, height, rgb }: Picture): LumaLevel[] {
  const scale = Math.min(1, SKETCH_SIDE / Math.max(width, height));
  const levels = [resized({ width, height, luma: pillowLuma(rgb) }, scale * width, scale * height)];
  for (;;) {
    const last = levels.at(-1)!;
    if (Math.min(last.width, last.height) * LEVEL_STEP < LEAST_SIDE) return levels;
    levels.push(resized(last, last.width * LEVEL_STEP, last.height * LEVEL_STEP));
  }
}

function resized(level: LumaLevel, toWidth: number, toHeight: number): LumaLevel {
  const width = Math.max(1, Math.round(toWidth));
  const height = Math.max(1, Math.round(toHeight));
  if (width === level.width && height === level.height) return level;
  return { width, height, luma: pillowLanczos(level.luma, level.width, level.height, width, height) };
}

/** The grey at a place between pixels, by bilinear interpolation; (0, 0) is the centre of the first pixel, edges go on. */
export function lumaAt({ width, height, luma }: LumaLevel, x: number, y: number): number {
  const cx = Math.min(Math.max(x, 0), width - 1);
  const cy = Math.min(Math.max(y, 0), height - 1);
  const left = cx | 0;
  const top = cy | 0;
  const right = left + 1 < width ? left + 1 : left;
  const below = top + 1 < height ? top + 1 : top;
  const fx = cx - left;
  const fy = cy - top;
  const upper = luma[top * width + left]! * (1 - fx) + luma[top * width + right]! * fx;
  const lower = luma[below * width + left]! * (1 - fx) + luma[below * width + right]! * fx;
  return upper * (1 - fy) + lower * fy;
}
