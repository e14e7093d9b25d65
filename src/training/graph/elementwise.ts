// Operators that work on each element by itself, with their gradients. Binary ones stretch their operands over one another.
// A gradient speaks of an operator's result through its differentiable tensor, so that it has a gradient itself.
import { differentiable, emit, innermostGraph, refuse, type Tensor } from './graph.ts';
import { sumTo } from './reduction.ts';
import { broadcastShape, sameShape, showShape } from './shape.ts';

/** A tensor, or a number that stands for a constant scalar. */
export type Operand = Tensor | number;

export function add(a: Operand, b: Operand): Tensor {
  const [left, right] = operands(a, b);
  return differentiable(binary('Add', left, right), [
    [left, (gradient) => sumTo(gradient, left.shape)],
    [right, (gradient) => sumTo(gradient, right.shape)],
  ]);
}

export function sub(a: Operand, b: Operand): Tensor {
  const [left, right] = operands(a, b);
  return differentiable(binary('Sub', left, right), [
    [left, (gradient) => sumTo(gradient, left.shape)],
    [right, (gradient) => neg(sumTo(gradient, right.shape))],
  ]);
}

export function mul(a: Operand, b: Operand): Tensor {
  const [left, right] = operands(a, b);
  if (right.constant === 1 && broadcastsInto(right, left)) return left;
  if (left.constant === 1 && broadcastsInto(left, right)) return right;
  if (left.constant !== undefined && right.constant !== undefined) {
    return left.graph.scalar(left.constant * right.constant);
  }
  return differentiable(binary('Mul', left, right), [
    [left, (gradient) => sumTo(mul(gradient, right), left.shape)],
    [right, (gradient) => sumTo(mul(gradient, left), right.shape)],
  ]);
}

export function div(a: Operand, b: Operand): Tensor {
  const [left, right] = operands(a, b);
  const quotient: Tensor = differentiable(binary('Div', left, right), [
    [left, (gradient) => sumTo(div(gradient, right), left.shape)],
    [right, (gradient) => neg(sumTo(mul(div(gradient, right), quotient), right.shape))],
  ]);
  return quotient;
}

export function neg(x: Tensor): Tensor {
  return differentiable(unary('Neg', x), [[x, neg]]);
}

export function exp(x: Tensor): Tensor {
  const y: Tensor = differentiable(unary('Exp', x), [[x, (gradient) => mul(gradient, y)]]);
  return y;
}

/** Natural logarithm. */
export function log(x: Tensor): Tensor {
  return differentiable(unary('Log', x), [[x, (gradient) => div(gradient, x)]]);
}

export function sqrt(x: Tensor): Tensor {
  const y: Tensor = differentiable(unary('Sqrt', x), [[x, (gradient) => div(mul(gradient, 0.5), y)]]);
  return y;
}

export function abs(x: Tensor): Tensor {
  return differentiable(unary('Abs', x), [[x, (gradient) => mul(gradient, sign(x))]]);
}

/** −1, 0 or 1. Its gradient is zero everywhere, so none passes. */
export function sign(x: Tensor): Tensor {
  return unary('Sign', x);
}

export function relu(x: Tensor): Tensor {
  const y = unary('Relu', x);
  return differentiable(y, [[x, (gradient) => mul(gradient, positive(y))]]);
}

/** x where it is positive, `slope`·x elsewhere. */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  const y = emit('LeakyRelu', [x], x.shape, { attributes: { alpha: { float: slope } } });
  return differentiable(y, [[x, (gradient) => mul(gradient, add(mul(positive(x), 1 - slope), slope))]]);
}

/**
 * 1 where x is positive and 0 elsewhere, as a ramp too steep for any normal float32 to stand on. One pass; ONNX Runtime's
 * Sign takes six times as long, a comparison and a cast twice.
 */
function positive(x: Tensor): Tensor {
  return emit('HardSigmoid', [x], x.shape, { attributes: { alpha: { float: 3e38 }, beta: { float: 0 } } });
}

/** 1 / (1 + e^−x) */
export function sigmoid(x: Tensor): Tensor {
  const y: Tensor = differentiable(unary('Sigmoid', x), [[x, (gradient) => mul(gradient, mul(y, sub(1, y)))]]);
  return y;
}

export function tanh(x: Tensor): Tensor {
  const y: Tensor = differentiable(unary('Tanh', x), [[x, (gradient) => mul(gradient, sub(1, mul(y, y)))]]);
  return y;
}

/** log(1 + e^x) */
export function softplus(x: Tensor): Tensor {
  return differentiable(unary('Softplus', x), [[x, (gradient) => mul(gradient, sigmoid(x))]]);
}

/** Turns numbers into constants of the other operand's graph. */
export function operands(a: Operand, b: Operand): [Tensor, Tensor] {
  if (typeof a !== 'number') return [a, typeof b === 'number' ? a.graph.scalar(b) : b];
  if (typeof b !== 'number') return [b.graph.scalar(a), b];
  throw new TypeError('Expected at least one tensor but received two numbers');
}

/** The shape two operands have together. */
export function commonShape(operator: string, a: Tensor, b: Tensor): number[] {
  const shape = broadcastShape(a.shape, b.shape);
  return (
    shape ??
    refuse(
      operator,
      [a, b],
      `expected shapes that fit one another but received ${showShape(a.shape)} and ${showShape(b.shape)}`,
    )
  );
}

function binary(operator: string, a: Tensor, b: Tensor): Tensor {
  if (a.type !== b.type) refuse(operator, [a, b], `expected one element type but received ${a.type} and ${b.type}`);
  return emit(operator, [a, b], commonShape(operator, a, b), { type: a.type });
}

function unary(operator: string, x: Tensor): Tensor {
  return emit(operator, [x], x.shape, { type: x.type });
}

/** True when `small` changes neither the shape nor the home of `large`. */
function broadcastsInto(small: Tensor, large: Tensor): boolean {
  const shape = broadcastShape(small.shape, large.shape);
  return shape !== undefined && sameShape(shape, large.shape) && innermostGraph([small, large]) === large.graph;
}
