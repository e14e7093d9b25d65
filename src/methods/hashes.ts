// `phash`, `pdq` and the other hashes of pictures: how many bits differ.
import { pictureCode } from '../image/picture-codes.ts';
import { allocateCodes } from '../index/code-memory.ts';
import { hammingScores, searchHamming } from '../index/hamming.ts';
import { topK } from '../index/top-k.ts';
import type { PairMethod, Ranking } from './method.ts';
import { flatRows, isFlat, pictureOf } from './pixels.ts';

/** A hash, and whether it says anything: the bits of a flat picture are rounding, equal by chance. */
export interface PictureHash {
  readonly bits: Uint8Array;
  readonly empty: boolean;
}

/**
 * Ranks by 1 − 2 · (differing bits) / (all bits): 1 for equal hashes, about 0 for unrelated pictures, −1 for a negative.
 *
 * @param name of a code of bits in `PICTURE_CODES`
 * @param hashes [items × bytes of the code]
 * @param grids [items × 192] bytes, to tell flat pictures
 */
export function hashMethod(
  name: string,
  items: Ranking,
  hashes: Uint8Array,
  grids: Uint8Array,
): PairMethod<PictureHash> {
  const code = pictureCode(name);
  if (code?.compares !== 'bits') throw new TypeError(`Expected the name of a hash but received ${name}`);
  const { dimensions, bytes, saysEnough = () => true } = code;
  const length = dimensions / 8;
  const empty = flatRows(items, grids);
  for (let row = 0; row < empty.length; row++)
    if (!saysEnough(hashes.subarray(row * bytes, (row + 1) * bytes))) empty[row] = 1;
  const bits = length === bytes ? hashes : firstBytes(hashes, bytes, length);
  const areSomeEmpty = empty.includes(1);
  const says = (accept?: (row: number) => boolean) =>
    areSomeEmpty ? (row: number) => empty[row] === 0 && (accept?.(row) ?? true) : accept;
  const scores = (query: PictureHash): Float32Array => {
    if (query.empty) return new Float32Array(items.ids.length);
    const all = hammingScores(bits, query.bits);
    for (let row = 0; row < empty.length; row++) if (empty[row]) all[row] = 0;
    return all;
  };
  return {
    name,
    kind: 'image',
    bytesPerItem: bytes,
    items,
    represent: (features) =>
      Promise.resolve(
        features.map(pictureOf).map((feature) => {
          const own = code.of(feature);
          return { bits: own.subarray(0, length), empty: isFlat(feature.pixels) || !saysEnough(own) };
        }),
      ),
    isEmpty: (hash) => hash.empty,
    similarity: (a, b) => (a.empty || b.empty ? 0 : (hammingScores(a.bits, b.bits)[0] ?? 0)),
    distance: (score) => Math.round(((1 - score) * dimensions) / 2),
    scores,
    search(query, k, accept) {
      if (!query.empty) {
        const best = searchHamming(bits, query.bits, k, items, says(accept));
        // Rows that say nothing score 0: they are behind all of these.
        if (best.length === k && (k === 0 || best[k - 1]!.score > 0)) return best;
      }
      return topK(scores(query), k, items, accept);
    },
  };
}

/** The first `length` of every `stride` bytes. */
function firstBytes(rows: Uint8Array, stride: number, length: number): Uint8Array {
  const count = rows.length / stride;
  const first = allocateCodes(count * length, length);
  for (let row = 0; row < count; row++) first.set(rows.subarray(row * stride, row * stride + length), row * length);
  return first;
}
