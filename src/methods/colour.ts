// `colour`: the cosine of two pictures' colour histograms.
import { COLOUR_BYTES } from '../image/colour.ts';
import { allocateFloats } from '../index/code-memory.ts';
import { dotScores, searchDot } from '../index/exact.ts';
import type { PairMethod, Ranking } from './method.ts';
import { flatRows, isFlat, pictureOf } from './pixels.ts';

/**
 * Ranks by how much two pictures have of the same colours, wherever they are: 1 for equal histograms, 0 for no colour in
 * common.
 *
 * @param histograms [items × 64] bytes
 * @param grids [items × 192] bytes, to tell flat pictures
 */
export function colourMethod(items: Ranking, histograms: Uint8Array, grids: Uint8Array): PairMethod<Float32Array> {
  const flat = flatRows(items, grids);
  const vectors = allocateFloats(items.ids.length, COLOUR_BYTES);
  for (let row = 0; row < flat.length; row++) {
    const own = histograms.subarray(row * COLOUR_BYTES, (row + 1) * COLOUR_BYTES);
    if (!flat[row]) vectors.set(ofLengthOne(own), row * COLOUR_BYTES);
  }
  return {
    name: 'colour',
    kind: 'image',
    bytesPerItem: COLOUR_BYTES,
    items,
    represent: (features) =>
      Promise.resolve(
        features
          .map(pictureOf)
          .map(({ colour, pixels }) => (isFlat(pixels) ? new Float32Array(COLOUR_BYTES) : ofLengthOne(colour))),
      ),
    isEmpty: (vector) => vector.every((value) => value === 0),
    similarity: (a, b) => Math.min(1, dotScores(a, b)[0] ?? 0),
    distance: (score) => 1 - score,
    scores: (query) => dotScores(vectors, query),
    search: (query, k, accept) => searchDot(vectors, query, k, items, accept),
  };
}

function ofLengthOne(histogram: Uint8Array): Float32Array {
  let squares = 0;
  for (const value of histogram) squares += value * value;
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  return Float32Array.from(histogram, (value) => value * scale);
}
