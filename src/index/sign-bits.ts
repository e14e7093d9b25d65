// Codes kept as one bit a number, its sign, and asked with all the numbers of a query's code.
import { allocateCodes, LONGEST_SIGNS, memoryOf } from './code-memory.ts';
import { scanRows } from './scan.ts';
import { type Ranked, type ScoredRow, topK } from './top-k.ts';

/** Byte values. */
const VALUES = 256;

/**
 * The signs of codes, packed 8 bits a byte, the first in the lowest bit: 1 for numbers above 0. A code of zeros, of which
 * nothing is known, becomes zeros; of another code without a number above 0, the highest gets a 1, so that zeros always
 * mean that.
 *
 * @param codes [rows, dimensions]
 * @returns [rows, ⌈dimensions / 8⌉]
 */
export function packSigns(codes: Float32Array, dimensions: number): Uint8Array {
  const rows = rowsOf(codes.length, dimensions);
  const bytes = bytesOfSigns(dimensions);
  const packed = allocateCodes(rows * bytes, bytes);
  for (let row = 0, at = 0; row < rows; row++) {
    const end = (row + 1) * dimensions;
    let any = 0;
    for (let byte = row * bytes; at < end; byte++) {
      let signs = 0;
      for (let bit = 0; bit < 8 && at < end; bit++, at++) if (codes[at]! > 0) signs |= 1 << bit;
      packed[byte] = signs;
      any |= signs;
    }
    if (any === 0) markHighest(codes.subarray(end - dimensions, end), packed.subarray(row * bytes));
  }
  return packed;
}

/** Of a code without a number above 0, unless it is all zeros. */
function markHighest(code: Float32Array, packed: Uint8Array): void {
  if (code.every((value) => value === 0)) return;
  const highest = code.reduce((best, value, i) => (value > code[best]! ? i : best), 0);
  packed[highest >> 3] = 1 << (highest & 7);
}

function bytesOfSigns(dimensions: number): number {
  return Math.ceil(dimensions / 8);
}

/**
 * How well the signs of every row agree with a code, each number counting as much as it is large:
 * Σ qᵢ·sᵢ / Σ |qᵢ| with signs s of −1 and 1. 1 for the code's own signs, −1 for the opposite; 0 for a code of zeros and for
 * rows of zeros. Against comparing signs with signs, what is known of the query is not thrown away (Gordo et al. 2014,
 * "Asymmetric Distances for Binary Embeddings").
 *
 * @param bits [rows, ⌈dimensions / 8⌉], from {@link packSigns}
 * @param query [dimensions]
 * @param into where to put the scores, one a row; made when absent
 */
export function signScores(bits: Uint8Array, query: Float32Array, into?: Float32Array): Float32Array {
  const bytes = bytesOfSigns(query.length);
  const rows = rowsOf(bits.length, bytes);
  const scores = into ?? new Float32Array(rows);
  if (scores.length !== rows) throw new RangeError(`Expected room for ${rows} scores but received ${scores.length}`);
  let whole = 0;
  for (const value of query) whole += Math.abs(value);
  if (whole === 0) return scores.fill(0);
  const sums = sumsByByte(query, bytes, 1 / whole);
  for (let row = 0, at = 0; row < rows; row++) {
    let score = 0;
    let any = 0;
    for (let table = 0; table < sums.length; table += VALUES, at++) {
      const byte = bits[at]!;
      any |= byte;
      score += sums[table + byte]!;
    }
    scores[row] = any === 0 ? 0 : Math.max(-1, Math.min(1, score));
  }
  return scores;
}

/** The `k` rows with the highest {@link signScores}, see {@link topK} for their order. */
export function searchSigns(
  bits: Uint8Array,
  query: Float32Array,
  k: number,
  ranked: Ranked,
  accept?: (row: number) => boolean,
): ScoredRow[] {
  const bytes = bytesOfSigns(query.length);
  const rows = rowsOf(bits.length, bytes);
  let whole = 0;
  for (const value of query) whole += Math.abs(value);
  const memory = whole === 0 || bytes > LONGEST_SIGNS || rows !== ranked.ids.length ? undefined : memoryOf(bits);
  if (memory === undefined) return topK(signScores(bits, query), k, ranked, accept);
  const sums = sumsByByte(query, bytes, 1 / whole);
  new Float64Array(memory.memory.buffer, memory.queryAt, sums.length).set(sums);
  return scanRows(memory, { scan: 'signs', codes: bits.byteOffset, rows, lengths: [bytes] }, k, ranked, accept);
}

/** What each value of each byte adds to a score: [bytes, 256]. */
function sumsByByte(query: Float32Array, bytes: number, scale: number): Float64Array {
  const sums = new Float64Array(bytes * VALUES);
  for (let byte = 0; byte < bytes; byte++) {
    for (let value = 0; value < VALUES; value++) {
      let sum = 0;
      for (let bit = 0; bit < 8; bit++) {
        const part = query[byte * 8 + bit] ?? 0;
        sum += (value & (1 << bit)) !== 0 ? part : -part;
      }
      sums[byte * VALUES + value] = sum * scale;
    }
  }
  return sums;
}

function rowsOf(length: number, width: number): number {
  if (width > 0 && Number.isInteger(length / width)) return length / width;
  throw new RangeError(`Expected rows of ${width} but received ${length} in all`);
}
