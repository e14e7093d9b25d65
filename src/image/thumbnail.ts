// The picture averaged over a grid of 64 × 64 cells: what image encoders and the pixel baseline see.
import { averageOverCells, planesOf } from './cell-average.ts';
import { THUMBNAIL_SIDE } from './image-feature.ts';

const SIDE = THUMBNAIL_SIDE;
const CELLS = SIDE * SIDE;

/**
 * An RGB picture averaged over 64 × 64 cells, see {@link averageOverCells}.
 *
 * @param rgb - [height, width, 3] bytes
 * @returns [3, 64, 64] bytes, a plane a colour
 */
export function thumbnail(rgb: Uint8Array, width: number, height: number): Uint8Array {
  return planesOf(averageOverCells(rgb, width, height, SIDE, SIDE));
}

const COARSE_SIDE = 8;

/**
 * A thumbnail averaged once more, over 8 × 8 cells.
 *
 * @param planes - [3, 64, 64] bytes
 * @returns [8, 8, 3] bytes, red green blue interleaved
 */
export function coarsePixels(planes: Uint8Array): Uint8Array {
  const block = SIDE / COARSE_SIDE;
  const result = new Uint8Array(COARSE_SIDE * COARSE_SIDE * 3);
  for (let colour = 0; colour < 3; colour++) {
    for (let cell = 0; cell < COARSE_SIDE * COARSE_SIDE; cell++) {
      const top = colour * CELLS + Math.floor(cell / COARSE_SIDE) * block * SIDE + (cell % COARSE_SIDE) * block;
      let sum = (block * block) / 2;
      for (let y = 0; y < block; y++) for (let x = 0; x < block; x++) sum += planes[top + y * SIDE + x]!;
      result[cell * 3 + colour] = Math.floor(sum / (block * block));
    }
  }
  return result;
}
