// The library of the graph, loaded when one is opened or built: the only importer of hnswlib-node.
import type { HierarchicalNSW } from 'hnswlib-node';

export type HnswlibGraph = HierarchicalNSW;

/** An empty graph over the inner product. It is loaded here: native code that most questions do not need. */
export async function newHnswlibGraph(dimensions: number): Promise<HnswlibGraph> {
  const { default: hnswlib } = await import('hnswlib-node');
  return new hnswlib.HierarchicalNSW('ip', dimensions);
}
