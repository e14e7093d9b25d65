// The reductions of a picture on 128-bit vectors: the WebAssembly of kernels.wat, its memory and its tables.

import { WASM_PAGE, WasmKernels, type WasmMemory } from '../wasm-kernels.ts';
import { AHASH_SIDE } from './ahash.ts';
import { blockLines, sumBlocks } from './blockhash.ts';
import { cellGrid } from './cell-average.ts';
import type { Picture } from './decode.ts';
import { DHASH_HEIGHT, DHASH_WIDTH } from './dhash.ts';
import { THUMBNAIL_SIDE } from './image-feature.ts';
import { KERNELS_BASE64 } from './kernels-binary.ts';
import { brighten, sampleLines, tents, weighRows } from './pdq-samples.ts';
import { PHASH_16_SIDE, PHASH_SIDE } from './phash.ts';
import { isVerticalFirst, lanczosFilter, pillowLanczos } from './pillow-resample.ts';
import type { ReducedPicture } from './reduced-picture.ts';
import { whashSide } from './whash.ts';

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
  lanczosLines(
    source: number,
    stride: number,
    bytes: number,
    table: number,
    outputs: number,
    out: number,
    outStride: number,
  ): void;
  transpose(source: number, rows: number, length: number, out: number, outStride: number): void;
  sumRows(from: number, rowBytes: number, weights: number, count: number, line: number): void;
  thumbnail(rgb: number, rowBytes: number, rowTable: number, columnTable: number, line: number, out: number): void;
}

/** Shorter sides take the plain path, where an axis may keep its size or grow; longer ones would need larger tables. */
const MIN_SIDE = 64;
const MAX_SIDE = 4096;
/** Memory that grew is never given back: a larger picture takes the plain path. */
const MAX_PIXELS = 1 << 22;

/** Kernels read up to this far past the end of their input. */
const SLACK = 64;
const ENTRY = 12;
const LOW_BITS = 11;

// Addresses. A table holds at most 64 entries and, at 4,096 samples, 4,096 × 6 + 64 × 16 taps of 4 bytes; those of the
// wavelet hash up to 512 entries, 4,096 × 6 + 512 × 16 taps.
const TABLE_ROOM = 2 * WASM_PAGE;
const WHASH_TABLE_ROOM = 3 * WASM_PAGE;
const WHASH_LONGEST_SIDE = 512;
const PHASH: Shrinking = { across: 0, down: TABLE_ROOM };
const PHASH_16: Shrinking = { across: PHASH.down + TABLE_ROOM, down: PHASH.down + 2 * TABLE_ROOM };
const DHASH: Shrinking = { across: PHASH_16.down + TABLE_ROOM, down: PHASH_16.down + 2 * TABLE_ROOM };
const AHASH: Shrinking = { across: DHASH.down + TABLE_ROOM, down: DHASH.down + 2 * TABLE_ROOM };
const WHASH: Shrinking = { across: AHASH.down + TABLE_ROOM, down: AHASH.down + TABLE_ROOM + WHASH_TABLE_ROOM };
const GRID_ACROSS = WHASH.down + WHASH_TABLE_ROOM;
const GRID_DOWN = GRID_ACROSS + TABLE_ROOM;
const LINE_WEIGHTS = GRID_DOWN + TABLE_ROOM;
const LINE = LINE_WEIGHTS + 4 * MAX_SIDE;
const THUMBNAIL = LINE + 3 * 4 * MAX_SIDE + 2 * SLACK;
const THUMBNAIL_BYTES = 3 * THUMBNAIL_SIDE * THUMBNAIL_SIDE;
const PIXELS = THUMBNAIL + THUMBNAIL_BYTES + SLACK;

/** Where the two tables of a Lanczos filter are. */
interface Shrinking {
  readonly across: number;
  readonly down: number;
}

const module = new WasmKernels<Kernels>(KERNELS_BASE64);
let kernels: Kernels | undefined;
/** The sizes of the axis that each table was written for: samples, and outputs. */
const written = new Map<number, string>();

