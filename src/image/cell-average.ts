// A picture averaged over a grid of equal cells, in whole numbers: the same bytes on every machine.
import { keptBySize } from './kept-by-size.ts';

// Taken out of Math once: a lookup of a global in a loop is slow wherever the module runs in a realm of its own (Jest).
const { imul } = Math;

/** Fraction bits of the integer weights along one axis: a byte and two axes fit 31 bits. */
const WEIGHT_BITS = 11;
const ONE = 1 << WEIGHT_BITS;
const HALF = 1 << (2 * WEIGHT_BITS - 1);

/** How the samples along one axis are shared among cells; the weights of a cell sum to 2¹¹. */
export interface CellGrid {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Int32Array;
  readonly stride: number;
}

/**
 * Averages an RGB picture over `rows` × `columns` equal cells; pixels on a border belong to both cells in proportion. Along
 * an axis with fewer pixels than cells it interpolates linearly between their centres instead.
 *
 * @param rgb [height, width, 3] bytes
 * @returns [rows, columns, 3] bytes
 */
export function averageOverCells(
  rgb: Uint8Array,
  width: number,
  height: number,
  columns: number,
  rows: number,
): Uint8Array {
  const lines = averageRows(rgb, width, height, cellGrid(width, columns));
  const { starts, counts, weights, stride } = cellGrid(height, rows);
  const samples = 3 * columns;
  const averaged = new Uint8Array(rows * samples);
  for (let y = 0; y < rows; y++) {
    const first = starts[y]! * samples;
    for (let sample = 0; sample < samples; sample++) {
      let sum = HALF;
      let from = first + sample;
      for (let at = 0; at < counts[y]!; at++, from += samples) {
        sum = (sum + imul(lines[from]!, weights[y * stride + at]!)) | 0;
      }
      averaged[y * samples + sample] = sum >> (2 * WEIGHT_BITS);
    }
  }
  return averaged;
}

/** [cells, 3] bytes as [3, cells]: a plane a colour. */
export function planesOf(interleaved: Uint8Array): Uint8Array {
  const cells = interleaved.length / 3;
  const planes = new Uint8Array(interleaved.length);
  for (let cell = 0; cell < cells; cell++) {
    for (let colour = 0; colour < 3; colour++) planes[colour * cells + cell] = interleaved[cell * 3 + colour]!;
  }
  return planes;
}

/** [3, cells] bytes as [cells, 3]: what {@link planesOf} takes apart. */
export function interleavedOf(planes: Uint8Array): Uint8Array {
  const cells = planes.length / 3;
  const interleaved = new Uint8Array(planes.length);
  for (let cell = 0; cell < cells; cell++) {
    for (let colour = 0; colour < 3; colour++) interleaved[cell * 3 + colour] = planes[colour * cells + cell]!;
  }
  return interleaved;
}

/** Every row averaged over cells: [height, cells, 3] with {@link WEIGHT_BITS} fraction bits. */
function averageRows(rgb: Uint8Array, width: number, height: number, columns: CellGrid): Int32Array {
  const { starts, counts, weights, stride } = columns;
  const cells = starts.length;
  const lines = new Int32Array(height * cells * 3);
  let to = 0;
  for (let row = 0; row < height; row++) {
    const base = row * width;
    for (let x = 0; x < cells; x++, to += 3) {
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
export const cellGrid: (size: number, cells: number) => CellGrid = keptBySize(16, (size: number, cells: number) =>
  size >= cells ? sharedCells(size, cells) : interpolatedCells(size, cells),
);

function sharedCells(size: number, cells: number): CellGrid {
  const cell = size / cells;
  const made = emptyCells(cells, Math.ceil(cell) + 1);
  for (let at = 0; at < cells; at++) {
    const from = at * cell;
    const to = Math.min((at + 1) * cell, size);
    const start = Math.floor(from);
    const shares = Array.from({ length: Math.ceil(to) - start }, (_, i) => {
      const sample = start + i;
      return (Math.min(sample + 1, to) - Math.max(sample, from)) / cell;
    });
    setCell(made, at, start, shares);
  }
  return made;
}

function interpolatedCells(size: number, cells: number): CellGrid {
  const made = emptyCells(cells, 2);
  for (let at = 0; at < cells; at++) {
    const centre = Math.min(Math.max(((at + 0.5) * size) / cells - 0.5, 0), size - 1);
    const start = Math.min(Math.floor(centre), Math.max(size - 2, 0));
    setCell(made, at, start, size === 1 ? [1] : [1 - (centre - start), centre - start]);
  }
  return made;
}

function emptyCells(cells: number, stride: number): CellGrid {
  return {
    starts: new Int32Array(cells),
    counts: new Int32Array(cells),
    weights: new Int32Array(cells * stride),
    stride,
  };
}

/** Integer weights that sum to exactly 2¹¹: a picture of one colour keeps it. */
function setCell(grid: CellGrid, at: number, start: number, shares: readonly number[]): void {
  grid.starts[at] = start;
  grid.counts[at] = shares.length;
  let before = 0;
  let share = 0;
  for (const [i, part] of shares.entries()) {
    share += part;
    const upTo = i === shares.length - 1 ? ONE : Math.round(share * ONE);
    grid.weights[at * grid.stride + i] = upTo - before;
    before = upTo;
  }
}
