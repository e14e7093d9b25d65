// The retrieval contract: every way to rank items (`ae`, `bow`, `tfidf`, `phash`, …) is a Method.
import type { Feature, Kind } from '../features/feature.ts';

/**
 * What a method can rank, column by column; row `r` of every column is one item – or, where parts are ranked too (passages of
 * documents, further frames of animations), one item or one part of it.
 */
export interface Ranking {
  /** Catalog ids; several rows of one item where its parts are ranked too. */
  readonly ids: Int32Array;
  /**
   * Tie keys: a hash of each item's content. Equal scores are ordered by it (then by id), so that the order in which
   * items were indexed – often sorted by folder, hence by class – never leaks into a ranking.
   */
  readonly ties: Uint32Array;
  /** The id of the passage or frame that a row is, 0 for the item itself; absent when only items are ranked. */
  readonly parts?: Int32Array;
}

/** One item and how alike it is; rows are positions in {@link Ranking}. */
export interface Scored {
  readonly row: number;
  /** Higher is more alike; 1 is "the same", but for methods that are not {@link Method.bounded}. */
  readonly score: number;
}

/** How a search goes about it. */
export interface SearchSettings {
  /** Candidates that a search through a graph keeps: more are slower and find more. @default what the graph was measured with */
  readonly ef?: number;
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
 *
 * Three things a method may lack, and says so: {@link symmetric}, {@link bounded}, {@link similarity}.
 */
export interface Method<Rep = unknown> {
  readonly name: string;
  readonly kind: Kind;
  /** Mean bytes that the index keeps for one item so that this method can rank it. */
  readonly bytesPerItem: number;
  /** True when `search` may miss some of the k best; absent or false otherwise. */
  readonly approximate?: boolean;
  /** `false` when a query and an item are compared in different ways, so that `similarity(a, b)` may differ from `similarity(b, a)`. */
  readonly symmetric?: false;
  /**
   * `false` when scores have no upper end and 1 does not mean "the same": they order the items of one question and cannot be
   * compared between questions. They are 0 or more, and 0 for what shares nothing.
   */
  readonly bounded?: false;
  readonly items: Ranking;
  /** What the method compares, for features of its kind; the same function for items and for queries. */
  represent(features: readonly Feature[]): Promise<Rep[]>;
  /** True when there is nothing to compare: a document without a known word, an all-zero code, a flat picture. */
  isEmpty(rep: Rep): boolean;
  /** The score of an item represented by `item` for the question `query`. Absent when only a collection can be ranked. */
  similarity?(query: Rep, item: Rep): number;
  /**
   * {@link scores}, were `standIn` in the place of the item in `row`: what a method without {@link similarity} has instead,
   * so that a document can be asked for by half of it while its other half is ranked.
   */
  scoresWithStandIn?(query: Rep, row: number, standIn: Rep): Float32Array;
  /** The distance a user of this method expects beside the score: Hamming bits, cosine distance, … */
  distance(score: number): number;
  /** The score of every row. */
  scores(query: Rep): Float32Array;
  /** The `k` best rows that `accept` lets through (all, by default); `k` of them wherever there are so many. */
  search(query: Rep, k: number, accept?: (row: number) => boolean, settings?: SearchSettings): Scored[];
}

/** A method that can also compare two things by themselves. */
export type PairMethod<Rep = unknown> = Method<Rep> & Required<Pick<Method<Rep>, 'similarity'>>;
