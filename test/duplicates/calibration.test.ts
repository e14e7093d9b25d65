import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../src/compare/random.ts';
import { calibrate } from '../../src/duplicates/calibration.ts';

/** Scores around a mean, within 0…1. */
function scores(mean: number, spread: number, count: number, seed: string): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () =>
    Math.min(1, Math.max(0, mean + spread * (random() + random() + random() - 1.5))),
  );
}

describe('A calibration', () => {
  it('needs both copies and strangers', () => {
    expect(() => calibrate({ copies: [], strangers: [0.1], precision: 0.9 })).toThrow(RangeError);
    expect(() => calibrate({ copies: [0.9], strangers: [], precision: 0.9 })).toThrow(RangeError);
  });

  it('reaches the precision on other scores of the same kind', () => {
    const copies = scores(0.8, 0.3, 300, 'copies');
    const strangers = scores(0.3, 0.3, 600, 'strangers');
    const { threshold, precision, recall } = calibrate({ copies, strangers, precision: 0.99 });
    expect(precision).toBeGreaterThanOrEqual(0.99);
    expect(recall).toBeGreaterThan(0.8);
    const right = scores(0.8, 0.3, 20_000, 'other copies').filter((score) => score >= threshold).length;
    const wrong = scores(0.3, 0.3, 20_000, 'other strangers').filter((score) => score >= threshold).length;
    expect(right / (right + wrong)).toBeGreaterThan(0.985);
  });

  it('asks for more agreement where more precision is wanted, and where duplicates are rare', () => {
    const copies = scores(0.7, 0.5, 400, 'copies');
    const strangers = scores(0.35, 0.4, 400, 'strangers');
    const threshold = (precision: number, share: number) =>
      calibrate({ copies, strangers, precision, share }).threshold;
    expect(threshold(0.98, 0.5)).toBeGreaterThan(threshold(0.9, 0.5));
    expect(threshold(0.9, 0.1)).toBeGreaterThan(threshold(0.9, 0.5));
  });

  it('says what can be expected where the precision cannot be promised', () => {
    const same = scores(0.5, 0.4, 200, 'all');
    const { precision } = calibrate({ copies: same, strangers: same, precision: 0.99 });
    expect(precision).toBeLessThan(0.99);
  });

  it('gives probabilities that rise with the score and are never certain', () => {
    const { probability } = calibrate({
      copies: scores(0.9, 0.1, 100, 'copies'),
      strangers: scores(0.1, 0.1, 100, 'strangers'),
      precision: 0.99,
    });
    const values = Array.from({ length: 21 }, (_, i) => probability(i / 20));
    for (let i = 1; i < values.length; i++) expect(values[i]!).toBeGreaterThanOrEqual(values[i - 1]!);
    expect(values[0]!).toBeGreaterThan(0);
    expect(values[0]!).toBeLessThan(0.1);
    expect(values.at(-1)!).toBeGreaterThan(0.95);
    expect(values.at(-1)!).toBeLessThan(1);
  });

  it('gives a stranger more weight where duplicates are rare', () => {
    const input = {
      copies: scores(0.7, 0.4, 100, 'copies'),
      strangers: scores(0.3, 0.4, 100, 'strangers'),
      precision: 0.9,
    };
    expect(calibrate({ ...input, share: 0.05 }).probability(0.5)).toBeLessThan(calibrate(input).probability(0.5));
  });
});
