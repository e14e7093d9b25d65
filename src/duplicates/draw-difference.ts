// Draws where two pictures differ: the first in pale greys, red where the second shows something else, striped where it shows nothing.
import type { Picture } from '../image/decode.ts';
import { affineAt, mapX, mapY, type PlaneMap } from './plane-map.ts';

/** Differences of a channel, 0…255, below which compression is at work, and from which nothing is the same. */
const NOTHING = 14;
const ALL = 110;
/** How much of the first picture's contrast is left. */
const CONTRAST = 0.45;
const RED = [214, 30, 60] as const;
const STRIPES = [150, 164, 190] as const;
const STRIPE_WIDTH = 5;

export interface DifferenceOptions {
  /** From places of the first picture to places of the second. */
  readonly map: PlaneMap;
  /** The second is a negative of the first. */
  readonly negative?: boolean;
}

/** @returns a picture of the first one's size, and the share of its area that the second shows and that differs visibly */
export function drawnDifference(
  a: Picture,
  b: Picture,
  { map, negative = false }: DifferenceOptions,
): { readonly picture: Picture; readonly differing: number } {
  const { width, height } = a;
  const rgb = new Uint8Array(width * height * 3);
  let [shown, differing] = [0, 0];
  const seen = new Float32Array(3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const [u, v] = [(x + 0.5) / width, (y + 0.5) / height];
      const grey = 0.299 * a.rgb[at]! + 0.587 * a.rgb[at + 1]! + 0.114 * a.rgb[at + 2]!;
      const pale = 255 - (255 - grey) * CONTRAST;
      const [p, q] = [mapX(map, u, v), mapY(map, u, v)];
      if (!(p >= 0 && p <= 1 && q >= 0 && q <= 1)) {
        const onStripe = Math.floor((x + y) / STRIPE_WIDTH) % 2 === 0;
        for (let channel = 0; channel < 3; channel++)
          rgb[at + channel] = onStripe ? (pale + 2 * STRIPES[channel]!) / 3 : pale;
        continue;
      }
      shown++;
      sampled(b, p, q, seen);
      let most = 0;
      for (let channel = 0; channel < 3; channel++) {
        const other = negative ? 255 - seen[channel]! : seen[channel]!;
        most = Math.max(most, Math.abs(a.rgb[at + channel]! - other));
      }
      const weight = Math.min(1, Math.max(0, (most - NOTHING) / (ALL - NOTHING)));
      if (weight > 0.1) differing++;
      const strength = weight === 0 ? 0 : 0.2 + 0.8 * weight;
      for (let channel = 0; channel < 3; channel++) rgb[at + channel] = pale + (RED[channel]! - pale) * strength;
    }
  }
  return { picture: { width, height, rgb }, differing: shown === 0 ? 0 : differing / shown };
}

/**
 * The size at which a pixel of the second picture is about as large as one of the first where it lies on it, so that none is
 * skipped and no grain of the larger one is taken for a difference.
 */
export function matchingSize(
  a: Picture,
  b: Picture,
  map: PlaneMap,
): { readonly width: number; readonly height: number } {
  const { a: xx, b: xy, d: yx, e: yy } = affineAt(map, 0.5, 0.5);
  const across = Math.hypot((xx * b.width) / a.width, (xy * b.width) / a.height);
  const down = Math.hypot((yx * b.height) / a.width, (yy * b.height) / a.height);
  const fit = (length: number, step: number) => Math.max(1, Math.round(length / Math.max(1, step)));
  return { width: fit(b.width, across), height: fit(b.height, down) };
}

function sampled({ width, height, rgb }: Picture, u: number, v: number, into: Float32Array): void {
  const x = Math.min(Math.max(u * width - 0.5, 0), width - 1);
  const y = Math.min(Math.max(v * height - 0.5, 0), height - 1);
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, below] = [Math.min(left + 1, width - 1), Math.min(top + 1, height - 1)];
  const [fx, fy] = [x - left, y - top];
  for (let channel = 0; channel < 3; channel++) {
    const value = (column: number, row: number) => rgb[(row * width + column) * 3 + channel]!;
    into[channel] =
      (value(left, top) * (1 - fx) + value(right, top) * fx) * (1 - fy) +
      (value(left, below) * (1 - fx) + value(right, below) * fx) * fy;
  }
}
