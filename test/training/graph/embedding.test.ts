// The dense layer for sparse inputs, and the loss for sparse targets, against the same on dense ones.
import { describe, expect, it } from '@jest/globals';
import { openSession } from '../../../src/runtime/onnx-session.ts';
import { gradients } from '../../../src/training/graph/autodiff.ts';
import { embeddingSum } from '../../../src/training/graph/embedding.ts';
import { Graph, type Tensor } from '../../../src/training/graph/graph.ts';
import { gemm } from '../../../src/training/graph/linear.ts';
import { sum } from '../../../src/training/graph/reduction.ts';
import { gather } from '../../../src/training/graph/shaping.ts';
import { multinomial, sparseMultinomial } from '../../../src/training/losses.ts';
import { gradientError } from './gradient-check.ts';

/** Two rows over five places; row 0 has place 3 twice, row 1 leaves an entry unused. */
const PLACES = Int32Array.of(3, 1, 3, 4, 2, 0);
const VALUES = Float32Array.of(0.5, -1, 2, 1.5, 0.25, 0);
const DENSE = Float32Array.of(0, -1, 0, 2.5, 0, 0, 0, 0.25, 0, 1.5);

const entries = (graph: Graph) =>
  [graph.constant(PLACES, 'int32', [2, 3]), graph.constant(VALUES, 'float32', [2, 3])] as const;

describe('an embedding sum', () => {
  it('refuses places and values of different shapes, and a table that is none', () => {
    const graph = new Graph('mistakes');
    const tensor = (...shape: number[]) => graph.input(graph.uniqueName('x'), 'float32', shape);
    expect(() => embeddingSum(tensor(5, 2), tensor(2, 3), tensor(2, 4))).toThrow(/\[2, 3\] and \[2, 4\]/);
    expect(() => embeddingSum(tensor(5), tensor(2, 3), tensor(2, 3))).toThrow(/table \[size, columns\].*\[5\]/);
  });

  it('has the gradient that finite differences have', async () => {
    const error = await gradientError({
      shapes: [[5, 4]],
      build: ([table], graph) => embeddingSum(table!, ...entries(graph)),
    });
    expect(error).toBeLessThan(2e-3);
  });

  it('loses no gradient where many entries share a place, with several threads', async () => {
    const [size, columns, rows, most] = [60, 256, 512, 48];
    const graph = new Graph('shared places');
    const table = graph.input('table', 'float32', [size, columns]);
    const places = Int32Array.from({ length: rows * most }, (_, i) => (i * 7919) % 50);
    const ones = graph.constant(new Float32Array(rows * most).fill(1), 'float32', [rows, most]);
    const total = sum(embeddingSum(table, graph.constant(places, 'int32', [rows, most]), ones));
    graph.output(gradients(total, [table])[0]!, 'gradient');
    const session = await openSession(graph.toModel(), { device: 'cpu', threads: 4 });
    const data = new Float32Array(size * columns);
    const expected = Array.from({ length: size }, (_, place) => places.filter((each) => each === place).length);
    for (let time = 0; time < 5; time++) {
      const { gradient } = await session.run({ table: { data, shape: [size, columns] } });
      const counts = Array.from({ length: size }, (_, place) => Number(gradient!.data[place * columns]));
      expect(counts).toEqual(expected);
    }
    await session.release();
  });

  it('is the product with the dense input', async () => {
    const [ours, expected] = await both(
      (table, graph) => embeddingSum(table, ...entries(graph)),
      (table, graph) => gemm(graph.constant(DENSE, 'float32', [2, 5]), table),
    );
    for (const [i, value] of ours.entries()) expect(value).toBeCloseTo(expected[i]!, 5);
  });
});

describe('the loss for sparse targets', () => {
  // Rows of [5, 4]; place 1 comes twice, the last entry is unused.
  const positions = Int32Array.of(1, 1, 6, 9, 11, 12, 18, 0);
  const weights = Float32Array.of(0.25, 0.75, 1, 0.5, 0.5, 1, 1, 0);
  const dense = new Float32Array(20);
  for (const [i, position] of positions.entries()) dense[position]! += weights[i]!;
  const sparse = (logits: Tensor, graph: Graph) =>
    sparseMultinomial(logits, graph.constant(positions, 'int32', [8]), graph.constant(weights, 'float32', [8]));
  const full = (logits: Tensor, graph: Graph) => multinomial(logits, graph.constant(dense, 'float32', [5, 4]));

  it('is that for dense ones', async () => {
    const [ours, expected] = await both(sparse, full);
    expect(ours[0]).toBeCloseTo(expected[0]!, 5);
  });

  it('has the gradient of that for dense ones', async () => {
    const [ours, expected] = await both(
      (logits, graph) => gradients(sparse(logits, graph), [logits])[0]!,
      (logits, graph) => gradients(full(logits, graph), [logits])[0]!,
    );
    for (const [i, value] of ours.entries()) expect(value).toBeCloseTo(expected[i]!, 5);
  });
});

/** What two ways to build give for the same input [5, 4]. */
async function both(...builds: ((x: Tensor, graph: Graph) => Tensor)[]): Promise<[Float32Array, Float32Array]> {
  const graph = new Graph('both');
  const x = graph.input('x', 'float32', [5, 4]);
  for (const [i, build] of builds.entries()) graph.output(build(x, graph), `y${i}`);
  const session = await openSession(graph.toModel(), { device: 'cpu', threads: 1 });
  const data = Float32Array.from({ length: 20 }, (_, i) => Math.sin(i * 1.7));
  const { y0, y1 } = await session.run({ x: { data, shape: [5, 4] } });
  await session.release();
  return [y0!.data as Float32Array, y1!.data as Float32Array];
}

describe('the gradient of gather', () => {
  it('loses nothing where a row is asked for many times, with several threads', async () => {
    const [size, columns, asked] = [60, 256, 20_000];
    const graph = new Graph('shared rows');
    const table = graph.input('table', 'float32', [size, columns]);
    const rows = BigInt64Array.from({ length: asked }, (_, i) => BigInt((i * 7919) % 50));
    const total = sum(gather(table, graph.constant(rows, 'int64', [asked])));
    graph.output(gradients(total, [table])[0]!, 'gradient');
    const session = await openSession(graph.toModel(), { device: 'cpu', threads: 4 });
    const { gradient } = await session.run({
      table: { data: new Float32Array(size * columns), shape: [size, columns] },
    });
    const counts = Array.from({ length: size }, (_, row) => Number(gradient!.data[row * columns]));
    expect(counts).toEqual(Array.from({ length: size }, (_, row) => (row < 50 ? asked / 50 : 0)));
    await session.release();
  });
});