/** The reductions of a picture, or undefined where only the plain path can make them. */
export function reduceWithVectors(picture: Picture): ReducedPicture | undefined {
  const { rgb, width, height } = picture;
  if (Math.min(width, height) < MIN_SIDE || Math.max(width, height) > MAX_SIDE) return undefined;
  if (width * height > MAX_PIXELS) return undefined;
  kernels ??= module.instantiate();
  if (!kernels) return undefined;
  const { memory } = kernels;
  const luma = PIXELS + rgb.length + SLACK;
  // Four rows are read at once, up to three of them behind the last.
  const turned = luma + width * (height + 3) + SLACK;
  const scratch = turned + (width + 8) * (height + 8) + SLACK;
  const room = 2 * (WHASH_LONGEST_SIDE + 8) * (Math.max(width, height) + WHASH_LONGEST_SIDE + 16);
  reserve(memory, scratch + room + 4 * SLACK);
  new Uint8Array(memory.buffer).set(rgb, PIXELS);
  kernels.luma(PIXELS, luma, width * height);
  kernels.transpose(luma, height, width, turned, inFours(height));
  const grey = { at: luma, width, height, turned, scratch };
  writeGrid(memory, GRID_ACROSS, width);
  writeGrid(memory, GRID_DOWN, height);
  kernels.thumbnail(PIXELS, width * 3, GRID_DOWN, GRID_ACROSS, LINE, THUMBNAIL);
  return {
    thumbnail: copyOut(memory, THUMBNAIL, THUMBNAIL_BYTES),
    phashPixels: shrink(kernels, grey, PHASH, PHASH_SIDE),
    phash16Pixels: shrink(kernels, grey, PHASH_16, PHASH_16_SIDE),
    dhashPixels: shrink(kernels, grey, DHASH, DHASH_WIDTH, DHASH_HEIGHT),
    ahashPixels: shrink(kernels, grey, AHASH, AHASH_SIDE),
    whashPixels: shrinkALittle(kernels, grey, WHASH, whashSide(width, height)),
    blockSums: sumBlocks(width, bandSums(kernels, width, height)),
    pdqSamples: sampleLines(width, weighedLines(kernels, picture)),
  };
}

function reserve(memory: WasmMemory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / WASM_PAGE));
}

function copyOut(memory: WasmMemory, at: number, length: number): Uint8Array {
  return new Uint8Array(memory.buffer, at, length).slice();
}

/** A grey picture and the same turned over its diagonal, in whose rows columns lie. */
interface Grey {
  readonly at: number;
  readonly width: number;
  readonly height: number;
  /** [width, height in fours]. */
  readonly turned: number;
  /** Where there is room for what is made on the way. */
  readonly scratch: number;
}

/** Lanczos to a few rows and columns, in Pillow's order; where a side stays as it is, the plain way. */
function shrink(
  { memory, lanczosRows, transpose }: Kernels,
  { at, width, height, turned, scratch }: Grey,
  { across, down }: Shrinking,
  outWidth: number,
  outHeight = outWidth,
): Uint8Array {
  if (outWidth === width || outHeight === height)
    return pillowLanczos(copyOut(memory, at, width * height), width, height, outWidth, outHeight);
  writeFilter(memory, across, width, outWidth, rowWeights);
  writeFilter(memory, down, height, outHeight, rowWeights);
  if (!isVerticalFirst(width, height, outWidth, outHeight)) {
    const stride = inFours(height);
    const small = scratch + (outWidth + 4) * stride + SLACK;
    lanczosRows(at, height, width, across, outWidth, scratch, stride);
    lanczosRows(scratch, outWidth, stride, down, outHeight, small, inFours(outWidth));
    return copyRows(memory, small, outHeight, outWidth);
  }
  const [stride, outStride] = [inFours(width), inFours(outHeight)];
  const small = scratch + (outHeight + 4) * stride + SLACK;
  const upright = small + (outWidth + 4) * outStride + SLACK;
  lanczosRows(turned, width, inFours(height), down, outHeight, scratch, stride);
  lanczosRows(scratch, outHeight, stride, across, outWidth, small, outStride);
  transpose(small, outWidth, outStride, upright, inFours(outWidth));
  return copyRows(memory, upright, outHeight, outWidth);
}

/** The same to many rows and columns, of a number that 16 divides: whole lines are weighed, not single pixels. */
function shrinkALittle(
  { memory, lanczosLines, transpose }: Kernels,
  { at, width, height, turned, scratch }: Grey,
  { across, down }: Shrinking,
  side: number,
): Uint8Array {
  if (side === width || side === height || side > WHASH_LONGEST_SIDE)
    return pillowLanczos(copyOut(memory, at, width * height), width, height, side, side);
  writeFilter(memory, across, width, side, pairWeights);
  writeFilter(memory, down, height, side, pairWeights);
  const isUpright = !isVerticalFirst(width, height, side, side);
  const length = isUpright ? inFours(height) : inFours(width);
  const back = scratch + (side + 4) * length + SLACK;
  const small = back + (length + 4) * side + SLACK;
  if (isUpright) lanczosLines(turned, length, height, across, side, scratch, length);
  else lanczosLines(at, width, width, down, side, scratch, length);
  transpose(scratch, side, length, back, side);
  lanczosLines(back, side, side, isUpright ? down : across, side, small, side);
  if (isUpright) return copyOut(memory, small, side * side);
  transpose(small, side, side, back, side);
  return copyOut(memory, back, side * side);
}

