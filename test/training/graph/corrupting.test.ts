// Operators without gradients, against the same computed in plain JavaScript.
import { describe, expect, it } from '@jest/globals';
import { mul, sign } from '../../../src/training/graph/elementwise.ts';
import { averagePool } from '../../../src/training/graph/pooling.ts';
import { affineGrid, gridSample, resizeLinear } from '../../../src/training/graph/sampling.ts';
import { and, clip, greater, less, max, min, where } from '../../../src/training/graph/selection.ts';
import { cast, scatterFlat } from '../../../src/training/graph/shaping.ts';
import { Random } from '../../../src/training/random.ts';
import { expectClose, numbers, runGraph } from './run-graph.ts';

const random = new Random(11);
const values = (count: number) => Float32Array.from({ length: count }, () => random.normal());
const ROWS = 2;
const SIDE = 6;
const pictures = { data: values(ROWS * SIDE * SIDE), shape: [ROWS, 1, SIDE, SIDE] };
const pixel = (row: number, y: number, x: number) =>
  x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : pictures.data[(row * SIDE + y) * SIDE + x]!;

/** Bilinear interpolation with zeros outside, at a place in pixels. */
function sampleAt(row: number, y: number, x: number): number {
  const top = Math.floor(y);
  const left = Math.floor(x);
  const down = y - top;
  const right = x - left;
  return (
    (1 - down) * ((1 - right) * pixel(row, top, left) + right * pixel(row, top, left + 1)) +
    down * ((1 - right) * pixel(row, top + 1, left) + right * pixel(row, top + 1, left + 1))
  );
}

describe('bending pictures', () => {
  it('by affine matrices samples where the matrix says, one matrix a row', async () => {
    const turn = 0.6;
    const matrices = [
      [Math.cos(turn), -Math.sin(turn), 0.1, Math.sin(turn), Math.cos(turn), -0.2],
      [-0.5, 0, 0.3, 0.1, 1.4, 0],
    ];
    const feeds = { pictures, matrices: { data: Float32Array.from(matrices.flat()), shape: [ROWS, 2, 3] } };
    const { bent } = await runGraph(feeds, (inputs) => ({
      bent: gridSample(inputs.pictures!, affineGrid(inputs.matrices!, SIDE, SIDE)),
    }));
    const expected = matrices.flatMap((m, row) =>
      Array.from({ length: SIDE * SIDE }, (_, i) => {
        const x = (2 * (i % SIDE) + 1) / SIDE - 1;
        const y = (2 * Math.floor(i / SIDE) + 1) / SIDE - 1;
        const sourceX = m[0]! * x + m[1]! * y + m[2]!;
        const sourceY = m[3]! * x + m[4]! * y + m[5]!;
        return sampleAt(row, ((sourceY + 1) * SIDE - 1) / 2, ((sourceX + 1) * SIDE - 1) / 2);
      }),
    );
    expectClose(numbers(bent), expected);
  });

  it('by the identity leaves them as they are', async () => {
    const matrices = { data: Float32Array.of(1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0), shape: [ROWS, 2, 3] };
    const { bent } = await runGraph({ pictures, matrices }, (inputs) => ({
      bent: gridSample(inputs.pictures!, affineGrid(inputs.matrices!, SIDE, SIDE)),
    }));
    expectClose(numbers(bent), [...pictures.data]);
  });

  it('by averaging and stretching back gives cell means and straight lines between them', async () => {
    const { small, back } = await runGraph({ pictures }, (inputs) => {
      const averaged = averagePool(inputs.pictures!, 3);
      return { small: averaged, back: resizeLinear(averaged, SIDE, SIDE) };
    });
    const cell = (row: number, y: number, x: number) => {
      let total = 0;
      for (let i = 0; i < 9; i++) total += pixel(row, y * 3 + Math.floor(i / 3), x * 3 + (i % 3));
      return total / 9;
    };
    const cells = [0, 1].flatMap((row) => [cell(row, 0, 0), cell(row, 0, 1), cell(row, 1, 0), cell(row, 1, 1)]);
    expectClose(numbers(small), cells);
    const along = (at: number) => Math.min(1, Math.max(0, (at + 0.5) / 3 - 0.5));
    const expected = [0, 1].flatMap((row) =>
      Array.from({ length: SIDE * SIDE }, (_, i) => {
        const y = along(Math.floor(i / SIDE));
        const x = along(i % SIDE);
        const [a, b, c, d] = cells.slice(row * 4, row * 4 + 4) as [number, number, number, number];
        return (1 - y) * ((1 - x) * a + x * b) + y * ((1 - x) * c + x * d);
      }),
    );
    expectClose(numbers(back), expected);
  });
});

describe('comparing and choosing', () => {
  it('does to each element what its name says', async () => {
    const a = { data: Float32Array.of(-2, -0.5, 0, 0.5, 2), shape: [5] };
    const b = { data: Float32Array.of(1, -0.5, -1, 0.2, 3), shape: [5] };
    const results = await runGraph({ a, b }, ({ a, b }) => ({
      where: where(and(greater(a!, -1), less(a!, 1)), a!, mul(b!, 10)),
      min: min(a!, b!),
      max: max(a!, 0.1),
      clip: clip(a!, -1, 0.25),
      sign: sign(a!),
      cast: cast(cast(a!, 'int64'), 'float32'),
    }));
    expectClose(numbers(results.where), [10, -0.5, 0, 0.5, 30]);
    expectClose(numbers(results.min), [-2, -0.5, -1, 0.2, 2]);
    expectClose(numbers(results.max), [0.1, 0.1, 0.1, 0.5, 2]);
    expectClose(numbers(results.clip), [-1, -0.5, 0, 0.25, 0.25]);
    expectClose(numbers(results.sign), [-1, -1, 0, 1, 1]);
    expectClose(numbers(results.cast), [-2, 0, 0, 0, 2]);
  });

  it('makes sparse values dense, a repeated position counting once', async () => {
    const positions = { data: BigInt64Array.of(5n, 0n, 5n), shape: [3] };
    const weights = { data: Float32Array.of(2, 3, 2), shape: [3] };
    const { dense } = await runGraph({ positions, weights }, (inputs) => ({
      dense: scatterFlat(inputs.positions!, inputs.weights!, [2, 3]),
    }));
    expect(dense!.shape).toEqual([2, 3]);
    expectClose(numbers(dense), [3, 0, 0, 0, 0, 2]);
  });
});
