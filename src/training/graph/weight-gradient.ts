// The gradient of a convolution's weights: what each tap of the kernel saw, times the gradient at the place that saw it.
import { type Geometry, geometryAttributes, pictureShape } from './convolution-geometry.ts';
import { differentiable, emit, type Tensor } from './graph.ts';
import { gemm } from './linear.ts';
import { reshape, transpose } from './shaping.ts';

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
  const taps = whatTapsSaw(input, [rows, groups * columns, ...out], geometry);
  if (groups === 1 && places <= MOST_PLACES) {
    const product = gemm(inLines(gradient), inLines(taps), { transposeB: true });
    return differentiable(reshape(product, weights.shape), [
      [input, refuseAnother],
      [gradient, refuseAnother],
    ]);
  }
  const seen = reshape(taps, [rows, groups, columns, places]);
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
 * Places up to which the pictures of a step go into one product. Small maps of one picture give products with little to sum
 * up and a whole gradient a picture, which then have to be added: a step of 256 pictures of 32 × 32 through 64, 128 and 256
 * channels took 1.2 s of processor time, and so 0.75.
 */
const MOST_PLACES = 64;

/** [rows, channels, h, w] as [channels, rows · h · w]. */
function inLines(maps: Tensor): Tensor {
  const [rows, channels, height, width] = pictureShape('Conv', maps);
  const places = height * width;
  return reshape(transpose(reshape(maps, [rows, channels, places]), [1, 0, 2]), [channels, rows * places]);
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
