// The nearest documents by words against comparing every pair.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type BagsOfWords, inverseDocumentFrequencies, unitLogTfIdf } from '../../src/training/bags-of-words.ts';
import { nearestDocuments } from '../../src/training/nearest-documents.ts';

const WORDS = 10;

function bagsOf(documents: readonly (readonly number[])[]): BagsOfWords {
  const bags = documents.map((words) =>
    [...new Set(words)].map((word) => [word, words.filter((w) => w === word).length]),
  );
  return {
    rows: bags.length,
    vocabularySize: WORDS,
    indptr: Uint32Array.from([0, ...bags.map((_, row) => bags.slice(0, row + 1).flat().length)]),
    indices: Uint32Array.from(bags.flatMap((bag) => bag.map(([word]) => word!))),
    counts: Uint16Array.from(bags.flatMap((bag) => bag.map(([, count]) => count!))),
  };
}

function unitOf(bags: BagsOfWords): Float32Array {
  return unitLogTfIdf(bags, inverseDocumentFrequencies(bags));
}

function cosine({ indptr, indices }: BagsOfWords, unit: Float32Array, a: number, b: number): number {
  let sum = 0;
  for (let i = indptr[a]!; i < indptr[a + 1]!; i++)
    for (let j = indptr[b]!; j < indptr[b + 1]!; j++) if (indices[i] === indices[j]) sum += unit[i]! * unit[j]!;
  return sum;
}

describe('the nearest documents', () => {
  it('are none among no documents, and for a document that shares no word', () => {
    const empty = bagsOf([]);
    expect(nearestDocuments(empty, unitOf(empty), 3).rows).toHaveLength(0);
    const strangers = bagsOf([[1], [2], []]);
    const { rows, scores } = nearestDocuments(strangers, unitOf(strangers), 2);
    expect(Array.from(rows)).toEqual([-1, -1, -1, -1, -1, -1]);
    expect(Array.from(scores)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('are what comparing every pair finds', () => {
    const document = fc.array(fc.integer({ min: 0, max: WORDS - 1 }), { maxLength: 10 });
    fc.assert(
      fc.property(fc.array(document, { minLength: 2, maxLength: 12 }), fc.integer({ min: 1, max: 4 }), (words, k) => {
        const bags = bagsOf(words);
        const unit = unitOf(bags);
        const { rows, scores } = nearestDocuments(bags, unit, k, { maxShare: 1 });
        for (let row = 0; row < bags.rows; row++) {
          const expected = words.map((_, i) => (i === row ? 0 : cosine(bags, unit, row, i))).sort((a, b) => b - a);
          for (let i = 0; i < k; i++) {
            const place = row * k + i;
            expect(scores[place]).toBeCloseTo(expected[i] ?? 0, 5);
            const other = rows[place]!;
            expect(other).not.toBe(row);
            if (other >= 0) expect(cosine(bags, unit, row, other)).toBeCloseTo(scores[place]!, 5);
          }
        }
      }),
    );
  });

  it('are not sought by words that too many documents have', () => {
    const bags = bagsOf([
      [0, 1],
      [0, 1],
      [0, 2],
      [0, 3],
      [0, 4],
    ]);
    const { rows } = nearestDocuments(bags, unitOf(bags), 2, { maxShare: 0.5 });
    expect(Array.from(rows)).toEqual([1, -1, 0, -1, -1, -1, -1, -1, -1, -1]);
  });
});
