// Blockhash: whether each of 16 × 16 blocks is brighter than the median of its band, bit for bit Commons Machinery's.
import { median } from './bits-above.ts';
import type { Picture } from './decode.ts';
import { keptBySize } from './kept-by-size.ts';

/** Blocks along each side. */
const BLOCKS = 16;
const BANDS = 4;
/** A pixel on the border of blocks belongs to both in proportion: whole sixteenths, since a block is a sixteenth of the side. */
const SHARES = 16;

/** Which lines of pixels belong to a block, and by how many sixteenths. */
export interface BlockLines {
  /** The first line of each block. */
  readonly starts: Int32Array;
  /** How many lines it has. */
  readonly counts: Int32Array;
  /** Sixteenths, line by line, [blocks, stride]. */
  readonly shares: Int32Array;
  readonly stride: number;
}

/**
 * `blockhash(image, bits=16)` of phash-blockhashio (in JavaScript: `bmvbhash` of blockhash-core), from the sums of its blocks.
 *
 * @param sums - [16, 16] sums of red, green and blue over all pixels of a block, in units of 1 / 256
 * @param pixels - how many pixels the picture has
 * @returns 32 bytes: two a row of blocks, its most significant bit the leftmost block
 */
export function blockhash(sums: Float64Array, pixels: number): Uint8Array {
  const one = SHARES * SHARES;
  const halfBright = (pixels / (BLOCKS * BLOCKS)) * 256 * 3 * 0.5 * one;
  const hash = new Uint8Array((BLOCKS * BLOCKS) / 8);
  const size = sums.length / BANDS;
  for (let band = 0; band < sums.length; band += size) {
    const middle = median(sums.subarray(band, band + size));
    for (let at = band; at < band + size; at++) {
      const sum = sums[at]!;
      // Blocks as bright as the median – most are, in drawings – are set where the picture is bright.
      if (sum > middle || (Math.abs(sum - middle) < one && middle > halfBright)) hash[at >> 3]! |= 0x80 >> (at & 7);
    }
  }
  return hash;
}

/** The sums that {@link blockhash} compares. */
export function blockSums({ rgb, width, height }: Picture): Float64Array {
  const { starts, counts, shares, stride } = blockLines(height);
  const band = new Float64Array(3 * width);
  return sumBlocks(width, (block) => {
    band.fill(0);
    for (let line = 0; line < counts[block]!; line++) {
      const share = shares[block * stride + line]!;
      const from = (starts[block]! + line) * band.length;
      for (let at = 0; at < band.length; at++) band[at]! += share * rgb[from + at]!;
    }
    return band;
  });
}

/**
 * The sums of all blocks, from each band of blocks summed along columns.
 *
 * @param bandOf - the sums of the lines of a row of blocks, each by its sixteenths: [width, 3]
 */
export function sumBlocks(width: number, bandOf: (block: number) => Float64Array | Int32Array): Float64Array {
  const { starts, counts, shares, stride } = blockLines(width);
  const sums = new Float64Array(BLOCKS * BLOCKS);
  for (let row = 0; row < BLOCKS; row++) {
    const band = bandOf(row);
    for (let column = 0; column < BLOCKS; column++) {
      let sum = 0;
      let from = 3 * starts[column]!;
      const last = column * stride + counts[column]!;
      for (let at = column * stride; at < last; at++, from += 3)
        sum += shares[at]! * (band[from]! + band[from + 1]! + band[from + 2]!);
      sums[row * BLOCKS + column] = sum;
    }
  }
  return sums;
}

/** The blocks along an axis of `size` pixels, kept for the next picture of that size. */
export const blockLines: (size: number) => BlockLines = keptBySize(16, makeLines);

/** The reference's rules, line by line; fewer lines than blocks leave blocks without any. */
function makeLines(size: number): BlockLines {
  const block = size / BLOCKS;
  const stride = Math.ceil(block) + 1;
  const lines: BlockLines = {
    starts: new Int32Array(BLOCKS),
    counts: new Int32Array(BLOCKS),
    shares: new Int32Array(BLOCKS * stride),
    stride,
  };
  for (let line = 0; line < size; line++) {
    const first = Math.floor(line / block);
    if (size % BLOCKS === 0) {
      addShare(lines, first, line, SHARES);
      continue;
    }
    const into = (line + 1) % block;
    const part = into % 1;
    const isInside = into >= 1 || line + 1 === size;
    addShare(lines, first, line, (1 - part) * SHARES);
    addShare(lines, isInside ? first : Math.ceil(line / block), line, part * SHARES);
  }
  return lines;
}

function addShare({ starts, counts, shares, stride }: BlockLines, block: number, line: number, share: number): void {
  if (counts[block] === 0) starts[block] = line;
  const at = line - starts[block]!;
  counts[block] = at + 1;
  shares[block * stride + at]! += share;
}
