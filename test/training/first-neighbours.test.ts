// The neighbours of the first round: near by words, and by words that half of the documents have.
import { describe, expect, it } from '@jest/globals';
import { type BagsOfWords, inverseDocumentFrequencies, unitLogTfIdf } from '../../src/training/bags-of-words.ts';
import { firstNeighbours } from '../../src/training/first-neighbours.ts';

/** Twelve documents of two words that half of them have, and one word of their own. */
const ROWS = 12;
const BAGS: BagsOfWords = {
  rows: ROWS,
  vocabularySize: 4 + ROWS,
  indptr: Uint32Array.from({ length: ROWS + 1 }, (_, row) => 3 * row),
  indices: Uint32Array.from(
    Array.from({ length: ROWS }, (_, row) => [2 * (row % 2), 2 * (row % 2) + 1, 4 + row]).flat(),
  ),
  counts: new Uint16Array(3 * ROWS).fill(1),
};

describe('the first neighbours', () => {
  it('are of one kind even where only words that half of the documents have say so', async () => {
    const unit = unitLogTfIdf(BAGS, inverseDocumentFrequencies(BAGS));
    const { k, rows } = await firstNeighbours(BAGS, unit, 2, { seed: 1, device: 'cpu', threads: 1 });
    expect(k).toBe(2);
    for (let row = 0; row < ROWS; row++)
      for (const other of rows.subarray(row * k, (row + 1) * k)) {
        expect(other).not.toBe(row);
        expect(other % 2).toBe(row % 2);
      }
  });
});
