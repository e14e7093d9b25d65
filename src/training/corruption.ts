// The noise of a de-noising auto-encoder, drawn inside the graph anew at every step (Vincent et al. 2010).
import { add, mul } from './graph/elementwise.ts';
import type { Tensor } from './graph/graph.ts';
import { greater } from './graph/selection.ts';
import { cast } from './graph/shaping.ts';
import type { Noise } from './noise.ts';

/** Sets each element to 0 with a probability and leaves the others as they are (masking noise). */
export function maskInputs(noise: Noise, x: Tensor, probability: number): Tensor {
  return probability === 0 ? x : mul(x, keepMask(noise, x, probability));
}

/** Masks as {@link maskInputs} does and divides what is left by 1 − probability, so that sums stay the same on average. */
export function dropout(noise: Noise, x: Tensor, probability: number): Tensor {
  return probability === 0 ? x : mul(x, mul(keepMask(noise, x, probability), 1 / (1 - probability)));
}

/** Adds independent normal noise of a standard deviation to each element. */
export function addGaussianNoise(noise: Noise, x: Tensor, deviation: number): Tensor {
  return deviation === 0 ? x : add(x, noise.normal(x.shape, deviation));
}

function keepMask(noise: Noise, x: Tensor, probability: number): Tensor {
  return cast(greater(noise.uniform(x.shape), probability), 'float32');
}
