// Exact search over packed bits: how many bits differ from every row.
import { type CodeMemory, memoryOf } from './code-memory.ts';
import { scanRows } from './scan.ts';
import type { Question } from './scan-part.ts';
import { type Ranked, type ScoredRow, topK } from './top-k.ts';

/** Bytes that the kernels compare in one go. */
const VECTOR = 16;

/**
 * The number of bits in which `query` differs from every row of `codes`, both packed 8 bits a byte.
 *
 * @param codes [rows, bytes of the query]
 * @param into where to put the distances, one a row; made when absent
 */
export function hammingDistances(codes: Uint8Array, query: Uint8Array, into?: Uint16Array): Uint16Array {
  const bytes = query.length;
  const rows = codes.length / bytes;
  if (bytes === 0 || !Number.isInteger(rows)) {
    throw new RangeError(`Expected codes of ${bytes} bytes but received ${codes.length} bytes`);
  }
  const distances = into ?? new Uint16Array(rows);
  if (distances.length !== rows) {
    throw new RangeError(`Expected room for ${rows} distances but received ${distances.length}`);
  }
  // Words of 32 bits can only be read where memory allows: at a multiple of 4.
  if (bytes % 4 !== 0 || codes.byteOffset % 4 !== 0) countBytes(codes, query, distances);
  else {
    const words = new Uint32Array(codes.buffer, codes.byteOffset, codes.length / 4);
    const asked = new Uint32Array(query.slice().buffer);
    if (bytes === 8) count64(words, asked, distances);
    else if (bytes === 16) count128(words, asked, distances);
    else countWords(words, asked, distances);
  }
  return distances;
}

/**
 * How alike `query` is to every row: the share of equal bits, scaled so that two unrelated codes are at 0, equal ones at 1
 * and inverted ones at -1: `1 - 2 · distance / bits`.
 */
export function hammingScores(codes: Uint8Array, query: Uint8Array, into?: Float32Array): Float32Array {
  const distances = hammingDistances(codes, query);
  const scores = into ?? new Float32Array(distances.length);
  for (let row = 0; row < distances.length; row++) scores[row] = scoreOf(distances[row]!, query.length);
  return scores;
}

/** The `k` rows that differ in the fewest bits, with {@link hammingScores}; see {@link topK} for their order. */
export function searchHamming(
  codes: Uint8Array,
  query: Uint8Array,
  k: number,
  ranked: Ranked,
  accept?: (row: number) => boolean,
): ScoredRow[] {
  const memory = memoryOf(codes);
  const rows = codes.length / query.length;
  if (memory === undefined || rows !== ranked.ids.length) return topK(hammingScores(codes, query), k, ranked, accept);
  const question = putBits(memory, codes, query, rows);
  return scanRows(memory, question, k, ranked, accept).map(({ row, score }) => ({
    row,
    score: Math.fround(scoreOf(-score, query.length)),
  }));
}

function scoreOf(distance: number, bytes: number): number {
  return 1 - (2 / (bytes * 8)) * distance;
}

/** Puts a query where the kernels look for it: filled up with zeros, then a mask of the bytes behind the last whole vector. */
function putBits({ memory, queryAt }: CodeMemory, codes: Uint8Array, query: Uint8Array, rows: number): Question {
  const bytes = query.length;
  const rest = bytes % VECTOR;
  const whole = bytes - rest;
  const place = new Uint8Array(memory.buffer, queryAt, whole + 2 * VECTOR);
  place.fill(0);
  place.set(query);
  place.fill(0xff, whole + VECTOR, whole + VECTOR + rest);
  const of = { codes: codes.byteOffset, rows };
  if (bytes === 8) return { ...of, scan: 'hamming64', lengths: [] };
  if (bytes === 16) return { ...of, scan: 'hamming128', lengths: [] };
  if (bytes === 32) return { ...of, scan: 'hamming256', lengths: [] };
  return { ...of, scan: 'hammingAny', lengths: [bytes, whole] };
}

function count64(codes: Uint32Array, query: Uint32Array, distances: Uint16Array): void {
  const q0 = query[0]!;
  const q1 = query[1]!;
  for (let row = 0, at = 0; row < distances.length; row++, at += 2) {
    const nibbles = bitsByNibble(codes[at]! ^ q0) + bitsByNibble(codes[at + 1]! ^ q1);
    distances[row] = sumOfBytes(bytesFromNibbles(nibbles));
  }
}

function count128(codes: Uint32Array, query: Uint32Array, distances: Uint16Array): void {
  const q0 = query[0]!;
  const q1 = query[1]!;
  const q2 = query[2]!;
  const q3 = query[3]!;
  for (let row = 0, at = 0; row < distances.length; row++, at += 4) {
    // Two words fit in one sum of nibbles (at most 8 each), four in one sum of bytes (at most 32 each).
    const low = bitsByNibble(codes[at]! ^ q0) + bitsByNibble(codes[at + 1]! ^ q1);
    const high = bitsByNibble(codes[at + 2]! ^ q2) + bitsByNibble(codes[at + 3]! ^ q3);
    distances[row] = sumOfBytes(bytesFromNibbles(low) + bytesFromNibbles(high));
  }
}

function countWords(codes: Uint32Array, query: Uint32Array, distances: Uint16Array): void {
  const words = query.length;
  for (let row = 0, start = 0; row < distances.length; row++, start += words) {
    let distance = 0;
    for (let i = 0; i < words; i++) {
      distance += bitsOf(codes[start + i]! ^ query[i]!);
    }
    distances[row] = distance;
  }
}

function countBytes(codes: Uint8Array, query: Uint8Array, distances: Uint16Array): void {
  const bytes = query.length;
  for (let row = 0, start = 0; row < distances.length; row++, start += bytes) {
    let distance = 0;
    for (let i = 0; i < bytes; i++) {
      distance += bitsOf(codes[start + i]! ^ query[i]!);
    }
    distances[row] = distance;
  }
}

/** How many bits of a word of 32 are set. */
export function bitsOf(word: number): number {
  const nibbles = bitsByNibble(word);
  // of one word the sum of two nibbles is at most 8, and fits in a nibble
  return sumOfBytes((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f);
}

// The population count of 32 bits in parallel: sums of 2, of 4, of 8, then all four bytes (Warren, Hacker's Delight, 5-1).
function bitsByNibble(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  return (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
}

function bytesFromNibbles(nibbles: number): number {
  return (nibbles & 0x0f0f0f0f) + ((nibbles >>> 4) & 0x0f0f0f0f);
}

function sumOfBytes(bytes: number): number {
  return Math.imul(bytes, 0x01010101) >>> 24;
}
