// Latent semantic analysis: linear codes of documents, and bits made of them; learned in seconds, to be compared with.
import { SandglassError } from '../../errors.ts';
import { type BagsOfWords, inverseDocumentFrequencies, unitLogTfIdf, withoutEmptyRows } from '../bags-of-words.ts';
import { exportModel } from '../export.ts';
import { add } from '../graph/elementwise.ts';
import { embeddingSum } from '../graph/embedding.ts';
import { gemm } from '../graph/linear.ts';
import { l2Normalise } from '../graph/softmax.ts';
import { quantizingRotation } from '../iterative-quantization.ts';
import { truncatedSvd } from '../truncated-svd.ts';
import { openSparseProduct } from '../vector-sparse-product.ts';
import { exportWordEncoder } from '../word-input.ts';

export interface LsaOptions {
  /** Numbers in a code; fewer where the documents differ in fewer ways. @default 128 */
  readonly codeSize?: number;
  /** Bits in a code of `lsa-itq`; fewer, in eights, where the documents differ in fewer ways. @default 64 */
  readonly bits?: number;
  /** Of the decomposition, see {@link truncatedSvd}. @default 5 */
  readonly iterations?: number;
  /** Of the quantization. @default 50 */
  readonly rotations?: number;
  /** @default 1 */
  readonly seed?: number;
  /** @default as many as there are physical cores */
  readonly threads?: number;
}

const LSA_DEFAULTS = { codeSize: 128, bits: 64, iterations: 5, rotations: 50, seed: 1 } as const;

/** A fitted linear encoder, ready to be written to a folder. */
export interface FittedEncoder {
  /** An ONNX file: words and their counts, see {@link exportWordEncoder} → `code` [N, codeSize]. */
  readonly encoder: Uint8Array;
  /** An ONNX file: `code` [N, codeSize] → `weights` [N, vocabulary], the log-TF-IDF that the code keeps of a document. */
  readonly decoder?: Uint8Array;
  /** Numbers, or bits, in a code. */
  readonly codeSize: number;
  readonly recipe: Readonly<Record<string, unknown>>;
  /** Time the fit took. */
  readonly seconds: number;
}

export interface FittedLsa {
  readonly lsa: FittedEncoder;
  /** The code's signs are the bits. Absent where the documents differ in fewer than eight ways. */
  readonly itq?: FittedEncoder;
  /** Falling. */
  readonly singularValues: Float64Array;
}

/**
 * `lsa`: the unit-length log-TF-IDF of a document along the directions in which documents differ most (Deerwester et al.
 * 1990); `lsa-itq`: the first of these numbers, scaled to
 * length 1, less their mean and turned so that their signs lose least, as bits (Gong & Lazebnik 2011).
 *
 * @throws SandglassError TRAINING_TOO_SMALL for fewer than two documents with words, ABORTED
 */
export async function fitLsa(
  data: BagsOfWords,
  options: LsaOptions = {},
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<FittedLsa> {
  const settings = { ...LSA_DEFAULTS, ...options };
  const { codeSize, bits, iterations, rotations, seed, threads } = settings;
  const bags = withoutEmptyRows(data);
  if (bags.rows < 2) {
    throw new SandglassError(
      'TRAINING_TOO_SMALL',
      `Expected at least 2 documents with words of the vocabulary but received ${bags.rows}`,
    );
  }
  const common = { seed, ...(threads === undefined ? {} : { threads }), ...(signal ? { signal } : {}) };
  const started = performance.now();
  const idf = inverseDocumentFrequencies(bags);
  const matrix = { ...bags, columns: bags.vocabularySize, values: unitLogTfIdf(bags, idf) };
  const { singularValues, directions } = await truncatedSvd(matrix, codeSize, { iterations, ...common });
  const size = singularValues.length;
  const seconds = (performance.now() - started) / 1000;
  const facts = { vocabularySize: bags.vocabularySize, documents: bags.rows, seed };
  const recipe = { name: 'lsa', codeSize: size, iterations, ...facts };
  const lsa: FittedEncoder = {
    encoder: exportLinear('lsa', idf, transposedRows(directions, size), size, recipe),
    decoder: exportModel({
      name: 'lsa-decoder',
      input: { name: 'code', type: 'float32', row: [size] },
      parameters: [{ name: 'directions', shape: [size, idf.length], data: directions }],
      metadata: { recipe: JSON.stringify(recipe) },
      build: (code, { directions }) => ({ weights: gemm(code, directions!) }),
    }),
    codeSize: size,
    recipe,
    seconds,
  };

  const bitCount = Math.min(bits, 8 * Math.floor(size / 8));
  if (bitCount === 0) return { lsa, singularValues };
  const first = transposedRows(directions.subarray(0, bitCount * idf.length), bitCount);
  const codes = openSparseProduct(matrix, bitCount)(first);
  unitRows(codes, bitCount);
  const mean = centre(codes, bitCount);
  const rotation = await quantizingRotation(codes, bitCount, { iterations: rotations, ...common });
  const itqRecipe = { name: 'lsa-itq', bits: bitCount, iterations, rotations, ...facts };
  return {
    lsa,
    itq: {
      encoder: exportLinear('lsa-itq', idf, first, bitCount, itqRecipe, { mean, rotation }),
      codeSize: bitCount,
      recipe: itqRecipe,
      seconds: (performance.now() - started) / 1000,
    },
    singularValues,
  };
}

/**
 * Words and counts → unit-length log-TF-IDF → its numbers along the directions [→ length 1 → less their mean → turned].
 *
 * @param directions [vocabulary, size]
 */
function exportLinear(
  name: string,
  idf: Float32Array,
  directions: Float32Array,
  size: number,
  recipe: Readonly<Record<string, unknown>>,
  turn?: { readonly mean: Float32Array; readonly rotation: Float32Array },
): Uint8Array {
  return exportWordEncoder({
    name,
    idf,
    parameters: [
      { name: 'directions', shape: [idf.length, size], data: directions },
      ...(turn === undefined
        ? []
        : [
            { name: 'shift', shape: [size], data: turn.mean.map((value) => -value) },
            { name: 'rotation', shape: [size, size], data: turn.rotation },
          ]),
    ],
    metadata: { recipe: JSON.stringify(recipe) },
    build: (words, unit, weights) => {
      const code = embeddingSum(weights.directions!, words, unit);
      return { code: turn === undefined ? code : gemm(add(l2Normalise(code), weights.shift!), weights.rotation!) };
    },
  });
}

/** [rows, columns] as [columns, rows]. */
function transposedRows(matrix: Float32Array, rows: number): Float32Array {
  const columns = matrix.length / rows;
  const result = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) result[column * rows + row] = matrix[row * columns + column]!;
  return result;
}

/** Scales every row to length 1, in place; rows of zeros stay. */
function unitRows(codes: Float32Array, size: number): void {
  for (let start = 0; start < codes.length; start += size) {
    let squares = 0;
    for (let i = start; i < start + size; i++) squares += codes[i]! ** 2;
    const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
    for (let i = start; i < start + size; i++) codes[i]! *= scale;
  }
}

/** Takes the mean row from every row, in place; the mean. */
function centre(codes: Float32Array, size: number): Float32Array {
  const mean = new Float64Array(size);
  const rows = codes.length / size;
  for (let i = 0; i < codes.length; i++) mean[i % size]! += codes[i]! / rows;
  for (let i = 0; i < codes.length; i++) codes[i]! -= mean[i % size]!;
  return Float32Array.from(mean);
}
