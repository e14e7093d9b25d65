// The nearest documents of every document by the plain weightings: what a text encoder is trained with.
import { postingsOf } from './postings.ts';
import { type CountMatrix, countsOfRow } from './term-counts.ts';
import { type Weighting, weigh } from './weighting.ts';

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
 */
export function nearestNeighbours(
  matrix: CountMatrix,
  weighting: Weighting,
  k: number,
  options: NeighbourOptions = {},
): Neighbours {
  const { maxShare = 0.1 } = options;
  const { offsets, rows } = postingsOf(matrix);
  const values = weightsByWord(matrix, weighting, offsets);
  const best = new BestOfEachRow(matrix.rows, k);
  const scores = new Float32Array(matrix.rows);
  const commonest = Math.max(2, maxShare * matrix.rows);
  // how far each word's list has been walked: the rows before the present one
  const walked = offsets.slice(0, matrix.columns);
  for (let row = 0; row < matrix.rows; row++) {
    const { indices } = countsOfRow(matrix, row);
    for (const term of indices) {
      const from = offsets[term]!;
      const own = walked[term]!++;
      if (offsets[term + 1]! - from > commonest) continue;
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

/** The entries of all unit vectors in the order of the postings. */
function weightsByWord(matrix: CountMatrix, weighting: Weighting, offsets: Uint32Array): Float32Array {
  const next = offsets.slice(0, matrix.columns);
  const weights = new Float32Array(matrix.indices.length);
  for (let row = 0; row < matrix.rows; row++) {
    const { indices, values } = weigh(weighting, countsOfRow(matrix, row));
    for (let i = 0; i < indices.length; i++) weights[next[indices[i]!]!++] = values[i]!;
  }
  return weights;
}

/** Sorted lists of the best so far, of fixed length, side by side in two arrays. */
class BestOfEachRow implements Neighbours {
  readonly k: number;
  readonly rows: Int32Array;
  readonly scores: Float32Array;

  constructor(rows: number, k: number) {
    this.k = k;
    this.rows = new Int32Array(rows * k).fill(-1);
    this.scores = new Float32Array(rows * k);
  }

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
