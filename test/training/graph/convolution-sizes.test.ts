// Sizes that convolutions, pools and their undoing give in ONNX Runtime, against the rules of their arithmetic.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { elementTypeOf, type NumericTensor } from '../../../src/runtime/numeric-tensor.ts';
import { openSession } from '../../../src/runtime/onnx-session.ts';
import { conv2d, convTranspose2d } from '../../../src/training/graph/convolution.ts';
import { Graph, type Tensor } from '../../../src/training/graph/graph.ts';
import { maxPool2d, unpool2d } from '../../../src/training/graph/pooling.ts';
import { expectClose, numbers } from './run-graph.ts';

/** Runs a graph whose outputs declare no size at all, and whose inputs may have any number of rows. */
async function runOpen(
  feeds: Record<string, NumericTensor>,
  rowsWhileBuilding: number,
  build: (inputs: Record<string, Tensor>) => Record<string, Tensor>,
): Promise<Record<string, NumericTensor>> {
  const graph = new Graph('open');
  const inputs = Object.fromEntries(
    Object.entries(feeds).map(
      ([
        name,
        {
          data,
          shape: [, ...row],
        },
      ]) => [name, graph.input(name, elementTypeOf(data), [rowsWhileBuilding, ...row], ['rows', ...row])],
    ),
  );
  for (const [name, tensor] of Object.entries(build(inputs))) {
    graph.output(
      tensor,
      name,
      tensor.shape.map((_, axis) => `${name}${axis}`),
    );
  }
  const session = await openSession(graph.toModel(), { device: 'cpu', threads: 1 });
  const results = await session.run(feeds);
  await session.release();
  return results;
}

const picture = (...shape: number[]): NumericTensor => ({
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * 1.3)),
  shape,
});
const weightsOf = (graph: Graph, ...shape: number[]) => graph.constant(picture(...shape).data, 'float32', shape);
const sizes = (tensor: NumericTensor | undefined) => tensor!.shape.slice(2);

