// Eigenvectors of a small symmetric matrix, and what comes from them: the only importer of ml-matrix.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

export interface Eigenvectors {
  /** [size], falling. */
  readonly values: Float64Array;
  /** [size, size]: the vector of `values[i]` is row i, of length 1; its number with the largest magnitude is positive. */
  readonly vectors: Float64Array;
}

/**
 * All eigenvalues and eigenvectors of a symmetric matrix (tridiagonal form and QL steps). The time grows with the cube of
 * the size: 128 take some ten milliseconds, 2,048 a minute or two.
 *
 * @param matrix [size, size]
 */
export function symmetricEigenvectors(matrix: Float64Array, size: number): Eigenvectors {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(Matrix.from1DArray(size, size, matrix), {
    assumeSymmetric: true,
  });
  const values = new Float64Array(size);
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    // They come in rising order, the vectors as columns.
    const column = size - 1 - i;
    values[i] = realEigenvalues[column]!;
    const vector = eigenvectorMatrix.getColumn(column);
    const sign = signOfLargest(vector);
    for (let j = 0; j < size; j++) vectors[i * size + j] = sign * vector[j]!;
  }
  return { values, vectors };
}

/** Eigenvectors have no sign of their own: as in scikit-learn, the number with the largest magnitude becomes positive. */
function signOfLargest(vector: readonly number[]): 1 | -1 {
  let largest = 0;
  for (const value of vector) {
    if (Math.abs(value) > Math.abs(largest)) largest = value;
  }
  return largest < 0 ? -1 : 1;
}
