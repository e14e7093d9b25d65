// The library of the graph, loaded when one is opened or built: the only importer of hnswlib-node.
import type { HierarchicalNSW } from 'hnswlib-node';

export type HnswlibGraph = HierarchicalNSW;

/** An empty graph over the inner product. It is loaded here: native code that most questions do not need. */
export async function newHnswlibGraph(dimensions: number): Promise<HnswlibGraph> {
  const { default: hnswlib } = await import('hnswlib-node');
  return new hnswlib.HierarchicalNSW('ip', dimensions);
}

/** Numbers of a code as hnswlib-node takes them. By a loop: Array.from takes ten times as long, as much as a few candidates. */
export function numbersOf(codes: Float32Array, from: number, count: number): number[] {
  const numbers = new Array<number>(count);
  for (let i = 0; i < count; i++) numbers[i] = codes[from + i]!;
  return numbers;
}
