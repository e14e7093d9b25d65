// The fast order against the plain sort.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../src/compare/random.ts';
import { RankingSorter } from '../../src/compare/ranking.ts';
import type { Ranking } from '../../src/methods/method.ts';

/** The order that the contract states, in the plainest way. */
function plainOrder(scores: Float32Array, { ids, ties }: Ranking, excluded: readonly number[] = []): number[] {
  return Array.from(scores, (_, row) => row)
    .filter((row) => !excluded.includes(row))
    .sort((a, b) => scores[b]! - scores[a]! || ties[a]! - ties[b]! || ids[a]! - ids[b]!);
}

/** Scores with many ties, both zeros, infinities and the smallest numbers; tie keys that collide. */
const collection = fc
  .array(
    fc.record({
      score: fc.oneof(
        fc.constantFrom(0, -0, 1, -1, 0.5, Infinity, -Infinity, 1e-45, -1e-45),
        fc.float({ noNaN: true }),
      ),
      tie: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 0xffffffff })),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((rows) => ({
    scores: Float32Array.from(rows, ({ score }) => score),
    items: {
      ids: Int32Array.from(rows, (_, row) => rows.length - row),
      ties: Uint32Array.from(rows, ({ tie }) => tie),
    },
  }));

describe('RankingSorter', () => {
  test('refuses a score that is not a number, which has no place in an order', () => {
    const sorter = new RankingSorter({ ids: Int32Array.of(1, 2), ties: Uint32Array.of(1, 2) });
    expect(() => sorter.order(Float32Array.of(0.5, Number.NaN))).toThrow(/NaN for row 1/);
    expect(() => sorter.rankOf(Float32Array.of(0.5, Number.NaN), 1)).toThrow(/NaN for row 1/);
  });

  test('refuses scores of another number of items', () => {
    const sorter = new RankingSorter({ ids: Int32Array.of(1, 2), ties: Uint32Array.of(1, 2) });
    expect(() => sorter.order(Float32Array.of(0.5))).toThrow(/Expected 2 scores/);
    expect(() => sorter.rankOf(Float32Array.of(0.5), 0)).toThrow(/Expected 2 scores/);
  });

  test('refuses tie keys that are not one an item', () => {
    expect(() => new RankingSorter({ ids: Int32Array.of(1, 2), ties: Uint32Array.of(1) })).toThrow(RangeError);
  });

  test('orders as a plain sort does, ties and odd numbers included', () => {
    fc.assert(
      fc.property(collection, ({ scores, items }) => {
        expect([...new RankingSorter(items).order(scores)]).toEqual(plainOrder(scores, items));
      }),
      { numRuns: 500 },
    );
  });

  test('gives the same order however often and for whatever scores it was used before', () => {
    const items = { ids: Int32Array.of(1, 2, 3), ties: Uint32Array.of(9, 8, 7) };
    const sorter = new RankingSorter(items);
    const scores = Float32Array.of(0.1, 0.9, 0.1);
    const first = [...sorter.order(scores)];
    sorter.order(Float32Array.of(5, -3, 2));
    expect([...sorter.order(scores)]).toEqual(first);
    expect(first).toEqual([1, 2, 0]);
  });

  test('ranks one row as the plain order does, with and without excluded rows', () => {
    fc.assert(
      fc.property(collection, fc.nat(), fc.array(fc.nat(), { maxLength: 5 }), ({ scores, items }, pick, others) => {
        const row = pick % scores.length;
        const excluded = [...new Set(others.map((other) => other % scores.length))].filter((other) => other !== row);
        const sorter = new RankingSorter(items);
        const order = plainOrder(scores, items, excluded);
        expect([...sorter.order(scores, excluded)]).toEqual(order);
        expect(sorter.rankOf(scores, row, excluded)).toBe(order.indexOf(row) + 1);
        expect(sorter.rankOf(scores, row, [...excluded, row])).toBe(order.indexOf(row) + 1);
      }),
      { numRuns: 300 },
    );
  });

  test('orders as many items as a collection has, as a plain sort does', () => {
    const random = seededRandom('ranking', 1);
    const count = 20_000;
    const items = {
      ids: Int32Array.from({ length: count }, (_, row) => row),
      ties: Uint32Array.from({ length: count }, () => random() * 4294967296),
    };
    const scores = Float32Array.from({ length: count }, () => Math.round(random() * 500) / 500 - 0.2);
    expect([...new RankingSorter(items).order(scores)]).toEqual(plainOrder(scores, items));
  });
});
