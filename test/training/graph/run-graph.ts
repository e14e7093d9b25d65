// Builds a small graph, runs it once on the CPU, and hands back its outputs.
import type { NumericTensor } from '../../../src/runtime/numeric-tensor.ts';
import { elementTypeOf } from '../../../src/runtime/numeric-tensor.ts';
import { openSession } from '../../../src/runtime/onnx-session.ts';
import { Graph, type Tensor } from '../../../src/training/graph/graph.ts';

export async function runGraph(
  feeds: Record<string, NumericTensor>,
  build: (inputs: Record<string, Tensor>, graph: Graph) => Record<string, Tensor>,
): Promise<Record<string, NumericTensor>> {
  const graph = new Graph('test');
  const inputs = Object.fromEntries(
    Object.entries(feeds).map(([name, { data, shape }]) => [name, graph.input(name, elementTypeOf(data), shape)]),
  );
  // An open first size: outputs of a loop have as many rows as it had trips.
  for (const [name, tensor] of Object.entries(build(inputs, graph))) {
    graph.output(
      tensor,
      name,
      tensor.shape.map((size, axis) => (axis === 0 ? 'rows' : size)),
    );
  }
  const session = await openSession(graph.toModel(), { device: 'cpu', threads: 1 });
  const results = await session.run(feeds);
  await session.release();
  return results;
}

export function numbers(tensor: NumericTensor | undefined): number[] {
  return Array.from(tensor!.data as ArrayLike<number>, Number);
}

export function expectClose(actual: readonly number[], expected: readonly number[], tolerance = 1e-5): void {
  if (actual.length !== expected.length)
    throw new Error(`Expected ${expected.length} numbers but received ${actual.length}`);
  actual.forEach((value, i) => {
    const difference = Math.abs(value - expected[i]!);
    if (!(difference <= tolerance)) throw new Error(`Expected ${expected[i]} at ${i} but received ${value}`);
  });
}
