// The gradient of a convolution's weights: what each tap of the kernel saw, times the gradient at the place that saw it.
import { type Geometry, isTiling, type Pair, pictureShape } from './convolution-geometry.ts';
import { differentiable, emit, type Tensor } from './graph.ts';
import { gemm } from './linear.ts';
import { elementCount } from './shape.ts';
import { concat, reshape, transpose } from './shaping.ts';

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
  // Channels first: products row by row would leave rows · out · in · taps partial sums to add up.
  const lines = reshape(transpose(gradient, [1, 0, 2, 3]), [filters, rows * out[0] * out[1]]);
  const product =
    groups > 1
      ? productOfGroups(lines, shiftedCopies(input, out, geometry), groups, depth)
      : kernel[0] === kernel[1] && isTiling([input.shape[2]!, input.shape[3]!], out, geometry)
        ? gemm(lines, tiles(input, kernel[0]), { transposeB: true })
        : productOfTaps(lines, shiftedCopies(input, out, geometry));
  const result = transpose(reshape(product, [filters, ...kernel, depth]), [0, 3, 1, 2]);
  return differentiable(result, [
    [input, refuseAnother],
    [gradient, refuseAnother],
  ]);
}

function refuseAnother(): never {
  throw new TypeError("Expected no gradient of a convolution's weight gradient: none is defined");
}

/** A product with fewer columns than this takes as long. */
const LEAST_COLUMNS = 16;

/**
 * [filters, taps · channels], a product for each tap or, where channels are few, for some together. One product for all
 * takes twice as long or more: what all taps saw is too large for the caches, and it would have to be copied together.
 */
function productOfTaps(lines: Tensor, copies: readonly Tensor[]): Tensor {
  const together = Math.max(1, Math.floor(LEAST_COLUMNS / copies[0]!.shape[0]!));
  const products: Tensor[] = [];
  for (let first = 0; first < copies.length; first += together) {
    const seen = joined(copies.slice(first, first + together), 0);
    products.push(gemm(lines, asMatrix(seen), { transposeB: true }));
  }
  return joined(products, 1);
}

/** [filters, taps · channels of a group]: each group of filters with its own channels. */
function productOfGroups(lines: Tensor, copies: readonly Tensor[], groups: number, depth: number): Tensor {
  const [filters, places] = lines.shape as readonly [number, number];
  const columns = copies.length * depth;
  const seen = joined(
    copies.map((copy) => reshape(copy, [groups, depth, places])),
    1,
  );
  const ofGroups = reshape(lines, [groups, filters / groups, places]);
  const product = emit('MatMul', [ofGroups, transpose(seen, [0, 2, 1])], [groups, filters / groups, columns]);
  return reshape(product, [filters, columns]);
}

/** For each tap of the kernel what it saw, channels first: the input from there on, in steps of the stride. */
function shiftedCopies(input: Tensor, out: Pair, { kernel, stride, dilation, padding }: Geometry): Tensor[] {
  const { graph } = input;
  const padded = padSides(transpose(input, [1, 0, 2, 3]), padding);
  const shape = [padded.shape[0]!, padded.shape[1]!, ...out];
  const axes = graph.integers([2, 3]);
  const steps = graph.integers(stride);
  const copies: Tensor[] = [];
  for (let y = 0; y < kernel[0] * dilation[0]; y += dilation[0]) {
    for (let x = 0; x < kernel[1] * dilation[1]; x += dilation[1]) {
      const ends = graph.integers([y + (out[0] - 1) * stride[0] + 1, x + (out[1] - 1) * stride[1] + 1]);
      copies.push(emit('Slice', [padded, graph.integers([y, x]), ends, axes, steps], shape));
    }
  }
  return copies;
}

/** What each tap of a tiling saw, [taps · channels, places]: one operator, where slices in steps read everything often. */
function tiles(input: Tensor, side: number): Tensor {
  const [rows, channels, height, width] = pictureShape('SpaceToDepth', input);
  const shape = [rows, side * side * channels, height / side, width / side];
  const cut = emit('SpaceToDepth', [input], shape, { attributes: { blocksize: { int: side } } });
  return asMatrix(transpose(cut, [1, 0, 2, 3]));
}

/** Zeros around each map. */
function padSides(x: Tensor, [vertical, horizontal]: Pair): Tensor {
  if (vertical === 0 && horizontal === 0) return x;
  const [channels, rows, height, width] = pictureShape('Pad', x);
  const amounts = x.graph.integers([0, 0, vertical, horizontal, 0, 0, vertical, horizontal]);
  return emit('Pad', [x, amounts], [channels, rows, height + 2 * vertical, width + 2 * horizontal]);
}

/** All axes but the first as one. */
function asMatrix(x: Tensor): Tensor {
  const [first] = x.shape as readonly [number];
  return reshape(x, [first, elementCount(x.shape) / first]);
}

function joined(parts: readonly Tensor[], axis: number): Tensor {
  return parts.length === 1 ? parts[0]! : concat(parts, axis);
}
