// Products of one sparse matrix with dense ones on 128-bit vectors: the WebAssembly of sparse-product.wat and its memory.

import { WASM_PAGE, WasmKernels, type WasmMemory } from '../wasm-kernels.ts';
import { type SparseMatrix, sparseTimesDense } from './sparse-product.ts';
import { KERNELS_BASE64 } from './sparse-product-binary.ts';

/**
 * sparse · dense.
 *
 * @param dense [sparse.columns, width]
 * @param into [sparse.rows, width]; made when absent
 * @throws RangeError when `dense` or `into` has another length
 */
export type SparseProduct = (dense: Float32Array, into?: Float32Array) => Float32Array;

interface Kernels {
  readonly memory: WasmMemory;
  addProduct(
    rows: number,
    indptr: number,
    indices: number,
    values: number,
    dense: number,
    out: number,
    stride: number,
  ): void;
}

/** Bytes of the vectors that the kernel takes at a time; rows of dense matrices are filled up to a multiple of them. */
const VECTORS = 64;
const MAX_BYTES = 2 ** 30;

const module = new WasmKernels<Kernels>(KERNELS_BASE64);

/**
 * Makes ready to multiply a sparse matrix with dense ones of `width` columns.
 *
 * The matrix is copied to where vectors can reach it, with room for one dense matrix and one product. Sums are of 32 bits
 * there, the same on every machine. Machines without 128-bit vectors, and products that need more than a gibibyte, take
 * {@link sparseTimesDense}, which sums in 64 bits: a few units in the last place may differ.
 *
 * @throws RangeError when `width` is below 1
 */
export function openSparseProduct(sparse: SparseMatrix, width: number): SparseProduct {
  if (!Number.isInteger(width) || width < 1)
    throw new RangeError(`Expected a width of 1 or more but received ${width}`);
  const multiply = openVectors(sparse, width) ?? openPlainly(sparse, width);
  const { rows, columns } = sparse;
  return (dense, into = new Float32Array(rows * width)) => {
    expectLength(dense, columns * width, `${columns} × ${width} numbers to multiply with`);
    expectLength(into, rows * width, `room for ${rows} × ${width} numbers`);
    multiply(dense, into);
    return into;
  };
}

function expectLength({ length }: Float32Array, expected: number, what: string): void {
  if (length !== expected) throw new RangeError(`Expected ${what} but received ${length}`);
}

type Multiply = (dense: Float32Array, into: Float32Array) => void;

function openPlainly(sparse: SparseMatrix, width: number): Multiply {
  return (dense, into) => {
    sparseTimesDense(sparse, dense, width, into);
  };
}

/** Undefined where only the plain way is left. Keeps nothing of the matrix but its copy. */
function openVectors({ rows, columns, indptr, indices, values }: SparseMatrix, width: number): Multiply | undefined {
  const entries = indptr[rows]!;
  const stride = upTo(VECTORS, width * 4);
  const indicesAt = upTo(VECTORS, (rows + 1) * 4);
  const valuesAt = upTo(VECTORS, indicesAt + entries * 4);
  const denseAt = upTo(VECTORS, valuesAt + entries * 4);
  const outAt = denseAt + columns * stride;
  const bytes = outAt + rows * stride;
  if (bytes > MAX_BYTES) return undefined;
  const kernels = instantiate(bytes);
  if (!kernels) return undefined;
  const { buffer } = kernels.memory;
  new Uint32Array(buffer, 0, rows + 1).set(indptr.subarray(0, rows + 1));
  new Uint32Array(buffer, indicesAt, entries).set(indices.subarray(0, entries));
  new Float32Array(buffer, valuesAt, entries).set(values.subarray(0, entries));
  const right = new Float32Array(buffer, denseAt, (columns * stride) / 4);
  const out = new Float32Array(buffer, outAt, (rows * stride) / 4);
  return (dense, into) => {
    copyRows(dense, width, right, stride / 4, width);
    out.fill(0);
    kernels.addProduct(rows, 0, indicesAt, valuesAt, denseAt, outAt, stride);
    copyRows(out, stride / 4, into, width, width);
  };
}

/** Each matrix has an instance, whose memory goes when the product does. */
function instantiate(bytes: number): Kernels | undefined {
  try {
    const kernels = module.instantiate();
    kernels?.memory.grow(Math.ceil(bytes / WASM_PAGE));
    return kernels;
  } catch (error) {
    // There is no memory left for it.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The first `width` numbers of each row, from rows `fromStride` apart to rows `toStride` apart. */
function copyRows(from: Float32Array, fromStride: number, to: Float32Array, toStride: number, width: number): void {
  if (fromStride === toStride) {
    to.set(from);
    return;
  }
  for (let at = 0, target = 0; at < from.length; at += fromStride, target += toStride)
    to.set(from.subarray(at, at + width), target);
}

function upTo(multiple: number, bytes: number): number {
  return Math.ceil(bytes / multiple) * multiple;
}
