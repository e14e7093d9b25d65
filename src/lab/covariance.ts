// Mean and covariance of many rows, a block at a time: the products run in ONNX Runtime, memory stays bounded.
import { throwIfAborted } from '../errors.ts';
import { openSession } from '../runtime/onnx-session.ts';
import { Graph } from '../training/graph/graph.ts';
import { gemm } from '../training/graph/linear.ts';
import { type Rows, scaleOf } from './pixel-rows.ts';

/** Rows of one product. Products are single precision and their sum is double: short blocks keep the sum exact. */
const ROWS_AT_ONCE = 2048;

export interface Covariance {
  /** [width] */
  readonly mean: Float64Array;
  /** [width, width], divided by rows − 1. */
  readonly covariance: Float64Array;
}

export interface CovarianceOptions {
  /** @default as many as there are physical cores */
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/**
 * Mean and covariance of at least two rows [n, width].
 *
 * @throws RangeError when a number is not finite; SandglassError ABORTED
 */
export async function covarianceOf(
  rows: Rows,
  n: number,
  width: number,
  { threads, signal }: CovarianceOptions = {},
): Promise<Covariance> {
  const mean = meanOf(rows, n, width);
  if (!mean.every(Number.isFinite))
    throw new RangeError('Expected finite numbers for PCA but received NaN or infinity');
  const scale = scaleOf(rows);
  const covariance = new Float64Array(width * width);
  // Always on the CPU: graphics cards may round the factors of a product to ten bits.
  const session = await openSession(productModel(width), {
    device: 'cpu',
    ...(threads === undefined ? {} : { threads }),
  });
  try {
    for (let from = 0; from < n; from += ROWS_AT_ONCE) {
      throwIfAborted(signal, 'Finding principal components was stopped before its end');
      const count = Math.min(ROWS_AT_ONCE, n - from);
      const centred = new Float32Array(count * width);
      for (let row = 0, at = 0; row < count; row++) {
        const start = (from + row) * width;
        for (let i = 0; i < width; i++) centred[at++] = rows[start + i]! * scale - mean[i]!;
      }
      const { product } = await session.run({ centred: { data: centred, shape: [count, width] } });
      const block = product!.data as Float32Array;
      for (let i = 0; i < block.length; i++) covariance[i]! += block[i]!;
    }
  } finally {
    await session.release();
  }
  for (let i = 0; i < covariance.length; i++) covariance[i]! /= n - 1;
  return { mean, covariance };
}

function meanOf(rows: Rows, n: number, width: number): Float64Array {
  const mean = new Float64Array(width);
  for (let start = 0; start < rows.length; start += width) {
    for (let i = 0; i < width; i++) mean[i]! += rows[start + i]!;
  }
  const scale = scaleOf(rows);
  for (let i = 0; i < width; i++) mean[i]! *= scale / n;
  return mean;
}

function productModel(width: number): Uint8Array {
  const graph = new Graph('covariance');
  const centred = graph.input('centred', 'float32', [1, width], ['N', width]);
  graph.output(gemm(centred, centred, { transposeA: true }), 'product');
  return graph.toModel();
}
