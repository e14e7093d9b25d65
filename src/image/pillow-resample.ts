// Pillow's 8-bit resampling, bit for bit: what Python imagehash shrinks pictures with, and Hugging Face's image processors.
// The algorithm of Pillow's src/libImaging/Resample.c and Convert.c (rgb2l), written anew on typed arrays.
import { keptBySize } from './kept-by-size.ts';

// Taken out of Math once: a lookup of a global in a loop is slow wherever the module runs in a realm of its own (Jest).
const { imul, max, min } = Math;

/** Fraction bits of the integer filter weights: 32 − 8 for a sample − 2 of head room, as in Pillow. */
const PRECISION_BITS = 22;
const HALF = 1 << (PRECISION_BITS - 1);
/** Sizes repeat within a folder; the weights of this many (input, output) sizes are kept: ten for each size of picture. */
const KEPT_FILTERS = 64;

/** The kernels of Pillow's `Resampling`, but for `nearest`, which weighs nothing. */
export type PillowKernel = 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos';

/** How the samples along one axis are weighted for each output sample. */
export interface ResampleFilter {
  /** First input sample of each output sample. */
  readonly starts: Int32Array;
  /** Number of input samples of each output sample. */
  readonly counts: Int32Array;
  /** [output, stride] integer weights, {@link PRECISION_BITS} fraction bits, zero beyond `counts`. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/**
 * Luma of interleaved RGB as Pillow's `convert('L')` gives it: (19595 R + 38470 G + 7471 B + 2¹⁵) / 2¹⁶, rounded down.
 *
 * @param rgb - [height × width, 3] bytes
 * @returns [height × width] bytes
 */
export function pillowLuma(rgb: Uint8Array): Uint8Array {
  const pixels = Math.floor(rgb.length / 3);
  const luma = new Uint8Array(pixels);
  for (let pixel = 0, at = 0; pixel < pixels; pixel++, at += 3) {
    const redGreen = (imul(rgb[at]!, 19595) + imul(rgb[at + 1]!, 38470)) | 0;
    luma[pixel] = (((redGreen + imul(rgb[at + 2]!, 7471)) | 0) + 0x8000) >> 16;
  }
  return luma;
}

/** One grey picture resized as Pillow's `resize((outWidth, outHeight), Resampling.LANCZOS)` does, see {@link pillowPlane}. */
export function pillowLanczos(
  grey: Uint8Array,
  width: number,
  height: number,
  outWidth: number,
  outHeight: number,
): Uint8Array {
  return pillowPlane(grey, width, height, outWidth, outHeight, 'lanczos');
}

/**
 * One grey picture, or one colour of a picture, resized as Pillow's `resize((outWidth, outHeight), kernel)` does for mode L:
 * along rows, rounded to bytes, then along columns; the other way round where {@link isVerticalFirst}. An axis whose size
 * stays is not touched.
 *
 * @param grey - [height, width] bytes
 * @returns [outHeight, outWidth] bytes
 */
export function pillowPlane(
  grey: Uint8Array,
  width: number,
  height: number,
  outWidth: number,
  outHeight: number,
  kernel: PillowKernel,
): Uint8Array {
  if (!isVerticalFirst(width, height, outWidth, outHeight)) {
    const columns = resized(grey, height, width, outWidth, kernel);
    return resized(columns, outWidth, height, outHeight, kernel);
  }
  const rows = resized(transpose(grey, width, height), width, height, outHeight, kernel);
  return transpose(resized(rows, outHeight, width, outWidth, kernel), outHeight, outWidth);
}

/** True where Pillow (since version 13) resizes along columns first: when the height shrinks by more than twice the width. */
export function isVerticalFirst(width: number, height: number, outWidth: number, outHeight: number): boolean {
  const fewerRows = height - outHeight;
  return fewerRows > 0 && fewerRows > 2 * (width - outWidth);
}

/** Every row of [rows, length] resized and the answer transposed: [outLength, rows]. */
function resized(
  source: Uint8Array,
  rows: number,
  length: number,
  outLength: number,
  kernel: PillowKernel,
): Uint8Array {
  if (outLength === length) return transpose(source, length, rows);
  return resampleRows(source, rows, length, filterOf[kernel](length, outLength));
}

/** Every row of `source` ([rows, length]) filtered; the answer is transposed, [output, rows], ready for the other axis. */
function resampleRows(source: Uint8Array, rows: number, length: number, filter: ResampleFilter): Uint8Array {
  const { starts, counts, weights, stride } = filter;
  const outputs = starts.length;
  const result = new Uint8Array(outputs * rows);
  let row = 0;
  // Four rows share every weight that is loaded: the loop is bound by loads.
  for (; row + 4 <= rows; row += 4) {
    const base = row * length;
    for (let output = 0; output < outputs; output++) {
      let a = base + starts[output]!;
      let weight = output * stride;
      const end = weight + counts[output]!;
      let sum0 = HALF;
      let sum1 = HALF;
      let sum2 = HALF;
      let sum3 = HALF;
      for (; weight < end; weight++, a++) {
        const factor = weights[weight]!;
        sum0 = (sum0 + imul(source[a]!, factor)) | 0;
        sum1 = (sum1 + imul(source[a + length]!, factor)) | 0;
        sum2 = (sum2 + imul(source[a + 2 * length]!, factor)) | 0;
        sum3 = (sum3 + imul(source[a + 3 * length]!, factor)) | 0;
      }
      const at = output * rows + row;
      result[at] = clip8(sum0);
      result[at + 1] = clip8(sum1);
      result[at + 2] = clip8(sum2);
      result[at + 3] = clip8(sum3);
    }
  }
  for (; row < rows; row++) {
    for (let output = 0; output < outputs; output++) {
      let a = row * length + starts[output]!;
      let weight = output * stride;
      const end = weight + counts[output]!;
      let sum = HALF;
      for (; weight < end; weight++, a++) sum = (sum + imul(source[a]!, weights[weight]!)) | 0;
      result[output * rows + row] = clip8(sum);
    }
  }
  return result;
}

function clip8(sum: number): number {
  const value = sum >> PRECISION_BITS;
  return max(0, min(value, 255));
}

function transpose(source: Uint8Array, width: number, height: number): Uint8Array {
  const result = new Uint8Array(source.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) result[column * height + row] = source[row * width + column]!;
  }
  return result;
}

