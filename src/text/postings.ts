// The inverted index: for each word, the documents that have it.
import type { CountMatrix } from './term-counts.ts';

/**
 * Word `t` occurs in the documents `rows[p]`, `counts[p]` times, for `p` from `offsets[t]` to `offsets[t + 1]`; rows
 * ascending. Six bytes an entry; shared by every weighting.
 */
export interface Postings {
  /** The number of documents. */
  readonly documents: number;
  readonly offsets: Uint32Array;
  readonly rows: Uint32Array;
  readonly counts: Uint16Array;
}

/** Turns documents-with-words into words-with-documents, in time linear in the entries. */
export function postingsOf(matrix: CountMatrix): Postings {
  const entries = matrix.indices.length;
  const offsets = new Uint32Array(matrix.columns + 1);
  // An iterator would make garbage of every entry until it is compiled, which is late in a short-lived process.
  for (let i = 0; i < entries; i++) offsets[matrix.indices[i]! + 1]!++;
  for (let term = 0; term < matrix.columns; term++) offsets[term + 1]! += offsets[term]!;
  const next = offsets.slice(0, matrix.columns);
  const rows = new Uint32Array(entries);
  const counts = new Uint16Array(entries);
  for (let row = 0; row < matrix.rows; row++) {
    for (let i = matrix.offsets[row]!; i < matrix.offsets[row + 1]!; i++) {
      const place = next[matrix.indices[i]!]!++;
      rows[place] = row;
      counts[place] = matrix.counts[i]!;
    }
  }
  return { documents: matrix.rows, offsets, rows, counts };
}
