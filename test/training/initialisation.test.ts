// Starting values: the deviations and limits that torch.nn.init documents.
import { describe, expect, it } from '@jest/globals';
import {
  constant,
  fans,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initialiser,
  uniform,
  zeros,
} from '../../src/training/initialisation.ts';
import { Random } from '../../src/training/random.ts';

const DENSE = [200, 100];
const CONVOLUTION = [32, 16, 5, 3];
const draw = (initial: Initialiser, shape: readonly number[]) => initial(shape, new Random(3));
const deviation = (values: Float32Array) =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('starting values', () => {
  it('by inputs of a unit need weights with two axes', () => {
    expect(() => draw(heNormal(), [5])).toThrow(RangeError);
    expect(fans(DENSE)).toEqual({ fanIn: 200, fanOut: 100 });
    expect(fans(CONVOLUTION)).toEqual({ fanIn: 16 * 15, fanOut: 32 * 15 });
  });

  it.each([
    ['kaiming_normal_', heNormal(), Math.sqrt(2 / 200), Math.sqrt(2 / 240)],
    ['kaiming_normal_ with another number of inputs', heNormal({ fanIn: 50 }), 0.2, 0.2],
    [
      "kaiming_normal_ for leaky ReLU's slope of 0.2",
      heNormal({ gain: { leakyRelu: 0.2 } }),
      Math.sqrt(2 / 1.04 / 200),
      Math.sqrt(2 / 1.04 / 240),
    ],
    ['xavier_normal_', glorotNormal(), Math.sqrt(2 / 300), Math.sqrt(2 / 720)],
    [
      'xavier_normal_ for tanh',
      glorotNormal({ gain: 'tanh' }),
      (5 / 3) * Math.sqrt(2 / 300),
      (5 / 3) * Math.sqrt(2 / 720),
    ],
  ] as const)('are normal as in %s', (_, initial, ofDense, ofConvolution) => {
    expect(deviation(draw(initial, DENSE)) / ofDense).toBeCloseTo(1, 1);
    expect(deviation(draw(initial, CONVOLUTION)) / ofConvolution).toBeCloseTo(1, 1);
    expect(largest(draw(initial, DENSE))).toBeGreaterThan(3 * ofDense);
  });

  it.each([
    ['kaiming_uniform_', heUniform(), Math.sqrt(6 / 200), Math.sqrt(6 / 240)],
    ['nn.Linear', heUniform({ gain: { leakyRelu: Math.sqrt(5) } }), 1 / Math.sqrt(200), 1 / Math.sqrt(240)],
    ['xavier_uniform_', glorotUniform(), Math.sqrt(6 / 300), Math.sqrt(6 / 720)],
    ['xavier_uniform_ with a gain', glorotUniform({ gain: 2 }), 2 * Math.sqrt(6 / 300), 2 * Math.sqrt(6 / 720)],
    ['uniform_', uniform(0.1), 0.1, 0.1],
  ] as const)('are even as in %s', (_, initial, ofDense, ofConvolution) => {
    for (const [shape, limit] of [
      [DENSE, ofDense],
      [CONVOLUTION, ofConvolution],
    ] as const) {
      const values = draw(initial, shape);
      expect(largest(values)).toBeLessThanOrEqual(limit * (1 + 1e-6));
      expect(largest(values)).toBeGreaterThan(limit * 0.995);
      expect((deviation(values) * Math.sqrt(3)) / limit).toBeCloseTo(1, 1);
    }
  });

  it('are what was said where nothing is drawn', () => {
    expect([...draw(zeros, [3])]).toEqual([0, 0, 0]);
    expect([...draw(constant(1), [2, 1])]).toEqual([1, 1]);
  });
});
