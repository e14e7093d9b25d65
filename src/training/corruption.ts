// The noise of a de-noising auto-encoder, drawn inside the graph anew at every step (Vincent et al. 2010).
import { randomNormal, randomUniform } from './graph/drawing.ts';
import { add, mul } from './graph/elementwise.ts';
import type { Graph, Tensor } from './graph/graph.ts';
import { greater } from './graph/selection.ts';
import { cast } from './graph/shaping.ts';

/**
 * Sets each element to 0 with a probability and leaves the others as they are (masking noise).
 *
 * @param graph where the noise is drawn: the body of the training loop
 */
export function maskInputs(graph: Graph, x: Tensor, probability: number, seed: number): Tensor {
  return probability === 0 ? x : mul(x, keepMask(graph, x, probability, seed));
}

/** Masks as {@link maskInputs} does and divides what is left by 1 − probability, so that sums stay the same on average. */
export function dropout(graph: Graph, x: Tensor, probability: number, seed: number): Tensor {
  return probability === 0 ? x : mul(x, mul(keepMask(graph, x, probability, seed), 1 / (1 - probability)));
}

/** Adds independent normal noise of a standard deviation to each element. */
export function addGaussianNoise(graph: Graph, x: Tensor, deviation: number, seed: number): Tensor {
  return deviation === 0 ? x : add(x, randomNormal(graph, x.shape, seed, 0, deviation));
}

function keepMask(graph: Graph, x: Tensor, probability: number, seed: number): Tensor {
  return cast(greater(randomUniform(graph, x.shape, seed), probability), 'float32');
}