/** Rows are worked on in fours, and so many bytes are written. */
function inFours(count: number): number {
  return (count + 3) & ~3;
}

/** Rows that lie {@link inFours} bytes apart, without what is between them. */
function copyRows(memory: WasmMemory, at: number, rows: number, length: number): Uint8Array {
  const stride = inFours(length);
  const padded = copyOut(memory, at, rows * stride);
  if (stride === length) return padded;
  const bytes = new Uint8Array(rows * length);
  for (let row = 0; row < rows; row++) bytes.set(padded.subarray(row * stride, row * stride + length), row * length);
  return bytes;
}

/** The sums of bands of blocks for {@link sumBlocks}. */
function bandSums(kernels: Kernels, width: number, height: number): (block: number) => Int32Array {
  const { starts, counts, shares, stride } = blockLines(height);
  return (block) => {
    const lines = shares.subarray(block * stride, block * stride + counts[block]!);
    return sumLines(kernels, width, starts[block]!, lines);
  };
}

/** What fills the weighed lines for {@link sampleLines}: in whole numbers where weights are multiples of 1 / window². */
function weighedLines(kernels: Kernels, { rgb, width, height }: Picture): (row: number, bright: Float64Array) => void {
  const rows = tents(height);
  const { starts, counts, weights, stride, window } = rows;
  const parts = window * window;
  const whole = new Int32Array(stride);
  return (row, bright) => {
    // A tent that reaches over the border lacks lines, and weights of another denominator take their place.
    if (counts[row]! < stride) return weighRows(rgb, bright, row, rows);
    for (let line = 0; line < stride; line++) whole[line] = Math.round(weights[row * stride + line]! * parts);
    brighten(sumLines(kernels, width, starts[row]!, whole), 1 / parts, bright);
  };
}

/** Lines of the picture from `first` on, each by its weight of 16 bits, summed: [width, 3]; valid until the next call. */
function sumLines({ memory, sumRows }: Kernels, width: number, first: number, weights: Int32Array): Int32Array {
  new Int32Array(memory.buffer, LINE_WEIGHTS, weights.length).set(weights);
  sumRows(PIXELS + first * 3 * width, 3 * width, LINE_WEIGHTS, weights.length, LINE);
  return new Int32Array(memory.buffer, LINE, 3 * width);
}

/** How the weights of one output are laid out. */
interface WeightLayout {
  /** Taps that are worked on together. */
  readonly taps: number;
  /** Bytes that they take: high parts and low parts, 16 bits each. */
  readonly bytes: number;
}

const rowWeights: WeightLayout = { taps: 8, bytes: 32 };
const pairWeights: WeightLayout = { taps: 2, bytes: 8 };

/** The table of a Lanczos kernel: weights in groups of taps, zero beyond the last, each split in a high and a low part. */
function writeFilter(
  memory: WasmMemory,
  table: number,
  size: number,
  outputs: number,
  { taps, bytes }: WeightLayout,
): void {
  const sizes = `${size}>${outputs}`;
  if (written.get(table) === sizes) return;
  const { starts, counts, weights, stride } = lanczosFilter(size, outputs);
  const entries = new Int32Array(memory.buffer, table, (outputs * ENTRY) / 4);
  const parts = new Int16Array(memory.buffer);
  let at = table + outputs * ENTRY;
  for (let output = 0; output < outputs; output++) {
    const groups = Math.ceil(counts[output]! / taps);
    entries.set([starts[output]!, groups, at], output * 3);
    for (let tap = 0; tap < groups * taps; tap++) {
      const weight = tap < counts[output]! ? weights[output * stride + tap]! : 0;
      const part = at / 2 + (tap % taps);
      parts[part] = weight >> LOW_BITS;
      parts[part + taps] = weight & ((1 << LOW_BITS) - 1);
      if (tap % taps === taps - 1) at += bytes;
    }
  }
  written.set(table, sizes);
}

/** A table of `thumbnail`. */
function writeGrid(memory: WasmMemory, table: number, size: number): void {
  if (written.get(table) === `${size}`) return;
  const { starts, counts, weights, stride } = cellGrid(size, THUMBNAIL_SIDE);
  const entries = new Int32Array(memory.buffer, table, (THUMBNAIL_SIDE * ENTRY) / 4);
  let at = table + THUMBNAIL_SIDE * ENTRY;
  for (let cell = 0; cell < THUMBNAIL_SIDE; cell++) {
    const count = counts[cell]!;
    new Int32Array(memory.buffer, at, count).set(weights.subarray(cell * stride, cell * stride + count));
    entries.set([starts[cell]!, count, at], cell * 3);
    at += count * 4;
  }
  written.set(table, `${size}`);
}
