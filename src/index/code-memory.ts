// Memory for codes: where it can be, one that the kernels of scan.wat reach and that threads share.
import { type Kernels, kernelsOver, OUT_BYTES, type SharedMemory, sharedMemory } from './scan-kernels.ts';

/** Fewer bytes are compared in plain TypeScript in the time that it takes to set up a memory. */
const FEWEST_BYTES = 1 << 16;

/** Rows behind the last one that a scan reads, and what a row may be filled up to. */
const ROWS_BEHIND = 16;
const FILL = 64;

/** The kernels take tables of 2,048 bytes for a byte of a row; longer rows of bits are asked in plain TypeScript. */
const TABLE_BYTES = 2_048;
export const LONGEST_SIGNS = 512;

/** So many threads can scan one memory at the same time, the one that asks among them. */
export const MOST_THREADS = 16;

/** A memory that codes lie in, from its beginning, with room for a question and for what is found. */
export class CodeMemory {
  readonly memory: SharedMemory;
  readonly kernels: Kernels;
  /** Where questions are put. */
  readonly queryAt: number;
  readonly queryBytes: number;
  readonly #outAt: number;

  constructor(memory: SharedMemory, queryAt: number, queryBytes: number) {
    this.memory = memory;
    this.kernels = kernelsOver(memory);
    this.queryAt = queryAt;
    this.queryBytes = queryBytes;
    this.#outAt = upTo(FILL, queryAt + queryBytes);
  }

  /** Where a thread, 0 being the one that asks, writes what it finds: `OUT_BYTES`. */
  outAt(thread: number): number {
    return this.#outAt + thread * upTo(FILL, OUT_BYTES);
  }
}

const memories = new WeakMap<ArrayBufferLike, CodeMemory>();

/**
 * Zeros, to be filled with codes. Where the kernels can use it, the memory is theirs, and searches over what lies in it
 * (a Float32Array over its buffer, or parts of it) run on vectors; all else is an array like any other.
 *
 * @param bytes of all codes
 * @param rowBytes of one
 */
export function allocateCodes(bytes: number, rowBytes: number): Uint8Array {
  if (bytes < FEWEST_BYTES) return new Uint8Array(bytes);
  const queryAt = upTo(FILL, bytes + ROWS_BEHIND * rowBytes + FILL);
  const queryBytes = rowBytes <= LONGEST_SIGNS ? TABLE_BYTES * rowBytes : 8 * rowBytes + FILL;
  const end = upTo(FILL, queryAt + queryBytes) + MOST_THREADS * upTo(FILL, OUT_BYTES);
  const memory = sharedMemory(end);
  if (memory === undefined) return new Uint8Array(bytes);
  memories.set(memory.buffer, new CodeMemory(memory, queryAt, queryBytes));
  return new Uint8Array(memory.buffer, 0, bytes);
}

/** As many floats, see {@link allocateCodes}. */
export function allocateFloats(rows: number, dimensions: number): Float32Array {
  const bytes = allocateCodes(rows * dimensions * 4, dimensions * 4);
  return new Float32Array(bytes.buffer, bytes.byteOffset, rows * dimensions);
}

/** The memory that codes lie in, if the kernels reach it. */
export function memoryOf(codes: ArrayBufferView): CodeMemory | undefined {
  return memories.get(codes.buffer);
}

function upTo(multiple: number, bytes: number): number {
  return Math.ceil(bytes / multiple) * multiple;
}
