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
  if (scores.length !== ids.length || scores.length !== ties.length) {
    throw new RangeError(`Expected ${ids.length} scores and tie keys but received ${scores.length} and ${ties.length}`);
  }
  const best = new BestRows(k, ranked, accept);
  let { bound } = best;
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!;
    // One comparison turns away nearly every row; it is false for NaN.
    if (score >= bound) bound = best.offer(row, score);
  }
  return best.take();
}

/** The `k` best of the rows that are offered one by one: a binary heap, the worst on top, O(log k) for a row. */
export class BestRows {
  /** Rows with a lower score than this are not among the best. */
  bound: number;
  readonly #room: number;
  readonly #ranked: Ranked;
  readonly #accept: ((row: number) => boolean) | undefined;
  readonly #rows: Int32Array;
  readonly #scores: Float64Array;
  #size = 0;

  /** @throws RangeError when `k` is not a whole number from 0 on */
  constructor(k: number, ranked: Ranked, accept?: (row: number) => boolean) {
    if (!(Number.isInteger(k) && k >= 0)) throw new RangeError(`Expected a whole number for k but received ${k}`);
    this.#room = Math.min(k, ranked.ids.length);
    this.#ranked = ranked;
    this.#accept = accept;
    this.#rows = new Int32Array(this.#room);
    this.#scores = new Float64Array(this.#room);
    this.bound = this.#room === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  /** Keeps a row if it is among the best so far. @returns the bound from now on */
  offer(row: number, score: number): number {
    if (this.#room === 0 || !(score >= this.bound)) return this.bound;
    const isFull = this.#size === this.#room;
    if (isFull && !this.#isBehind(this.#rows[0]!, this.#scores[0]!, row, score)) return this.bound;
    if (this.#accept !== undefined && !this.#accept(row)) return this.bound;
    if (isFull) this.#siftDown(row, score);
    else this.#siftUp(row, score);
    if (this.#size === this.#room) this.bound = this.#scores[0]!;
    return this.bound;
  }

  /** The best rows, best first; none are left. */
  take(): ScoredRow[] {
    const best: ScoredRow[] = new Array(this.#size);
    while (this.#size > 0) {
      const [row, score] = [this.#rows[0]!, this.#scores[0]!];
      this.#size -= 1;
      best[this.#size] = { row, score };
      this.#siftDown(this.#rows[this.#size]!, this.#scores[this.#size]!);
    }
    return best;
  }

  /** Whether row `a` ranks behind row `b`. */
  #isBehind(a: number, scoreOfA: number, b: number, scoreOfB: number): boolean {
    if (scoreOfA !== scoreOfB) return scoreOfA < scoreOfB;
    const { ids, ties } = this.#ranked;
    if (ties[a]! !== ties[b]!) return ties[a]! > ties[b]!;
    return ids[a]! > ids[b]!;
  }

  #siftDown(row: number, score: number): void {
    const [rows, scores] = [this.#rows, this.#scores];
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      const other = child + 1;
      if (other < this.#size && this.#isBehind(rows[other]!, scores[other]!, rows[child]!, scores[child]!))
        child = other;
      if (!this.#isBehind(rows[child]!, scores[child]!, row, score)) break;
      rows[at] = rows[child]!;
      scores[at] = scores[child]!;
      at = child;
    }
    rows[at] = row;
    scores[at] = score;
  }

  #siftUp(row: number, score: number): void {
    const [rows, scores] = [this.#rows, this.#scores];
    let at = this.#size;
    this.#size += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBehind(row, score, rows[parent]!, scores[parent]!)) break;
      rows[at] = rows[parent]!;
      scores[at] = scores[parent]!;
      at = parent;
    }
    rows[at] = row;
    scores[at] = score;
  }
}
