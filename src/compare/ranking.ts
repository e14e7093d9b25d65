// From the scores of all items to their order, or to the rank of one of them.
import type { Ranking } from '../methods/method.ts';

/** Digits of the radix sort: 32 bits as 11 + 11 + 10. */
const DIGIT_BITS = 11;
const DIGITS = 3;
const BUCKETS = 1 << DIGIT_BITS;

/**
 * Orders items by score, best first; equal scores by tie key, then by id, both ascending.
 *
 * The order of the ties never changes, so it is found once; a stable radix sort of the scores that starts from it leaves
 * equal scores in that order. One sorter serves many queries and is not to be shared between threads.
 */
export class RankingSorter {
  readonly #size: number;
  /** Rows in tie order, and the place of each row in it. */
  readonly #byTie: Int32Array;
  readonly #tiePlace: Int32Array;
  readonly #keys: Uint32Array;
  readonly #spare: Int32Array;
  readonly #counts = new Uint32Array(DIGITS * BUCKETS);

  constructor(items: Ranking) {
    const { ids, ties } = items;
    if (ids.length !== ties.length) {
      throw new RangeError(`Expected as many tie keys as ids but received ${ties.length} for ${ids.length}`);
    }
    this.#size = ids.length;
    this.#byTie = Int32Array.from(ids, (_, row) => row).sort((a, b) => ties[a]! - ties[b]! || ids[a]! - ids[b]!);
    this.#tiePlace = new Int32Array(this.#size);
    for (let place = 0; place < this.#size; place++) this.#tiePlace[this.#byTie[place]!] = place;
    this.#keys = new Uint32Array(this.#size);
    this.#spare = new Int32Array(this.#size);
  }

  /**
   * The rows, best first.
   *
   * @param scores One score a row; NaN is a RangeError, it has no place in an order.
   * @param excluded Rows to leave out.
   */
  order(scores: Float32Array, excluded: readonly number[] = []): Int32Array {
    this.#readKeys(scores);
    const result = new Int32Array(this.#size);
    this.#scatter(this.#byTie, result, 0);
    this.#scatter(result, this.#spare, 1);
    this.#scatter(this.#spare, result, 2);
    return excluded.length === 0 ? result : without(result, excluded);
  }

  /**
   * The rank of one row, from 1, without sorting: 1 + the number of rows ahead of it.
   *
   * @param excluded Rows that do not count; `row` itself may be among them.
   */
  rankOf(scores: Float32Array, row: number, excluded: readonly number[] = []): number {
    this.#checkLength(scores);
    const score = scores[row]!;
    const place = this.#tiePlace[row]!;
    if (Number.isNaN(score)) throw nanScore(row);
    let ahead = 0;
    for (let other = 0; other < scores.length; other++) {
      const otherScore = scores[other]!;
      if (otherScore > score || (otherScore === score && this.#tiePlace[other]! < place)) ahead++;
    }
    for (const other of excluded) {
      const otherScore = scores[other]!;
      if (otherScore > score || (otherScore === score && this.#tiePlace[other]! < place)) ahead--;
    }
    return ahead + 1;
  }

  /** Turns scores into keys whose unsigned order is best first, and counts the digits of all keys. */
  #readKeys(scores: Float32Array): void {
    this.#checkLength(scores);
    const bits = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
    const counts = this.#counts.fill(0);
    for (let row = 0; row < scores.length; row++) {
      const raw = bits[row]!;
      if ((raw & 0x7fffffff) > 0x7f800000) throw nanScore(row);
      // Negative zero equals zero. Positive floats order as their bits do, negative ones the other way round.
      const key = raw === 0x80000000 ? 0x7fffffff : (raw & 0x80000000) === 0 ? ~raw & 0x7fffffff : raw;
      this.#keys[row] = key;
      counts[key & (BUCKETS - 1)]!++;
      counts[BUCKETS + ((key >>> DIGIT_BITS) & (BUCKETS - 1))]!++;
      counts[2 * BUCKETS + (key >>> (2 * DIGIT_BITS))]!++;
    }
  }

  #scatter(from: Int32Array, to: Int32Array, digit: number): void {
    const counts = this.#counts;
    const keys = this.#keys;
    const base = digit * BUCKETS;
    const shift = digit * DIGIT_BITS;
    let next = 0;
    for (let bucket = base; bucket < base + BUCKETS; bucket++) {
      const count = counts[bucket]!;
      counts[bucket] = next;
      next += count;
    }
    for (let place = 0; place < from.length; place++) {
      const row = from[place]!;
      const bucket = base + ((keys[row]! >>> shift) & (BUCKETS - 1));
      to[counts[bucket]!++] = row;
    }
  }

  #checkLength(scores: Float32Array): void {
    if (scores.length !== this.#size) {
      throw new RangeError(`Expected ${this.#size} scores, one an item, but received ${scores.length}`);
    }
  }
}

function without(order: Int32Array, excluded: readonly number[]): Int32Array {
  const unwanted = new Uint8Array(order.length);
  for (const row of excluded) unwanted[row] = 1;
  let kept = 0;
  for (const row of order) {
    if (unwanted[row] === 0) order[kept++] = row;
  }
  return order.subarray(0, kept);
}

function nanScore(row: number): RangeError {
  return new RangeError(`Expected a number as the score of every item but received NaN for row ${row}`);
}
