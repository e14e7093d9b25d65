// Sparse vectors: the few entries that are not zero.

export interface SparseVector {
  /** Ascending. */
  readonly indices: Uint32Array;
  /** As long as `indices`. */
  readonly values: Float32Array;
}

/** Σ aᵢ·bᵢ. */
export function sparseDot(a: SparseVector, b: SparseVector): number {
  let sum = 0;
  for (let i = 0, j = 0; i < a.indices.length && j < b.indices.length; ) {
    const difference = a.indices[i]! - b.indices[j]!;
    if (difference === 0) sum += a.values[i++]! * b.values[j++]!;
    else if (difference < 0) i++;
    else j++;
  }
  return sum;
}

/** The vector of length 1 in the same direction; a vector of zeros stays as it is. */
export function toUnitLength({ indices, values }: SparseVector): SparseVector {
  let squares = 0;
  for (const value of values) squares += value * value;
  return squares === 0 ? { indices, values } : { indices, values: values.map((value) => value / Math.sqrt(squares)) };
}
