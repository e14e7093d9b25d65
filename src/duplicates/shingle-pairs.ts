// Which documents have runs of words in common? Pairs, each met in the lists of its shared shingles.
import type { DocumentShingles } from '../text/shingle-index.ts';

export interface ShingledPair {
  /** The smaller row. */
  readonly a: number;
  readonly b: number;
  /** Shingles that both have; of those that many documents have, some are not counted. */
  readonly shared: number;
}

/** In a list up to this long every pair is counted; in a longer one, each document with the next few of its size. */
const SHORT_LIST = 24;
const NEIGHBOURS = 3;
/** A pair that shares less, in shingles and in the share of the smaller document, is chance, a quotation or a header. */
const LEAST_SHARED = 3;
const LEAST_SHARE = 0.1;

/**
 * Pairs of documents with at least a tenth of the smaller one's shingles in common. Time in proportion to all shingles: what
 * hundreds of documents share (a licence, a form) makes a few pairs for each, not one for every two.
 *
 * @param perRow the pairs that are kept of each document: those that share most, of equal ones the first
 */
export function shinglePairs({ indptr, hashes }: DocumentShingles, perRow: number): ShingledPair[] {
  const rows = Math.max(0, indptr.length - 1);
  const size = (row: number) => indptr[row + 1]! - indptr[row]!;
  const shared = new Map<number, number>();
  for (const list of sharedLists({ indptr, hashes }, rows)) {
    const long = list.length > SHORT_LIST;
    // documents of one size are likelier copies of each other
    if (long) list.sort((a, b) => size(a) - size(b) || a - b);
    for (let i = 0; i < list.length; i++) {
      const end = long ? Math.min(list.length, i + 1 + NEIGHBOURS) : list.length;
      for (let j = i + 1; j < end; j++) {
        const [a, b] = list[i]! < list[j]! ? [list[i]!, list[j]!] : [list[j]!, list[i]!];
        const key = a * rows + b;
        shared.set(key, (shared.get(key) ?? 0) + 1);
      }
    }
  }
  const enough: ShingledPair[] = [];
  for (const [key, count] of shared) {
    const a = Math.floor(key / rows);
    const b = key % rows;
    const smaller = Math.min(size(a), size(b));
    if (count >= Math.min(LEAST_SHARED, smaller) && count >= LEAST_SHARE * smaller)
      enough.push({ a, b, shared: count });
  }
  return fewest(enough, rows, perRow);
}

/** For each shingle that several documents have, these; one list is in memory at a time. */
function* sharedLists({ indptr, hashes }: DocumentShingles, rows: number): Generator<number[]> {
  const owners = new Uint32Array(hashes.length);
  for (let row = 0; row < rows; row++) owners.fill(row, indptr[row]!, indptr[row + 1]!);
  const order = new Uint32Array(hashes.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  order.sort((i, j) => hashes[i]! - hashes[j]! || owners[i]! - owners[j]!);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && hashes[order[to]!] === hashes[order[from]!]) to++;
    if (to - from > 1) yield Array.from(order.subarray(from, to), (i) => owners[i]!);
    from = to;
  }
}

/** A pair stays when it is among the best of either document. */
function fewest(pairs: ShingledPair[], rows: number, perRow: number): ShingledPair[] {
  pairs.sort((one, other) => other.shared - one.shared || one.a - other.a || one.b - other.b);
  const counts = new Uint32Array(rows);
  const kept = pairs.filter(({ a, b }) => {
    const wanted = counts[a]! < perRow || counts[b]! < perRow;
    if (wanted) {
      counts[a]!++;
      counts[b]!++;
    }
    return wanted;
  });
  return kept.sort((one, other) => one.a - other.a || one.b - other.b);
}
