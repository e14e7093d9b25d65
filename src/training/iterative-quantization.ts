// Iterative quantization: turns codes so that their signs lose least.
import { throwIfAborted } from '../errors.ts';
import { openSession } from '../runtime/onnx-session.ts';
import { symmetricEigenvectors } from './eigenvectors.ts';
import { emit, Graph } from './graph/graph.ts';
import { gemm } from './graph/linear.ts';
import { Random } from './random.ts';

export interface QuantizationOptions {
  /** @default 50 */
  readonly iterations?: number;
  /** @default 1 */
  readonly seed?: number;
  /** @default as many as there are physical cores */
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/**
 * The rotation R for which the signs of V·R are nearest to V·R itself.
 *
 * Gong & Lazebnik 2011, "Iterative Quantization: A Procrustean Approach to Learning Binary Codes": from a random rotation,
 * in turn B = sign(V·R), and the R that brings V nearest to B, the orthogonal part of VᵀB.
 *
 * @param codes V [rows, size], rows; centred where signs shall be balanced
 * @returns R [size, size]
 * @throws SandglassError ABORTED
 */
export async function quantizingRotation(
  codes: Float32Array,
  size: number,
  { iterations = 50, seed = 1, threads, signal }: QuantizationOptions = {},
): Promise<Float32Array> {
  const rows = codes.length / size;
  if (!Number.isInteger(rows)) throw new RangeError(`Expected codes of ${size} numbers but received ${codes.length}`);
  let rotation = randomRotation(size, seed);
  // Always on the CPU: graphics cards may round the factors of a product to ten bits.
  const session = await openSession(correlationModel(codes, rows, size), {
    device: 'cpu',
    ...(threads === undefined ? {} : { threads }),
  });
  try {
    for (let iteration = 0; iteration < iterations; iteration++) {
      throwIfAborted(signal, 'The quantization was stopped before its end');
      const { correlation } = await session.run({ rotation: { data: rotation, shape: [size, size] } });
      rotation = orthogonalPart(Float64Array.from(correlation!.data as Float32Array), size);
    }
  } finally {
    await session.release();
  }
  return rotation;
}

/** rotation → Vᵀ·sign(V·rotation), both [size, size]; V is kept inside. */
function correlationModel(codes: Float32Array, rows: number, size: number): Uint8Array {
  const graph = new Graph('quantization');
  const rotation = graph.input('rotation', 'float32', [size, size]);
  const kept = graph.constant(codes, 'float32', [rows, size], 'codes');
  const turned = gemm(kept, rotation);
  graph.output(gemm(kept, emit('Sign', [turned], turned.shape), { transposeA: true }), 'correlation');
  return graph.toModel();
}

/** The orthogonal matrix nearest to M, which is M·(MᵀM)^−½; directions that M has lost stay lost. */
export function orthogonalPart(matrix: Float64Array, size: number): Float32Array {
  const gram = product(transposed(matrix, size), matrix, size);
  const { values, vectors } = symmetricEigenvectors(gram, size);
  const scaled = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const scale = values[i]! > values[0]! * 1e-12 ? 1 / Math.sqrt(values[i]!) : 0;
    for (let j = 0; j < size; j++) scaled[i * size + j] = scale * vectors[i * size + j]!;
  }
  return Float32Array.from(product(matrix, product(transposed(vectors, size), scaled, size), size));
}

/** A rotation of which none is likelier than another: the orthogonal part of normal numbers. */
function randomRotation(size: number, seed: number): Float32Array {
  const random = new Random(seed);
  return orthogonalPart(
    Float64Array.from({ length: size * size }, () => random.normal()),
    size,
  );
}

function transposed(matrix: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) result[j * size + i] = matrix[i * size + j]!;
  return result;
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const value = a[i * size + k]!;
      for (let j = 0; j < size; j++) result[i * size + j]! += value * b[k * size + j]!;
    }
  }
  return result;
}
