// Softmax, its logarithm and l2 normalisation along one axis, with their gradients.
import { add, div, exp, mul, sqrt, sub } from './elementwise.ts';
import { differentiable, emit, type Tensor } from './graph.ts';
import { sum } from './reduction.ts';

/** e^x / Σ e^x along an axis. */
export function softmax(x: Tensor, axis = -1): Tensor {
  const y: Tensor = differentiable(emit('Softmax', [x], x.shape, { attributes: { axis: { int: axis } } }), [
    [
      x,
      (gradient) => {
        const weighted = mul(gradient, y);
        return sub(weighted, mul(y, sum(weighted, { axes: [axis], keepAxes: true })));
      },
    ],
  ]);
  return y;
}

/** x − log Σ e^x along an axis. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  const y: Tensor = differentiable(emit('LogSoftmax', [x], x.shape, { attributes: { axis: { int: axis } } }), [
    [x, (gradient) => sub(gradient, mul(exp(y), sum(gradient, { axes: [axis], keepAxes: true })))],
  ]);
  return y;
}

/** x divided by its Euclidean length along an axis; `epsilon` keeps the square root of an all-zero row away from 0. */
export function l2Normalise(x: Tensor, axis = -1, epsilon = 1e-12): Tensor {
  const squares = sum(mul(x, x), { axes: [axis], keepAxes: true });
  return div(x, sqrt(add(squares, epsilon)));
}
