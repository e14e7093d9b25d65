// Keeps gradients from growing without bounds, as torch.nn.utils.clip_grad_norm_ does.
import { add, div, mul, sqrt } from './graph/elementwise.ts';
import type { Tensor } from './graph/graph.ts';
import { sum } from './graph/reduction.ts';
import { min } from './graph/selection.ts';

export interface ClippedGradients {
  readonly gradients: readonly Tensor[];
  /** The Euclidean length of all gradients together before they were clipped, a scalar. */
  readonly norm: Tensor;
}

/** Scales all gradients by one number, so that they are together no longer than `longest`. */
export function clipGradients(gradients: readonly Tensor[], longest: number): ClippedGradients {
  const squares = gradients.map((gradient) => {
    const rows = gradient.shape.length < 2 ? mul(gradient, gradient) : sum(mul(gradient, gradient), { axes: [-1] });
    return sum(rows);
  });
  const norm = sqrt(squares.reduce((total, square) => add(total, square)));
  // The 1e-6 is PyTorch's.
  const scale = min(div(longest, add(norm, 1e-6)), 1);
  return { gradients: gradients.map((gradient) => mul(gradient, scale)), norm };
}
