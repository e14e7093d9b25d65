// The 16 × 16 lowest frequencies, but the constant ones, of 64 × 64 samples.
import { PDQ_SIDE } from './pdq-samples.ts';

/** What is done with every product and sum. */
export type Rounding = (value: number) => number;

const SIDE = PDQ_SIDE;
const LOW = 16;

/** [16, 64]: cosines of frequencies 1 … 16 at the middle of each sample, times √(2 / 64), of single precision as in the reference. */
const COSINES = Float64Array.from({ length: LOW * SIDE }, (_, at) => {
  const frequency = Math.floor(at / SIDE) + 1;
  return Math.fround(
    Math.fround(Math.sqrt(2 / SIDE)) * Math.cos((Math.PI / 2 / SIDE) * frequency * (2 * (at % SIDE) + 1)),
  );
});

/**
 * The product cosines · samples · cosinesᵀ.
 *
 * @param round - what is done with every product and sum
 * @returns [16, 16] frequencies, vertical by horizontal
 */
export function pdqTransform(samples: Float64Array, round: Rounding): Float64Array {
  const vertical = new Float64Array(LOW * SIDE);
  for (let frequency = 0; frequency < LOW; frequency++) {
    for (let column = 0; column < SIDE; column++) {
      let sum = 0;
      for (let row = 0; row < SIDE; row++)
        sum = round(sum + round(COSINES[frequency * SIDE + row]! * samples[row * SIDE + column]!));
      vertical[frequency * SIDE + column] = sum;
    }
  }
  const low = new Float64Array(LOW * LOW);
  for (let down = 0; down < LOW; down++) {
    for (let across = 0; across < LOW; across++) {
      let sum = 0;
      for (let column = 0; column < SIDE; column++)
        sum = round(sum + round(vertical[down * SIDE + column]! * COSINES[across * SIDE + column]!));
      low[down * LOW + across] = sum;
    }
  }
  return low;
}
