// Float codes in fewer bytes: halves of 16 bits, or whole numbers of 8 bits with a step for each code. Signs are in sign-bits.ts.
import { allocateCodes, memoryOf } from './code-memory.ts';
import { dotScores, putFloats } from './exact.ts';
import { scanRows } from './scan.ts';
import { type Ranked, type ScoredRow, topK } from './top-k.ts';

/** The largest whole number of 8 bits whose negative is one too. */
const MOST_8 = 127;
const MOST_16 = 32_767;
const MOST_32 = 2 ** 31 - 1;

/** Bytes of the step that stands before the numbers of a row. */
const STEP_BYTES = 4;

/** What a kernel of whole numbers multiplies in one go. */
const VECTOR = 8;

const { fround } = Math;

/**
 * Codes as floats of 16 bits (IEEE 754 binary16), rounded to the nearest, ties to even; what is too large becomes ±65,504. Numbers
 * of a code of length 1 are off by at most 2⁻¹², those below 2⁻¹⁴ by 2⁻²⁵.
 *
 * @param codes [rows, dimensions]
 * @returns [rows, 2 · dimensions] bytes, little-endian
 */
export function packHalves(codes: Float32Array, dimensions: number): Uint8Array {
  const rows = rowsOf(codes.length, dimensions);
  const packed = allocateCodes(rows * dimensions * 2, dimensions * 2);
  const halves = new Uint16Array(packed.buffer, packed.byteOffset, codes.length);
  const bits = new Uint32Array(codes.buffer, codes.byteOffset, codes.length);
  for (let i = 0; i < codes.length; i++) halves[i] = toHalf(bits[i]!, codes[i]!);
  return packed;
}

const TOO_LARGE = 0x47_7f_f0_00;
const LEAST_NORMAL = 0x38_80_00_00;
const LARGEST_HALF = 0x7b_ff;
/** The difference of the exponents' zero, 112, in its place. */
const REBIAS = 0x38_00_00_00;

function toHalf(bits: number, value: number): number {
  const sign = (bits >>> 16) & 0x80_00;
  const magnitude = bits & 0x7f_ff_ff_ff;
  if (magnitude >= TOO_LARGE) return sign | LARGEST_HALF;
  if (magnitude >= LEAST_NORMAL) {
    const isOdd = (magnitude >>> 13) & 1;
    return sign | ((magnitude - REBIAS + 0x0f_ff + isOdd) >>> 13);
  }
  const steps = Math.abs(value) * 2 ** 24;
  const rounded = Math.round(steps);
  return sign | (steps % 1 === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded);
}

/** The floats that halves stand for. */
export function unpackHalves(packed: Uint8Array): Float32Array {
  const halves = new Uint16Array(packed.buffer, packed.byteOffset, packed.length / 2);
  const floats = new Float32Array(halves.length);
  const bits = new Uint32Array(floats.buffer);
  for (let i = 0; i < halves.length; i++) {
    bits[i] = ((halves[i]! & 0x80_00) << 16) | ((halves[i]! & 0x7f_ff) << 13);
    floats[i]! *= 2 ** 112;
  }
  return floats;
}

/** The `k` rows with the highest dot product, see `topK` for their order. @param packed from {@link packHalves} */
export function searchHalves(
  packed: Uint8Array,
  query: Float32Array,
  k: number,
  ranked: Ranked,
  accept?: (row: number) => boolean,
): ScoredRow[] {
  const stride = query.length * 2;
  const rows = rowsOf(packed.length, stride);
  const memory = rows === ranked.ids.length ? memoryOf(packed) : undefined;
  if (memory === undefined) return topK(halfScores(packed, query), k, ranked, accept);
  const lengths = putFloats(memory, query, stride);
  return scanRows(memory, { scan: 'dotHalf', codes: packed.byteOffset, rows, lengths }, k, ranked, accept);
}

