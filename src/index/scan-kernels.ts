// The WebAssembly of scan.wat: compiled once, bound to one memory at a time.
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
  validate(binary: Uint8Array): boolean;
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly Memory: new (pages: { initial: number; maximum: number; shared: boolean }) => SharedMemory;
};

/** Bytes of a page of WebAssembly's memory, and how many of them 32 bits can tell apart. */
const PAGE = 1 << 16;
const MOST_PAGES = 1 << 16;

/** Rows that a scan writes down before it stops, and how many may come after that. */
const ROWS_OUT = 1_024;
const ROWS_MORE = 16;
/** What stands before the rows, and the bytes of a row. */
const OUT_HEADER = 32;
const OUT_ENTRY = 8;

/** Bytes that a scan writes to. */
export const OUT_BYTES = OUT_HEADER + (ROWS_OUT + ROWS_MORE) * OUT_ENTRY;

let compiled: object | false | undefined;

/** Memory of `bytes`, or undefined where there is none left, or kernels could not use it. */
export function sharedMemory(bytes: number): SharedMemory | undefined {
  const pages = Math.ceil(bytes / PAGE);
  if (pages > MOST_PAGES || !canCompile()) return undefined;
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The kernels over a memory. Call it only where {@link sharedMemory} gave one, or its memory came from. */
export function kernelsOver(memory: SharedMemory): Kernels {
  if (!canCompile()) throw new Error('This machine has no 128-bit vectors in WebAssembly');
  return new WebAssembly.Instance(compiled as object, { codes: { memory } }).exports as Kernels;
}

// Machines without 128-bit vectors cannot compile it.
function canCompile(): boolean {
  if (compiled === undefined) {
    const binary = Buffer.from(KERNELS_BASE64, 'base64');
    compiled = WebAssembly.validate(binary) && new WebAssembly.Module(binary);
  }
  return compiled !== false;
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
