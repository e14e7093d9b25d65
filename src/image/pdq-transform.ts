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
  const vertical = halfTransform(samples, SIDE);
  const turned = new Float64Array(vertical.length);
  for (let row = 0; row < LOW; row++)
    for (let column = 0; column < SIDE; column++) turned[column * LOW + row] = vertical[row * SIDE + column]!;
  const horizontal = halfTransform(turned, LOW);
  const low = new Float64Array(LOW * LOW);
  for (let across = 0; across < LOW; across++)
    for (let down = 0; down < LOW; down++) low[down * LOW + across] = horizontal[across * LOW + down]!;
  return low;
}

/** cosines · values, of [64, width] values: [16, width]. */
function halfTransform(values: Float64Array, width: number): Float64Array {
  const folded = new Float64Array(SIDE * width);
  for (let row = 0; row < HALF; row++) {
    const opposite = (SIDE - 1 - row) * width;
    for (let column = 0; column < width; column++) {
      const [near, far] = [values[row * width + column]!, values[opposite + column]!];
      folded[row * width + column] = near + far;
      folded[(HALF + row) * width + column] = near - far;
    }
  }
  const result = new Float64Array(LOW * width);
  for (let frequency = 0; frequency < LOW; frequency++) {
    // The first is of frequency 1, which is odd.
    let from = frequency % 2 === 0 ? HALF * width : 0;
    const to = frequency * width;
    for (let row = 0; row < HALF; row++, from += width) {
      const cosine = COSINES[frequency * SIDE + row]!;
      for (let column = 0; column < width; column++) result[to + column]! += cosine * folded[from + column]!;
    }
  }
  return result;
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
