// Principal component analysis: the linear code that every auto-encoder is compared with.
import { SandglassError } from '../errors.ts';
import { symmetricEigenvectors } from '../training/eigenvectors.ts';
import { type CovarianceOptions, covarianceOf } from './covariance.ts';
import { countRows, type Rows, scaleOf } from './pixel-rows.ts';

/** The widest rows whose decomposition ends in a minute or two; the time grows with the cube of the width. */
export const WIDEST_PCA = 2048;

/** Principal components of some rows; made by {@link fitPca}. */
export interface Pca {
  /** Numbers in a row. */
  readonly width: number;
  /** [width], on the scale of the rows (bytes: 0 to 1). */
  readonly mean: Float64Array;
  /** [width, width]: a component a row, by falling variance, of length 1; the largest number of each is positive. */
  readonly components: Float32Array;
  /** [width]: the variance along each component, with the divisor rows − 1. */
  readonly explainedVariance: Float64Array;
  /** The first `k` coordinates of each row along the components: [n, k]. */
  encode(rows: Rows, k: number): Float32Array;
  /** The rows [n, width] that codes [n, k] stand for: the mean plus the weighted components. */
  decode(codes: Float32Array, k: number): Float32Array;
}

/**
 * Finds the principal components (Pearson 1901) of `n` rows: the eigenvectors of their covariance.
 *
 * The covariance is a sum of products computed block by block, the decomposition is ml-matrix' (tridiagonal form and QL
 * steps). 60,000 rows of 784 take about ten seconds and, besides the rows, less than 100 MB. The decomposition blocks the
 * thread.
 *
 * @param rows [n, width]; bytes are read as shades from 0 to 1
 * @throws SandglassError TRAINING_TOO_SMALL for fewer than two rows, ABORTED; RangeError for rows wider than
 *   {@link WIDEST_PCA} and for numbers that are not finite
 */
export async function fitPca(rows: Rows, n: number, width: number, options: CovarianceOptions = {}): Promise<Pca> {
  countRows('PCA', rows, width, n);
  if (n < 2) {
    throw new SandglassError(
      'TRAINING_TOO_SMALL',
      `Expected at least 2 rows for PCA but received ${n}; add more items to the data set`,
    );
  }
  if (width > WIDEST_PCA) {
    throw new RangeError(
      `Expected rows of at most ${WIDEST_PCA} numbers for PCA but received ${width}; shrink them first`,
    );
  }
  const { mean, covariance } = await covarianceOf(rows, n, width, options);
  const { values, vectors } = symmetricEigenvectors(covariance, width);
  const components = Float32Array.from(vectors);
  // What has no variance at all comes out a little above or below zero.
  const explainedVariance = values.map((value) => Math.max(0, value));
  return {
    width,
    mean,
    components,
    explainedVariance,
    encode: (given, k) => encode(given, checkSize(k, width), mean, components),
    decode: (codes, k) => decode(codes, checkSize(k, width), mean, components),
  };
}

function encode(rows: Rows, k: number, mean: Float64Array, components: Float32Array): Float32Array {
  const width = mean.length;
  const n = countRows('PCA', rows, width);
  const scale = scaleOf(rows);
  const codes = new Float32Array(n * k);
  const centred = new Float64Array(width);
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < width; i++) centred[i] = rows[row * width + i]! * scale - mean[i]!;
    for (let component = 0; component < k; component++) {
      codes[row * k + component] = product(centred, components, component * width);
    }
  }
  return codes;
}

/** The product of `x` with as many numbers of `matrix` from `start` on. */
function product(x: Float64Array, matrix: Float32Array, start: number): number {
  const whole = x.length - (x.length % 4);
  // Four sums that do not wait for one another.
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    const at = start + i;
    a += x[i]! * matrix[at]!;
    b += x[i + 1]! * matrix[at + 1]!;
    c += x[i + 2]! * matrix[at + 2]!;
    d += x[i + 3]! * matrix[at + 3]!;
  }
  for (let i = whole; i < x.length; i++) a += x[i]! * matrix[start + i]!;
  return a + b + (c + d);
}

function decode(codes: Float32Array, k: number, mean: Float64Array, components: Float32Array): Float32Array {
  const width = mean.length;
  const n = countRows('codes', codes, k);
  const rows = new Float32Array(n * width);
  const row = new Float64Array(width);
  for (let code = 0; code < n; code++) {
    row.set(mean);
    for (let component = 0; component < k; component++) {
      const weight = codes[code * k + component]!;
      const start = component * width;
      for (let i = 0; i < width; i++) row[i]! += weight * components[start + i]!;
    }
    rows.set(row, code * width);
  }
  return rows;
}

function checkSize(k: number, width: number): number {
  if (Number.isInteger(k) && k >= 1 && k <= width) return k;
  throw new RangeError(`Expected a code size from 1 to ${width} for PCA but received ${k}`);
}
