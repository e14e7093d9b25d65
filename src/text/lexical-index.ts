// The plain baselines: cosine of weighted bags of words, against every document at once through the inverted index.
import type { KnownWords } from './known-words.ts';
import type { Postings } from './postings.ts';
import { type SparseVector, sparseDot } from './sparse-vector.ts';
import type { TextFeature } from './text-feature.ts';
import { type Weighting, type WeightingName, weigh, weightingOf } from './weighting.ts';

/**
 * `bow`: cosine of raw counts. `tfidf`: cosine of log-TF × smoothed IDF. Several of them may share one {@link Postings};
 * each adds four bytes a document.
 */
export class LexicalIndex {
  readonly weighting: Weighting;
  readonly vocabulary: KnownWords;
  readonly #postings: Postings;
  /** 1 / the length of each document's vector; 0 for a document without known words. */
  readonly #inverseLengths: Float32Array;

  /** @param postings of the documents, made with the same vocabulary */
  constructor(name: WeightingName, vocabulary: KnownWords, postings: Postings) {
    if (postings.offsets.length !== vocabulary.size + 1) {
      throw new RangeError(
        `Expected postings of ${vocabulary.size} words but received those of ${postings.offsets.length - 1}.`,
      );
    }
    this.weighting = weightingOf(name, vocabulary);
    this.vocabulary = vocabulary;
    this.#postings = postings;
    this.#inverseLengths = inverseLengths(postings, this.weighting);
  }

  get documents(): number {
    return this.#postings.documents;
  }

  /** The vector of a document, of length 1; empty when it has no known word. */
  represent(feature: TextFeature): SparseVector {
    return weigh(this.weighting, this.vocabulary.toCounts(feature));
  }

  /** Cosine of two vectors made by {@link represent}: 0…1, and 0 when one is empty. */
  similarity(a: SparseVector, b: SparseVector): number {
    return Math.min(1, sparseDot(a, b));
  }

  /**
   * The {@link similarity} of the query to every document, by row.
   *
   * @param into where to put them, one a document; made when absent
   */
  scores(query: SparseVector, into?: Float32Array): Float32Array {
    const { offsets, rows, counts } = this.#postings;
    const { ofCount, ofTerm } = this.weighting;
    const scores = into?.fill(0) ?? new Float32Array(this.documents);
    for (let i = 0; i < query.indices.length; i++) {
      const term = query.indices[i]!;
      const weight = query.values[i]! * ofTerm[term]!;
      for (let p = offsets[term]!, end = offsets[term + 1]!; p < end; p++) {
        scores[rows[p]!]! += weight * ofCount[counts[p]!]!;
      }
    }
    for (let row = 0; row < scores.length; row++) scores[row] = Math.min(1, scores[row]! * this.#inverseLengths[row]!);
    return scores;
  }
}

function inverseLengths({ documents, offsets, rows, counts }: Postings, { ofCount, ofTerm }: Weighting): Float32Array {
  const squares = new Float64Array(documents);
  for (let term = 0; term < ofTerm.length; term++) {
    for (let p = offsets[term]!; p < offsets[term + 1]!; p++) {
      const weight = ofCount[counts[p]!]! * ofTerm[term]!;
      squares[rows[p]!]! += weight * weight;
    }
  }
  return Float32Array.from(squares, (sum) => (sum === 0 ? 0 : 1 / Math.sqrt(sum)));
}
