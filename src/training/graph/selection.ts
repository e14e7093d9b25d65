// Comparing and choosing: greater, less, and, where, min, max, clip. Only `where` passes gradients on.
import { commonShape, type Operand, operands } from './elementwise.ts';
import { differentiable, emit, refuse, type Tensor } from './graph.ts';
import { sumTo } from './reduction.ts';
import { broadcastShape, showShape } from './shape.ts';

export function greater(a: Operand, b: Operand): Tensor {
  return comparison('Greater', a, b);
}

export function less(a: Operand, b: Operand): Tensor {
  return comparison('Less', a, b);
}

/** True where both are. */
export function and(a: Tensor, b: Tensor): Tensor {
  return emit('And', [a, b], commonShape('And', a, b), { type: 'bool' });
}

/** `a` where the condition holds, `b` elsewhere. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const yes = typeof a === 'number' ? condition.graph.scalar(a) : a;
  const no = typeof b === 'number' ? condition.graph.scalar(b) : b;
  if (condition.type !== 'bool')
    refuse('Where', [condition], `expected a bool condition but received ${condition.type}`);
  const values = commonShape('Where', yes, no);
  const shape =
    broadcastShape(condition.shape, values) ??
    refuse(
      'Where',
      [condition],
      `expected a condition that fits ${showShape(values)} but received ${showShape(condition.shape)}`,
    );
  return differentiable(emit('Where', [condition, yes, no], shape, { type: yes.type }), [
    [yes, (gradient) => sumTo(where(condition, gradient, 0), yes.shape)],
    [no, (gradient) => sumTo(where(condition, 0, gradient), no.shape)],
  ]);
}

/** The smaller of two. */
export function min(a: Operand, b: Operand): Tensor {
  return extreme('Min', a, b);
}

/** The larger of two. */
export function max(a: Operand, b: Operand): Tensor {
  return extreme('Max', a, b);
}

/** x, but at least `low` and at most `high`. */
export function clip(x: Tensor, low: number, high: number): Tensor {
  return emit('Clip', [x, x.graph.scalar(low), x.graph.scalar(high)], x.shape);
}

function comparison(operator: string, a: Operand, b: Operand): Tensor {
  const [left, right] = operands(a, b);
  return emit(operator, [left, right], commonShape(operator, left, right), { type: 'bool' });
}

function extreme(operator: string, a: Operand, b: Operand): Tensor {
  const [left, right] = operands(a, b);
  return emit(operator, [left, right], commonShape(operator, left, right));
}
