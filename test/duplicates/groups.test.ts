import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DistantPair, groupsOf } from '../../src/duplicates/groups.ts';

describe('Groups', () => {
  it('never chain: A like B and B like C make no group of three', () => {
    const chain = [
      { a: 0, b: 1, distance: 0.1 },
      { a: 1, b: 2, distance: 0.2 },
    ];
    expect(groupsOf(3, chain, 0.5)).toEqual([{ rows: [0, 1], diameter: 0.1 }]);
  });

  it('leave out pairs beyond the limit', () => {
    expect(groupsOf(2, [{ a: 0, b: 1, distance: 0.6 }], 0.5)).toEqual([]);
  });

  it('take the nearest first', () => {
    const pairs = [
      { a: 0, b: 1, distance: 0.3 },
      { a: 1, b: 2, distance: 0.1 },
    ];
    expect(groupsOf(3, pairs, 1)).toEqual([{ rows: [1, 2], diameter: 0.1 }]);
  });

  it('hold no two rows that are not a given pair within the limit, and no row twice', () => {
    fc.assert(
      fc.property(pairsOf(12), fc.double({ min: 0, max: 1, noNaN: true }), (pairs, limit) => {
        const near = new Map(pairs.map(({ a, b, distance }) => [key(a, b), distance]));
        const seen = new Set<number>();
        for (const { rows, diameter } of groupsOf(12, pairs, limit)) {
          expect(rows.length).toBeGreaterThan(1);
          for (const row of rows) {
            expect(seen.has(row)).toBe(false);
            seen.add(row);
          }
          for (const a of rows) {
            for (const b of rows) {
              if (a >= b) continue;
              const distance = near.get(key(a, b));
              expect(distance).toBeDefined();
              expect(distance).toBeLessThanOrEqual(Math.min(limit, diameter));
            }
          }
        }
      }),
    );
  });

  it('leave no two groups that could be one', () => {
    fc.assert(
      fc.property(pairsOf(8), (pairs) => {
        const near = new Set(pairs.map(({ a, b }) => key(a, b)));
        const groups = groupsOf(8, pairs, 1);
        for (const [i, one] of groups.entries()) {
          for (const other of groups.slice(i + 1))
            expect(one.rows.every((a) => other.rows.every((b) => near.has(key(a, b))))).toBe(false);
        }
      }),
    );
  });

  it('are the same for the same pairs in any order', () => {
    fc.assert(
      fc.property(pairsOf(10), fc.integer(), (pairs, turn) => {
        const at = pairs.length === 0 ? 0 : Math.abs(turn) % pairs.length;
        const others = [...pairs.slice(at), ...pairs.slice(0, at)].map(({ a, b, distance }) => ({
          a: b,
          b: a,
          distance,
        }));
        expect(groupsOf(10, others, 0.7)).toEqual(groupsOf(10, pairs, 0.7));
      }),
    );
  });
});

function key(a: number, b: number): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/** Different pairs of rows with distances of which many are equal. */
function pairsOf(rows: number): fc.Arbitrary<DistantPair[]> {
  const row = fc.integer({ min: 0, max: rows - 1 });
  return fc.uniqueArray(
    fc
      .tuple(row, row, fc.integer({ min: 0, max: 10 }))
      .filter(([a, b]) => a !== b)
      .map(([a, b, tenths]) => ({ a, b, distance: tenths / 10 })),
    { selector: ({ a, b }) => key(a, b), maxLength: (rows * (rows - 1)) / 2 },
  );
}