/** The dot product of `query` with every row, summed as `dotScores` does. @param packed from {@link packHalves} */
export function halfScores(packed: Uint8Array, query: Float32Array): Float32Array {
  return dotScores(unpackHalves(packed), query);
}

/**
 * Codes as whole numbers from −127 to 127, each row in steps of its own: its largest number by 127.
 *
 * @param codes [rows, dimensions]
 * @returns [rows, 4 + dimensions] bytes: the step as a float of 32 bits, little-endian, then the numbers
 */
export function packBytes(codes: Float32Array, dimensions: number): Uint8Array {
  const rows = rowsOf(codes.length, dimensions);
  const stride = STEP_BYTES + dimensions;
  const packed = allocateCodes(rows * stride, stride);
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  for (let row = 0; row < rows; row++) {
    const code = codes.subarray(row * dimensions, (row + 1) * dimensions);
    const { step, numbers } = inSteps(code, MOST_8);
    view.setFloat32(row * stride, step, true);
    packed.set(numbers, row * stride + STEP_BYTES);
  }
  return packed;
}

/** The `k` rows with the highest {@link byteScores}, see `topK` for their order. */
export function searchBytes(
  packed: Uint8Array,
  query: Float32Array,
  k: number,
  ranked: Ranked,
  accept?: (row: number) => boolean,
): ScoredRow[] {
  const dimensions = query.length;
  const stride = STEP_BYTES + dimensions;
  const rows = rowsOf(packed.length, stride);
  const memory = rows === ranked.ids.length ? memoryOf(packed) : undefined;
  if (memory === undefined) return topK(byteScores(packed, query), k, ranked, accept);
  const { step, numbers } = inSteps(query, finestSteps(dimensions));
  const whole = dimensions - (dimensions % VECTOR);
  const place = new Int16Array(memory.memory.buffer, memory.queryAt, whole + VECTOR);
  place.fill(0);
  place.set(numbers);
  const lengths = [stride, whole, step];
  return scanRows(memory, { scan: 'dotBytes', codes: packed.byteOffset, rows, lengths }, k, ranked, accept);
}

/**
 * The dot product of `query`, in steps of 16 bits or as many as sums of 32 bits allow, with every row.
 *
 * @param packed from {@link packBytes}
 */
export function byteScores(packed: Uint8Array, query: Float32Array): Float32Array {
  const dimensions = query.length;
  const stride = STEP_BYTES + dimensions;
  const rows = rowsOf(packed.length, stride);
  const { step, numbers } = inSteps(query, finestSteps(dimensions));
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const signed = new Int8Array(packed.buffer, packed.byteOffset, packed.byteLength);
  const scores = new Float32Array(rows);
  for (let row = 0, start = 0; row < rows; row++, start += stride) {
    let sum = 0;
    for (let i = 0; i < dimensions; i++) sum += signed[start + STEP_BYTES + i]! * numbers[i]!;
    scores[row] = fround(fround(view.getFloat32(start, true) * fround(sum)) * step);
  }
  return scores;
}

/** So many steps that the sum of all products with a row fits in 32 bits. */
function finestSteps(dimensions: number): number {
  return Math.min(MOST_16, Math.floor(MOST_32 / (MOST_8 * dimensions)));
}

/** Numbers as multiples of a step, the largest `most` of them. */
function inSteps(code: Float32Array, most: number): { step: number; numbers: Int16Array } {
  let largest = 0;
  for (const value of code) largest = Math.max(largest, Math.abs(value));
  const step = fround(largest / most);
  const numbers = new Int16Array(code.length);
  if (step > 0) {
    for (let i = 0; i < code.length; i++) numbers[i] = Math.max(-most, Math.min(most, Math.round(code[i]! / step)));
  }
  return { step, numbers };
}

function rowsOf(length: number, width: number): number {
  if (width > 0 && Number.isInteger(length / width)) return length / width;
  throw new RangeError(`Expected rows of ${width} but received ${length} in all`);
}
