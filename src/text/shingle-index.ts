// The inverted index of verbatim reuse: for each sampled shingle, the documents that have it.

/** The shingles of all documents; row `r` has `hashes[indptr[r]]` to `hashes[indptr[r + 1] - 1]`, distinct and ascending. */
export interface DocumentShingles {
  readonly indptr: Uint32Array;
  readonly hashes: Uint32Array;
}

/**
 * So many shingles in common, of those that few documents have, are no accident; fewer are taken for a turn of phrase, or for
 * two headers of one writer. 50 words in a row leave at least as many (src/text/shingles.ts). Chosen on training posts of 20
 * Newsgroups: 99.7 % of the passages of 50 words are found, .5 % of the pairs are false; with 4, .8 % are.
 */
export const LEAST_SHARED = 5;

/** Or this share of the shorter of two short texts. */
const LEAST_SHARE = 1 / 4;

/** How much of the score depends on what else the document holds: enough to order those that hold all of the question. */
const TIE_BREAK = 0.01;

/** Buckets up to this size are sorted by insertion. */
const SMALL = 32;

/**
 * Finds the documents that have runs of words in common with a question. Eight bytes a shingle, sixteen while it is
 * made: postings lie in buckets by the upper bits of their hash, about one a bucket.
 *
 * The score is the share of the question that stands in the document (containment: Broder, "On the resemblance and
 * containment of documents", 1997), counted in shingles and each weighted by how few documents have it: signatures, licences
 * and headers that many share say little. w(df) = ln(1 + n / df) / ln(1 + n / 2), at most 1: what is in one document or two
 * counts in full. Containment and not the resemblance (Jaccard) of two texts, because a passage of 50 words in two texts of 500
 * makes a resemblance of .05, less than chance makes between short texts, while it always is a larger share of the question
 * than shorter passages are, whatever else the documents hold. Of two documents with the same share of the question, the one
 * of which it is the greater part comes first (one hundredth of the score). Below {@link LEAST_SHARED} shingles in common, or a
 * quarter of the shorter text where that is less, the score is 0.
 */
export class ShingleIndex {
  /** Rows. */
  readonly documents: number;
  readonly #shift: number;
  /** Bucket `b` is at `#offsets[b]` to `#offsets[b + 1]`; sorted by hash, then by row. */
  readonly #offsets: Uint32Array;
  readonly #hashes: Uint32Array;
  readonly #rows: Uint32Array;
  /** The summed weight of each document. */
  readonly #totals: Float32Array;

