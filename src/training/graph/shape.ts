// Arithmetic on tensor shapes, and the one way to say that shapes do not fit.
import { SandglassError } from '../../errors.ts';

/** Sizes of a tensor's axes, outermost first; [] is a scalar. */
export type Shape = readonly number[];

export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** The shape of `a` and `b` stretched over one another (numpy's rule), or undefined when they do not fit. */
export function broadcastShape(a: Shape, b: Shape): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[a.length - rank + axis] ?? 1;
    const right = b[b.length - rank + axis] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    result.push(left === 1 ? right : left);
  }
  return result;
}

/** Axes counted from the front, each once, in order; negative ones count from the back. */
export function normaliseAxes(axes: readonly number[], rank: number): number[] {
  return [...new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)))].sort((a, b) => a - b);
}

/** GRAPH_SHAPE, naming the layer and the operator. */
export function shapeError(layer: string, operator: string, problem: string): SandglassError {
  const place = layer === '' ? operator : `${operator} of layer '${layer}'`;
  return new SandglassError('GRAPH_SHAPE', `${place}: ${problem}`);
}
