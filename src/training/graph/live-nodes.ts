// Leaves out what nobody asks for: ONNX Runtime computes every node of a model, whether its results are used or not.
import type { GraphProto, NodeProto } from './model-proto.ts';

/** The nodes on whose results one of the named outputs depends, in their order. */
export function liveNodes(nodes: readonly NodeProto[], outputs: readonly string[]): NodeProto[] {
  const wanted = new Set(outputs);
  const live: NodeProto[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((name) => wanted.has(name))) continue;
    live.push(node);
    for (const name of namesRead(node)) wanted.add(name);
  }
  return live.reverse();
}

/** A node reads its inputs, and its sub-graphs read from the graphs around them. */
function namesRead(node: NodeProto): string[] {
  const ofSubGraphs = Object.values(node.attributes ?? {}).flatMap((attribute) =>
    'graph' in attribute ? namesReadIn(attribute.graph) : [],
  );
  return [...node.inputs, ...ofSubGraphs];
}

function namesReadIn(graph: GraphProto): string[] {
  return [...graph.outputs.map(({ name }) => name), ...graph.nodes.flatMap(namesRead)];
}
