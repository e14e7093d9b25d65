// PDQ: the signs of the lowest frequencies of a picture's brightness, and how much there is in it to be compared; bit for
// bit Meta's.
import { bitsAbove, middleTwo } from './bits-above.ts';
import type { Picture } from './decode.ts';
import { runningSamples } from './pdq-running.ts';
import { PDQ_SIDE } from './pdq-samples.ts';
import { pdqTransform, pdqTransformAsReference } from './pdq-transform.ts';

// Taken out of Math once: a lookup of a global in a loop is slow wherever the module runs in a realm of its own (Jest).
const { abs, floor, fround, min } = Math;

const SIDE = PDQ_SIDE;
/** Shorter sides have no hash. */
const LEAST_SIDE = 5;
/** Two neighbouring samples count by the whole hundredths in which they differ; so many make one of 100 points. */
const DIFFERENCES_A_POINT = 90;
/** Quality below which a hash says too little, by the description of PDQ. */
export const PDQ_LEAST_QUALITY = 50;

/**
 * How far single precision led the reference astray, at most, from exact arithmetic: a frequency, and a difference of two
 * samples in hundredths. Generous guesses, under which the bits of all pictures of the tests are the reference's; where a
 * decision hangs on less than these, it is made as the reference makes it.
 */
const FREQUENCY_ERROR = 0.02;
const DIFFERENCE_ERROR = 0.001;

export interface Pdq {
  /** 32 bytes, in the order of the reference's hexadecimal digits: the highest frequency first. */
  readonly bits: Uint8Array;
  /** 0 … 100: how much brightness changes from sample to sample. */
  readonly quality: number;
}

/**
 * The hash and its quality (Facebook, The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm, 2019):
 * brightness under a tent, sampled at 64 × 64 places, its 16 × 16 lowest frequencies but the constant, a bit for each above
 * their median.
 *
 * @param samples - of `pdqSamples`
 */
export function pdq(picture: Picture, samples: Float64Array): Pdq {
  if (Math.min(picture.width, picture.height) < LEAST_SIDE) return { bits: new Uint8Array(32), quality: 0 };
  const frequencies = pdqTransform(samples);
  const quality = qualityOf(samples, DIFFERENCE_ERROR);
  const bits = signs(frequencies, FREQUENCY_ERROR);
  if (bits !== undefined && quality !== undefined) return { bits, quality };
  return pdqAsReference(picture);
}

/** The same with every rounding of the reference, at ten times the cost. */
function pdqAsReference(picture: Picture): Pdq {
  const samples = runningSamples(picture);
  return { bits: signs(pdqTransformAsReference(samples), 0)!, quality: qualityOf(samples, 0)! };
}

/** Bits of the frequencies above the median, the lower one of the two in the middle; undefined where less than `error` tells these apart. */
function signs(frequencies: Float64Array, error: number): Uint8Array | undefined {
  const [lower, upper] = middleTwo(frequencies);
  if (error > 0 && upper - lower < error) return undefined;
  return bitsAbove(frequencies.toReversed(), lower);
}

/** Points of quality; undefined where differences that are whole hundredths but for `error` would decide about one. */
function qualityOf(samples: Float64Array, error: number): number | undefined {
  let certain = 0;
  let doubtful = 0;
  for (let step = 1; step <= SIDE; step += SIDE - 1) {
    for (let at = 0; at + step < samples.length; at++) {
      // No neighbour on the right of the last column.
      if (step === 1 && at % SIDE === SIDE - 1) continue;
      const difference = abs(fround(fround(fround(samples[at]! - samples[at + step]!) * 100) / 255));
      const whole = floor(difference);
      const isLess = whole > 0 && difference - whole < error;
      certain += isLess ? whole - 1 : whole;
      doubtful += isLess || difference + error >= whole + 1 ? 1 : 0;
    }
  }
  const quality = points(certain);
  return quality === points(certain + doubtful) || error === 0 ? quality : undefined;
}

function points(differences: number): number {
  return min(floor(differences / DIFFERENCES_A_POINT), 100);
}
