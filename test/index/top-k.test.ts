import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { topK } from '../../src/index/top-k.ts';

function rankedBy(ids: number[], ties: number[]) {
  return { ids: Int32Array.from(ids), ties: Uint32Array.from(ties) };
}

describe('The k best rows', () => {
  it.each([-1, 1.5, Number.NaN])('refuses k = %p', (k) => {
    expect(() => topK([1], k, rankedBy([1], [1]))).toThrow('a whole number for k');
  });

  it('refuses columns of different lengths', () => {
    expect(() => topK([1, 2], 1, rankedBy([1], [1]))).toThrow(RangeError);
    expect(() => topK([1], 1, { ids: Int32Array.of(1), ties: new Uint32Array(2) })).toThrow(RangeError);
  });

  it('never holds a row whose score is not a number', () => {
    expect(topK([Number.NaN, 0.5, Number.NaN], 3, rankedBy([1, 2, 3], [1, 2, 3]))).toEqual([{ row: 1, score: 0.5 }]);
  });

  it('orders equal scores by tie key, then by id, wherever they stand', () => {
    const ranked = rankedBy([4, 3, 2, 1], [9, 4_294_967_295, 9, 0]);
    expect(topK([1, 1, 1, 1], 4, ranked).map(({ row }) => row)).toEqual([3, 2, 0, 1]);
    expect(topK([1, 1, 1, 1], 2, ranked).map(({ row }) => row)).toEqual([3, 2]);
  });

  it('is what sorting all rows would give, whatever the scores, ties and filter', () => {
    const score = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.float({ noNaN: true }), fc.constant(Number.NaN));
    const row = fc.tuple(score, fc.integer({ min: 0, max: 3 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(row, { maxLength: 80 }), fc.nat({ max: 90 }), fc.boolean(), (rows, k, filtered) => {
        const scores = Float32Array.from(rows, ([value]) => value);
        const ids = rows.map((_, i) => (i * 7) % 83);
        const ranked = rankedBy(
          ids,
          rows.map(([, tie]) => tie),
        );
        const accept = (at: number) => rows[at]![2];
        const sorted = rows
          .map((_, at) => at)
          .filter((at) => !Number.isNaN(scores[at]) && (!filtered || accept(at)))
          .sort(
            (a, b) =>
              (scores[b]! > scores[a]! ? 1 : scores[b]! < scores[a]! ? -1 : 0) ||
              ranked.ties[a]! - ranked.ties[b]! ||
              ids[a]! - ids[b]!,
          );
        expect(topK(scores, k, ranked, filtered ? accept : undefined)).toEqual(
          sorted.slice(0, k).map((at) => ({ row: at, score: scores[at] })),
        );
      }),
      { numRuns: 500 },
    );
  });
});
