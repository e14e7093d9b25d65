// PDQ's samples with the very roundings of Meta's program: running sums in single precision, twice along both axes.
import type { Picture } from './decode.ts';
import { PDQ_SIDE, pdqCentre, pdqWindow } from './pdq-samples.ts';

// Taken out of Math once: a lookup of a global in a loop is slow wherever the module runs in a realm of its own (Jest).
const { fround } = Math;
const PASSES = 2;

/** @returns [64, 64] brightness, 0 … 255, numbers of single precision */
export function runningSamples({ rgb, width, height }: Picture): Float64Array {
  const brightness = new Float32Array(width * height);
  for (let pixel = 0, at = 0; pixel < brightness.length; pixel++, at += 3)
    brightness[pixel] = rgb[at]! * 0.299 + rgb[at + 1]! * 0.587 + rgb[at + 2]! * 0.114;
  // The reference copies a picture of this very size.
  if (width === PDQ_SIDE && height === PDQ_SIDE) return Float64Array.from(brightness);
  const other = new Float32Array(brightness.length);
  for (let pass = 0; pass < PASSES; pass++) {
    for (let row = 0; row < height; row++) runningMean(brightness, other, row * width, 1, width, pdqWindow(width));
    for (let column = 0; column < width; column++)
      runningMean(other, brightness, column, width, height, pdqWindow(height));
  }
  const samples = new Float64Array(PDQ_SIDE * PDQ_SIDE);
  for (let row = 0; row < PDQ_SIDE; row++) {
    const line = pdqCentre(height, row) * width;
    for (let column = 0; column < PDQ_SIDE; column++)
      samples[row * PDQ_SIDE + column] = brightness[line + pdqCentre(width, column)]!;
  }
  return samples;
}

/** The mean of `window` neighbours of each of `count` numbers, `step` apart; of fewer at both ends. */
function runningMean(
  from: Float32Array,
  to: Float32Array,
  start: number,
  step: number,
  count: number,
  window: number,
): void {
  const ahead = Math.floor((window + 2) / 2);
  let sum = 0;
  let [entering, leaving, out] = [start, start, start];
  let size = 0;
  for (; size < ahead - 1; size++, entering += step) sum = fround(sum + from[entering]!);
  while (size < window) {
    sum = fround(sum + from[entering]!);
    size++;
    to[out] = sum / size;
    entering += step;
    out += step;
  }
  for (let at = window; at < count; at++) {
    sum = fround(sum + from[entering]!);
    sum = fround(sum - from[leaving]!);
    to[out] = sum / size;
    entering += step;
    leaving += step;
    out += step;
  }
  for (let at = 0; at < ahead - 1; at++) {
    sum = fround(sum - from[leaving]!);
    size--;
    to[out] = sum / size;
    leaving += step;
    out += step;
  }
}
