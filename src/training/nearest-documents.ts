// The nearest documents of every document by their weighted words: what the text recipe learns from beside the document.
import type { BagsOfWords } from './bags-of-words.ts';

export interface NeighbourOptions {
  /** Words that a larger share of the documents has are left out of the comparison: they cost most and tell least. @default 0.1 */
  readonly maxShare?: number;
}

/** The `k` nearest of each row, best first: entries `r·k … r·k + k - 1` belong to row `r`. */
export interface Neighbours {
  readonly k: number;
  /** Row numbers; -1 where a row shares words with fewer than `k` others. */
  readonly rows: Int32Array;
  /** Cosines; 0 where there is no neighbour. */
  readonly scores: Float32Array;
}

/**
 * Exact k nearest neighbours (a row is not its own) by cosine over the words that are compared. Every pair is scored once and
 * offered to both. Ties go to the lower row.
 *
 * @param unit the value of each entry of `bags.indices`; each row of length 1
 */
export function nearestDocuments(
  bags: BagsOfWords,
  unit: Float32Array,
  k: number,
  options: NeighbourOptions = {},
): Neighbours {
  const { maxShare = 0.1 } = options;
  const { rows: count, indptr, indices } = bags;
  const { offsets, rows, values } = postings(bags, unit);
  const best = new BestOfEachRow(count, k);
  const scores = new Float32Array(count);
  const commonest = Math.max(2, maxShare * count);
  // How far each word's list has been walked: the rows before the present one.
  const walked = offsets.slice(0, bags.vocabularySize);
  for (let row = 0; row < count; row++) {
    for (let i = indptr[row]!; i < indptr[row + 1]!; i++) {
      const word = indices[i]!;
      const from = offsets[word]!;
      const own = walked[word]!++;
      if (offsets[word + 1]! - from > commonest) continue;
      const weight = values[own]!;
      for (let p = from; p < own; p++) scores[rows[p]!]! += weight * values[p]!;
    }
    for (let other = 0; other < row; other++) {
      const score = scores[other]!;
      if (score === 0) continue;
      scores[other] = 0;
      best.offer(row, other, score);
      best.offer(other, row, score);
    }
  }
  return best;
}

/** The entries turned round: for each word, the rows that have it, rising, and their values. */
function postings({ rows: count, vocabularySize, indptr, indices }: BagsOfWords, unit: Float32Array) {
  const offsets = new Uint32Array(vocabularySize + 1);
  for (const word of indices) offsets[word + 1]!++;
  for (let word = 0; word < vocabularySize; word++) offsets[word + 1]! += offsets[word]!;
  const next = offsets.slice(0, vocabularySize);
  const rows = new Uint32Array(indices.length);
  const values = new Float32Array(indices.length);
  for (let row = 0; row < count; row++) {
    for (let i = indptr[row]!; i < indptr[row + 1]!; i++) {
      const place = next[indices[i]!]!++;
      rows[place] = row;
      values[place] = unit[i]!;
    }
  }
  return { offsets, rows, values };
}

/** Sorted lists of the best so far, of fixed length, side by side in two arrays. Scores are above 0. */
export class BestOfEachRow implements Neighbours {
  readonly k: number;
  readonly rows: Int32Array;
  readonly scores: Float32Array;

  constructor(rows: number, k: number) {
    this.k = k;
    this.rows = new Int32Array(rows * k).fill(-1);
    this.scores = new Float32Array(rows * k);
  }

  /** Keeps `other` when it is among the best of `row` so far. Each pair must be offered once. */
  offer(row: number, other: number, score: number): void {
    const first = row * this.k;
    let place = first + this.k - 1;
    if (!(score > this.scores[place]!)) return;
    while (place > first && this.scores[place - 1]! < score) {
      this.scores[place] = this.scores[place - 1]!;
      this.rows[place] = this.rows[place - 1]!;
      place--;
    }
    this.scores[place] = score;
    this.rows[place] = other;
  }
}
