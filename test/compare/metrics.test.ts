// Figures of one ranking, against values worked out by hand and against scikit-learn's average precision.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  averagePrecision,
  CURVE_CUTOFFS,
  CUTOFFS,
  firstRelevantRank,
  measure,
  measureKnownItem,
  measureUnanswered,
  precisionAt,
  recallAt,
  reciprocalRank,
  relevantRanks,
} from '../../src/compare/metrics.ts';

describe('measure', () => {
  test('refuses a query without a relevant item, which has no recall', () => {
    expect(() => measure([], 0)).toThrow(RangeError);
  });

  test('refuses more ranks than relevant items', () => {
    expect(() => measure([1, 2], 1)).toThrow(RangeError);
  });

  test('gives the values worked out by hand for relevant items at ranks 2, 3 and 12 of 4', () => {
    const ranks = [2, 3, 12];
    expect(precisionAt(ranks, 1)).toBe(0);
    expect(precisionAt(ranks, 10)).toBeCloseTo(0.2, 12);
    expect(precisionAt(ranks, 100)).toBeCloseTo(0.03, 12);
    expect(recallAt(ranks, 4, 10)).toBe(0.5);
    expect(recallAt(ranks, 4, 100)).toBe(0.75);
    expect(averagePrecision(ranks, 4)).toBeCloseTo((1 / 2 + 2 / 3 + 3 / 12) / 4, 12);
    expect(reciprocalRank(ranks)).toBe(0.5);
    expect(firstRelevantRank(ranks)).toBe(2);
    const metrics = measure(ranks, 4);
    expect(metrics.foundAt[CURVE_CUTOFFS.indexOf(10)]).toBe(2);
    expect(metrics.foundAt[CURVE_CUTOFFS.indexOf(100)]).toBe(3);
    expect(metrics.averagePrecision).toBeCloseTo(0.3541666667, 9);
  });

  // average_precision_score([0,0,1,1], [.1,.4,.35,.8]) is scikit-learn's own documented example: 0.83…
  test.each([
    { relevance: [1, 0, 1, 0], expected: 0.8333333333333333 },
    // sklearn.metrics.average_precision_score([0,1,0,1,1,0,0,1], range(8, 0, -1))
    { relevance: [0, 1, 0, 1, 1, 0, 0, 1], expected: 0.525 },
    // … ([1,1,0,0,0,1,0,1,0,0], range(10, 0, -1))
    { relevance: [1, 1, 0, 0, 0, 1, 0, 1, 0, 0], expected: 0.75 },
  ])('agrees with scikit-learn on $relevance', ({ relevance, expected }) => {
    const ranks = relevance.flatMap((mark, place) => (mark === 1 ? [place + 1] : []));
    expect(averagePrecision(ranks, ranks.length)).toBeCloseTo(expected, 12);
  });

  test('gives 1 for a perfect ranking, whatever its size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (relevant) => {
        const metrics = measure(
          Array.from({ length: relevant }, (_, place) => place + 1),
          relevant,
        );
        expect(metrics.averagePrecision).toBeCloseTo(1, 12);
        expect(metrics.reciprocalRank).toBe(1);
        expect(metrics.foundAt).toEqual(CURVE_CUTOFFS.map((k) => Math.min(k, relevant)));
      }),
    );
  });

  test('never leaves the range from 0 to 1 and never falls when a relevant item moves up', () => {
    const ranking = fc.uniqueArray(fc.integer({ min: 2, max: 200 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(ranking, (unordered) => {
        const ranks = [...unordered].sort((a, b) => a - b);
        const before = measure(ranks, ranks.length);
        const after = measure([ranks[0]! - 1, ...ranks.slice(1)], ranks.length);
        expect(before.averagePrecision).toBeGreaterThan(0);
        expect(before.averagePrecision).toBeLessThanOrEqual(1);
        expect(after.averagePrecision).toBeGreaterThan(before.averagePrecision);
        expect(after.reciprocalRank).toBeGreaterThan(before.reciprocalRank);
      }),
    );
  });

  test('is zero everywhere for a query that could not be answered', () => {
    const metrics = measureUnanswered(3);
    expect(metrics).toEqual({
      relevant: 3,
      foundAt: CURVE_CUTOFFS.map(() => 0),
      averagePrecision: 0,
      reciprocalRank: 0,
      firstRank: Number.POSITIVE_INFINITY,
    });
  });
});

describe('known items', () => {
  test('average precision is the reciprocal rank when one item is relevant', () => {
    const metrics = measureKnownItem(4);
    expect(metrics.averagePrecision).toBe(0.25);
    expect(metrics.reciprocalRank).toBe(0.25);
    expect(metrics.foundAt.slice(0, 5)).toEqual([0, 0, 0, 1, 1]);
  });

  test('an original that was not ranked counts zero', () => {
    expect(measureKnownItem(Number.POSITIVE_INFINITY).reciprocalRank).toBe(0);
  });
});

test('the relevant ranks are the places of marked rows in the order', () => {
  expect(relevantRanks([3, 0, 2, 1], Uint8Array.of(0, 1, 0, 1))).toEqual([1, 4]);
});

test('every cut-off of a report is on the curve', () => {
  expect(CURVE_CUTOFFS).toEqual(expect.arrayContaining([...CUTOFFS]));
});
