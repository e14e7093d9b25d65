import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../src/compare/random.ts';
import { shinglePairs } from '../../src/duplicates/shingle-pairs.ts';
import type { DocumentShingles } from '../../src/text/shingle-index.ts';

function shinglesOf(documents: readonly (readonly number[])[]): DocumentShingles {
  const indptr = new Uint32Array(documents.length + 1);
  documents.forEach((document, i) => {
    indptr[i + 1] = indptr[i]! + document.length;
  });
  return { indptr, hashes: Uint32Array.from(documents.flatMap((document) => [...document].sort((a, b) => a - b))) };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

describe('Pairs of documents by shingles', () => {
  it('are those with a tenth of the smaller one in common, and three shingles', () => {
    const documents = [range(0, 40), range(36, 76), range(37, 39).concat(range(100, 140)), range(200, 240)];
    expect(shinglePairs(shinglesOf(documents), 5)).toEqual([{ a: 0, b: 1, shared: 4 }]);
  });

  it('of short documents are found by what little they have', () => {
    expect(shinglePairs(shinglesOf([[1], [1], [2]]), 5)).toEqual([{ a: 0, b: 1, shared: 1 }]);
    expect(shinglePairs(shinglesOf([[], [], []]), 5)).toEqual([]);
  });

  it('that share what hundreds have stay few', () => {
    const licence = range(0, 30);
    const documents = Array.from({ length: 400 }, (_, i) => [...licence, ...range(1_000 + i * 50, 1_010 + i * 50)]);
    const pairs = shinglePairs(shinglesOf(documents), 4);
    expect(pairs.length).toBeLessThanOrEqual(400 * 4);
    const met = new Set(pairs.flatMap(({ a, b }) => [a, b]));
    expect(met.size).toBe(400);
  });

  it('are the same as by comparing all', () => {
    const random = seededRandom('shingles');
    const documents = Array.from({ length: 60 }, () => [
      ...new Set(Array.from({ length: 30 }, () => Math.floor(random() * 400))),
    ]);
    const expected = documents.flatMap((one, a) =>
      documents.flatMap((other, b) => {
        const shared = other.filter((hash) => one.includes(hash)).length;
        const smaller = Math.min(one.length, other.length);
        return a < b && shared >= 3 && shared >= smaller / 10 ? [{ a, b, shared }] : [];
      }),
    );
    expect(shinglePairs(shinglesOf(documents), 60)).toEqual(expected);
  });
});
