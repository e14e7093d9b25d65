// Runs a graph that draws noise, once, as a given step of a training would.
import type { NumericTensor } from '../../src/runtime/numeric-tensor.ts';
import { elementTypeOf } from '../../src/runtime/numeric-tensor.ts';
import { openSession } from '../../src/runtime/onnx-session.ts';
import { Graph, type Tensor } from '../../src/training/graph/graph.ts';
import { GraphNoise, type Noise, noiseTables, noiseWindows } from '../../src/training/noise.ts';

export async function runWithNoise(
  feeds: Record<string, NumericTensor>,
  { seed, step }: { readonly seed: number; readonly step: number },
  build: (noise: Noise, inputs: Record<string, Tensor>) => Record<string, Tensor>,
): Promise<Record<string, NumericTensor>> {
  const graph = new Graph('test');
  const inputs = Object.fromEntries(
    Object.entries(feeds).map(([name, { data, shape }]) => [name, graph.input(name, elementTypeOf(data), shape)]),
  );
  const noise = new GraphNoise(graph, graph.integers(0));
  for (const [name, tensor] of Object.entries(build(noise, inputs))) graph.output(tensor, name);
  const session = await openSession(graph.toModel(), { device: 'cpu', threads: 1 });
  const results = await session.run({
    ...feeds,
    ...noiseTables(noise.draws, seed),
    ...noiseWindows(noise.draws, seed, step, 1),
  });
  await session.release();
  return results;
}
