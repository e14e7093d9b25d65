// The retrieval contract: every way to rank items (`ae`, `bow`, `tfidf`, `phash`, …) is a Method.
import type { Feature, Kind } from '../features/feature.ts';

/** The items a method can rank, column by column; row `r` of every column is one item. */
export interface Ranking {
  /** Catalog ids. */
  readonly ids: Int32Array;
  /**
   * Tie keys: a hash of each item's content. Equal scores are ordered by it (then by id), so that the order in which
   * items were indexed – often sorted by folder, hence by class – never leaks into a ranking.
   */
  readonly ties: Uint32Array;
}

/** One item and how alike it is; rows are positions in {@link Ranking}. */
export interface Scored {
  readonly row: number;
  /** Higher is more alike; 1 is "the same" for every method. */
  readonly score: number;
}

/**
 * One way to rank. `Rep` is the representation it compares: a code, a hash, a weighted bag of words.
 *
 * Contract, checked by one conformance suite (test/methods/conformance.ts):
 * - `similarity(a, a)` is 1 unless `a` is empty (no known word, an all-zero code): then every similarity with it is 0;
 * - `similarity` is symmetric, and at most 1;
 * - `scores(q)[r]` equals `similarity(q, rep of row r)` up to float rounding;
 * - `search(q, k)` is the k best of `scores(q)`, best first, ties by the ranking's tie keys (an approximate method
 *   documents its recall instead).
 */
export interface Method<Rep = unknown> {
  readonly name: string;
  readonly kind: Kind;
  /** Mean bytes that the index keeps for one item so that this method can rank it. */
  readonly bytesPerItem: number;
  /** True when `search` may miss some of the k best; absent or false otherwise. */
  readonly approximate?: boolean;
  readonly items: Ranking;
  /** What the method compares, for features of its kind; the same function for items and for queries. */
  represent(features: readonly Feature[]): Promise<Rep[]>;
  /** True when there is nothing to compare: a document without a known word, an all-zero code, a flat picture. */
  isEmpty(rep: Rep): boolean;
  similarity(a: Rep, b: Rep): number;
  /** The distance a user of this method expects beside the score: Hamming bits, cosine distance, … */
  distance(score: number): number;
  /** The score of every row. */
  scores(query: Rep): Float32Array;
  /** The `k` best rows that `accept` lets through (all, by default). */
  search(query: Rep, k: number, accept?: (row: number) => boolean): Scored[];
}
