// How good is one ranking? Precision, recall, average precision and reciprocal rank, from the ranks of the relevant items.
//
// A rank is a position in the full ranking, 1 for the best. The ranks of the relevant items, in ascending order, are all
// that these figures need. Definitions are those of trec_eval: `P_k`, `recall_k`, `map`, `recip_rank`.

/** The cut-offs that every report names. */
export const CUTOFFS = [1, 10, 100] as const;

/** The cut-offs that a curve is drawn through; contains {@link CUTOFFS}. */
export const CURVE_CUTOFFS = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000] as const;

/** What one method did on one query. */
export interface QueryMetrics {
  /** How many items are relevant, found or not; at least 1. */
  readonly relevant: number;
  /** How many relevant items are among the first k, for each k of {@link CURVE_CUTOFFS}. */
  readonly foundAt: readonly number[];
  readonly averagePrecision: number;
  readonly reciprocalRank: number;
  /** Rank of the first relevant item; infinite when none was ranked. */
  readonly firstRank: number;
}

/** Share of the first `k` ranks that hold a relevant item. The divisor is `k` even when fewer items were ranked. */
export function precisionAt(ranks: ArrayLike<number>, k: number): number {
  return countWithin(ranks, k) / k;
}

/** Share of the `relevant` items that are among the first `k`. */
export function recallAt(ranks: ArrayLike<number>, relevant: number, k: number): number {
  return countWithin(ranks, k) / relevant;
}

/** Mean, over the `relevant` items, of the precision at the rank of each; an item that was not ranked counts 0. */
export function averagePrecision(ranks: ArrayLike<number>, relevant: number): number {
  let sum = 0;
  for (let found = 0; found < ranks.length; found++) sum += (found + 1) / ranks[found]!;
  return sum / relevant;
}

/** 1 / rank of the first relevant item; 0 when none was ranked. */
export function reciprocalRank(ranks: ArrayLike<number>): number {
  return ranks.length === 0 ? 0 : 1 / ranks[0]!;
}

/** Rank of the first relevant item; infinite when none was ranked. */
export function firstRelevantRank(ranks: ArrayLike<number>): number {
  return ranks.length === 0 ? Number.POSITIVE_INFINITY : ranks[0]!;
}

/**
 * All figures of one query.
 *
 * @param ranks Ranks of the relevant items that were ranked, ascending, starting at 1.
 * @param relevant How many items are relevant in all. A query with none has no figures: count it apart.
 */
export function measure(ranks: ArrayLike<number>, relevant: number): QueryMetrics {
  if (!(relevant >= 1) || ranks.length > relevant) {
    throw new RangeError(`Expected at least ${Math.max(1, ranks.length)} relevant items but received ${relevant}`);
  }
  return {
    relevant,
    foundAt: CURVE_CUTOFFS.map((k) => countWithin(ranks, k)),
    averagePrecision: averagePrecision(ranks, relevant),
    reciprocalRank: reciprocalRank(ranks),
    firstRank: firstRelevantRank(ranks),
  };
}

/** The figures of a known-item search: exactly one item is relevant and it came at `rank`. */
export function measureKnownItem(rank: number): QueryMetrics {
  return measure(Number.isFinite(rank) ? [rank] : [], 1);
}

/** The figures of a query that a method cannot answer (it has nothing to compare): zero everywhere. */
export function measureUnanswered(relevant: number): QueryMetrics {
  return measure([], relevant);
}

/** Ranks, ascending from 1, at which `order` (rows, best first) holds a row that is marked in `relevance`. */
export function relevantRanks(order: ArrayLike<number>, relevance: Uint8Array): number[] {
  const ranks: number[] = [];
  for (let position = 0; position < order.length; position++) {
    if (relevance[order[position]!] === 1) ranks.push(position + 1);
  }
  return ranks;
}

function countWithin(ranks: ArrayLike<number>, k: number): number {
  let count = 0;
  while (count < ranks.length && ranks[count]! <= k) count++;
  return count;
}
