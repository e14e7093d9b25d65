// Operators that move elements without changing them: reshape, transpose, concat, slice, pad, gather, cast.
import type { ElementType } from '../../runtime/numeric-tensor.ts';
import { differentiable, emit, refuse, type Tensor } from './graph.ts';
import { elementTypeNumber } from './model-proto.ts';
import { elementCount, type Shape, sameShape, showShape } from './shape.ts';

/** The same elements in another shape. Leading sizes that stay are copied at run time, so an open batch size stays open. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (elementCount(x.shape) !== elementCount(shape)) {
    refuse(
      'Reshape',
      [x],
      `expected ${elementCount(x.shape)} elements, as in ${showShape(x.shape)}, but ${showShape(shape)} was asked for`,
    );
  }
  const changed = shape.findIndex((size, axis) => size !== x.shape[axis]);
  const target = shape.map((size, axis) => (axis < changed ? 0 : size));
  return differentiable(emit('Reshape', [x, x.graph.integers(target)], shape, { type: x.type }), [
    [x, (gradient) => reshape(gradient, x.shape)],
  ]);
}

/** Axis i of the result is axis `order[i]` of `x`. */
export function transpose(x: Tensor, order: readonly number[]): Tensor {
  const expected = x.shape.map((_, axis) => axis);
  if (
    !sameShape(
      [...order].sort((a, b) => a - b),
      expected,
    )
  ) {
    refuse(
      'Transpose',
      [x],
      `expected an order of the ${x.shape.length} axes of ${showShape(x.shape)} but received ${showShape(order)}`,
    );
  }
  const shape = order.map((axis) => x.shape[axis]!);
  const inverse = order.map((_, axis) => order.indexOf(axis));
  return differentiable(emit('Transpose', [x], shape, { attributes: { perm: { ints: order } }, type: x.type }), [
    [x, (gradient) => transpose(gradient, inverse)],
  ]);
}

/** One after the other along an axis; all other sizes must agree. */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const first = parts[0] ?? refuse('Concat', parts, 'expected at least one tensor');
  for (const part of parts) {
    const fits =
      part.shape.length === first.shape.length && part.shape.every((size, i) => i === axis || size === first.shape[i]);
    if (!fits) {
      refuse(
        'Concat',
        parts,
        `expected shapes that differ in axis ${axis} only but received ${showShape(first.shape)} and ${showShape(part.shape)}`,
      );
    }
  }
  const starts: number[] = [];
  let total = 0;
  for (const part of parts) {
    starts.push(total);
    total += part.shape[axis]!;
  }
  const shape = first.shape.map((size, i) => (i === axis ? total : size));
  const joined = emit('Concat', parts, shape, { attributes: { axis: { int: axis } }, type: first.type });
  return differentiable(
    joined,
    parts.map((part, i) => [part, (gradient) => slice(gradient, axis, starts[i]!, starts[i]! + part.shape[axis]!)]),
  );
}

/** Elements `from` ≤ i < `to` along an axis. */
export function slice(x: Tensor, axis: number, from: number, to: number): Tensor {
  const size = x.shape[axis];
  if (size === undefined || from < 0 || to > size || from >= to) {
    refuse('Slice', [x], `expected a range within axis ${axis} of ${showShape(x.shape)} but received ${from} to ${to}`);
  }
  if (from === 0 && to === size) return x;
  const at = (value: number) => x.graph.integers([value]);
  const shape = x.shape.map((whole, i) => (i === axis ? to - from : whole));
  return differentiable(emit('Slice', [x, at(from), at(to), at(axis)], shape, { type: x.type }), [
    [x, (gradient) => pad(gradient, axis, from, size - to)],
  ]);
}

/** Zeros before and after along an axis. */
export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  if (before === 0 && after === 0) return x;
  const amounts = [before, after].flatMap((amount) => x.shape.map((_, i) => (i === axis ? amount : 0)));
  const shape = x.shape.map((size, i) => (i === axis ? before + size + after : size));
  return differentiable(emit('Pad', [x, x.graph.integers(amounts)], shape, { type: x.type }), [
    [x, (gradient) => slice(gradient, axis, before, before + x.shape[axis]!)],
  ]);
}

/** Rows of `table` [n, …] by int32 or int64 `indices` [i…]: [i…, …]. A row asked for twice gathers both gradients. */
export function gather(table: Tensor, indices: Tensor): Tensor {
  if (table.shape.length === 0) refuse('Gather', [table], 'expected a table with rows but received a scalar');
  if (indices.type !== 'int32' && indices.type !== 'int64')
    refuse('Gather', [indices], `expected int32 or int64 indices but received ${indices.type}`);
  const row = table.shape.slice(1);
  const rows = emit('Gather', [table, indices], [...indices.shape, ...row], {
    attributes: { axis: { int: 0 } },
    type: table.type,
  });
  return differentiable(rows, [
    [
      table,
      (gradient) => {
        // A product with one-hot rows. ScatterND would be cheaper, but ONNX Runtime 1.30 loses some of the rows that it
        // adds up in one place when it has several threads.
        const count = elementCount(indices.shape);
        const length = elementCount(row);
        const size = table.graph.integers([table.shape[0]!]);
        const zeroAndOne = table.graph.constant(Float32Array.of(0, 1), 'float32', [2]);
        const asked = reshape(indices, [count]);
        const oneHot = emit('OneHot', [asked, size, zeroAndOne], [count, table.shape[0]!], {
          attributes: { axis: { int: 1 } },
          type: 'float32',
        });
        const sums = emit('Gemm', [oneHot, reshape(gradient, [count, length])], [table.shape[0]!, length], {
          attributes: { transA: { int: 1 } },
        });
        return reshape(sums, table.shape);
      },
    ],
  ]);
}

/** Another element type. No gradient passes. */
export function cast(x: Tensor, type: ElementType): Tensor {
  return x.type === type
    ? x
    : emit('Cast', [x], x.shape, { attributes: { to: { int: elementTypeNumber(type) } }, type });
}

/**
 * Zeros with `values` [e] at the flat int64 `positions` [e] of `shape`: a sparse tensor made dense. Positions that come
 * twice must carry the same value. No gradient passes.
 */
export function scatterFlat(positions: Tensor, values: Tensor, shape: Shape): Tensor {
  const { graph } = positions;
  const count = elementCount(shape);
  const base = emit('ConstantOfShape', [graph.integers([count])], [count]);
  const flat = emit('ScatterElements', [base, positions, values], [count], { attributes: { axis: { int: 0 } } });
  return reshape(flat, shape);
}
