// The colour histogram: how much of a picture has each of 4 × 4 × 4 colours.
import { THUMBNAIL_SIDE } from './image-feature.ts';

/** Bytes of a histogram, one a colour. */
export const COLOUR_BYTES = 64;
const CELLS = THUMBNAIL_SIDE * THUMBNAIL_SIDE;
const BINS = 4;

/** Brightness, and how far from grey towards blue and towards red: most colours of photos are near grey. */
const BRIGHTNESS: readonly number[] = [32, 96, 160, 224];
const TINT: readonly number[] = [104, 120, 136, 152];

/** For each value from 0 to 255 the bin below it, and the share that belongs to the next one. */
interface Shares {
  readonly bins: Uint8Array;
  readonly next: Float64Array;
}

const BRIGHTNESS_SHARES = sharesBetween(BRIGHTNESS);
const TINT_SHARES = sharesBetween(TINT);

/**
 * The square root of the share of each colour, as a byte: the scalar product of two is then how much they overlap
 * (Bhattacharyya's coefficient), in which a few large areas do not outweigh all others. A cell of the thumbnail belongs to
 * the eight colours around its own in proportion.
 *
 * @param planes - [3, 64, 64] bytes
 * @returns 64 bytes, 255 a picture of that colour alone; brightness the slowest, then blue, then red
 */
export function colourHistogram(planes: Uint8Array): Uint8Array {
  const sums = new Float64Array(COLOUR_BYTES);
  for (let cell = 0; cell < CELLS; cell++) {
    const [red, green, blue] = [planes[cell]!, planes[cell + CELLS]!, planes[cell + 2 * CELLS]!];
    // JPEG's brightness and tints, in whole 65536ths.
    const bright = (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
    const bluish = (8388608 + 32768 - 11058 * red - 21710 * green + 32768 * blue) >> 16;
    const reddish = (8388608 + 32768 + 32768 * red - 27439 * green - 5329 * blue) >> 16;
    addCell(sums, bright, Math.min(bluish, 255), Math.min(reddish, 255));
  }
  return Uint8Array.from(sums, (sum) => Math.round(255 * Math.sqrt(sum / CELLS)));
}

function addCell(sums: Float64Array, bright: number, bluish: number, reddish: number): void {
  const light = BRIGHTNESS_SHARES.next[bright]!;
  const blue = TINT_SHARES.next[bluish]!;
  const red = TINT_SHARES.next[reddish]!;
  const at = (BRIGHTNESS_SHARES.bins[bright]! * BINS + TINT_SHARES.bins[bluish]!) * BINS + TINT_SHARES.bins[reddish]!;
  for (let plane = at, part = 1 - light; ; plane += BINS * BINS, part = light) {
    sums[plane]! += part * (1 - blue) * (1 - red);
    sums[plane + 1]! += part * (1 - blue) * red;
    sums[plane + BINS]! += part * blue * (1 - red);
    sums[plane + BINS + 1]! += part * blue * red;
    if (plane !== at) return;
  }
}

/** A value between the centres of two bins belongs to both; beyond the outer ones to one alone. */
function sharesBetween(centres: readonly number[]): Shares {
  const bins = new Uint8Array(256);
  const next = new Float64Array(256);
  for (let value = 0; value < 256; value++) {
    const bin = Math.min(
      Math.max(
        centres.findLastIndex((centre) => centre <= value),
        0,
      ),
      BINS - 2,
    );
    const share = (value - centres[bin]!) / (centres[bin + 1]! - centres[bin]!);
    bins[value] = bin;
    next[value] = Math.min(Math.max(share, 0), 1);
  }
  return { bins, next };
}
