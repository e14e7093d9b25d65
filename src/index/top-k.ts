// The k best rows by score, ties in an order that no index order leaks into.

/** Rows to rank, column by column; the shape of the retrieval contract's `Ranking`. */
export interface Ranked {
  /** Item ids. */
  readonly ids: Int32Array;
  /** Tie keys: a hash of each item's content. Equal scores are ordered by it, then by id. */
  readonly ties: Uint32Array;
}

/** One row and how alike it is; a higher score is more alike. */
export interface ScoredRow {
  readonly row: number;
  readonly score: number;
}

/**
 * The `k` best rows that `accept` lets through (all, by default), best first: higher score, then lower tie key, then lower
 * id. A row whose score is NaN is never among them.
 *
 * A binary heap of the best rows so far, the worst on top: O(rows · log k).
 *
 * @param scores one for each row of `ranked`
 * @throws RangeError when `k` is not a whole number from 0 on, or the columns differ in length
 */
export function topK(
  scores: ArrayLike<number>,
  k: number,
  ranked: Ranked,
  accept?: (row: number) => boolean,
): ScoredRow[] {
  const { ids, ties } = ranked;
  if (!(Number.isInteger(k) && k >= 0)) throw new RangeError(`Expected a whole number for k but received ${k}`);
  if (scores.length !== ids.length || scores.length !== ties.length) {
    throw new RangeError(`Expected ${ids.length} scores and tie keys but received ${scores.length} and ${ties.length}`);
  }
  const room = Math.min(k, scores.length);
  if (room === 0) return [];

  /** Whether row `a` ranks behind row `b`. */
  const isBehind = (a: number, b: number): boolean => {
    if (scores[a]! !== scores[b]!) return scores[a]! < scores[b]!;
    if (ties[a]! !== ties[b]!) return ties[a]! > ties[b]!;
    return ids[a]! > ids[b]!;
  };
  const heap = new Int32Array(room);
  let size = 0;

  const siftDown = (row: number): void => {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && isBehind(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBehind(heap[child]!, row)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = row;
  };
  const siftUp = (row: number): void => {
    let at = size;
    size += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBehind(row, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = row;
  };

  let worst = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!;
    // One comparison turns away nearly every row; it is false for NaN.
    if (!(score >= worst)) continue;
    if (size === room && !isBehind(heap[0]!, row)) continue;
    if (accept !== undefined && !accept(row)) continue;
    if (size < room) siftUp(row);
    else siftDown(row);
    if (size === room) worst = scores[heap[0]!]!;
  }

  const best: ScoredRow[] = new Array(size);
  while (size > 0) {
    const row = heap[0]!;
    size -= 1;
    best[size] = { row, score: scores[row]! };
    siftDown(heap[size]!);
  }
  return best;
}
