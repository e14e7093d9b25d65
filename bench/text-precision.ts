// How many of the nearest documents are of the query's kind: exact rankings, ties broken at random in expectation.
import { openSession } from '../dist/runtime/onnx-session.js';
import { Graph } from '../dist/training/graph/graph.js';
import { gemm } from '../dist/training/graph/linear.js';

/** The scores of every database document for one query after another; an array may be used again. */
export type Scores = AsyncIterable<Float32Array> | Iterable<Float32Array>;

export interface Judged {
  readonly database: readonly (readonly number[])[];
  readonly queries: readonly (readonly number[])[];
}

/**
 * Mean over queries of the share of the `k` best that share a label with the query. Of equal scores at the end of the k,
 * each is as likely to be taken: the expectation over all orders of theirs is what is counted.
 */
export async function precisionAt(k: number, scores: Scores, { database, queries }: Judged): Promise<number> {
  let sum = 0;
  let query = 0;
  for await (const row of scores) {
    const labels = new Set(queries[query++]!);
    const least = nthLargest(row, k);
    let above = 0;
    let rightAbove = 0;
    let level = 0;
    let rightLevel = 0;
    for (let i = 0; i < row.length; i++) {
      if (row[i]! < least) continue;
      const right = database[i]!.some((label) => labels.has(label)) ? 1 : 0;
      if (row[i]! > least) {
        above++;
        rightAbove += right;
      } else {
        level++;
        rightLevel += right;
      }
    }
    sum += (rightAbove + ((k - above) * rightLevel) / level) / k;
  }
  return sum / queries.length;
}

/** Precision and recall after each of `ranks` documents, means over the queries; equal scores in the database's order. */
export async function curveAt(
  ranks: readonly number[],
  scores: Scores,
  { database, queries }: Judged,
): Promise<{ rank: number; precision: number; recall: number }[]> {
  const precision = new Float64Array(ranks.length);
  const recall = new Float64Array(ranks.length);
  let query = 0;
  for await (const row of scores) {
    const labels = new Set(queries[query++]!);
    const right = database.map((own) => own.some((label) => labels.has(label)));
    const all = right.filter(Boolean).length;
    // A float64 holds score and row together: one sort of plain numbers instead of a comparison function.
    const order = Float64Array.from(row, (score, i) => Math.round(-score * 2 ** 20) * 2 ** 20 + i).sort();
    let found = 0;
    let at = 0;
    ranks.forEach((rank, place) => {
      for (; at < rank; at++) if (right[((order[at]! % 2 ** 20) + 2 ** 20) % 2 ** 20]) found++;
      precision[place]! += found / rank;
      recall[place]! += all === 0 ? 0 : found / all;
    });
  }
  return ranks.map((rank, i) => ({ rank, precision: precision[i]! / query, recall: recall[i]! / query }));
}

/** The `n`-th largest number; the smallest where there are fewer. */
function nthLargest(values: Float32Array, n: number): number {
  const heap = values.slice(0, n).sort();
  for (let i = n; i < values.length; i++) {
    const value = values[i]!;
    if (value <= heap[0]!) continue;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= n) break;
      if (child + 1 < n && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= value) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = value;
  }
  return heap[0]!;
}

const QUERIES_AT_ONCE = 128;

/** Dot products of codes, [rows × size] each. */
export async function* products(
  queries: Float32Array,
  database: Float32Array,
  size: number,
): AsyncGenerator<Float32Array> {
  const rows = database.length / size;
  const count = queries.length / size;
  const graph = new Graph('products');
  const asked = graph.input('asked', 'float32', [1, size], ['N', size]);
  const all = graph.input('all', 'float32', [rows, size]);
  graph.output(gemm(asked, all, { transposeB: true }), 'products', ['N', rows]);
  const session = await openSession(graph.toModel(), { device: 'cpu' });
  try {
    for (let from = 0; from < count; from += QUERIES_AT_ONCE) {
      const to = Math.min(count, from + QUERIES_AT_ONCE);
      const data = queries.slice(from * size, to * size);
      const feeds = { asked: { data, shape: [to - from, size] }, all: { data: database, shape: [rows, size] } };
      const given = (await session.run(feeds)).products!.data as Float32Array;
      for (let row = 0; row < to - from; row++) yield given.subarray(row * rows, (row + 1) * rows);
    }
  } finally {
    await session.release();
  }
}

/** The signs of codes as −1 and 1: their dot product is the size less twice the Hamming distance. */
export function signs(codes: Float32Array): Float32Array {
  return codes.map((value) => (value > 0 ? 1 : -1));
}
