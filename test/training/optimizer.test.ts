// Optimizers, clipping and schedules against PyTorch's numbers, from scripts/fixtures/torch-optimizers.py.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { NextChunk } from '../../src/training/chunks.ts';
import { gemm } from '../../src/training/graph/linear.ts';
import { zeros } from '../../src/training/initialisation.ts';
import { meanSquaredError } from '../../src/training/losses.ts';
import { createOptimizer, type OptimizerOptions } from '../../src/training/optimizer.ts';
import { defineProgram, GRADIENT_NORM } from '../../src/training/program.ts';
import { learningRate, type Schedule } from '../../src/training/schedule.ts';
import { runTraining } from '../../src/training/trainer.ts';

interface Outcome {
  readonly losses: readonly number[];
  readonly w: readonly number[];
  readonly b: readonly number[];
  readonly norms?: readonly number[];
}
const torch = JSON.parse(readFileSync(new URL('./torch-optimizers.json', import.meta.url), 'utf8')) as {
  readonly inputs: readonly number[];
  readonly targets: readonly number[];
  readonly start: { readonly w: readonly number[]; readonly b: readonly number[] };
  readonly cases: Readonly<Record<string, Outcome>>;
};
const STEPS = 24;

function program(optimizer: OptimizerOptions, clipNorm?: number) {
  return defineProgram({
    name: 'regression',
    parameters: { w: { shape: [3, 2], initial: zeros }, b: { shape: [2], initial: zeros } },
    streamed: { x: { type: 'float32', shape: [4, 3] }, y: { type: 'float32', shape: [4, 2] } },
    optimizer,
    ...(clipNorm === undefined ? {} : { clipNorm }),
    loss: ({ parameters: { w, b }, streamed: { x, y } }) => ({ loss: meanSquaredError(gemm(x, w, { bias: b }), y) }),
  });
}

const next: NextChunk = (first, count) => ({
  x: { data: Float32Array.from(torch.inputs.slice(first * 12, (first + count) * 12)), shape: [count, 4, 3] },
  y: { data: Float32Array.from(torch.targets.slice(first * 8, (first + count) * 8)), shape: [count, 4, 2] },
});

function train(optimizer: OptimizerOptions, schedule: Schedule, clipNorm?: number) {
  return runTraining(program(optimizer, clipNorm), next, {
    steps: STEPS,
    schedule,
    seed: 1,
    start: [
      { name: 'w', shape: [3, 2], data: Float32Array.from(torch.start.w) },
      { name: 'b', shape: [2], data: Float32Array.from(torch.start.b) },
    ],
    device: 'cpu',
    threads: 1,
  });
}

/** Largest difference, in parts of the larger number or, near 0, of `floor`. */
function relative(ours: ArrayLike<number>, theirs: readonly number[], floor = 0.1): number {
  expect(ours.length).toBe(theirs.length);
  return Math.max(...theirs.map((value, i) => Math.abs(ours[i]! - value) / Math.max(Math.abs(value), floor)));
}

const constant = (rate: number) => ({ kind: 'constant', rate }) as const;

describe('settings that cannot be', () => {
  it.each([
    [{ kind: 'sgd', momentum: 1 }],
    [{ kind: 'sgd', nesterov: true }],
    [{ kind: 'sgd', weightDecay: -1 }],
    [{ kind: 'adam', beta1: 1 }],
    [{ kind: 'adam', beta2: -0.1 }],
    [{ kind: 'adamw', epsilon: Number.NaN }],
    [{ kind: 'adagrad' as 'sgd' }],
  ] as const)('are refused: %j', (options) => {
    expect(() => createOptimizer(options)).toThrow(RangeError);
  });

  it('are refused for clipping', () => {
    expect(() => program({ kind: 'sgd' }, 0)).toThrow(RangeError);
  });
});

describe('an optimizer does what PyTorch does:', () => {
  it.each([
    ['sgd', { kind: 'sgd' }, constant(0.1)],
    ['sgd with momentum', { kind: 'sgd', momentum: 0.9 }, constant(0.05)],
    [
      'sgd with Nesterov momentum and weight decay',
      { kind: 'sgd', momentum: 0.8, nesterov: true, weightDecay: 0.02 },
      constant(0.05),
    ],
    ['adam', { kind: 'adam' }, constant(0.05)],
    [
      'adam with weight decay and other settings',
      { kind: 'adam', beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1 },
      constant(0.05),
    ],
    ['adamw', { kind: 'adamw' }, constant(0.05)],
    ['adamw with more decay', { kind: 'adamw', weightDecay: 0.3 }, constant(0.05)],
    ['adam along a cosine after a warm-up', { kind: 'adam' }, { kind: 'cosine', rate: 0.1, warmUp: 5 }],
  ] as const)('%s', async (name, optimizer, schedule) => {
    const expected = torch.cases[name]!;
    const { losses, parameters } = await train(optimizer, schedule);
    expect(relative(losses, expected.losses)).toBeLessThan(1e-5);
    expect(relative(parameters[0]!.data, expected.w)).toBeLessThan(1e-5);
    expect(relative(parameters[1]!.data, expected.b)).toBeLessThan(1e-5);
  });

  it('clips by the norm of all gradients together, and reports it as it was before', async () => {
    const expected = torch.cases['sgd, clipped']!;
    const { losses, parameters, metrics } = await train({ kind: 'sgd', momentum: 0.5 }, constant(0.1), 0.7);
    expect(relative(losses, expected.losses)).toBeLessThan(1e-5);
    expect(relative(parameters[0]!.data, expected.w)).toBeLessThan(1e-5);
    expect(relative(metrics[GRADIENT_NORM]!, expected.norms!)).toBeLessThan(1e-5);
    expect(Math.max(...expected.norms!)).toBeGreaterThan(0.7);
  });
});

describe('the learning rate', () => {
  it('stays, after a warm-up where there is one', () => {
    expect(learningRate(constant(0.1), 7, 10)).toBe(0.1);
    const warm = { kind: 'constant', rate: 1, warmUp: 4 } as const;
    expect([0, 1, 3, 4, 9].map((step) => learningRate(warm, step, 10))).toEqual([0.25, 0.5, 1, 1, 1]);
  });

  it('grows over the warm-up and falls along half a cosine', () => {
    const cosine = { kind: 'cosine', rate: 1, final: 0.2, warmUp: 4 } as const;
    expect([0, 1, 3].map((step) => learningRate(cosine, step, 24))).toEqual([0.25, 0.5, 1]);
    expect(learningRate(cosine, 4, 24)).toBe(1);
    expect(learningRate(cosine, 14, 24)).toBeCloseTo(0.6, 12);
    expect(learningRate(cosine, 24, 24)).toBeCloseTo(0.2, 12);
  });
});
