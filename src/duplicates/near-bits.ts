// Which rows of bits lie near one another? All pairs are compared, or looked up by pieces where there are too many.
import { bitsOf } from '../index/hamming.ts';

/** Codes of bits, side by side. */
export interface BitRows {
  /** [rows, bytes]. */
  readonly codes: Uint8Array;
  readonly bytes: number;
}

export interface NearPair {
  /** The smaller row. */
  readonly a: number;
  readonly b: number;
  /** Bits that differ. */
  readonly distance: number;
}

export interface NearBitsOptions {
  /** Most bits that may differ. */
  readonly radius: number;
  /** Nearest rows that are kept of each row. Equally near ones: the first rows. */
  readonly perRow: number;
  /** Codes that are asked instead of `codes`, row by row: what a turned picture's hash would be. A row never meets itself. */
  readonly asked?: Uint8Array;
}

/** So many rows are compared each with each; more are looked up. */
export const COMPARED = 8_192;
/** Bits of a piece: a table of pieces has 2¹⁶ buckets. */
export const PIECE = 16;
/** Bits by which pieces are varied at most: 1 + 16 + 120 + 560 look-ups a piece. */
const MOST_VARIED = 3;

/**
 * Pairs of rows that differ in at most `radius` bits. Exact but for the limit a row.
 *
 * Looked up by multi-index hashing (Norouzi, Punjani & Fleet, "Fast Search in Hamming Space with Multi-Index Hashing", CVPR
 * 2012): codes that differ in at most r of their m pieces' bits differ in at most ⌊r / m⌋ in one piece, so that the buckets of
 * all pieces within that distance hold every pair.
 */
export function nearBits({ codes, bytes }: BitRows, options: NearBitsOptions): NearPair[] {
  const rows = codes.length / bytes;
  const asked = options.asked ?? codes;
  const pieces = (bytes * 8) / PIECE;
  const varied = Math.floor(options.radius / pieces);
  const nearest = new NearestRows(rows, options.perRow);
  const words = wordsOf(codes, bytes);
  const askedWords = asked === codes ? words : wordsOf(asked, bytes);
  const symmetric = asked === codes;
  if (rows <= COMPARED || !Number.isInteger(pieces) || varied > MOST_VARIED)
    compareAll(words, askedWords, rows, options.radius, symmetric, nearest);
  else lookUp(words, askedWords, rows, pieces, varied, options.radius, symmetric, nearest);
  return nearest.pairs();
}

/** Whole words of 32 bits; the last is filled with zeros. */
function wordsOf(codes: Uint8Array, bytes: number): { words: Int32Array; width: number } {
  const rows = codes.length / bytes;
  const width = Math.ceil(bytes / 4);
  const padded = new Uint8Array(rows * width * 4);
  for (let row = 0; row < rows; row++) padded.set(codes.subarray(row * bytes, (row + 1) * bytes), row * width * 4);
  return { words: new Int32Array(padded.buffer), width };
}

type Words = ReturnType<typeof wordsOf>;

function compareAll(
  { words, width }: Words,
  { words: asked }: Words,
  rows: number,
  radius: number,
  symmetric: boolean,
  nearest: NearestRows,
): void {
  for (let a = 0; a < rows; a++) {
    const start = a * width;
    for (let b = symmetric ? a + 1 : 0, at = b * width; b < rows; b++, at += width) {
      let distance = 0;
      for (let i = 0; i < width; i++) {
        distance += bitsOf(asked[start + i]! ^ words[at + i]!);
        if (distance > radius) break;
      }
      if (distance <= radius && a !== b) nearest.add(a, b, distance);
    }
  }
}

function lookUp(
  { words, width }: Words,
  { words: asked }: Words,
  rows: number,
  pieces: number,
  varied: number,
  radius: number,
  symmetric: boolean,
  nearest: NearestRows,
): void {
  const masks = masksUpTo(varied);
  const starts = new Uint32Array((1 << PIECE) + 1);
  const order = new Uint32Array(rows);
  // a pair met in several pieces is compared in each: cheaper than to remember all pairs
  for (let piece = 0; piece < pieces; piece++) {
    fillBuckets(words, width, rows, piece, starts, order);
    for (let a = 0; a < rows; a++) {
      const value = pieceOf(asked, width, a, piece);
      for (let m = 0; m < masks.length; m++) {
        const bucket = value ^ masks[m]!;
        for (let p = starts[bucket]!, end = starts[bucket + 1]!; p < end; p++) {
          const b = order[p]!;
          if (b === a || (symmetric && b < a)) continue;
          let distance = 0;
          for (let i = 0; i < width; i++) distance += bitsOf(asked[a * width + i]! ^ words[b * width + i]!);
          if (distance <= radius) nearest.add(a, b, distance);
        }
      }
    }
  }
}

