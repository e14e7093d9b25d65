// The neighbours of the first round: documents that are near by their words and by latent semantic analysis together.
import type { Device } from '../runtime/onnx-session.ts';
import type { BagsOfWords } from './bags-of-words.ts';
import { neighboursByCode } from './code-neighbours.ts';
import { type Neighbours, nearestDocuments } from './nearest-documents.ts';
import { truncatedSvd } from './truncated-svd.ts';
import { openSparseProduct } from './vector-sparse-product.ts';

/** Words that more documents have, or a larger share of them, are left out when neighbours are sought by words. */
const MOST_SHARERS = 1000;
const MOST_SHARE = 0.1;
/** Directions of the analysis; it knows the commonest words, which the search by words leaves out. */
const DIRECTIONS = 64;
const ITERATIONS = 2;

/**
 * @param unit the value of each entry of `bags.indices`; each row of length 1
 * @param k how many neighbours of each document
 */
export async function firstNeighbours(
  bags: BagsOfWords,
  unit: Float32Array,
  k: number,
  { seed, ...where }: { readonly seed: number; readonly device?: Device; readonly threads?: number },
): Promise<Neighbours> {
  const byWords = nearestDocuments(bags, unit, k, { maxShare: Math.min(MOST_SHARE, MOST_SHARERS / bags.rows) });
  const matrix = { ...bags, columns: bags.vocabularySize, values: unit };
  const threads = where.threads === undefined ? {} : { threads: where.threads };
  const { directions, singularValues } = await truncatedSvd(matrix, DIRECTIONS, {
    iterations: ITERATIONS,
    seed,
    ...threads,
  });
  const size = singularValues.length;
  if (size === 0) return byWords;
  const turned = new Float32Array(directions.length);
  for (let direction = 0; direction < size; direction++)
    for (let word = 0; word < bags.vocabularySize; word++)
      turned[word * size + direction] = directions[direction * bags.vocabularySize + word]!;
  const codes = openSparseProduct(matrix, size)(turned);
  for (let row = 0; row < bags.rows; row++) {
    const code = codes.subarray(row * size, (row + 1) * size);
    const length = Math.sqrt(code.reduce((sum, value) => sum + value * value, 0));
    for (let i = 0; i < size; i++) code[i]! /= length || 1;
  }
  return neighboursByCode(bags, unit, codes, byWords, k, where);
}
