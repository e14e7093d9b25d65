// Operators and their gradients against PyTorch's numbers, from scripts/fixtures/torch-operators.py.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { NumericTensor } from '../../../src/runtime/numeric-tensor.ts';
import { gradients } from '../../../src/training/graph/autodiff.ts';
import { conv2d, convTranspose2d } from '../../../src/training/graph/convolution.ts';
import { mul, tanh } from '../../../src/training/graph/elementwise.ts';
import type { Graph, Tensor } from '../../../src/training/graph/graph.ts';
import { batchNorm, layerNorm } from '../../../src/training/graph/normalisation.ts';
import { type MaxPoolOptions, maxPool2d, unpool2d } from '../../../src/training/graph/pooling.ts';
import { sum } from '../../../src/training/graph/reduction.ts';
import { elementCount } from '../../../src/training/graph/shape.ts';
import * as losses from '../../../src/training/losses.ts';
import { numbers, runGraph } from './run-graph.ts';

interface Case {
  readonly name: string;
  readonly operator: keyof typeof OPERATORS;
  readonly options: object;
  /** Of the inputs; the second is a convolution's weights, the third its bias. */
  readonly shapes: readonly (readonly number[])[];
  readonly outputs: readonly { readonly shape: readonly number[]; readonly data: readonly number[] }[];
  readonly gradients: readonly (readonly number[])[];
  /** Inputs are rounded, so that some are alike. */
  readonly ties?: boolean;
}

type Build = (inputs: readonly Tensor[], options: object, graph: Graph) => readonly Tensor[];

/** A third input is the bias. */
const withBias = ([, , bias]: readonly Tensor[], options: object) =>
  bias === undefined ? options : { ...options, bias };
const loss =
  (of: (a: Tensor, b: Tensor) => Tensor): Build =>
  ([a, b]) => [of(a!, b!)];
/** A loss whose target has no gradient: the fixture's fixed one. */
const towardsFixed =
  (of: (logits: Tensor, target: Tensor) => Tensor): Build =>
  ([logits], _, graph) => [of(logits!, graph.constant(values([3, 4], 9).map(Math.abs), 'float32', [3, 4]))];

const OPERATORS = {
  conv2d: (inputs, options) => [conv2d(inputs[0]!, inputs[1]!, withBias(inputs, options))],
  convTranspose2d: (inputs, options) => [convTranspose2d(inputs[0]!, inputs[1]!, withBias(inputs, options))],
  maxPool2d: ([x], options) => {
    const { pooled, switches } = maxPool2d(x!, options as MaxPoolOptions);
    return [pooled, switches];
  },
  unpool2d: ([x], options) => {
    const { pooled, switches } = maxPool2d(x!, options as MaxPoolOptions);
    return [unpool2d(tanh(pooled), switches, x!.shape.slice(1))];
  },
  layerNorm: ([x, gain, bias], options) => [layerNorm(x!, gain!, bias!, options)],
  batchNorm: ([x, gain, bias], options) => {
    const { normalised, mean, variance, unbiased } = batchNorm(x!, gain!, bias!, options);
    return [normalised, mean, variance, unbiased];
  },
  meanSquaredError: loss(losses.meanSquaredError),
  cosineDistance: loss(losses.cosineDistance),
  klToStandardNormal: loss(losses.klToStandardNormal),
  l1: loss(losses.l1),
  binaryCrossEntropy: towardsFixed(losses.binaryCrossEntropy),
  multinomial: towardsFixed(losses.multinomial),
} satisfies Record<string, Build>;

const { cases } = JSON.parse(readFileSync(new URL('./torch-operators.json', import.meta.url), 'utf8')) as {
  cases: readonly Case[];
};

/** The fixture's numbers: see `values` there. */
function values(shape: readonly number[], draw: number): Float32Array {
  return Float32Array.from({ length: elementCount(shape) }, (_, i) =>
    Math.sin(12.9898 * (i + 1) + 78.233 * (draw + 1)),
  );
}

/** The largest difference, relative to the largest expected number. */
function relativeError(actual: readonly number[], expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(1e-3, ...expected.map(Math.abs));
  return Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!) / scale));
}

/** Halves to even, as Python rounds; −0 as 0. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return (Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded) + 0;
}

async function compute({ operator, options, shapes, outputs, ties = false }: Case) {
  const feeds: Record<string, NumericTensor> = {};
  shapes.forEach((shape, draw) => {
    const data = values(shape, draw);
    feeds[`input${draw}`] = { data: ties ? data.map((value) => roundHalfEven(value * 1.5)) : data, shape };
  });
  const results = await runGraph(feeds, (tensors, graph) => {
    const inputs = shapes.map((_, i) => tensors[`input${i}`]!);
    const computed = (OPERATORS[operator] as Build)(inputs, options, graph);
    const first = computed[0]!;
    const weights = graph.constant(values(first.shape, shapes.length), 'float32', first.shape);
    const backwards = gradients(sum(mul(first, weights)), inputs);
    return Object.fromEntries([
      ...computed.map((tensor, i) => [`output${i}`, tensor] as const),
      ...backwards.map((tensor, i) => [`gradient${i}`, tensor] as const),
    ]);
  });
  return {
    outputs: outputs.map((_, i) => results[`output${i}`]!),
    gradients: shapes.map((_, i) => numbers(results[`gradient${i}`])),
  };
}

describe('PyTorch and this engine agree on', () => {
  it.each(cases.map((check) => [check.operator, check.name, check] as const))('%s: %s', async (_, __, check) => {
    const results = await compute(check);
    check.outputs.forEach(({ shape, data }, i) => {
      expect(results.outputs[i]!.shape).toEqual(shape);
      expect(relativeError(numbers(results.outputs[i]), data)).toBeLessThan(1e-5);
    });
    check.gradients.forEach((expected, i) => {
      expect(relativeError(results.gradients[i]!, expected)).toBeLessThan(1e-5);
    });
  });
});
