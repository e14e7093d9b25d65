// The picture averaged over a grid of 64 × 64 cells: what image encoders and the pixel baseline see.
import { THUMBNAIL_SIDE } from './image-feature.ts';

// Taken out of Math once: a lookup of a global in a loop is slow wherever the module runs in a realm of its own (Jest).
const { imul } = Math;

const SIDE = THUMBNAIL_SIDE;
const CELLS = SIDE * SIDE;
/** Fraction bits of the integer weights along one axis: a byte and two axes fit 31 bits. */
const WEIGHT_BITS = 11;
const ONE = 1 << WEIGHT_BITS;
const HALF = 1 << (2 * WEIGHT_BITS - 1);
const KEPT_GRIDS = 16;

/** How the samples along one axis are shared among 64 cells; the weights of a cell sum to 2¹¹. */
export interface CellGrid {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Int32Array;
  readonly stride: number;
}

const grids = new Map<number, CellGrid>();

/**
 * Averages an RGB picture over 64 × 64 equal cells; pixels on a border belong to both cells in proportion. Along an axis
 * with fewer than 64 pixels it interpolates linearly between their centres instead.
 *
 * @param rgb - [height, width, 3] bytes
 * @returns [3, 64, 64] bytes, a plane a colour
 */
export function thumbnail(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const lines = averageRows(rgb, width, height, cellGrid(width));
  const { starts, counts, weights, stride } = cellGrid(height);
  const result = new Uint8Array(3 * CELLS);
  for (let y = 0; y < SIDE; y++) {
    const first = starts[y]! * 3 * SIDE;
    for (let sample = 0; sample < 3 * SIDE; sample++) {
      let sum = HALF;
      let from = first + sample;
      for (let at = 0; at < counts[y]!; at++, from += 3 * SIDE) {
        sum = (sum + imul(lines[from]!, weights[y * stride + at]!)) | 0;
      }
      const colour = sample % 3;
      result[colour * CELLS + y * SIDE + (sample - colour) / 3] = sum >> (2 * WEIGHT_BITS);
    }
  }
  return result;
}

/** Every row averaged over 64 cells: [height, 64, 3] with {@link WEIGHT_BITS} fraction bits. */
function averageRows(rgb: Uint8Array, width: number, height: number, columns: CellGrid): Int32Array {
  const { starts, counts, weights, stride } = columns;
  const lines = new Int32Array(height * SIDE * 3);
  let to = 0;
  for (let row = 0; row < height; row++) {
    const base = row * width;
    for (let x = 0; x < SIDE; x++, to += 3) {
      let from = (base + starts[x]!) * 3;
      let weightAt = x * stride;
      const end = weightAt + counts[x]!;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (; weightAt < end; weightAt++, from += 3) {
        const weight = weights[weightAt]!;
        red = (red + imul(weight, rgb[from]!)) | 0;
        green = (green + imul(weight, rgb[from + 1]!)) | 0;
        blue = (blue + imul(weight, rgb[from + 2]!)) | 0;
      }
      lines[to] = red;
      lines[to + 1] = green;
      lines[to + 2] = blue;
    }
  }
  return lines;
}

/** The cells along an axis of `size` samples, kept for the next picture of that size. */
export function cellGrid(size: number): CellGrid {
  const kept = grids.get(size);
  if (kept) return kept;
  const made = size >= SIDE ? sharedCells(size) : interpolated(size);
  if (grids.size >= KEPT_GRIDS) grids.delete(grids.keys().next().value as number);
  grids.set(size, made);
  return made;
}

function sharedCells(size: number): CellGrid {
  const cell = size / SIDE;
  const stride = Math.ceil(cell) + 1;
  const grid = emptyGrid(stride);
  for (let at = 0; at < SIDE; at++) {
    const from = at * cell;
    const to = Math.min((at + 1) * cell, size);
    const start = Math.floor(from);
    const count = Math.ceil(to) - start;
    const shares = Array.from({ length: count }, (_, i) => {
      const sample = start + i;
      return (Math.min(sample + 1, to) - Math.max(sample, from)) / cell;
    });
    setCell(grid, at, start, shares);
  }
  return grid;
}

function interpolated(size: number): CellGrid {
  const grid = emptyGrid(2);
  for (let at = 0; at < SIDE; at++) {
    const center = Math.min(Math.max(((at + 0.5) * size) / SIDE - 0.5, 0), size - 1);
    const start = Math.min(Math.floor(center), Math.max(size - 2, 0));
    setCell(grid, at, start, size === 1 ? [1] : [1 - (center - start), center - start]);
  }
  return grid;
}

function emptyGrid(stride: number): CellGrid {
  return { starts: new Int32Array(SIDE), counts: new Int32Array(SIDE), weights: new Int32Array(SIDE * stride), stride };
}

/** Integer weights that sum to exactly 2¹¹: a picture of one colour keeps it. */
function setCell(grid: CellGrid, cell: number, start: number, shares: readonly number[]): void {
  grid.starts[cell] = start;
  grid.counts[cell] = shares.length;
  let before = 0;
  let share = 0;
  for (const [at, part] of shares.entries()) {
    share += part;
    const upTo = at === shares.length - 1 ? ONE : Math.round(share * ONE);
    grid.weights[cell * grid.stride + at] = upTo - before;
    before = upTo;
  }
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
