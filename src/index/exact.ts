// Exact search over float codes: the dot product with every row. Also the oracle that HNSW is tested against.
import { type Ranked, type ScoredRow, topK } from './top-k.ts';

/**
 * The dot product of `query` with every row of `codes` [rows, dimensions]: the cosine, when all are of unit length.
 *
 * @param into where to put the scores, one a row; made when absent
 */
export function dotScores(codes: Float32Array, query: Float32Array, into?: Float32Array): Float32Array {
  const dimensions = query.length;
  const rows = codes.length / dimensions;
  if (dimensions === 0 || !Number.isInteger(rows)) {
    throw new RangeError(`Expected codes of ${dimensions} dimensions but received ${codes.length} numbers`);
  }
  const scores = into ?? new Float32Array(rows);
  if (scores.length !== rows) throw new RangeError(`Expected room for ${rows} scores but received ${scores.length}`);
  const whole = dimensions - (dimensions % 4);
  for (let row = 0, start = 0; row < rows; row++, start += dimensions) {
    // Four sums that do not wait for one another.
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let i = 0; i < whole; i += 4) {
      const at = start + i;
      a += codes[at]! * query[i]!;
      b += codes[at + 1]! * query[i + 1]!;
      c += codes[at + 2]! * query[i + 2]!;
      d += codes[at + 3]! * query[i + 3]!;
    }
    for (let i = whole; i < dimensions; i++) a += codes[start + i]! * query[i]!;
    scores[row] = a + b + (c + d);
  }
  return scores;
}

/** The `k` rows with the highest dot product, see {@link topK} for their order. */
export function searchDot(
  codes: Float32Array,
  query: Float32Array,
  k: number,
  ranked: Ranked,
  accept?: (row: number) => boolean,
): ScoredRow[] {
  return topK(dotScores(codes, query), k, ranked, accept);
}

/**
 * The `k` best of a few candidate rows, scored exactly and in the order of {@link topK}: what an approximate search found,
 * put in order.
 */
export function searchRows(
  codes: Float32Array,
  query: Float32Array,
  rows: ArrayLike<number>,
  k: number,
  ranked: Ranked,
): ScoredRow[] {
  const dimensions = query.length;
  const candidates = new Float32Array(rows.length * dimensions);
  const ids = new Int32Array(rows.length);
  const ties = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    candidates.set(codes.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
    ids[i] = ranked.ids[row]!;
    ties[i] = ranked.ties[row]!;
  }
  return searchDot(candidates, query, k, { ids, ties }).map((hit) => ({ row: rows[hit.row]!, score: hit.score }));
}
