// `pixels`: the cosine of two pictures averaged over an 8 × 8 grid, each less its mean colour.
import type { Feature } from '../features/feature.ts';
import { FLAT } from '../image/flat.ts';
import type { ImageFeature } from '../image/image-feature.ts';
import { allocateFloats } from '../index/code-memory.ts';
import { dotScores, searchDot } from '../index/exact.ts';
import type { PairMethod, Ranking } from './method.ts';

/** Bytes of a grid: 8 × 8 cells of red, green, blue. */
export const GRID_BYTES = 192;
const COLOURS = 3;

/** @param grids [items × 192] bytes */
export function pixelMethod(items: Ranking, grids: Uint8Array): PairMethod<Float32Array> {
  const vectors = allocateFloats(items.ids.length, GRID_BYTES);
  for (let row = 0; row < items.ids.length; row++)
    vectors.set(centred(grids.subarray(row * GRID_BYTES, (row + 1) * GRID_BYTES)), row * GRID_BYTES);
  return {
    name: 'pixels',
    kind: 'image',
    bytesPerItem: GRID_BYTES,
    items,
    represent: (features) => Promise.resolve(features.map((feature) => centred(pictureOf(feature).pixels))),
    isEmpty: (vector) => vector.every((value) => value === 0),
    similarity: (a, b) => Math.min(1, dotScores(a, b)[0] ?? 0),
    distance: (score) => 1 - score,
    scores: (query) => dotScores(vectors, query),
    search: (query, k, accept) => searchDot(vectors, query, k, items, accept),
  };
}

/** True for a picture without structure, whose hash would say nothing. */
export function isFlat(grid: Uint8Array): boolean {
  return deviation(grid) < FLAT * FLAT * grid.length;
}

/** The sum of the squares of a grid less the mean of each colour: whole numbers and shares of 64, hence exact. */
function deviation(grid: Uint8Array): number {
  let [red, green, blue, squares] = [0, 0, 0, 0];
  for (let i = 0; i < grid.length; i += COLOURS) {
    const [r, g, b] = [grid[i]!, grid[i + 1]!, grid[i + 2]!];
    red += r;
    green += g;
    blue += b;
    squares += r * r + g * g + b * b;
  }
  return squares - (red * red + green * green + blue * blue) / (grid.length / COLOURS);
}

/** 1 for each row that is flat. */
export function flatRows(items: Ranking, grids: Uint8Array): Uint8Array {
  return Uint8Array.from(items.ids, (_, row) =>
    Number(isFlat(grids.subarray(row * GRID_BYTES, (row + 1) * GRID_BYTES))),
  );
}

export function pictureOf(feature: Feature): ImageFeature {
  if (feature.kind !== 'image') throw new TypeError(`Expected image features but received ${feature.kind}`);
  return feature;
}

/** A grid less the mean of each colour, of Euclidean length 1; all zeros for a flat picture. */
function centred(grid: Uint8Array): Float32Array {
  const vector = new Float32Array(grid.length);
  if (isFlat(grid)) return vector;
  const means = [0, 0, 0];
  for (let i = 0; i < grid.length; i++) means[i % COLOURS]! += (COLOURS * grid[i]!) / grid.length;
  const scale = 1 / Math.sqrt(deviation(grid));
  for (let i = 0; i < grid.length; i++) vector[i] = (grid[i]! - means[i % COLOURS]!) * scale;
  return vector;
}
