// Rows of few entries among many columns, as a network takes them: batches of rows of like length, padded to one width.
import type { NumericTensor } from './numeric-tensor.ts';

/** A row by its entries that are not zero. */
export interface SparseRow {
  /** Columns. */
  readonly indices: ArrayLike<number>;
  /** As long as `indices`. */
  readonly counts: ArrayLike<number>;
}

export interface PaddedBatch {
  /** Which of the rows these are. */
  readonly rows: readonly number[];
  /** int32 [rows, longest]; 0 where a row is shorter. */
  readonly columns: NumericTensor;
  /** float32 [rows, longest]; 0 where a row is shorter. */
  readonly counts: NumericTensor;
}

/**
 * Entries of a batch, padding included, unless one row alone has more. For each a network takes a row of its weights, and these
 * should stay near the processor.
 */
const MOST_ENTRIES = 4_096;

/** All rows, short ones first. */
export function* paddedBatches(rows: readonly SparseRow[]): Generator<PaddedBatch, void> {
  const order = rows.map((_, row) => row).sort((a, b) => widthOf(rows[a]!) - widthOf(rows[b]!));
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && (to + 1 - from) * widthOf(rows[order[to]!]!) <= MOST_ENTRIES) to++;
    yield padded(rows, order.slice(from, to));
    from = to;
  }
}

/** Puts the rows that a network gave for a batch, end to end, at their places among all: [rows, width] both. */
export function putRows(
  into: Float32Array,
  { rows }: Pick<PaddedBatch, 'rows'>,
  values: Float32Array,
  width: number,
): void {
  for (const [i, row] of rows.entries()) into.set(values.subarray(i * width, (i + 1) * width), row * width);
}

/** @param taken the last one is the longest */
function padded(rows: readonly SparseRow[], taken: readonly number[]): PaddedBatch {
  const width = widthOf(rows[taken.at(-1)!]!);
  const shape = [taken.length, width];
  const columns = new Int32Array(taken.length * width);
  const counts = new Float32Array(taken.length * width);
  for (const [i, row] of taken.entries()) {
    columns.set(rows[row]!.indices, i * width);
    counts.set(rows[row]!.counts, i * width);
  }
  return { rows: taken, columns: { data: columns, shape }, counts: { data: counts, shape } };
}

function widthOf({ indices }: SparseRow): number {
  return Math.max(1, indices.length);
}