  constructor({ indptr, hashes }: DocumentShingles) {
    this.documents = Math.max(0, indptr.length - 1);
    const bits = Math.min(24, Math.max(1, Math.ceil(Math.log2(hashes.length + 1))));
    this.#shift = 32 - bits;
    const offsets = new Uint32Array(2 ** bits + 1);
    // no iterators: they make garbage of every entry until they are compiled
    for (let i = 0; i < hashes.length; i++) offsets[(hashes[i]! >>> this.#shift) + 1]!++;
    for (let bucket = 1; bucket < offsets.length; bucket++) offsets[bucket]! += offsets[bucket - 1]!;
    const next = offsets.slice(0, -1);
    this.#offsets = offsets;
    this.#hashes = new Uint32Array(hashes.length);
    this.#rows = new Uint32Array(hashes.length);
    for (let row = 0; row < this.documents; row++) {
      for (let i = indptr[row]!, end = indptr[row + 1]!; i < end; i++) {
        const place = next[hashes[i]! >>> this.#shift]!++;
        this.#hashes[place] = hashes[i]!;
        this.#rows[place] = row;
      }
    }
    this.#totals = new Float32Array(this.documents);
    for (let bucket = 0; bucket + 1 < offsets.length; bucket++) {
      this.#sort(offsets[bucket]!, offsets[bucket + 1]!);
      this.#weighRows(offsets[bucket]!, offsets[bucket + 1]!);
    }
  }

  /** The share of the question's shingles that the document has, see {@link ShingleIndex}: 0…1. */
  similarity(query: Uint32Array, document: Uint32Array): number {
    let shared = 0;
    for (let i = 0, j = 0; i < query.length && j < document.length; ) {
      if (query[i]! < document[j]!) i++;
      else if (query[i]! > document[j]!) j++;
      else {
        shared += this.#weightOf(query[i++]!);
        j++;
      }
    }
    return scoreOf(shared, this.#total(query), this.#total(document));
  }

  /**
   * The {@link similarity} of the question to every document, by row.
   *
   * @param into where to put them, one a document; made when absent
   */
  scores(query: Uint32Array, into?: Float32Array): Float32Array {
    const scores = into?.fill(0) ?? new Float32Array(this.documents);
    const met: number[] = [];
    for (let i = 0; i < query.length; i++) {
      const [from, to] = this.#range(query[i]!);
      const weight = this.#weight(to - from);
      for (let p = from; p < to; p++) {
        const row = this.#rows[p]!;
        if (scores[row] === 0) met.push(row);
        scores[row]! += weight;
      }
    }
    const total = this.#total(query);
    for (let i = 0; i < met.length; i++) {
      const row = met[i]!;
      scores[row] = scoreOf(scores[row]!, total, this.#totals[row]!);
    }
    return scores;
  }

  #total(hashes: Uint32Array): number {
    let total = 0;
    for (let i = 0; i < hashes.length; i++) total += this.#weightOf(hashes[i]!);
    return total;
  }

  #weightOf(hash: number): number {
    const [from, to] = this.#range(hash);
    return this.#weight(to - from);
  }

  /** @param documents that have the shingle */
  #weight(documents: number): number {
    if (documents <= 2) return 1;
    return Math.log(1 + this.documents / documents) / Math.log(1 + this.documents / 2);
  }

  /** Where the postings of a hash are. */
  #range(hash: number): [from: number, to: number] {
    const bucket = hash >>> this.#shift;
    const end = this.#offsets[bucket + 1]!;
    let from = this.#offsets[bucket]!;
    while (from < end && this.#hashes[from]! < hash) from++;
    let to = from;
    while (to < end && this.#hashes[to] === hash) to++;
    return [from, to];
  }

  /** Sorts a bucket by hash; rows of equal hashes keep their order. */
  #sort(from: number, to: number): void {
    const [hashes, rows] = [this.#hashes, this.#rows];
    if (to - from > SMALL) {
      const order = Array.from({ length: to - from }, (_, i) => from + i).sort((a, b) => hashes[a]! - hashes[b]!);
      const [sortedHashes, sortedRows] = [order.map((at) => hashes[at]!), order.map((at) => rows[at]!)];
      hashes.set(sortedHashes, from);
      rows.set(sortedRows, from);
      return;
    }
    for (let i = from + 1; i < to; i++) {
      const [hash, row] = [hashes[i]!, rows[i]!];
      let at = i;
      for (; at > from && hashes[at - 1]! > hash; at--) {
        hashes[at] = hashes[at - 1]!;
        rows[at] = rows[at - 1]!;
      }
      hashes[at] = hash;
      rows[at] = row;
    }
  }

  #weighRows(from: number, to: number): void {
    for (let start = from; start < to; ) {
      let end = start + 1;
      while (end < to && this.#hashes[end] === this.#hashes[start]) end++;
      const weight = this.#weight(end - start);
      for (let p = start; p < end; p++) this.#totals[this.#rows[p]!]! += weight;
      start = end;
    }
  }
}

/** @param shared and the totals: sums of weights */
function scoreOf(shared: number, ofQuery: number, ofDocument: number): number {
  const least = Math.min(LEAST_SHARED, LEAST_SHARE * Math.min(ofQuery, ofDocument));
  // sums of single precision differ in their last digits
  if (shared === 0 || shared < least - 1e-4) return 0;
  const [ofQueryShared, ofDocumentShared] = [shared / ofQuery, shared / ofDocument];
  return Math.min(1, ofQueryShared * (1 - TIE_BREAK + TIE_BREAK * ofDocumentShared));
}
