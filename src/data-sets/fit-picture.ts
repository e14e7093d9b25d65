// A picture averaged over as many cells as a network has inputs, in the way thumbnails are.
import type { Picture } from '../image/decode.ts';
import { pillowLuma } from '../image/pillow-resample.ts';

// Taken out of Math once: a lookup of a global in a loop is slow wherever the module runs in a realm of its own (Jest).
const { imul } = Math;

/** What a network sees of a picture. */
export interface PictureLayout {
  /** 1 for grey, 3 for red, green and blue. */
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
}

/** [n²] and [1, height, width] are grey, [3, height, width] is colour; undefined for what is no picture. */
export function pictureLayout(shape: readonly number[]): PictureLayout | undefined {
  const [first, height, width] = shape;
  if (shape.length === 3 && (first === 1 || first === 3)) return { channels: first, height: height!, width: width! };
  const side = Math.sqrt(first!);
  return shape.length === 1 && Number.isInteger(side) ? { channels: 1, height: side, width: side } : undefined;
}

/** Fraction bits of the integer weights along one axis: a byte and two axes fit 31 bits. */
const WEIGHT_BITS = 11;
const ONE = 1 << WEIGHT_BITS;
const HALF = 1 << (2 * WEIGHT_BITS - 1);

/**
 * The whole picture, aspect not kept, averaged over `height` × `width` equal cells; pixels on a border belong to both cells
 * in proportion. Along an axis with fewer pixels than cells it interpolates linearly between their centres instead. For
 * [3, 64, 64] these are the bytes of `thumbnail`. Grey is the luma of the averaged colours.
 *
 * @returns [channels, height, width] bytes
 */
export function fitPicture({ rgb, width, height }: Picture, layout: PictureLayout): Uint8Array {
  const lines = averageRows(rgb, width, height, cellsOf(width, layout.width));
  const cells = layout.height * layout.width;
  const { starts, counts, weights, stride } = cellsOf(height, layout.height);
  const samples = 3 * layout.width;
  const fitted = new Uint8Array(3 * cells);
  for (let y = 0; y < layout.height; y++) {
    const first = starts[y]! * samples;
    for (let sample = 0; sample < samples; sample++) {
      let sum = HALF;
      let from = first + sample;
      for (let at = 0; at < counts[y]!; at++, from += samples) {
        sum = (sum + imul(lines[from]!, weights[y * stride + at]!)) | 0;
      }
      fitted[y * samples + sample] = sum >> (2 * WEIGHT_BITS);
    }
  }
  return layout.channels === 1 ? pillowLuma(fitted) : planesOf(fitted, cells);
}

function planesOf(interleaved: Uint8Array, cells: number): Uint8Array {
  const planes = new Uint8Array(3 * cells);
  for (let cell = 0; cell < cells; cell++) {
    for (let colour = 0; colour < 3; colour++) planes[colour * cells + cell] = interleaved[cell * 3 + colour]!;
  }
  return planes;
}

/** How the samples along one axis are shared among cells; the weights of a cell sum to 2¹¹. */
interface Cells {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Int32Array;
  readonly stride: number;
}

/** Every row averaged over cells: [height, cells, 3] with {@link WEIGHT_BITS} fraction bits. */
function averageRows(rgb: Uint8Array, width: number, height: number, columns: Cells): Int32Array {
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

const KEPT_CELLS = 16;
const kept = new Map<string, Cells>();

/** Kept for the next picture of that size. */
function cellsOf(size: number, cells: number): Cells {
  const key = `${size}>${cells}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = size >= cells ? sharedCells(size, cells) : interpolatedCells(size, cells);
  if (kept.size >= KEPT_CELLS) kept.delete(kept.keys().next().value as string);
  kept.set(key, made);
  return made;
}

function sharedCells(size: number, cells: number): Cells {
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

function interpolatedCells(size: number, cells: number): Cells {
  const made = emptyCells(cells, 2);
  for (let at = 0; at < cells; at++) {
    const centre = Math.min(Math.max(((at + 0.5) * size) / cells - 0.5, 0), size - 1);
    const start = Math.min(Math.floor(centre), Math.max(size - 2, 0));
    setCell(made, at, start, size === 1 ? [1] : [1 - (centre - start), centre - start]);
  }
  return made;
}

function emptyCells(cells: number, stride: number): Cells {
  return {
    starts: new Int32Array(cells),
    counts: new Int32Array(cells),
    weights: new Int32Array(cells * stride),
    stride,
  };
}

/** Integer weights that sum to exactly 2¹¹: a picture of one colour keeps it. */
function setCell(cells: Cells, at: number, start: number, shares: readonly number[]): void {
  cells.starts[at] = start;
  cells.counts[at] = shares.length;
  let before = 0;
  let share = 0;
  for (const [i, part] of shares.entries()) {
    share += part;
    const upTo = i === shares.length - 1 ? ONE : Math.round(share * ONE);
    cells.weights[at * cells.stride + i] = upTo - before;
    before = upTo;
  }
}
