// The 64 × 64 samples that PDQ looks at: the picture's brightness under a tent, twice a running mean along both axes.
import type { Picture } from './decode.ts';
import { keptBySize } from './kept-by-size.ts';

// Taken out of Math once: a lookup of a global in a loop is slow wherever the module runs in a realm of its own (Jest).
const { imul } = Math;

/** Side of the picture that PDQ transforms. */
export const PDQ_SIDE = 64;
const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

/** How the lines of pixels along one axis weigh in each sample. */
export interface Tents {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** [64, stride], of sum 1. */
  readonly weights: Float64Array;
  readonly stride: number;
  /** Lines of a running mean: of a sample away from the border, all weights are multiples of 1 / window². */
  readonly window: number;
}

/**
 * What remains of a picture for PDQ, in exact arithmetic; the reference sums as it goes, in single precision.
 *
 * @returns [64, 64] brightness, 0 … 255
 */
export function pdqSamples({ rgb, width, height }: Picture): Float64Array {
  const rows = tents(height);
  return sampleLines(width, (row, bright) => weighRows(rgb, bright, row, rows));
}

/** The brightness of the lines of pixels of one row of samples, each by its weight, summed into `bright`: [width]. */
export function weighRows(
  rgb: Uint8Array,
  bright: Float64Array,
  row: number,
  { starts, counts, weights, stride }: Tents,
): void {
  bright.fill(0);
  let from = starts[row]! * bright.length * 3;
  for (let at = row * stride; at < row * stride + counts[row]!; at++) {
    const weight = weights[at]!;
    for (let column = 0; column < bright.length; column++, from += 3)
      bright[column]! += weight * (RED * rgb[from]! + GREEN * rgb[from + 1]! + BLUE * rgb[from + 2]!);
  }
}

/** The brightness of colours summed in whole numbers, [width, 3], times `scale`, into `bright`: [width]. */
export function brighten(line: Int32Array, scale: number, bright: Float64Array): void {
  // Whole thousandths fit 31 bits: 255 × 1,000 × 32², the window of 4,096 pixels.
  const unit = scale / 1000;
  for (let column = 0, from = 0; column < bright.length; column++, from += 3) {
    const redGreen = (imul(line[from]!, 299) + imul(line[from + 1]!, 587)) | 0;
    bright[column] = unit * ((redGreen + imul(line[from + 2]!, 114)) | 0);
  }
}

/**
 * The samples of all rows, from each row of pixels weighed by {@link tents} along columns.
 *
 * @param fill - writes the weighed brightness of a row of samples: [width]
 */
export function sampleLines(width: number, fill: (row: number, bright: Float64Array) => void): Float64Array {
  const { starts, counts, weights, stride } = tents(width);
  const samples = new Float64Array(PDQ_SIDE * PDQ_SIDE);
  const bright = new Float64Array(width);
  for (let row = 0; row < PDQ_SIDE; row++) {
    fill(row, bright);
    for (let column = 0; column < PDQ_SIDE; column++) {
      let sum = 0;
      let weight = column * stride;
      const start = starts[column]!;
      const end = start + counts[column]!;
      for (let at = start; at < end; at++, weight++) sum += weights[weight]! * bright[at]!;
      samples[row * PDQ_SIDE + column] = sum;
    }
  }
  return samples;
}

/** Lines of PDQ's running mean along an axis of `size` pixels: a 128th, rounded up. */
export function pdqWindow(size: number): number {
  return Math.floor((size + 2 * PDQ_SIDE - 1) / (2 * PDQ_SIDE));
}

/** The pixel of an axis that each sample is taken at. */
export function pdqCentre(size: number, sample: number): number {
  return Math.floor(((sample + 0.5) * size) / PDQ_SIDE);
}

/** The samples along an axis of `size` pixels, kept for the next picture of that size. */
export const tents: (size: number) => Tents = keptBySize(16, makeTents);

function makeTents(size: number): Tents {
  const window = pdqWindow(size);
  const stride = 2 * window - 1;
  const made: Tents = {
    starts: new Int32Array(PDQ_SIDE),
    counts: new Int32Array(PDQ_SIDE),
    weights: new Float64Array(PDQ_SIDE * stride),
    stride,
    window,
  };
  for (let sample = 0; sample < PDQ_SIDE; sample++) {
    const [from, to] = reach(pdqCentre(size, sample), window, size);
    const start = reach(from, window, size)[0];
    for (let at = from; at < to; at++) {
      const [first, end] = reach(at, window, size);
      const weight = 1 / ((to - from) * (end - first));
      for (let line = first; line < end; line++) made.weights[sample * stride + line - start]! += weight;
    }
    made.starts[sample] = start;
    made.counts[sample] = reach(to - 1, window, size)[1] - start;
  }
  return made;
}

/** The lines that the running mean at `at` is of, [first, end): fewer at the borders. */
function reach(at: number, window: number, size: number): readonly [number, number] {
  const ahead = Math.floor((window + 2) / 2);
  return [Math.max(at + ahead - window, 0), Math.min(at + ahead, size)];
}