function pieceOf(words: Int32Array, width: number, row: number, piece: number): number {
  const word = words[row * width + (piece >> 1)]!;
  return (piece & 1) === 0 ? word & 0xffff : word >>> 16;
}

function fillBuckets(
  words: Int32Array,
  width: number,
  rows: number,
  piece: number,
  starts: Uint32Array,
  order: Uint32Array,
): void {
  starts.fill(0);
  for (let row = 0; row < rows; row++) starts[pieceOf(words, width, row, piece) + 1]!++;
  for (let bucket = 1; bucket < starts.length; bucket++) starts[bucket]! += starts[bucket - 1]!;
  const next = starts.slice(0, -1);
  for (let row = 0; row < rows; row++) order[next[pieceOf(words, width, row, piece)]!++] = row;
}

/** Every way to change at most `most` of 16 bits. */
function masksUpTo(most: number): Uint16Array {
  const masks: number[] = [];
  for (let mask = 0; mask < 1 << PIECE; mask++) if (bitsOf(mask) <= most) masks.push(mask);
  return Uint16Array.from(masks);
}

/** The nearest rows of each row, in sorted lists of fixed length. */
class NearestRows {
  readonly #perRow: number;
  readonly #rows: Int32Array;
  readonly #distances: Uint16Array;
  readonly #counts: Uint16Array;

  constructor(rows: number, perRow: number) {
    this.#perRow = perRow;
    this.#rows = new Int32Array(rows * perRow);
    this.#distances = new Uint16Array(rows * perRow);
    this.#counts = new Uint16Array(rows);
  }

  add(a: number, b: number, distance: number): void {
    this.#insert(a, b, distance);
    this.#insert(b, a, distance);
  }

  pairs(): NearPair[] {
    const known = new Map<number, NearPair>();
    const rows = this.#counts.length;
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < this.#counts[row]!; i++) {
        const other = this.#rows[row * this.#perRow + i]!;
        const [a, b] = row < other ? [row, other] : [other, row];
        const distance = this.#distances[row * this.#perRow + i]!;
        const key = a * rows + b;
        const before = known.get(key);
        if (before === undefined || distance < before.distance) known.set(key, { a, b, distance });
      }
    }
    return [...known.values()].sort((one, other) => one.a - other.a || one.b - other.b);
  }

  #insert(row: number, other: number, distance: number): void {
    const first = row * this.#perRow;
    const count = this.#counts[row]!;
    for (let i = 0; i < count; i++) {
      if (this.#rows[first + i] !== other) continue;
      // asked another way before, and it was no farther
      if (this.#distances[first + i]! <= distance) return;
      this.#remove(first, i, count);
      this.#insert(row, other, distance);
      return;
    }
    let at = count;
    while (at > 0 && this.#isAfter(first + at - 1, other, distance)) at--;
    if (at === this.#perRow) return;
    for (let i = Math.min(count, this.#perRow - 1); i > at; i--) {
      this.#rows[first + i] = this.#rows[first + i - 1]!;
      this.#distances[first + i] = this.#distances[first + i - 1]!;
    }
    this.#rows[first + at] = other;
    this.#distances[first + at] = distance;
    if (count < this.#perRow) this.#counts[row] = count + 1;
  }

  #isAfter(at: number, other: number, distance: number): boolean {
    const there = this.#distances[at]!;
    return there > distance || (there === distance && this.#rows[at]! > other);
  }

  #remove(first: number, at: number, count: number): void {
    for (let i = at; i + 1 < count; i++) {
      this.#rows[first + i] = this.#rows[first + i + 1]!;
      this.#distances[first + i] = this.#distances[first + i + 1]!;
    }
    this.#counts[first / this.#perRow] = count - 1;
  }
}
