// The words of all documents, turned round: for each word the documents that have it, and what is counted over them.
import { documentLengths } from '../text/bm25.ts';
import { RegisteredWords, type WordRegister } from '../text/known-words.ts';
import { inverseLengths } from '../text/lexical-index.ts';
import { type Postings, postingsOf } from '../text/postings.ts';
import { type WeightingName, weightingOf } from '../text/weighting.ts';
import type { Ranking } from './method.ts';

/**
 * The bags of words of all documents; row `r` has the entries `indptr[r]` to `indptr[r + 1]`. Where passages are rows too,
 * how common words are is counted over the whole documents alone.
 */
export interface DocumentWords extends Ranking {
  readonly indptr: Uint32Array;
  /** Numbers of words, ascending in a row. */
  readonly termIds: Uint32Array;
  readonly counts: Uint16Array;
}

/** What methods over words compare. */
export interface InvertedWords {
  readonly items: Ranking;
  readonly postings: Postings;
  /** How many words the documents and passages have, each once a row. */
  readonly entries: number;
  /** What is counted over documents, not over their passages. */
  readonly whole: WholeDocuments;
  /** Absent where it is to be worked out when a method is asked for. */
  readonly measures?: DocumentMeasures;
}

export interface WholeDocuments {
  readonly count: number;
  /** In how many of them the word of each number occurs. */
  readonly frequencies: Uint32Array;
  /** Words of one of them, repetitions included. */
  readonly meanLength: number;
}

/** What follows from the words of a row, row by row. */
export interface DocumentMeasures {
  /** Words, repetitions included. */
  readonly lengths: Uint32Array;
  /** 1 / the length of its vector, as each method weighs words. */
  readonly inverseLengths: Readonly<Record<WeightingName, Float32Array>>;
}

export function invertWords(documents: DocumentWords): InvertedWords {
  const { ids, ties, parts, indptr, termIds, counts } = documents;
  const columns = 1 + highestNumber(documents);
  return {
    items: { ids, ties, ...(parts ? { parts } : {}) },
    postings: postingsOf({ rows: ids.length, columns, offsets: indptr, indices: termIds, counts }),
    entries: termIds.length,
    whole: wholeDocuments(documents, columns),
  };
}

/** @param register has the words of the numbers, which may have gaps */
export function measureDocuments({ postings, whole }: InvertedWords, register: WordRegister): DocumentMeasures {
  const words = new RegisteredWords(register, whole.frequencies, whole.count);
  const inverse = (name: WeightingName) => inverseLengths(postings, weightingOf(name, words));
  return { lengths: documentLengths(postings), inverseLengths: { bow: inverse('bow'), tfidf: inverse('tfidf') } };
}

/** What is counted over documents, not over their passages. */
function wholeDocuments({ ids, parts, indptr, termIds, counts }: DocumentWords, columns: number): WholeDocuments {
  const frequencies = new Uint32Array(columns);
  let count = 0;
  let words = 0;
  for (let row = 0; row < ids.length; row++) {
    if (parts !== undefined && parts[row] !== 0) continue;
    count += 1;
    for (let i = indptr[row]!, end = indptr[row + 1]!; i < end; i++) {
      frequencies[termIds[i]!]!++;
      words += counts[i]!;
    }
  }
  return { count, frequencies, meanLength: count === 0 ? 0 : words / count };
}

/** The highest number of a word, -1 when there is none. */
function highestNumber({ indptr, termIds }: DocumentWords): number {
  let highest = -1;
  for (let row = 1; row < indptr.length; row++) {
    if (indptr[row]! > indptr[row - 1]!) highest = Math.max(highest, termIds[indptr[row]! - 1]!);
  }
  return highest;
}
