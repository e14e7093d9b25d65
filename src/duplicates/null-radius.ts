// How near do codes of different things come by chance? The folder's own codes say it, no magic number.
import { bitsOf } from '../index/hamming.ts';
import type { BitRows } from './near-bits.ts';

/** Pairs that are looked at. */
const LOOKED_AT = 200_000;

/**
 * The largest distance at which pairs of rows at random are so rare that a row meets at most `perRow` others by chance. Rows
 * that stand side by side are as good as random ones: they are ordered by the hash of their content.
 *
 * @param most bits beyond which nothing is near, however rare
 */
export function nullRadius({ codes, bytes }: BitRows, perRow: number, most: number): number {
  const rows = codes.length / bytes;
  if (rows < 3) return most;
  const steps = Math.max(1, Math.min(Math.floor((rows - 1) / 2), Math.ceil(LOOKED_AT / rows)));
  const counts = new Float64Array(bytes * 8 + 1);
  let total = 0;
  for (let step = 1; step <= steps; step++) {
    for (let a = 0; a < rows; a++) {
      counts[distance(codes, bytes, a, (a + step) % rows)]!++;
      total++;
    }
  }
  const allowed = (perRow / (rows - 1)) * total;
  let radius = 0;
  for (let met = counts[0]!; radius < most; ) {
    met += counts[radius + 1]!;
    if (met > allowed) break;
    radius++;
  }
  return radius;
}

function distance(codes: Uint8Array, bytes: number, a: number, b: number): number {
  let bits = 0;
  for (let i = 0; i < bytes; i++) bits += bitsOf(codes[a * bytes + i]! ^ codes[b * bytes + i]!);
  return bits;
}
