// Repetition inside a graph: ONNX's Loop with a fixed number of trips.
import { Graph, type Tensor } from './graph.ts';

export interface LoopStep {
  /** The carried values for the next trip, in the order and shapes in which they came. */
  readonly carried: readonly Tensor[];
  /** Values of this trip to be collected over all trips. */
  readonly collected: readonly Tensor[];
}

export interface LoopResult {
  /** The carried values after the last trip. */
  readonly carried: readonly Tensor[];
  /** Each collected value with a leading axis of trips. Its size is only known at run time: shapes say 0 there. */
  readonly collected: readonly Tensor[];
}

/**
 * Runs `body` `trips` times (an int64 scalar). Gradients do not pass through a loop: derive inside the body.
 *
 * @param body builds one trip in its own graph, from the trip's number (int64 scalar) and the carried values
 */
export function loop(
  trips: Tensor,
  initial: readonly Tensor[],
  body: (graph: Graph, trip: Tensor, carried: readonly Tensor[]) => LoopStep,
): LoopResult {
  const outer = trips.graph;
  const inner = new Graph(outer.uniqueName('body'), outer);
  const trip = inner.input(outer.uniqueName('trip'), 'int64', []);
  const condition = inner.input(outer.uniqueName('condition'), 'bool', []);
  const carriedIn = initial.map((value) => inner.input(outer.uniqueName('carried'), value.type, value.shape));
  const step = body(inner, trip, carriedIn);
  if (step.carried.length !== initial.length) {
    throw new RangeError(
      `Expected ${initial.length} carried values from the loop's body but received ${step.carried.length}`,
    );
  }
  inner.output(condition);
  for (const value of [...step.carried, ...step.collected]) inner.output(value);
  const results = outer.node(
    'Loop',
    [trips, undefined, ...initial],
    [
      ...initial.map(({ type, shape }) => ({ type, shape })),
      ...step.collected.map(({ type, shape }) => ({ type, shape: [0, ...shape] })),
    ],
    { attributes: { body: { graph: inner.toProto() } } },
  );
  return { carried: results.slice(0, initial.length), collected: results.slice(initial.length) };
}
