// The reductions of a picture on 128-bit vectors: the WebAssembly of kernels.wat, its memory and its tables.

import { cellGrid } from './cell-average.ts';
import type { Picture } from './decode.ts';
import { DHASH_HEIGHT, DHASH_WIDTH } from './dhash.ts';
import { THUMBNAIL_SIDE } from './image-feature.ts';
import { KERNELS_BASE64 } from './kernels-binary.ts';
import { PHASH_SIDE } from './phash.ts';
import { isVerticalFirst, lanczosFilter } from './pillow-resample.ts';
import type { ReducedPicture } from './reduced-picture.ts';

// Node has WebAssembly, but only the DOM's type library describes it.
interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

declare const WebAssembly: {
  validate(binary: Uint8Array): boolean;
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Kernels {
  readonly memory: WasmMemory;
  luma(rgb: number, out: number, pixels: number): void;
  lanczosRows(
    source: number,
    rows: number,
    length: number,
    table: number,
    outputs: number,
    out: number,
    outStride: number,
  ): void;
  thumbnail(rgb: number, rowBytes: number, rowTable: number, columnTable: number, line: number, out: number): void;
}

/** Shorter sides take the plain path, where an axis may keep its size or grow; longer ones would need larger tables. */
const MIN_SIDE = 64;
const MAX_SIDE = 4096;
/** Memory that grew is never given back: a larger picture takes the plain path. */
const MAX_PIXELS = 1 << 22;

const PAGE = 1 << 16;
/** Kernels read up to this far past the end of their input. */
const SLACK = 64;
const ENTRY = 12;
const TAPS = 8;
const LOW_BITS = 11;

// Addresses. A table holds at most 64 entries and, at 4,096 samples, 4,096 × 6 + 32 × 16 taps of 4 bytes.
const TABLE_ROOM = 2 * PAGE;
const PHASH_ACROSS = 0;
const PHASH_DOWN = PHASH_ACROSS + TABLE_ROOM;
const DHASH_ACROSS = PHASH_DOWN + TABLE_ROOM;
const DHASH_DOWN = DHASH_ACROSS + TABLE_ROOM;
const GRID_ACROSS = DHASH_DOWN + TABLE_ROOM;
const GRID_DOWN = GRID_ACROSS + TABLE_ROOM;
const LINE = GRID_DOWN + TABLE_ROOM;
const COLUMNS = LINE + 3 * 4 * MAX_SIDE + 2 * SLACK;
const SMALL = COLUMNS + PHASH_SIDE * (MAX_SIDE + 2) + SLACK;
const THUMBNAIL = SMALL + PHASH_SIDE * (PHASH_SIDE + 2) + SLACK;
const THUMBNAIL_BYTES = 3 * THUMBNAIL_SIDE * THUMBNAIL_SIDE;
const PIXELS = THUMBNAIL + THUMBNAIL_BYTES + SLACK;

let kernels: Kernels | undefined;
/** The size of the axis that each table was written for. */
const written = new Map<number, number>();

/** The reductions of a picture, or undefined where only the plain path can make them. */
export function reduceWithVectors({
  rgb,
  width,
  height,
}: Picture): Pick<ReducedPicture, 'thumbnail' | 'phashPixels' | 'dhashPixels'> | undefined {
  if (Math.min(width, height) < MIN_SIDE || Math.max(width, height) > MAX_SIDE) return undefined;
  if (width * height > MAX_PIXELS || isVerticalFirst(width, height, DHASH_WIDTH, DHASH_HEIGHT)) return undefined;
  kernels ??= instantiate();
  if (!kernels) return undefined;
  const luma = PIXELS + rgb.length + SLACK;
  reserve(kernels.memory, luma + width * (height + 1) + SLACK);
  new Uint8Array(kernels.memory.buffer).set(rgb, PIXELS);
  kernels.luma(PIXELS, luma, width * height);
  const grey = { at: luma, width, height };
  const phashPixels = shrink(kernels, grey, PHASH_ACROSS, PHASH_DOWN, PHASH_SIDE, PHASH_SIDE);
  const dhashPixels = shrink(kernels, grey, DHASH_ACROSS, DHASH_DOWN, DHASH_WIDTH, DHASH_HEIGHT);
  writeGrid(kernels.memory, GRID_ACROSS, width);
  writeGrid(kernels.memory, GRID_DOWN, height);
  kernels.thumbnail(PIXELS, width * 3, GRID_DOWN, GRID_ACROSS, LINE, THUMBNAIL);
  return { thumbnail: copyOut(kernels.memory, THUMBNAIL, THUMBNAIL_BYTES), phashPixels, dhashPixels };
}

function instantiate(): Kernels | undefined {
  const binary = Buffer.from(KERNELS_BASE64, 'base64');
  // Machines without 128-bit vectors cannot compile it.
  if (!WebAssembly.validate(binary)) return undefined;
  return new WebAssembly.Instance(new WebAssembly.Module(binary)).exports as Kernels;
}

function reserve(memory: WasmMemory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
}

function copyOut(memory: WasmMemory, at: number, length: number): Uint8Array {
  return new Uint8Array(memory.buffer, at, length).slice();
}

/** Lanczos along rows into {@link COLUMNS}, then along columns into {@link SMALL}. */
function shrink(
  { memory, lanczosRows }: Kernels,
  grey: { readonly at: number; readonly width: number; readonly height: number },
  across: number,
  down: number,
  outWidth: number,
  outHeight: number,
): Uint8Array {
  writeFilter(memory, across, grey.width, outWidth);
  writeFilter(memory, down, grey.height, outHeight);
  // Rows are filtered in pairs: an odd count writes one byte more.
  const columnStride = grey.height + (grey.height % 2);
  const rowStride = outWidth + (outWidth % 2);
  lanczosRows(grey.at, grey.height, grey.width, across, outWidth, COLUMNS, columnStride);
  lanczosRows(COLUMNS, outWidth, columnStride, down, outHeight, SMALL, rowStride);
  const padded = copyOut(memory, SMALL, outHeight * rowStride);
  if (rowStride === outWidth) return padded;
  const pixels = new Uint8Array(outHeight * outWidth);
  for (let row = 0; row < outHeight; row++) {
    pixels.set(padded.subarray(row * rowStride, row * rowStride + outWidth), row * outWidth);
  }
  return pixels;
}

/** The table of `lanczosRows`: weights in groups of 8 taps, zero beyond the last, each split in a high and a low part. */
function writeFilter(memory: WasmMemory, table: number, size: number, outputs: number): void {
  if (written.get(table) === size) return;
  const { starts, counts, weights, stride } = lanczosFilter(size, outputs);
  const entries = new Int32Array(memory.buffer, table, (outputs * ENTRY) / 4);
  let at = table + outputs * ENTRY;
  for (let output = 0; output < outputs; output++) {
    const groups = Math.ceil(counts[output]! / TAPS);
    const parts = new Int16Array(memory.buffer, at, groups * TAPS * 2).fill(0);
    for (let tap = 0; tap < counts[output]!; tap++) {
      const weight = weights[output * stride + tap]!;
      const group = Math.floor(tap / TAPS) * TAPS * 2 + (tap % TAPS);
      parts[group] = weight >> LOW_BITS;
      parts[group + TAPS] = weight & ((1 << LOW_BITS) - 1);
    }
    entries.set([starts[output]!, groups, at], output * 3);
    at += parts.byteLength;
  }
  written.set(table, size);
}

/** A table of `thumbnail`. */
function writeGrid(memory: WasmMemory, table: number, size: number): void {
  if (written.get(table) === size) return;
  const { starts, counts, weights, stride } = cellGrid(size, THUMBNAIL_SIDE);
  const entries = new Int32Array(memory.buffer, table, (THUMBNAIL_SIDE * ENTRY) / 4);
  let at = table + THUMBNAIL_SIDE * ENTRY;
  for (let cell = 0; cell < THUMBNAIL_SIDE; cell++) {
    const count = counts[cell]!;
    new Int32Array(memory.buffer, at, count).set(weights.subarray(cell * stride, cell * stride + count));
    entries.set([starts[cell]!, count, at], cell * 3);
    at += count * 4;
  }
  written.set(table, size);
}