/** A function of the distance to an output sample, and the distance from which on it is 0. */
interface Kernel {
  readonly support: number;
  weight(x: number): number;
}

const KERNELS: Readonly<Record<PillowKernel, Kernel>> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: {
    support: 1,
    weight: (x) => (Math.abs(x) < 1 ? sinc(x) * (0.54 + 0.46 * Math.cos(x * Math.PI)) : 0),
  },
  bicubic: { support: 2, weight: cubic },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** The integer weights that shrink or enlarge `size` samples to `outSize`, kept for the next picture of that size. */
const filterOf = Object.fromEntries(
  Object.entries(KERNELS).map(([name, kernel]) => [
    name,
    keptBySize(KEPT_FILTERS, (size: number, outSize: number) => makeFilter(kernel, size, outSize)),
  ]),
) as Readonly<Record<PillowKernel, (size: number, outSize: number) => ResampleFilter>>;

/** The weights of Pillow's Lanczos filter. */
export const lanczosFilter: (size: number, outSize: number) => ResampleFilter = filterOf.lanczos;

/** The integer weights of Pillow's `precompute_coeffs` and `normalize_coeffs_8bpc`. */
function makeFilter(kernel: Kernel, size: number, outSize: number): ResampleFilter {
  const scale = size / outSize;
  const filterScale = Math.max(scale, 1);
  const support = kernel.support * filterScale;
  const stride = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(outSize);
  const counts = new Int32Array(outSize);
  const weights = new Int32Array(outSize * stride);
  const exact = new Float64Array(stride);
  for (let output = 0; output < outSize; output++) {
    const center = (output + 0.5) * scale;
    const first = Math.max(Math.trunc(center - support + 0.5), 0);
    const count = Math.min(Math.trunc(center + support + 0.5), size) - first;
    const inverse = 1 / filterScale;
    let total = 0;
    for (let at = 0; at < count; at++) {
      const weight = kernel.weight((at + first - center + 0.5) * inverse);
      exact[at] = weight;
      total += weight;
    }
    for (let at = 0; at < count; at++) {
      const weight = (total === 0 ? exact[at]! : exact[at]! / total) * (1 << PRECISION_BITS);
      weights[output * stride + at] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    starts[output] = first;
    counts[output] = count;
  }
  return { starts, counts, weights, stride };
}

/** Keys' cubic with a = -1/2. */
function cubic(x: number): number {
  const a = -0.5;
  const distance = Math.abs(x);
  if (distance < 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  if (distance < 2) return (((distance - 5) * distance + 8) * distance - 4) * a;
  return 0;
}

function sinc(x: number): number {
  if (x === 0) return 1;
  const angle = x * Math.PI;
  return Math.sin(angle) / angle;
}
