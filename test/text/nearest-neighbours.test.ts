import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nearestNeighbours } from '../../src/text/nearest-neighbours.ts';
import { worldOf } from './world.ts';

describe('nearestNeighbours', () => {
  test('of no rows, and of a row that shares no word, are none', () => {
    const empty = worldOf([]);
    expect(nearestNeighbours(empty.matrix, empty.index('tfidf').weighting, 3).rows).toHaveLength(0);
    const strangers = worldOf(['one', 'two', '']);
    const { rows, scores } = nearestNeighbours(strangers.matrix, strangers.index('tfidf').weighting, 2);
    expect(Array.from(rows)).toEqual([-1, -1, -1, -1, -1, -1]);
    expect(Array.from(scores)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('are what comparing every pair finds', () => {
    const document = fc.array(fc.constantFrom(...'abcdefghij'), { maxLength: 10 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(document, { minLength: 2, maxLength: 12 }), fc.integer({ min: 1, max: 4 }), (texts, k) => {
        const world = worldOf(texts);
        const index = world.index('tfidf');
        const vectors = world.features.map((feature) => index.represent(feature));
        const { rows, scores } = nearestNeighbours(world.matrix, index.weighting, k, { maxShare: 1 });
        for (const [row, vector] of vectors.entries()) {
          const expected = vectors
            .map((other, i) => (i === row ? 0 : index.similarity(vector, other)))
            .sort((a, b) => b - a);
          for (let i = 0; i < k; i++) {
            const place = row * k + i;
            expect(scores[place]).toBeCloseTo(expected[i] ?? 0, 5);
            const other = rows[place]!;
            expect(other).not.toBe(row);
            if (other >= 0) expect(index.similarity(vector, vectors[other]!)).toBeCloseTo(scores[place]!, 5);
          }
        }
      }),
    );
  });

  test('words that too many rows have are not compared', () => {
    const world = worldOf(['all sand', 'all sand', 'all x', 'all y', 'all z']);
    const { rows } = nearestNeighbours(world.matrix, world.index('tfidf').weighting, 2, { maxShare: 0.5 });
    expect(Array.from(rows)).toEqual([1, -1, 0, -1, -1, -1, -1, -1, -1, -1]);
  });
});
