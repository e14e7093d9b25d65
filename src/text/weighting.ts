// How much a word counts in a document: the two plain weightings, and the vectors they make.
import type { KnownWords } from './known-words.ts';
import { type SparseVector, toUnitLength } from './sparse-vector.ts';
import type { TermCounts } from './term-counts.ts';

export type WeightingName = 'bow' | 'tfidf';

/** The weight of word t that occurs c times in a document is `ofCount[c] · ofTerm[t]`. */
export interface Weighting {
  readonly name: WeightingName;
  /** tf(c), for every count a feature can hold. */
  readonly ofCount: Float32Array;
  /** idf(t), for every place of the known words. */
  readonly ofTerm: Float32Array;
}

const COUNTS = 65_536;
let rawCounts: Float32Array | undefined;
let logCounts: Float32Array | undefined;

/**
 * `bow`: the raw count, w = c.
 *
 * `tfidf`: w = (1 + ln c) · (ln((1 + n) / (1 + df)) + 1), with n documents, df of which have the word; what
 * scikit-learn's TfidfVectorizer does with `sublinear_tf=True, smooth_idf=True`. A vocabulary given by hand, without
 * document frequencies, has idf 1 throughout.
 */
export function weightingOf(name: WeightingName, vocabulary: KnownWords): Weighting {
  if (name === 'bow') {
    rawCounts ??= Float32Array.from({ length: COUNTS }, (_, count) => count);
    return { name, ofCount: rawCounts, ofTerm: new Float32Array(vocabulary.size).fill(1) };
  }
  logCounts ??= Float32Array.from({ length: COUNTS }, (_, count) => (count === 0 ? 0 : 1 + Math.log(count)));
  const { documents, documentFrequencies } = vocabulary;
  const ofTerm = Float32Array.from(documentFrequencies, (df) => Math.log((1 + documents) / (1 + df)) + 1);
  return { name, ofCount: logCounts, ofTerm };
}

/** The weighted words of a document as a vector of length 1 (its dot product with another is their cosine); empty for none. */
export function weigh({ ofCount, ofTerm }: Weighting, { indices, counts }: TermCounts): SparseVector {
  const values = new Float32Array(indices.length);
  for (let i = 0; i < indices.length; i++) values[i] = ofCount[counts[i]!]! * ofTerm[indices[i]!]!;
  return toUnitLength({ indices, values });
}
