// Random numbers drawn inside a graph: new ones at every step of a Loop, the same sequence in every session of one seed.
import type { Graph, Tensor } from './graph.ts';
import type { Shape } from './shape.ts';

/** Independent draws from low ≤ x < high. */
export function randomUniform(graph: Graph, shape: Shape, seed: number, low = 0, high = 1): Tensor {
  const attributes = { ...drawing(shape, seed), low: { float: low }, high: { float: high } };
  return graph.node('RandomUniform', [], [{ type: 'float32', shape }], { attributes })[0]!;
}

/** Independent draws from the normal distribution. */
export function randomNormal(graph: Graph, shape: Shape, seed: number, mean = 0, deviation = 1): Tensor {
  const attributes = { ...drawing(shape, seed), mean: { float: mean }, scale: { float: deviation } };
  return graph.node('RandomNormal', [], [{ type: 'float32', shape }], { attributes })[0]!;
}

/** ONNX keeps the seed as a float32, which holds whole numbers up to 2^24 only. */
function drawing(shape: Shape, seed: number) {
  return { shape: { ints: shape }, seed: { float: seed % 2 ** 24 } };
}
