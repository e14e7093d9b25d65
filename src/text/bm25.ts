// Okapi BM25: how well the words of a question are met by each document, through the inverted index.
import type { KnownWords } from './known-words.ts';
import type { Postings } from './postings.ts';
import type { TextFeature } from './text-feature.ts';

/** How soon further occurrences of a word stop to count. */
const K1 = 1.2;
/** How much long documents are held back: 0 not at all, 1 in proportion to their length. */
const B = 0.75;

/** A document or a question as BM25 sees it. */
export interface Bm25Counts {
  /** Places of its known words, ascending. */
  readonly indices: Uint32Array;
  readonly counts: Uint16Array;
  /** All its words, each as often as it occurs, the unknown ones too. */
  readonly length: number;
}

/**
 * Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", equation 3.15 with k₁ = 1.2 and
 * b = 0.75:
 *
 * score(q, d) = Σₜ qₜ · idf(t) · dₜ / (dₜ + k₁ · (1 − b + b · |d| / mean |d|))
 *
 * where qₜ and dₜ count word t in the question and in the document. As in Lucene since version 8, the factor k₁ + 1, which
 * changes no order, is left out, and idf(t) = ln(1 + (n − df + ½) / (df + ½)), which never is negative. Lengths are exact;
 * Lucene rounds them to a byte. A word that the question repeats counts as often.
 *
 * Two questions cannot be compared by their scores, nor can a document with itself: the more rare words, the higher.
 */
export class Bm25Index {
  readonly #vocabulary: KnownWords;
  readonly #postings: Postings;
  readonly #idf: Float32Array;
  readonly #meanLength: number;
  /** k₁ · (1 − b + b · |d| / mean |d|) of each document. */
  readonly #damping: Float32Array;

  /**
   * @param postings of the documents, made with the same vocabulary
   * @param meanLength words of a document; @default the mean over the postings' documents
   */
  constructor(vocabulary: KnownWords, postings: Postings, meanLength?: number) {
    if (postings.offsets.length !== vocabulary.size + 1) {
      throw new RangeError(
        `Expected postings of ${vocabulary.size} words but received those of ${postings.offsets.length - 1}.`,
      );
    }
    this.#vocabulary = vocabulary;
    this.#postings = postings;
    const { documents, documentFrequencies } = vocabulary;
    this.#idf = Float32Array.from(documentFrequencies, (df) => Math.log(1 + (documents - df + 0.5) / (df + 0.5)));
    const lengths = lengthsOf(postings);
    this.#meanLength = meanLength ?? mean(lengths);
    this.#damping = Float32Array.from(lengths, (length) => this.#dampingOf(length));
  }

  get documents(): number {
    return this.#postings.documents;
  }

  represent(feature: TextFeature): Bm25Counts {
    let length = 0;
    for (const count of feature.counts) length += count;
    return { ...this.#vocabulary.toCounts(feature), length };
  }

  /** The score of one document for a question; 0 when they share no known word. */
  similarity(query: Bm25Counts, document: Bm25Counts): number {
    const damping = Math.fround(this.#dampingOf(document.length));
    let score = 0;
    for (let i = 0, j = 0; i < query.indices.length && j < document.indices.length; ) {
      const term = query.indices[i]!;
      if (term === document.indices[j]!) {
        const count = document.counts[j++]!;
        score += (query.counts[i++]! * this.#idf[term]! * count) / (count + damping);
      } else if (term < document.indices[j]!) i++;
      else j++;
    }
    return score;
  }

  /**
   * The {@link similarity} of every document to the question, by row.
   *
   * @param into where to put them, one a document; made when absent
   */
  scores(query: Bm25Counts, into?: Float32Array): Float32Array {
    const { offsets, rows, counts } = this.#postings;
    const damping = this.#damping;
    const scores = into?.fill(0) ?? new Float32Array(this.documents);
    for (let i = 0; i < query.indices.length; i++) {
      const term = query.indices[i]!;
      const weight = query.counts[i]! * this.#idf[term]!;
      for (let p = offsets[term]!, end = offsets[term + 1]!; p < end; p++) {
        const row = rows[p]!;
        const count = counts[p]!;
        scores[row]! += (weight * count) / (count + damping[row]!);
      }
    }
    return scores;
  }

  #dampingOf(length: number): number {
    return K1 * (1 - B + (this.#meanLength === 0 ? 0 : (B * length) / this.#meanLength));
  }
}

function lengthsOf({ documents, rows, counts }: Postings): Float64Array {
  const lengths = new Float64Array(documents);
  for (let p = 0; p < rows.length; p++) lengths[rows[p]!]! += counts[p]!;
  return lengths;
}

function mean(lengths: Float64Array): number {
  let sum = 0;
  for (const length of lengths) sum += length;
  return lengths.length === 0 ? 0 : sum / lengths.length;
}