describe('a convolution', () => {
  it('of 1 to 4 channels, kernel 2, stride 2, padding 1, and its transpose come back to the size they started from', async () => {
    for (const [size, outputPadding] of [
      [28, 0],
      [27, 1],
    ] as const) {
      const { code, back } = await runOpen({ x: picture(3, 1, size, size) }, 3, ({ x }) => {
        const code = conv2d(x!, weightsOf(x!.graph, 4, 1, 2, 2), { stride: 2, padding: 1 });
        const options = { stride: 2, padding: 1, outputPadding };
        return { code, back: convTranspose2d(code, weightsOf(x!.graph, 4, 1, 2, 2), options) };
      });
      const places = Math.floor((size + 2 - 2) / 2) + 1;
      expect(code!.shape).toEqual([3, 4, places, places]);
      expect(back!.shape).toEqual([3, 1, size, size]);
      expect((places - 1) * 2 - 2 + 2 + outputPadding).toBe(size);
    }
  });

  const geometry = fc.record({
    size: fc.integer({ min: 1, max: 12 }),
    kernel: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 4 }),
    padding: fc.integer({ min: 0, max: 3 }),
    dilation: fc.integer({ min: 1, max: 3 }),
  });

  it('has o = ⌊(h + 2p − d(k − 1) − 1) / s⌋ + 1 places, and its transpose h = (o − 1)s − 2p + d(k − 1) + 1 + output padding', async () => {
    await fc.assert(
      fc.asyncProperty(geometry, geometry, fc.constantFrom(1, 2), async (down, right, groups) => {
        const reach = [down, right].map(({ kernel, dilation }) => dilation * (kernel - 1) + 1);
        const expected = [down, right].map(
          ({ size, stride, padding }, axis) => Math.floor((size + 2 * padding - reach[axis]!) / stride) + 1,
        );
        const pairOf = (key: keyof typeof down) => [down[key], right[key]] as const;
        const options = {
          stride: pairOf('stride'),
          padding: pairOf('padding'),
          dilation: pairOf('dilation'),
          groups,
        };
        const weights = [2 * groups, 2, ...pairOf('kernel')];
        const build = ({ x }: Record<string, Tensor>) => ({
          places: conv2d(x!, weightsOf(x!.graph, ...weights), options),
        });
        const x = picture(2, 2 * groups, ...pairOf('size'));
        if (expected.some((places) => places < 1)) {
          await expect(runOpen({ x }, 2, build)).rejects.toMatchObject({ code: 'GRAPH_SHAPE' });
          return;
        }
        const { places } = await runOpen({ x }, 2, build);
        expect(sizes(places)).toEqual(expected);
        // What the places do not reach is the output padding that brings the size back.
        const left = [down, right].map(
          ({ size, stride, padding }, axis) => size - ((expected[axis]! - 1) * stride - 2 * padding + reach[axis]!),
        );
        const { back } = await runOpen({ y: picture(2, 2 * groups, ...expected) }, 2, ({ y }) => ({
          back: convTranspose2d(y!, weightsOf(y!.graph, ...weights), {
            ...options,
            outputPadding: left as [number, number],
          }),
        }));
        expect(sizes(back)).toEqual([...pairOf('size')]);
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  it('transposed grows by any output padding that the stride or the dilation allows', async () => {
    await fc.assert(
      fc.asyncProperty(geometry, fc.nat(3), async ({ size, kernel, stride, padding, dilation }, outputPadding) => {
        const expected = (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1 + outputPadding;
        const options = { stride, padding, dilation, outputPadding };
        const build = ({ x }: Record<string, Tensor>) => ({
          y: convTranspose2d(x!, weightsOf(x!.graph, 1, 1, kernel, kernel), options),
        });
        const run = runOpen({ x: picture(1, 1, size, size) }, 1, build);
        if (outputPadding >= Math.max(stride, dilation) || expected < 1) {
          await expect(run).rejects.toMatchObject({ code: 'GRAPH_SHAPE' });
        } else {
          expect(sizes((await run).y)).toEqual([expected, expected]);
        }
      }),
      { numRuns: 60, seed: 12 },
    );
  });
});

describe('max pooling', () => {
  it('has as many windows as a convolution has places', async () => {
    const geometry = fc.record({
      size: fc.integer({ min: 1, max: 12 }),
      kernel: fc.integer({ min: 1, max: 4 }),
      stride: fc.integer({ min: 1, max: 4 }),
      padding: fc.integer({ min: 0, max: 2 }),
      dilation: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(geometry, async ({ size, ...options }) => {
        const { kernel, stride, padding, dilation } = options;
        const expected = Math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
        const run = runOpen({ x: picture(1, 2, size, size) }, 1, ({ x }) => {
          const { pooled, switches } = maxPool2d(x!, options);
          return { pooled, switches };
        });
        if (expected < 1 || padding > kernel / 2) {
          await expect(run).rejects.toMatchObject({ code: 'GRAPH_SHAPE' });
        } else {
          const { pooled, switches } = await run;
          expect(sizes(pooled)).toEqual([expected, expected]);
          expect(sizes(switches)).toEqual([expected, expected]);
        }
      }),
      { numRuns: 60, seed: 13 },
    );
  });

  it('and unpooling run with another number of rows than they were built with, each row by itself', async () => {
    const unpooled = async (rows: number, x: NumericTensor) =>
      runOpen({ x }, rows, (inputs) => {
        const { pooled, switches } = maxPool2d(inputs.x!, { kernel: 2 });
        return { pooled, switches, back: unpool2d(pooled, switches, [2, 4, 6]) };
      });
    const all = picture(5, 2, 4, 6);
    const rowLength = 2 * 4 * 6;
    const { pooled, switches, back } = await unpooled(3, all);
    expect(pooled!.shape).toEqual([5, 2, 2, 3]);
    expect(back!.shape).toEqual([5, 2, 4, 6]);
    expect(Math.max(...numbers(switches))).toBeLessThan(rowLength);
    for (let row = 0; row < 5; row++) {
      const data = (all.data as Float32Array).slice(row * rowLength, (row + 1) * rowLength);
      const alone = await unpooled(3, { data, shape: [1, 2, 4, 6] });
      expect(numbers(switches).slice(row * 12, (row + 1) * 12)).toEqual(numbers(alone.switches));
      expectClose(numbers(back).slice(row * rowLength, (row + 1) * rowLength), numbers(alone.back), 0);
    }
    // Each window keeps its largest value at its place and nothing else.
    numbers(back).forEach((value, i) => {
      if (value !== 0) expect(value).toBe(all.data[i]);
    });
    expect(numbers(back).filter((value) => value !== 0)).toHaveLength(5 * 12);
  });

  it('hands switches to a decoder in another graph', async () => {
    const x = picture(4, 2, 4, 6);
    const encoded = await runOpen({ x }, 3, (inputs) => {
      const { pooled, switches } = maxPool2d(inputs.x!, { kernel: [2, 3], stride: [2, 3] });
      return { pooled, switches };
    });
    const { back } = await runOpen({ pooled: encoded.pooled!, switches: encoded.switches! }, 3, (inputs) => ({
      back: unpool2d(inputs.pooled!, inputs.switches!, [2, 4, 6]),
    }));
    expect(back!.shape).toEqual([4, 2, 4, 6]);
    const kept = numbers(back).flatMap((value, i) => (value === 0 ? [] : [[value, x.data[i]]]));
    expect(kept).toHaveLength(4 * 2 * 2 * 2);
    for (const [value, original] of kept) expect(value).toBe(original);
  });
});
