// Sums and means over axes, and their opposite, expansion.
import { differentiable, emit, refuse, type Tensor } from './graph.ts';
import { broadcastShape, elementCount, normaliseAxes, type Shape, sameShape, showShape } from './shape.ts';
import { reshape } from './shaping.ts';

export interface ReductionOptions {
  /** Axes to reduce; negative ones count from the back. @default all */
  readonly axes?: readonly number[];
  /** Leaves reduced axes in place with size 1. @default false */
  readonly keepAxes?: boolean;
}

export function sum(x: Tensor, options: ReductionOptions = {}): Tensor {
  const { axes, kept, shape } = plan('ReduceSum', x, options);
  if (axes.length === 0) return x;
  const total = emit('ReduceSum', [x, x.graph.integers(axes)], shape, {
    attributes: { keepdims: { int: options.keepAxes === true ? 1 : 0 } },
    type: x.type,
  });
  return differentiable(total, [[x, (gradient) => expand(reshape(gradient, kept), x.shape)]]);
}

export function mean(x: Tensor, options: ReductionOptions = {}): Tensor {
  const { axes, kept, shape } = plan('ReduceMean', x, options);
  if (axes.length === 0) return x;
  const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  const average = emit('ReduceMean', [x], shape, {
    attributes: { axes: { ints: axes }, keepdims: { int: options.keepAxes === true ? 1 : 0 } },
  });
  return differentiable(average, [[x, (gradient) => expand(reshape(scaled(gradient, 1 / count), kept), x.shape)]]);
}

/** The mean of everything, row by row first: one float32 sum over a million values loses the fifth digit. */
export function meanOfAll(x: Tensor): Tensor {
  return x.shape.length < 2 ? mean(x) : mean(mean(x, { axes: [-1] }));
}

/** Repeats axes of size 1 until the tensor has `shape`. */
export function expand(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const result = broadcastShape(x.shape, shape);
  if (result === undefined || !sameShape(result, shape)) {
    refuse('Expand', [x], `expected a shape that can grow to ${showShape(shape)} but received ${showShape(x.shape)}`);
  }
  return differentiable(emit('Expand', [x, x.graph.integers(shape)], shape, { type: x.type }), [
    [x, (gradient) => sumTo(gradient, x.shape)],
  ]);
}

/** Sums over the axes along which `shape` was stretched to become the shape of `x`: the gradient of stretching. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (elementCount(x.shape) === elementCount(shape)) return reshape(x, shape);
  const added = x.shape.length - shape.length;
  const axes = x.shape.flatMap((size, axis) =>
    axis < added || (shape[axis - added] === 1 && size !== 1) ? [axis] : [],
  );
  const total = sum(rowsFirst(x, axes), { axes, keepAxes: true });
  return reshape(total, shape);
}

/** Sums the last of several axes by itself, so that no single float32 sum grows long. */
function rowsFirst(x: Tensor, axes: readonly number[]): Tensor {
  const last = axes.at(-1);
  return axes.length > 1 && last === x.shape.length - 1 ? sum(x, { axes: [last], keepAxes: true }) : x;
}

/** elementwise.ts builds on this file, so multiplication by a number is spelt out here. */
function scaled(x: Tensor, factor: number): Tensor {
  if (x.constant !== undefined) return x.graph.scalar(x.constant * factor);
  return differentiable(emit('Mul', [x, x.graph.scalar(factor)], x.shape), [
    [x, (gradient) => scaled(gradient, factor)],
  ]);
}

function plan(
  operator: string,
  x: Tensor,
  options: ReductionOptions,
): { axes: number[]; kept: number[]; shape: number[] } {
  const rank = x.shape.length;
  const axes = normaliseAxes(options.axes ?? x.shape.map((_, axis) => axis), rank);
  if (axes.some((axis) => axis < 0 || axis >= rank)) {
    refuse(operator, [x], `expected axes of ${showShape(x.shape)} but received ${showShape(options.axes ?? [])}`);
  }
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return { axes, kept, shape: options.keepAxes === true ? kept : x.shape.filter((_, axis) => !axes.includes(axis)) };
}
