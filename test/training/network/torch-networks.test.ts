// Whole small networks against PyTorch: losses, gradients and running statistics; see scripts/fixtures/torch-networks.py.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { NumericTensor } from '../../../src/runtime/numeric-tensor.ts';
import { openSession } from '../../../src/runtime/onnx-session.ts';
import { gradients } from '../../../src/training/graph/autodiff.ts';
import { Graph, type Tensor } from '../../../src/training/graph/graph.ts';
import { weightedSum } from '../../../src/training/losses.ts';
import { valuesOf } from '../../../src/training/network/forward.ts';
import { buildNetwork } from '../../../src/training/network/network.ts';
import { parseRecipe, type RecipeInput } from '../../../src/training/network/recipe.ts';
import { lossTerms } from '../../../src/training/network/training-graph.ts';

const ROWS = 4;

interface Case {
  readonly name: string;
  readonly recipe: RecipeInput;
  readonly rows: readonly number[];
  /** What each draw gives, in order. */
  readonly noise: readonly (readonly number[])[];
  readonly values: Readonly<Record<string, readonly number[]>>;
  readonly losses: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  readonly buffers: Readonly<Record<string, readonly number[]>>;
}

const CASES = JSON.parse(readFileSync(new URL('./torch-networks.json', import.meta.url), 'utf8')) as Case[];

/** One step's losses, the gradients of their sum and the buffers after it, with given noise. */
async function evaluate({ recipe: written, rows, noise, values }: Case): Promise<Record<string, NumericTensor>> {
  const recipe = parseRecipe(written);
  const network = buildNetwork(recipe);
  const graph = new Graph('case');
  const input = graph.input('rows', 'uint8', [ROWS, ...network.input]);
  const described = { ...network.parameters, ...network.buffers };
  const tensors = Object.fromEntries(
    Object.entries(described).map(([name, { shape }]) => [name, graph.input(name, 'float32', shape)]),
  );
  const draws = noise.values();
  const draw = (shape: readonly number[], deviation = 1) => {
    const numbers = Float32Array.from(draws.next().value!, (number) => number * deviation);
    return graph.constant(numbers, 'float32', shape);
  };
  const training = { noise: { uniform: draw, normal: draw }, buffers: new Map<string, Tensor>(), divergences: [] };
  const terms = lossTerms(recipe, network, valuesOf(recipe, input), { values: tensors, switches: new Map(), training });
  const total = weightedSum(terms.map(({ spec, loss }) => [spec.weight, loss]));
  const names = Object.keys(network.parameters);
  const parameters = names.map((name) => tensors[name]!);
  for (const [i, gradient] of gradients(total, parameters).entries()) {
    graph.output(gradient, `gradient ${names[i]}`);
  }
  for (const [i, { loss }] of terms.entries()) graph.output(loss, `loss ${i}`);
  for (const [name, buffer] of training.buffers) graph.output(buffer, `buffer ${name}`);
  const feeds: Record<string, NumericTensor> = { rows: { data: Uint8Array.from(rows), shape: input.shape } };
  for (const [name, { shape }] of Object.entries(network.parameters)) {
    feeds[name] = { data: Float32Array.from(values[name]!), shape };
  }
  for (const [name, { shape }] of Object.entries(network.buffers)) {
    feeds[name] = { data: new Float32Array(shape[0]!).fill(name.endsWith('variance') ? 1 : 0), shape };
  }
  const session = await openSession(graph.toModel(), { device: 'cpu', threads: 1 });
  const results = await session.run(feeds);
  await session.release();
  return results;
}

/** The largest difference, relative to the largest number. */
function difference(actual: NumericTensor | undefined, expected: readonly number[]): number {
  const data = actual!.data as Float32Array;
  expect(data.length).toBe(expected.length);
  const scale = Math.max(1e-3, ...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(value - data[i]!))) / scale;
}

describe.each(CASES)('a network with $name', (network) => {
  it('has the losses, gradients and running statistics of PyTorch', async () => {
    const results = await evaluate(network);
    const { losses, gradients: slopes, buffers } = network;
    expect(Object.keys(results).length).toBe(losses.length + Object.keys(slopes).length + Object.keys(buffers).length);
    for (const [i, loss] of losses.entries()) {
      expect(difference(results[`loss ${i}`], [loss])).toBeLessThan(1e-5);
    }
    const differences = Object.entries(slopes).map(([name, numbers]) => [
      name,
      difference(results[`gradient ${name}`], numbers),
    ]);
    expect(differences.filter(([, size]) => Number(size) > 1e-4)).toEqual([]);
    for (const [name, numbers] of Object.entries(buffers)) {
      expect(difference(results[`buffer ${name}`], numbers)).toBeLessThan(1e-5);
    }
  });
});
