// `phash` and `dhash`: how many of 64 bits differ.
import { hammingScores } from '../index/hamming.ts';
import { topK } from '../index/top-k.ts';
import type { PairMethod, Ranking } from './method.ts';
import { GRID_BYTES, isFlat, pictureOf } from './pixels.ts';

/** A hash, and whether the picture has any structure: the bits of a flat one are rounding, equal by chance. */
export interface PictureHash {
  readonly bits: Uint8Array;
  readonly flat: boolean;
}

const BITS = 64;

/**
 * Ranks by 1 − 2 · (differing bits) / 64: 1 for equal hashes, about 0 for unrelated pictures, −1 for a negative.
 *
 * @param hashes [items × 8] bytes
 * @param grids [items × 192] bytes, to tell flat pictures
 */
export function hashMethod(
  name: 'phash' | 'dhash',
  items: Ranking,
  hashes: Uint8Array,
  grids: Uint8Array,
): PairMethod<PictureHash> {
  const flat = Uint8Array.from(items.ids, (_, row) =>
    Number(isFlat(grids.subarray(row * GRID_BYTES, (row + 1) * GRID_BYTES))),
  );
  const scores = (query: PictureHash): Float32Array => {
    if (query.flat) return new Float32Array(items.ids.length);
    const all = hammingScores(hashes, query.bits);
    for (let row = 0; row < flat.length; row++) if (flat[row]) all[row] = 0;
    return all;
  };
  return {
    name,
    kind: 'image',
    bytesPerItem: BITS / 8,
    items,
    represent: (features) =>
      Promise.resolve(
        features.map(pictureOf).map((feature) => ({ bits: feature[name], flat: isFlat(feature.pixels) })),
      ),
    isEmpty: ({ flat }) => flat,
    similarity: (a, b) => (a.flat || b.flat ? 0 : (hammingScores(a.bits, b.bits)[0] ?? 0)),
    distance: (score) => Math.round(((1 - score) * BITS) / 2),
    scores,
    search: (query, k, accept) => topK(scores(query), k, items, accept),
  };
}
