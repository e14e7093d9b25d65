// Intervals: deterministic, of the right width, paired, and honest about values that belong together.
import { describe, expect, test } from '@jest/globals';
import { bootstrapDifference, bootstrapMean, quantile } from '../../src/compare/bootstrap.ts';
import { seededRandom } from '../../src/compare/random.ts';

const random = seededRandom('values', 1);
const values = Array.from({ length: 400 }, () => random());

describe('bootstrapMean', () => {
  test('refuses an empty list, which has no mean', () => {
    expect(() => bootstrapMean([], { seed: 1 })).toThrow(RangeError);
  });

  test('refuses a level outside 0 to 1', () => {
    expect(() => bootstrapMean(values, { seed: 1, level: 95 })).toThrow(/level/);
  });

  test('refuses clusters that are not one a value', () => {
    expect(() => bootstrapMean([1, 2], { seed: 1, clusters: [1] })).toThrow(/one cluster a value/);
  });

  test('gives the same interval for the same seed and another for another', () => {
    expect(bootstrapMean(values, { seed: 7 })).toEqual(bootstrapMean(values, { seed: 7 }));
    expect(bootstrapMean(values, { seed: 8 })).not.toEqual(bootstrapMean(values, { seed: 7 }));
  });

  test('holds the mean, and is about as wide as the normal approximation says', () => {
    const { mean, low, high } = bootstrapMean(values, { seed: 7 });
    const exact = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - exact) ** 2, 0) / values.length;
    expect(mean).toBeCloseTo(exact, 12);
    expect(low).toBeLessThan(mean);
    expect(high).toBeGreaterThan(mean);
    const ratio = (high - low) / (2 * 1.96 * Math.sqrt(variance / values.length));
    expect(ratio).toBeGreaterThan(0.85);
    expect(ratio).toBeLessThan(1.15);
  });

  test('is a point when all values are the same', () => {
    expect(bootstrapMean([0.5, 0.5, 0.5], { seed: 1 })).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
  });

  test('is wider when ten values each come from one file than when they stand alone', () => {
    const repeated = values.slice(0, 40).flatMap((value) => Array<number>(10).fill(value));
    const clusters = repeated.map((_, index) => Math.floor(index / 10));
    const alone = bootstrapMean(repeated, { seed: 3 });
    const together = bootstrapMean(repeated, { seed: 3, clusters });
    expect(together.mean).toBeCloseTo(alone.mean, 12);
    expect((together.high - together.low) / (alone.high - alone.low)).toBeGreaterThan(2.2);
  });
});

describe('bootstrapDifference', () => {
  test('refuses lists of different lengths, which are not paired', () => {
    expect(() => bootstrapDifference([1, 2], [1], { seed: 1 })).toThrow(/two values a query/);
  });

  test('sees a small difference that every query shows, though the means vary far more', () => {
    const better = values.map((value) => value + 0.01);
    const { mean, low, high } = bootstrapDifference(better, values, { seed: 1 });
    expect(mean).toBeCloseTo(0.01, 10);
    expect(low).toBeCloseTo(0.01, 10);
    expect(high).toBeCloseTo(0.01, 10);
  });
});

test('quantiles are interpolated as NumPy does', () => {
  // numpy.quantile([1, 2, 4, 8], [0, .1, .5, .9, 1])
  expect([0, 0.1, 0.5, 0.9, 1].map((share) => quantile([1, 2, 4, 8], share))).toEqual([
    1, 1.3, 3, 6.800000000000001, 8,
  ]);
});
