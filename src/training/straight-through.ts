// Signs that a gradient passes through: how networks learn codes that make good bits.
import { add, sign, sub } from './graph/elementwise.ts';
import { stopGradient, type Tensor } from './graph/graph.ts';

/** The sign of x, whose gradient is taken for that of x itself (Bengio et al. 2013). */
export function straightThroughSign(x: Tensor): Tensor {
  return add(x, stopGradient(sub(sign(x), x)));
}
