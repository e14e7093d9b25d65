// The largest singular values of a sparse matrix and their directions, by a randomized method.
import { throwIfAborted } from '../errors.ts';
import { openSession } from '../runtime/onnx-session.ts';
import { type Eigenvectors, symmetricEigenvectors } from './eigenvectors.ts';
import { Graph } from './graph/graph.ts';
import { gemm } from './graph/linear.ts';
import { Random } from './random.ts';
import { type SparseMatrix, transposed } from './sparse-product.ts';
import { openSparseProduct } from './vector-sparse-product.ts';

export interface SvdOptions {
  /** Directions that are followed beside those that are wanted. @default 16 */
  readonly oversampling?: number;
  /** Times that the matrix and its transpose are applied before the directions are read off; more are more exact. @default 5 */
  readonly iterations?: number;
  /** @default 1 */
  readonly seed?: number;
  /** @default as many as there are physical cores */
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

export interface TruncatedSvd {
  /** Falling, above 0; fewer than were asked for when the matrix has a lower rank. */
  readonly singularValues: Float64Array;
  /** [singular values, columns]: a right singular vector a row, of length 1; the number of largest magnitude is positive. */
  readonly directions: Float32Array;
}

/** Directions whose share is below this of the largest are rounding. */
const NEGLIGIBLE = 1e-9;

/**
 * The `size` largest singular values of a sparse matrix A, and their right singular vectors.
 *
 * Randomized subspace iteration (Halko, Martinsson & Tropp 2011, "Finding Structure with Randomness", algorithms 4.4 and
 * 5.1): random directions are passed through AᵀA and made orthonormal, again and again; of what they have become, the
 * best are those that AᵀA itself stretches most (Rayleigh and Ritz). Nothing larger than [rows or columns, size +
 * oversampling] is held. Small products run in ONNX Runtime. Blocks the thread between the iterations.
 *
 * @throws SandglassError ABORTED; RangeError for numbers that are not finite and for a size below 1
 */
export async function truncatedSvd(
  matrix: SparseMatrix,
  size: number,
  { oversampling = 16, iterations = 5, seed = 1, threads, signal }: SvdOptions = {},
): Promise<TruncatedSvd> {
  const { rows, columns, values } = matrix;
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`Expected a size of 1 or more but received ${size}`);
  if (!values.every(Number.isFinite)) throw new RangeError('Expected finite numbers in the matrix of a decomposition');
  const width = Math.min(size + oversampling, rows, columns);
  if (width === 0) return { singularValues: new Float64Array(), directions: new Float32Array() };
  const forth = openSparseProduct(matrix, width);
  const back = openSparseProduct(transposed(matrix), width);
  const random = new Random(seed);
  const small = await openProducts(width, threads);
  try {
    let directions: Float32Array = new Float32Array(columns * width);
    for (let i = 0; i < directions.length; i++) directions[i] = random.normal();
    const through = new Float32Array(rows * width);
    for (let iteration = 0; iteration < iterations; iteration++) {
      throwIfAborted(signal, 'The decomposition was stopped before its end');
      forth(directions, through);
      directions = await small.orthonormal(back(through, directions));
    }
    throwIfAborted(signal, 'The decomposition was stopped before its end');
    const { values: squares, vectors } = await small.gramEigenvectors(forth(directions, through));
    const kept = Math.min(size, countAbove(squares, NEGLIGIBLE));
    const turned = await small.times(directions, transposeOf(vectors, width, kept), kept);
    return {
      singularValues: squares.slice(0, kept).map(Math.sqrt),
      directions: signedRows(turned, columns, kept),
    };
  } finally {
    await small.release();
  }
}

/** Products of tall matrices [rows, width], whose width is small. */
interface TallProducts {
  /** Eigenvalues and eigenvectors of the columns' dot products with one another. */
  gramEigenvectors(tall: Float32Array): Promise<Eigenvectors>;
  /** As many orthonormal columns that span the same; those that nothing is left for become 0. */
  orthonormal(tall: Float32Array): Promise<Float32Array>;
  /** tall [rows, width] · right [width, columns] */
  times(tall: Float32Array, right: Float32Array, columns: number): Promise<Float32Array>;
  release(): Promise<void>;
}

async function openProducts(width: number, threads: number | undefined): Promise<TallProducts> {
  // Always on the CPU: graphics cards may round the factors of a product to ten bits.
  const options = { device: 'cpu', ...(threads === undefined ? {} : { threads }) } as const;
  const gram = await openSession(gramModel(width), options);
  const product = await openSession(productModel(width), options);
  const gramEigenvectors = async (tall: Float32Array) => {
    const { gram: sums } = await gram.run({ tall: { data: tall, shape: [tall.length / width, width] } });
    return symmetricEigenvectors(Float64Array.from(sums!.data as Float32Array), width);
  };
  const times = async (tall: Float32Array, right: Float32Array, columns: number) => {
    const feeds = {
      tall: { data: tall, shape: [tall.length / width, width] },
      right: { data: right, shape: [width, columns] },
    };
    return (await product.run(feeds)).product!.data as Float32Array;
  };
  return {
    gramEigenvectors,
    times,
    // Stathopoulos & Wu 2002: the eigenvectors of the dot products, each divided by the root of its value. Unlike
    // Cholesky's way it takes columns that depend on one another.
    async orthonormal(tall) {
      const { values, vectors } = await gramEigenvectors(tall);
      const kept = countAbove(values, NEGLIGIBLE);
      const right = transposeOf(vectors, width, width);
      for (let column = 0; column < width; column++) {
        const scale = column < kept ? 1 / Math.sqrt(values[column]!) : 0;
        for (let row = 0; row < width; row++) right[row * width + column]! *= scale;
      }
      return times(tall, right, width);
    },
    async release() {
      await gram.release();
      await product.release();
    },
  };
}

function gramModel(width: number): Uint8Array {
  const graph = new Graph('gram');
  const tall = graph.input('tall', 'float32', [1, width], ['N', width]);
  graph.output(gemm(tall, tall, { transposeA: true }), 'gram');
  return graph.toModel();
}

function productModel(width: number): Uint8Array {
  const graph = new Graph('product');
  const tall = graph.input('tall', 'float32', [1, width], ['N', width]);
  const right = graph.input('right', 'float32', [width, 1], [width, 'K']);
  graph.output(gemm(tall, right), 'product', ['N', 'K']);
  return graph.toModel();
}

/** How many of some falling numbers are above a share of the first. */
function countAbove(values: Float64Array, share: number): number {
  const least = values[0]! * share;
  return values[0]! > 0 ? values.findLastIndex((value) => value > least) + 1 : 0;
}

/** The first `columns` rows of [width, width] as columns: [width, columns]. */
function transposeOf(rows: Float64Array, width: number, columns: number): Float32Array {
  const result = new Float32Array(width * columns);
  for (let row = 0; row < width; row++)
    for (let column = 0; column < columns; column++) result[row * columns + column] = rows[column * width + row]!;
  return result;
}

/** [rows, columns] as [columns, rows], the number of largest magnitude of each row made positive. */
function signedRows(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(rows * columns);
  for (let column = 0; column < columns; column++) {
    let largest = 0;
    for (let row = 0; row < rows; row++) {
      const value = matrix[row * columns + column]!;
      if (Math.abs(value) > Math.abs(largest)) largest = value;
    }
    const sign = largest < 0 ? -1 : 1;
    for (let row = 0; row < rows; row++) result[column * rows + row] = sign * matrix[row * columns + column]!;
  }
  return result;
}
