// Products of a sparse matrix with a dense one.

/** Numbers in compressed sparse rows: row r has `values[i]` in column `indices[i]` for `indptr[r]` ≤ i < `indptr[r + 1]`. */
export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly indptr: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array;
}

/** The same entries, row and column exchanged; rows of one column stay in their order. */
export function transposed({ rows, columns, indptr, indices, values }: SparseMatrix): SparseMatrix {
  const offsets = new Uint32Array(columns + 1);
  const entries = indptr[rows]!;
  for (let i = 0; i < entries; i++) offsets[indices[i]! + 1]!++;
  for (let column = 0; column < columns; column++) offsets[column + 1]! += offsets[column]!;
  const next = offsets.slice(0, columns);
  const rowAt = new Uint32Array(entries);
  const valueAt = new Float32Array(entries);
  for (let row = 0; row < rows; row++) {
    for (let i = indptr[row]!, end = indptr[row + 1]!; i < end; i++) {
      const place = next[indices[i]!]!++;
      rowAt[place] = row;
      valueAt[place] = values[i]!;
    }
  }
  return { rows: columns, columns: rows, indptr: offsets, indices: rowAt, values: valueAt };
}

/**
 * sparse · dense.
 *
 * @param dense [sparse.columns, width]
 * @param into [sparse.rows, width]; made when absent
 */
export function sparseTimesDense(
  { rows, indptr, indices, values }: SparseMatrix,
  dense: Float32Array,
  width: number,
  into: Float32Array = new Float32Array(rows * width),
): Float32Array {
  const sums = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    const end = indptr[row + 1]!;
    let i = indptr[row]!;
    // Four entries at a time: a sum is read and written once for all of them.
    for (; i + 4 <= end; i += 4) {
      const a = values[i]!;
      const b = values[i + 1]!;
      const c = values[i + 2]!;
      const d = values[i + 3]!;
      const atA = indices[i]! * width;
      const atB = indices[i + 1]! * width;
      const atC = indices[i + 2]! * width;
      const atD = indices[i + 3]! * width;
      for (let j = 0; j < width; j++) {
        sums[j]! += a * dense[atA + j]! + b * dense[atB + j]! + (c * dense[atC + j]! + d * dense[atD + j]!);
      }
    }
    for (; i < end; i++) {
      const value = values[i]!;
      const at = indices[i]! * width;
      for (let j = 0; j < width; j++) sums[j]! += value * dense[at + j]!;
    }
    into.set(sums, row * width);
  }
  return into;
}
