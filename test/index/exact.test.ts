import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dotScores, searchCandidates, searchDot, searchRows } from '../../src/index/exact.ts';

const ranked = (rows: number) => ({
  ids: Int32Array.from({ length: rows }, (_, i) => i + 1),
  ties: Uint32Array.from({ length: rows }, (_, i) => (i * 7_919) % 13),
});

describe('The dot product with every row', () => {
  it('refuses codes that are not whole rows, and room for another number of scores', () => {
    expect(() => dotScores(new Float32Array(7), new Float32Array(2))).toThrow('codes of 2 dimensions but received 7');
    expect(() => dotScores(new Float32Array(7), new Float32Array(0))).toThrow(RangeError);
    expect(() => dotScores(new Float32Array(4), new Float32Array(2), new Float32Array(3))).toThrow('room for 2 scores');
  });

  it('is 0 with an all-zero code', () => {
    expect([...dotScores(Float32Array.of(0, 0, 1, 0), Float32Array.of(1, 0))]).toEqual([0, 1]);
  });

  it('is the sum of products, for any number of dimensions', () => {
    const value = fc.float({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 19 }),
        fc.array(value, { minLength: 19, maxLength: 200 }),
        (dimensions, values) => {
          const rows = Math.floor(values.length / dimensions) - 1;
          fc.pre(rows >= 0);
          const query = Float32Array.from(values.slice(0, dimensions));
          const codes = Float32Array.from(values.slice(dimensions, dimensions * (rows + 1)));
          const into = new Float32Array(rows);
          expect(dotScores(codes, query, into)).toBe(into);
          for (let row = 0; row < rows; row++) {
            const expected = query.reduce((sum, x, i) => sum + x * codes[row * dimensions + i]!, 0);
            expect(into[row]).toBeCloseTo(expected, 5);
          }
        },
      ),
    );
  });
});

describe('Exact search by dot product', () => {
  const codes = Float32Array.of(1, 0, 0, 1, 0.6, 0.8, -1, 0, 1, 0);
  const query = Float32Array.of(1, 0);

  it('gives the best rows, ties by tie key', () => {
    const hits = searchDot(codes, query, 3, { ids: Int32Array.of(1, 2, 3, 4, 5), ties: Uint32Array.of(9, 1, 1, 1, 2) });
    expect(hits.map(({ row }) => row)).toEqual([4, 0, 2]);
    expect(hits[2]!.score).toBeCloseTo(0.6, 6);
  });

  it('asks the filter for rows', () => {
    expect(searchDot(codes, query, 5, ranked(5), (row) => row % 2 === 1).map(({ row }) => row)).toEqual([1, 3]);
  });

  it('of a few candidates is that of all rows, restricted to them', () => {
    const all = searchDot(codes, query, 5, ranked(5));
    expect(searchRows(codes, query, [3, 0, 4], 2, ranked(5))).toEqual(all.filter(({ row }) => [0, 4].includes(row)));
    expect(searchRows(codes, query, [], 2, ranked(5))).toEqual([]);
    const two = Float32Array.of(...codes.subarray(8, 10), ...codes.subarray(0, 2));
    expect(searchCandidates(two, query, [4, 0], 1, ranked(5))).toEqual(all.slice(0, 1));
  });
});
