// How alike each query is to every row of a database, by matrix products in ONNX Runtime.
//
// All three metrics are one product and a number for each row: −½|q − d|² is q·d − ½|d|² up to a number of the query alone,
// the cosine is the product of rows of length 1, and bits read as −1 and 1 differ in (bits − q·d) / 2 places.
import { openSession } from '../runtime/onnx-session.ts';
import { Graph } from '../training/graph/graph.ts';
import { gemm } from '../training/graph/linear.ts';

/** `hamming` reads codes as packed bits, eight a byte. */
export type RetrievalMetric = 'euclidean' | 'cosine' | 'hamming';

interface Codes {
  readonly codes: Float32Array | Uint8Array;
  readonly labels: { readonly length: number };
}

/** Scores of one product: 64 MB. */
const SCORES_AT_ONCE = 2 ** 24;

/**
 * For each query in turn, its score with every row of the database; higher is nearer. The scores are valid until the next
 * ones are asked for. Products run on the CPU, where equal rows have equal scores.
 *
 * @throws RangeError when the codes of one side are not as long as those of the other or hold NaN
 */
export async function* similarities(
  database: Codes,
  queries: Codes,
  metric: RetrievalMetric,
  { threads }: { readonly threads?: number } = {},
): AsyncGenerator<Float32Array> {
  const rows = database.labels.length;
  const width = widthOf('database', database);
  if (widthOf('queries', queries) !== width) {
    throw new RangeError(
      `Expected queries of ${width} numbers, as in the database, but received ${widthOf('queries', queries)}`,
    );
  }
  const centre = metric === 'euclidean' ? columnMeans(database.codes, width) : undefined;
  const all = factors(database.codes, width, metric, centre);
  const asked = factors(queries.codes, width, metric, centre);
  const size = all.length / rows;
  const session = await openSession(productModel(rows, size), {
    device: 'cpu',
    ...(threads === undefined ? {} : { threads }),
  });
  const feeds = {
    all: { data: all, shape: [rows, size] },
    offsets: { data: metric === 'euclidean' ? halfSquares(all, size) : new Float32Array(rows), shape: [rows] },
  };
  const count = queries.labels.length;
  const stride = Math.max(1, Math.floor(SCORES_AT_ONCE / rows));
  try {
    for (let from = 0; from < count; from += stride) {
      const to = Math.min(count, from + stride);
      const block = { data: asked.slice(from * size, to * size), shape: [to - from, size] };
      const { scores } = await session.run({ asked: block, ...feeds });
      for (let start = 0; start < scores!.data.length; start += rows) {
        yield (scores!.data as Float32Array).subarray(start, start + rows);
      }
    }
  } finally {
    await session.release();
  }
}

function widthOf(name: string, { codes, labels }: Codes): number {
  const width = codes.length / labels.length;
  if (Number.isInteger(width) && width >= 1) return width;
  throw new RangeError(
    `Expected codes of one length for the ${name}, a label each, but received ${codes.length} numbers and ${labels.length} labels`,
  );
}

/** The rows as the product takes them. */
function factors(
  codes: Float32Array | Uint8Array,
  width: number,
  metric: RetrievalMetric,
  centre: Float64Array | undefined,
): Float32Array {
  if (metric === 'hamming') return signsOf(codes);
  const result = new Float32Array(codes);
  if (!result.every(Number.isFinite))
    throw new RangeError('Expected finite numbers in codes but received NaN or infinity');
  if (centre !== undefined) {
    for (let i = 0; i < result.length; i++) result[i] = codes[i]! - centre[i % width]!;
  } else {
    for (let start = 0; start < result.length; start += width) normalise(result.subarray(start, start + width));
  }
  return result;
}

/** Distances do not change when everything moves; around the centre, their squares keep the most digits. */
function columnMeans(codes: Float32Array | Uint8Array, width: number): Float64Array {
  const means = new Float64Array(width);
  for (let i = 0; i < codes.length; i++) means[i % width]! += codes[i]!;
  return means.map((sum) => (sum * width) / codes.length);
}

/** Length 1; a row of zeros stays one and is alike to nothing. */
function normalise(row: Float32Array): void {
  let sum = 0;
  for (const value of row) sum += value * value;
  if (sum === 0) return;
  const length = Math.sqrt(sum);
  for (let i = 0; i < row.length; i++) row[i]! /= length;
}

function signsOf(codes: Float32Array | Uint8Array): Float32Array {
  if (!(codes instanceof Uint8Array)) {
    throw new TypeError('Expected packed bits in a Uint8Array for the Hamming distance but received floats');
  }
  const signs = new Float32Array(codes.length * 8);
  for (let i = 0; i < signs.length; i++) signs[i] = ((codes[i >> 3]! >> (i & 7)) & 1) === 1 ? 1 : -1;
  return signs;
}

function halfSquares(rows: Float32Array, size: number): Float32Array {
  const halves = new Float32Array(rows.length / size);
  for (let row = 0; row < halves.length; row++) {
    let sum = 0;
    for (let i = row * size; i < (row + 1) * size; i++) sum += rows[i]! * rows[i]!;
    halves[row] = -sum / 2;
  }
  return halves;
}

function productModel(rows: number, size: number): Uint8Array {
  const graph = new Graph('similarities');
  const asked = graph.input('asked', 'float32', [1, size], ['N', size]);
  const all = graph.input('all', 'float32', [rows, size]);
  const offsets = graph.input('offsets', 'float32', [rows]);
  graph.output(gemm(asked, all, { transposeB: true, bias: offsets }), 'scores', ['N', rows]);
  return graph.toModel();
}
