// Exact search over float codes: the dot product with every row. Also the oracle that HNSW is tested against.
import { type CodeMemory, memoryOf } from './code-memory.ts';
import { scanRows } from './scan.ts';
import { OUT_BYTES } from './scan-kernels.ts';
import { type Ranked, type ScoredRow, topK } from './top-k.ts';

/** Numbers that the kernel multiplies in one go. */
const LANES = 8;

/** Rows whose products fit where a scan writes, four of them besides. */
const ROWS_AT_ONCE = OUT_BYTES / 4 - 8;

/**
 * The dot product of `query` with every row of `codes` [rows, dimensions]: the cosine, when all are of unit length.
 *
 * Sums are of 32 bits, in one fixed order: of every eight numbers one goes to each of eight sums, which are then added in
 * pairs, as the vectors of scan.wat do it. So a score is the same to the last bit on every machine, wherever the codes lie.
 *
 * @param into where to put the scores, one a row; made when absent
 */
export function dotScores(codes: Float32Array, query: Float32Array, into?: Float32Array): Float32Array {
  const rows = rowsOf(codes, query);
  const scores = into ?? new Float32Array(rows);
  if (scores.length !== rows) throw new RangeError(`Expected room for ${rows} scores but received ${scores.length}`);
  const memory = memoryOf(codes);
  if (memory === undefined) dotPlainly(codes, query, scores);
  else dotOnVectors(memory, codes, query, scores);
  return scores;
}

/** The `k` rows with the highest dot product, see {@link topK} for their order. */
export function searchDot(
  codes: Float32Array,
  query: Float32Array,
  k: number,
  ranked: Ranked,
  accept?: (row: number) => boolean,
): ScoredRow[] {
  const memory = memoryOf(codes);
  const rows = rowsOf(codes, query);
  if (memory === undefined || rows !== ranked.ids.length) return topK(dotScores(codes, query), k, ranked, accept);
  const lengths = putFloats(memory, query, query.length * Float32Array.BYTES_PER_ELEMENT);
  return scanRows(memory, { scan: 'dot', codes: codes.byteOffset, rows, lengths }, k, ranked, accept);
}

/**
 * Puts a query of floats where the kernels look for it: filled up with zeros to a multiple of eight, then a mask of the numbers
 * behind the last whole eight.
 *
 * @param stride bytes from row to row
 * @returns what the kernels take for the length of a row
 */
export function putFloats(
  { memory, queryAt }: CodeMemory,
  query: Float32Array,
  stride: number,
): readonly [stride: number, whole: number] {
  const rest = query.length % LANES;
  const whole = query.length - rest;
  const place = new Float32Array(memory.buffer, queryAt, whole + LANES);
  place.fill(0);
  place.set(query);
  const mask = new Int32Array(memory.buffer, queryAt + (whole + LANES) * 4, LANES);
  mask.fill(0).fill(-1, 0, rest);
  return [stride, whole * 4];
}

function rowsOf({ length }: Float32Array, { length: dimensions }: Float32Array): number {
  const rows = length / dimensions;
  if (dimensions > 0 && Number.isInteger(rows)) return rows;
  throw new RangeError(`Expected codes of ${dimensions} dimensions but received ${length} numbers`);
}

function dotOnVectors(memory: CodeMemory, codes: Float32Array, query: Float32Array, scores: Float32Array): void {
  const { kernels, queryAt } = memory;
  const [stride, whole] = putFloats(memory, query, query.length * Float32Array.BYTES_PER_ELEMENT);
  const outAt = memory.outAt(0);
  for (let row = 0; row < scores.length; row += ROWS_AT_ONCE) {
    const end = Math.min(scores.length, row + ROWS_AT_ONCE);
    kernels.dotAll(codes.byteOffset, row, end, queryAt, stride, whole, outAt);
    scores.set(new Float32Array(memory.memory.buffer, outAt, end - row), row);
  }
}

const { fround } = Math;

function dotPlainly(codes: Float32Array, query: Float32Array, scores: Float32Array): void {
  const dimensions = query.length;
  const rest = dimensions % LANES;
  const whole = dimensions - rest;
  const last = new Float32Array(LANES);
  for (let row = 0, start = 0; row < scores.length; row++, start += dimensions) {
    let a = fround(0);
    let b = fround(0);
    let c = fround(0);
    let d = fround(0);
    let e = fround(0);
    let f = fround(0);
    let g = fround(0);
    let h = fround(0);
    for (let i = 0, at = start; i < whole; i += LANES, at += LANES) {
      a = fround(a + fround(codes[at]! * query[i]!));
      b = fround(b + fround(codes[at + 1]! * query[i + 1]!));
      c = fround(c + fround(codes[at + 2]! * query[i + 2]!));
      d = fround(d + fround(codes[at + 3]! * query[i + 3]!));
      e = fround(e + fround(codes[at + 4]! * query[i + 4]!));
      f = fround(f + fround(codes[at + 5]! * query[i + 5]!));
      g = fround(g + fround(codes[at + 6]! * query[i + 6]!));
      h = fround(h + fround(codes[at + 7]! * query[i + 7]!));
    }
    if (rest > 0) {
      for (let i = 0; i < rest; i++) last[i] = codes[start + whole + i]! * query[whole + i]!;
      a = fround(a + last[0]!);
      b = fround(b + last[1]!);
      c = fround(c + last[2]!);
      d = fround(d + last[3]!);
      e = fround(e + last[4]!);
      f = fround(f + last[5]!);
      g = fround(g + last[6]!);
    }
    scores[row] = fround(fround(fround(a + e) + fround(c + g)) + fround(fround(b + f) + fround(d + h)));
  }
}

/**
 * The `k` best of a few candidate rows, scored exactly and in the order of {@link topK}: what an approximate search found,
 * put in order.
 */
export function searchRows(
  codes: Float32Array,
  query: Float32Array,
  rows: ArrayLike<number>,
  k: number,
  ranked: Ranked,
): ScoredRow[] {
  const dimensions = query.length;
  const candidates = new Float32Array(rows.length * dimensions);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    candidates.set(codes.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
  }
  return searchCandidates(candidates, query, rows, k, ranked);
}

/**
 * {@link searchRows} with nothing but the codes of the candidates, one after the other in the order of `rows`: of many codes
 * that are kept in fewer bytes, a few are read as floats.
 */
export function searchCandidates(
  candidates: Float32Array,
  query: Float32Array,
  rows: ArrayLike<number>,
  k: number,
  ranked: Ranked,
): ScoredRow[] {
  const ids = Int32Array.from(rows, (row) => ranked.ids[row]!);
  const ties = Uint32Array.from(rows, (row) => ranked.ties[row]!);
  return searchDot(candidates, query, k, { ids, ties }).map(({ row, score }) => ({ row: rows[row]!, score }));
}
