// Word counts of documents in compressed rows, and what a text network sees of them.

/** Counts of `rows` documents over a vocabulary, in compressed sparse rows. */
export interface BagsOfWords {
  readonly rows: number;
  readonly vocabularySize: number;
  /** [rows + 1]: the words of row r are at indptr[r] ≤ i < indptr[r + 1]. */
  readonly indptr: Uint32Array;
  /** Numbers of words, each once a row. */
  readonly indices: Uint32Array;
  /** How often each word comes, as long as `indices`. */
  readonly counts: Uint16Array;
}

/**
 * Inverse document frequencies, smoothed as if one more document held every word: log((1 + n) / (1 + df)) + 1
 * (scikit-learn's TfidfTransformer).
 */
export function inverseDocumentFrequencies({ rows, vocabularySize, indices }: BagsOfWords): Float32Array {
  const documents = new Uint32Array(vocabularySize);
  for (const word of indices) documents[word]!++;
  return Float32Array.from(documents, (count) => Math.log((1 + rows) / (1 + count)) + 1);
}

/**
 * (1 + log count) · idf for each entry, in the order of `bags.indices`, each row scaled to length 1: sublinear TF-IDF, whose
 * dot products are cosines.
 */
export function unitLogTfIdf(bags: BagsOfWords, idf: Float32Array): Float32Array {
  const values = Float32Array.from(bags.indices, (word, i) => (1 + Math.log(bags.counts[i]!)) * idf[word]!);
  for (let row = 0; row < bags.rows; row++) {
    const ofRow = values.subarray(bags.indptr[row]!, bags.indptr[row + 1]!);
    const length = Math.sqrt(ofRow.reduce((sum, value) => sum + value * value, 0));
    for (let i = 0; i < ofRow.length; i++) ofRow[i]! /= length;
  }
  return values;
}

/** log of each word's mean share of a document: what to expect of a document of which nothing is known. */
export function logMeanShares({ rows, vocabularySize, indptr, indices }: BagsOfWords): Float32Array {
  // A word in no document gets a hundredth of a document, so that its logarithm stays finite.
  const shares = new Float64Array(vocabularySize).fill(0.01 / vocabularySize);
  for (let row = 0; row < rows; row++) {
    const [from, to] = [indptr[row]!, indptr[row + 1]!];
    for (let i = from; i < to; i++) shares[indices[i]!]! += 1 / (to - from);
  }
  return Float32Array.from(shares, (share) => Math.log(share / rows));
}

/** The rows that hold at least one word, in their order; the entries are the same ones. */
export function withoutEmptyRows(bags: BagsOfWords): BagsOfWords {
  const indptr = bags.indptr.filter((from, row) => row === 0 || from > bags.indptr[row - 1]!);
  return { ...bags, rows: indptr.length - 1, indptr };
}
