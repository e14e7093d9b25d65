// The neighbours of a later round: documents that are near by code and by words together.
import type { Device } from '../runtime/onnx-session.ts';
import type { BagsOfWords } from './bags-of-words.ts';
import { nearestCodes } from './nearest-codes.ts';
import { BestOfEachRow, type Neighbours } from './nearest-documents.ts';

/** Candidates by code for each neighbour that is wanted. */
const CANDIDATES = 2;
/** How much the cosine of the words counts beside that of the codes. */
const WORDS_WEIGHT = 0.5;

/**
 * The best by cosine of codes + ½ cosine of words, among the nearest by code and the neighbours so far. Codes know topics
 * that share no words, words keep them from drifting; both agree on more documents of one topic than either does.
 *
 * @param unit the value of each entry of `bags.indices`; each row of length 1
 * @param codes [rows × size], rows of length 1
 * @param before neighbours so far
 * @param k how many are to be found
 */
export async function neighboursByCode(
  bags: BagsOfWords,
  unit: Float32Array,
  codes: Float32Array,
  before: Neighbours,
  k: number,
  options: { readonly device?: Device; readonly threads?: number } = {},
): Promise<Neighbours> {
  const { rows, vocabularySize, indptr, indices } = bags;
  const size = codes.length / rows;
  const wanted = Math.min(rows - 1, CANDIDATES * k);
  const byCode = await nearestCodes(codes, rows, wanted, options);
  const best = new BestOfEachRow(rows, k);
  const ownWords = new Float32Array(vocabularySize);
  for (let row = 0; row < rows; row++) {
    const [from, to] = [indptr[row]!, indptr[row + 1]!];
    for (let i = from; i < to; i++) ownWords[indices[i]!] = unit[i]!;
    const candidates = new Set(byCode.subarray(row * wanted, (row + 1) * wanted));
    for (const other of before.rows.subarray(row * before.k, (row + 1) * before.k)) candidates.add(other);
    candidates.delete(-1);
    for (const other of candidates) {
      let ofCodes = 0;
      for (let i = 0; i < size; i++) ofCodes += codes[row * size + i]! * codes[other * size + i]!;
      let ofWords = 0;
      for (let i = indptr[other]!; i < indptr[other + 1]!; i++) ofWords += ownWords[indices[i]!]! * unit[i]!;
      // Cosines of codes may be negative, scores may not.
      best.offer(row, other, 1 + ofCodes + WORDS_WEIGHT * ofWords);
    }
    for (let i = from; i < to; i++) ownWords[indices[i]!] = 0;
  }
  return best;
}
