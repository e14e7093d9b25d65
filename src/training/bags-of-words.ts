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

/** (1 + log count) · idf for each entry, in the order of `bags.indices`: sublinear TF-IDF before any normalisation. */
export function logTfIdf(bags: BagsOfWords, idf: Float32Array): Float32Array {
  return Float32Array.from(bags.indices, (word, i) => (1 + Math.log(bags.counts[i]!)) * idf[word]!);
}

/** The rows that hold at least one word. */
export function rowsWithWords({ rows, indptr }: BagsOfWords): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => indptr[row + 1]! > indptr[row]!);
}
