import { describe, expect, it } from '@jest/globals';
import { LEAST_SHARED, ShingleIndex } from '../../src/text/shingle-index.ts';

/** Rows of hashes as the catalog has them. */
function indexOf(rows: readonly (readonly number[])[]): ShingleIndex {
  const indptr = new Uint32Array(rows.length + 1);
  rows.forEach((row, r) => {
    indptr[r + 1] = indptr[r]! + row.length;
  });
  return new ShingleIndex({ indptr, hashes: Uint32Array.from(rows.flat()) });
}

const run = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
const hashes = (...values: number[]) => Uint32Array.from(values).sort();

describe('The index of shingles', () => {
  it('is there for no document, and for documents without any', () => {
    expect(indexOf([]).scores(hashes(1, 2))).toHaveLength(0);
    const index = indexOf([[], [], []]);
    expect(Array.from(index.scores(hashes(1, 2)))).toEqual([0, 0, 0]);
    expect(Array.from(index.scores(hashes()))).toEqual([0, 0, 0]);
    expect(index.similarity(hashes(), hashes())).toBe(0);
  });

  it('knows the lowest and the highest hash', () => {
    const index = indexOf([[0, 2 ** 32 - 1], [5]]);
    expect(Array.from(index.scores(hashes(0, 2 ** 32 - 1)))).toEqual([1, 0]);
  });

  it('gives a document as its own question 1, however many have its words', () => {
    const index = indexOf(Array.from({ length: 500 }, () => run(7, 9)));
    expect(Array.from(index.scores(hashes(...run(7, 9)))).every((score) => score > 0.9999 && score <= 1)).toBe(true);
  });

  it('gives the share of the question that stands in a document, however long it is', () => {
    const index = indexOf([[...run(0, 5), ...run(1000, 5)], [...run(0, 5), ...run(2000, 5000)], run(9000, 50)]);
    const scores = index.scores(hashes(...run(0, 5), ...run(100, 15)));
    expect(scores[0]).toBeCloseTo(0.25, 2);
    expect(scores[1]).toBeCloseTo(0.25, 2);
    expect(scores[0]).toBeGreaterThan(scores[1]!);
    expect(scores[2]).toBe(0);
  });

  it('takes a few shingles for a turn of phrase, but not in short texts', () => {
    const index = indexOf([run(0, 100), run(100, 4)]);
    const question = (shared: number) => hashes(...run(0, shared), ...run(500, 90));
    expect(index.scores(question(LEAST_SHARED - 1))[0]).toBe(0);
    expect(index.scores(question(LEAST_SHARED))[0]).toBeGreaterThan(0);
    expect(index.scores(hashes(100, 300, 301, 302))[1]).toBeGreaterThan(0.2);
  });

  it('takes what many documents share for boilerplate', () => {
    const signature = run(0, 5);
    const rows = Array.from({ length: 1000 }, (_, r) => [...signature, ...run(1000 + 100 * r, 50)]);
    const index = indexOf(rows);
    const scores = index.scores(hashes(...signature, ...run(1000, 5), ...run(500_000, 40)));
    expect(scores[0]).toBeGreaterThan(0.1);
    expect(Array.from(scores.subarray(1)).every((score) => score === 0)).toBe(true);
  });

  it('scores all documents as it scores each, whatever the size of a bucket', () => {
    let state = 1;
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const rows = Array.from({ length: 300 }, () =>
      [...new Set([7, ...Array.from({ length: 30 }, () => random(200)), random(2 ** 32)])].sort((a, b) => a - b),
    );
    const index = indexOf(rows);
    for (const query of rows.slice(0, 10)) {
      const scores = index.scores(hashes(...query));
      rows.forEach((row, r) => {
        expect(scores[r]).toBeCloseTo(index.similarity(hashes(...query), hashes(...row)), 5);
      });
    }
  });

  it('writes scores where it is told, and leaves nothing of what was there', () => {
    const index = indexOf([run(0, 9), run(20, 9)]);
    const into = Float32Array.of(5, 5);
    expect(index.scores(hashes(...run(0, 9)), into)).toBe(into);
    expect(Array.from(into)).toEqual([1, 0]);
  });
});
