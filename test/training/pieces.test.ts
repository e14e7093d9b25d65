// Large weights in pieces: that nothing but the time changes.
import { describe, expect, it } from '@jest/globals';
import { relu } from '../../src/training/graph/elementwise.ts';
import { gemm } from '../../src/training/graph/linear.ts';
import { cutFor } from '../../src/training/graph/pieces.ts';
import { glorotUniform, zeros } from '../../src/training/initialisation.ts';
import { meanSquaredError } from '../../src/training/losses.ts';
import { defineProgram } from '../../src/training/program.ts';
import { Random } from '../../src/training/random.ts';
import { runTraining } from '../../src/training/trainer.ts';

const WIDE = 1500;
const NARROW = 750;
const BATCH = 4;

/** Wide to narrow and back: weights that are cut along their rows, along their columns, and used transposed. */
function program(product: boolean) {
  return defineProgram({
    name: 'pieces',
    parameters: {
      down: { shape: [WIDE, NARROW], initial: glorotUniform(), product },
      downBias: { shape: [NARROW], initial: zeros },
      across: { shape: [NARROW, WIDE], initial: glorotUniform(), product },
      acrossBias: { shape: [WIDE], initial: zeros },
    },
    streamed: { x: { type: 'float32', shape: [BATCH, WIDE] } },
    clipNorm: 1,
    loss({ parameters, streamed }) {
      const code = relu(gemm(streamed.x, parameters.down, { bias: parameters.downBias }));
      const wide = relu(gemm(code, parameters.across, { bias: parameters.acrossBias }));
      // Both once more, transposed.
      const narrow = gemm(wide, parameters.across, { transposeB: true });
      return { loss: meanSquaredError(gemm(narrow, parameters.down, { transposeB: true }), streamed.x) };
    },
  });
}

async function train(product: boolean) {
  const random = new Random(5);
  const rows = Float32Array.from({ length: 6 * BATCH * WIDE }, () => random.uniform());
  const size = BATCH * WIDE;
  return runTraining(
    program(product),
    (first, count) => ({
      x: { data: rows.subarray(first * size, (first + count) * size), shape: [count, BATCH, WIDE] },
    }),
    { steps: 6, schedule: { kind: 'constant', rate: 1e-3 }, seed: 3, device: 'cpu', mostStepsPerChunk: 4 },
  );
}

describe('large weights', () => {
  it('are cut along their longer axis into pieces that are as long together, small and other ones are not', () => {
    expect(cutFor([WIDE, NARROW])).toEqual({ axis: 0, sizes: [500, 500, 500] });
    expect(cutFor([NARROW, WIDE])).toEqual({ axis: 1, sizes: [500, 500, 500] });
    const { sizes } = cutFor([10_007, 500])!;
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(10_007);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect([cutFor([1000, 1000]), cutFor([2_000_000]), cutFor([128, 128, 9, 9])]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('train in pieces to the same losses and weights as whole', async () => {
    const whole = await train(false);
    const pieces = await train(true);
    whole.losses.forEach((loss, step) => {
      expect(pieces.losses[step]! / loss).toBeCloseTo(1, 5);
    });
    whole.parameters.forEach(({ name, shape, data }, i) => {
      const other = pieces.parameters[i]!;
      expect([other.name, other.shape]).toEqual([name, shape]);
      const apart = data.reduce((most, value, place) => Math.max(most, Math.abs(value - other.data[place]!)), 0);
      expect([name, apart < 1e-4]).toEqual([name, true]);
    });
  });
});
