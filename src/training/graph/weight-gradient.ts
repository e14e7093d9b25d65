// The gradient of a convolution's weights: what each tap of the kernel saw, times the gradient at the place that saw it.
import { type Geometry, geometryAttributes, pictureShape } from './convolution-geometry.ts';
import { differentiable, emit, type Tensor } from './graph.ts';
import { reshape } from './shaping.ts';

/**
 * Gradient [out, in / groups, kh, kw] of a convolution's weights, from its input [rows, in, h, w] and the gradient
 * [rows, out, h', w'] at its output.
 */
export function weightGradient(
  input: Tensor,
  gradient: Tensor,
  weights: Tensor,
  geometry: Geometry,
  groups: number,
): Tensor {
  const [filters, depth, ...kernel] = pictureShape('Conv', weights);
  const [rows, , ...out] = pictureShape('Conv', gradient);
  const places = out[0] * out[1];
  const columns = depth * kernel[0] * kernel[1];
  const seen = reshape(whatTapsSaw(input, [rows, groups * columns, ...out], geometry), [rows, groups, columns, places]);
  const lines = reshape(gradient, [rows, groups, filters / groups, places]);
  const ofRows = emit('FusedMatMul', [lines, seen], [rows, groups, filters / groups, columns], {
    domain: 'com.microsoft',
    attributes: { transB: { int: 1 } },
  });
  const product = emit('ReduceSum', [ofRows, input.graph.integers([0])], [groups, filters / groups, columns], {
    attributes: { keepdims: { int: 0 } },
  });
  return differentiable(reshape(product, weights.shape), [
    [input, refuseAnother],
    [gradient, refuseAnother],
  ]);
}

/**
 * For each channel and each tap of the kernel, in this order, the value the tap saw at each place: a convolution, each of
 * whose filters is 1 at one tap of one channel. It runs on all threads; slices, transposes and concatenations, which would
 * do the same, run on one and took twice as long.
 */
function whatTapsSaw(input: Tensor, shape: readonly number[], geometry: Geometry): Tensor {
  const [, channels] = pictureShape('Conv', input);
  const { kernel } = geometry;
  const taps = kernel[0] * kernel[1];
  const filters = new Float32Array(channels * taps * taps);
  for (let filter = 0; filter < channels * taps; filter++) filters[filter * taps + (filter % taps)] = 1;
  const oneTap = input.graph.constant(filters, 'float32', [channels * taps, 1, ...kernel], 'one-tap');
  return emit('Conv', [input, oneTap], shape, {
    attributes: { ...geometryAttributes(geometry), group: { int: channels } },
  });
}

function refuseAnother(): never {
  throw new TypeError("Expected no gradient of a convolution's weight gradient: none is defined");
}
