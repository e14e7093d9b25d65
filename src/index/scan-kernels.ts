// The WebAssembly of scan.wat: compiled once, bound to one memory at a time.
import { WASM_PAGE, WasmKernels } from '../wasm-kernels.ts';
import { KERNELS_BASE64 } from './scan-binary.ts';

// Node has WebAssembly, but only the DOM's type library describes it.
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

/**
 * Looks at rows from `row` to before `end` and writes those that reach a bound to `out`, see scan.wat.
 *
 * @param rest what tells the length of a row, the bound, and `out`
 * @returns the row to go on with
 */
type Scan = (codes: number, row: number, end: number, query: number, ...rest: number[]) => number;

/** The scans by name, and how they order rows: the nearest first, or those with the highest score. */
export const SCANS = {
  hamming64: 'distance',
  hamming128: 'distance',
  hamming256: 'distance',
  hammingAny: 'distance',
  dot: 'score',
  dotHalf: 'score',
  dotBytes: 'score',
  signs: 'score',
} as const;

export type ScanName = keyof typeof SCANS;

export type Kernels = Readonly<Record<ScanName, Scan>> & {
  dotAll(codes: number, row: number, end: number, query: number, stride: number, whole: number, out: number): void;
};

declare const WebAssembly: {
  readonly Memory: new (pages: { initial: number; maximum: number; shared: boolean }) => SharedMemory;
};

/** As many pages of memory as 32 bits can tell apart. */
const MOST_PAGES = 1 << 16;

/** Rows that a scan writes down before it stops, and how many may come after that. */
const ROWS_OUT = 1_024;
const ROWS_MORE = 16;
/** What stands before the rows, and the bytes of a row. */
const OUT_HEADER = 32;
const OUT_ENTRY = 8;

/** Bytes that a scan writes to. */
export const OUT_BYTES = OUT_HEADER + (ROWS_OUT + ROWS_MORE) * OUT_ENTRY;

const module = new WasmKernels<Kernels>(KERNELS_BASE64);

/** Memory of `bytes`, or undefined where there is none left, or kernels could not use it. */
export function sharedMemory(bytes: number): SharedMemory | undefined {
  const pages = Math.ceil(bytes / WASM_PAGE);
  if (pages > MOST_PAGES || !module.canRun) return undefined;
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The kernels over a memory. Call it only where {@link sharedMemory} gave one, or its memory came from. */
export function kernelsOver(memory: SharedMemory): Kernels {
  const kernels = module.instantiate({ codes: { memory } });
  if (kernels === undefined) throw new Error('This machine has no 128-bit vectors in WebAssembly');
  return kernels;
}

/** The rows that a scan wrote to `out`. */
export class ScanOut {
  readonly #words: Uint32Array;
  readonly #floats: Float32Array;

  constructor({ buffer }: SharedMemory, at: number) {
    this.#words = new Uint32Array(buffer, at, OUT_BYTES / 4);
    this.#floats = new Float32Array(buffer, at, OUT_BYTES / 4);
  }

  get count(): number {
    return this.#words[0]!;
  }

  row(entry: number): number {
    return this.#words[(OUT_HEADER + entry * OUT_ENTRY) / 4]!;
  }

  distance(entry: number): number {
    return this.#words[(OUT_HEADER + entry * OUT_ENTRY) / 4 + 1]!;
  }

  score(entry: number): number {
    return this.#floats[(OUT_HEADER + entry * OUT_ENTRY) / 4 + 1]!;
  }
}
