// The gradient of max pooling where windows lie side by side, without positions: the largest place of a window takes all.
import type { Pair } from './convolution-geometry.ts';
import { mul, sub } from './elementwise.ts';
import { emit, innermostGraph, type Tensor } from './graph.ts';
import { cast, concat, reshape, transpose } from './shaping.ts';

/**
 * The gradient [rows, channels, h, w] at `x` from that at the pooled pictures. Where several places of a window are the
 * largest, the first one takes all, line by line, as with the positions ONNX Runtime and PyTorch give.
 *
 * ONNX Runtime takes about three times as long to find positions and to scatter values to them, the latter on one thread.
 */
export function largestOfTilesGradient(x: Tensor, gradient: Tensor, [kernelHeight, kernelWidth]: Pair): Tensor {
  const [rows, channels, height, width] = gradient.shape as readonly [number, number, number, number];
  const lines = rows * channels * height;
  const inLines = lines * kernelHeight * width;
  // Each window's columns, one after the other, then what is largest in its lines.
  const columns = parts(transpose(reshape(x, [inLines, kernelWidth]), [1, 0]), 0, kernelWidth);
  const largestOfLines = largest(columns);
  const ofLines = parts(reshape(largestOfLines, [lines, kernelHeight, width]), 1, kernelHeight);
  const toLines = shares(reshape(gradient, [lines, 1, width]), ofLines, largest(ofLines));
  const toColumns = shares(reshape(concat(toLines, 1), [1, inLines]), columns, largestOfLines);
  return reshape(transpose(concat(toColumns, 0), [1, 0]), x.shape);
}

/** `whole` for the first part that is the largest, zeros for all others. */
function shares(whole: Tensor, values: readonly Tensor[], most: Tensor): Tensor[] {
  const last = values.length - 1;
  const taken: Tensor[] = [];
  let rest = whole;
  for (const value of values.slice(0, last)) {
    const isMost = cast(emit('Equal', [value, most], value.shape, { type: 'bool' }), 'float32');
    const share = mul(rest, isMost);
    taken.push(share);
    rest = sub(rest, share);
  }
  return [...taken, rest];
}

function largest(values: readonly Tensor[]): Tensor {
  return values.length === 1 ? values[0]! : emit('Max', values, values[0]!.shape);
}

/** `count` parts of one size along an axis. */
function parts(x: Tensor, axis: number, count: number): Tensor[] {
  if (count === 1) return [x];
  const shape = x.shape.map((size, i) => (i === axis ? size / count : size));
  const outputs = Array.from({ length: count }, () => ({ type: x.type, shape }));
  return innermostGraph([x]).node('Split', [x], outputs, { attributes: { axis: { int: axis } } });
}
