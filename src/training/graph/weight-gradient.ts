// The gradient of a convolution's weights: what the kernel saw at each place, times the gradient there.
import { type Geometry, type Pair, pictureShape } from './convolution-geometry.ts';
import { emit, type Tensor } from './graph.ts';
import { concat, reshape, transpose } from './shaping.ts';

/**
 * Gradient [out, in / groups, kh, kw] of a convolution's weights, from its input [rows, in, h, w] and the gradient
 * [rows, out, h', w'] at its output: shifted copies of the input side by side, then one matrix product a group.
 */
export function weightGradient(
  input: Tensor,
  gradient: Tensor,
  weights: Tensor,
  geometry: Geometry,
  groups: number,
): Tensor {
  const [filters, depth, kernelHeight, kernelWidth] = pictureShape('Conv', weights);
  const [rows, , outHeight, outWidth] = pictureShape('Conv', gradient);
  const places = rows * outHeight * outWidth;
  const taps = kernelHeight * kernelWidth;
  // Channels first, so that the copies join into one matrix: products row by row would leave rows · out · in · taps
  // partial sums to add up.
  const copies = shiftedCopies(
    padSides(transpose(input, [1, 0, 2, 3]), geometry.padding),
    [outHeight, outWidth],
    geometry,
  );
  const lines = transpose(gradient, [1, 0, 2, 3]);
  if (groups === 1) {
    const columns = reshape(concat(copies, 0), [taps * depth, places]);
    const product = emit('Gemm', [reshape(lines, [filters, places]), columns], [filters, taps * depth], {
      attributes: { transB: { int: 1 } },
    });
    return transpose(reshape(product, [filters, kernelHeight, kernelWidth, depth]), [0, 3, 1, 2]);
  }
  const columns = transpose(
    concat(
      copies.map((copy) => reshape(copy, [groups, depth, places])),
      1,
    ),
    [0, 2, 1],
  );
  const ofGroups = reshape(lines, [groups, filters / groups, places]);
  const product = emit('MatMul', [ofGroups, columns], [groups, filters / groups, taps * depth]);
  return transpose(reshape(product, [filters, kernelHeight, kernelWidth, depth]), [0, 3, 1, 2]);
}

/** Zeros around each map. */
function padSides(x: Tensor, [vertical, horizontal]: Pair): Tensor {
  if (vertical === 0 && horizontal === 0) return x;
  const [channels, rows, height, width] = pictureShape('Pad', x);
  const amounts = x.graph.integers([0, 0, vertical, horizontal, 0, 0, vertical, horizontal]);
  return emit('Pad', [x, amounts], [channels, rows, height + 2 * vertical, width + 2 * horizontal]);
}

/** For each place of the kernel, what it saw: the input from there on, in steps of the stride. */
function shiftedCopies(padded: Tensor, [outHeight, outWidth]: Pair, { kernel, stride, dilation }: Geometry): Tensor[] {
  const { graph } = padded;
  const copies: Tensor[] = [];
  for (let y = 0; y < kernel[0] * dilation[0]; y += dilation[0]) {
    for (let x = 0; x < kernel[1] * dilation[1]; x += dilation[1]) {
      const starts = graph.integers([y, x]);
      const ends = graph.integers([y + (outHeight - 1) * stride[0] + 1, x + (outWidth - 1) * stride[1] + 1]);
      const shape = [padded.shape[0]!, padded.shape[1]!, outHeight, outWidth];
      copies.push(emit('Slice', [padded, starts, ends, graph.integers([2, 3]), graph.integers(stride)], shape));
    }
  }
  return copies;
}
