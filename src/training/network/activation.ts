// What a layer's sums go through.
import { leakyRelu, relu, sigmoid, softplus, tanh } from '../graph/elementwise.ts';
import type { Tensor } from '../graph/graph.ts';
import type { ActivationName } from './layer-specs.ts';

const FUNCTIONS: Readonly<Record<ActivationName, (x: Tensor) => Tensor>> = {
  identity: (x) => x,
  relu,
  leakyRelu: (x) => leakyRelu(x),
  sigmoid,
  tanh,
  softplus,
};

export function activate(x: Tensor, activation: ActivationName): Tensor {
  return FUNCTIONS[activation](x);
}
