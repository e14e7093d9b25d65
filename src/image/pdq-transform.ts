// The 16 × 16 lowest frequencies, but the constant ones, of 64 × 64 samples.
import { PDQ_SIDE } from './pdq-samples.ts';

// Taken out of Math once: a lookup of a global in a loop is slow wherever the module runs in a realm of its own (Jest).
const { fround } = Math;

const SIDE = PDQ_SIDE;
const HALF = SIDE / 2;
const LOW = 16;

/** [16, 64]: cosines of frequencies 1 … 16 at the middle of each sample, times √(2 / 64), of single precision as in the reference. */
const COSINES = Float64Array.from({ length: LOW * SIDE }, (_, at) => {
  const frequency = Math.floor(at / SIDE) + 1;
  return Math.fround(
    Math.fround(Math.sqrt(2 / SIDE)) * Math.cos((Math.PI / 2 / SIDE) * frequency * (2 * (at % SIDE) + 1)),
  );
});

/**
 * The product cosines · samples · cosinesᵀ. Cosines of odd frequencies change their sign in the middle, even ones do not: sums
 * and differences of opposite samples halve the work.
 *
 * @returns [16, 16] frequencies, vertical by horizontal
 */
export function pdqTransform(samples: Float64Array): Float64Array {
  return transformRows(transformRows(samples, SIDE), LOW);
}

/** The 16 frequencies of each row of [rows, 64] values, transposed: [16, rows]. */
function transformRows(values: Float64Array, rows: number): Float64Array {
  const result = new Float64Array(LOW * rows);
  for (let row = 0; row < rows; row++) {
    for (let near = 0, far = SIDE - 1; near < HALF; near++, far--) {
      const [a, b] = [values[row * SIDE + near]!, values[row * SIDE + far]!];
      sums[near] = a + b;
      differences[near] = a - b;
    }
    for (let frequency = 0; frequency < LOW; frequency++)
      // The first is of frequency 1, which is odd.
      result[frequency * rows + row] = product(frequency * SIDE, frequency % 2 === 0 ? differences : sums);
  }
  return result;
}

const sums = new Float64Array(HALF);
const differences = new Float64Array(HALF);

/** Σ cosines[from + i] · values[i], in four sums that do not wait for one another. */
function product(from: number, values: Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < HALF; i += 4) {
    a += COSINES[from + i]! * values[i]!;
    b += COSINES[from + i + 1]! * values[i + 1]!;
    c += COSINES[from + i + 2]! * values[i + 2]!;
    d += COSINES[from + i + 3]! * values[i + 3]!;
  }
  return a + b + (c + d);
}

/** The same with every product and sum rounded to single precision, in the order of the reference. */
export function pdqTransformAsReference(samples: Float64Array): Float64Array {
  const vertical = new Float64Array(LOW * SIDE);
  for (let frequency = 0; frequency < LOW; frequency++) {
    for (let column = 0; column < SIDE; column++) {
      let sum = 0;
      for (let row = 0; row < SIDE; row++)
        sum = fround(sum + fround(COSINES[frequency * SIDE + row]! * samples[row * SIDE + column]!));
      vertical[frequency * SIDE + column] = sum;
    }
  }
  const low = new Float64Array(LOW * LOW);
  for (let down = 0; down < LOW; down++) {
    for (let across = 0; across < LOW; across++) {
      let sum = 0;
      for (let column = 0; column < SIDE; column++)
        sum = fround(sum + fround(vertical[down * SIDE + column]! * COSINES[across * SIDE + column]!));
      low[down * LOW + across] = sum;
    }
  }
  return low;
}
