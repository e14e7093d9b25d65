// `bow`, `tfidf` and `bm25`: documents by the words they share with the question, over every word of the index.
import type { Feature } from '../features/feature.ts';
import { topK } from '../index/top-k.ts';
import { type Bm25Counts, Bm25Index } from '../text/bm25.ts';
import { type SharedWord, sharedWords } from '../text/explain.ts';
import { RegisteredWords, type WordRegister } from '../text/known-words.ts';
import { LexicalIndex } from '../text/lexical-index.ts';
import { postingsOf } from '../text/postings.ts';
import { type SparseVector, sparseDot } from '../text/sparse-vector.ts';
import type { TextFeature } from '../text/text-feature.ts';
import { Vocabulary } from '../text/vocabulary.ts';
import { type Weighting, type WeightingName, weigh, weightingOf } from '../text/weighting.ts';
import type { PairMethod, Ranking } from './method.ts';

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

/** A term number and a count, as the catalog packs them. */
const BYTES_PER_ENTRY = 3;

export interface WordMethods {
  readonly bow: PairMethod<SparseVector>;
  readonly tfidf: PairMethod<SparseVector>;
  readonly bm25: PairMethod<Bm25Counts>;
  /** The words two documents share, those that make them most alike by TF-IDF first. */
  sharedWords(first: TextFeature, second: TextFeature): SharedWord[];
}

/** What compares words: one a method. */
interface WordIndex<Rep> {
  represent(feature: TextFeature): Rep;
  similarity(query: Rep, item: Rep): number;
  scores(query: Rep, into?: Float32Array): Float32Array;
}

/**
 * All three over the same inverted index, each prepared when it is first asked for.
 *
 * @param register has the words of the numbers, which may have gaps
 */
export function wordMethods(documents: DocumentWords, register: WordRegister): WordMethods {
  const { ids, ties, parts, indptr, termIds, counts } = documents;
  const items: Ranking = { ids, ties, ...(parts ? { parts } : {}) };
  const columns = 1 + highestNumber(documents);
  const postings = postingsOf({ rows: ids.length, columns, offsets: indptr, indices: termIds, counts });
  const whole = wholeDocuments(documents, columns);
  const words = new RegisteredWords(register, whole.frequencies, whole.count);
  const bytesPerItem = whole.count === 0 ? 0 : (BYTES_PER_ENTRY * termIds.length) / whole.count;
  // Written anew by every search: a million new scores a question would keep the garbage collector busy.
  let scratch: Float32Array | undefined;

  const method = <Rep extends { readonly indices: Uint32Array }>(
    name: string,
    index: WordIndex<Rep>,
  ): PairMethod<Rep> => ({
    name,
    kind: 'text',
    bytesPerItem,
    items,
    represent: (features: readonly Feature[]) =>
      Promise.resolve(features.map((feature) => index.represent(documentOf(feature)))),
    isEmpty: ({ indices }) => indices.length === 0,
    similarity: (a, b) => index.similarity(a, b),
    distance: (score) => 1 - score,
    scores: (query) => index.scores(query),
    search(query, k, accept) {
      scratch ??= new Float32Array(ids.length);
      return topK(index.scores(query, scratch), k, items, accept);
    },
  });
  const cosine = (name: WeightingName) => method(name, new LexicalIndex(name, words, postings));
  let bow: PairMethod<SparseVector> | undefined;
  let tfidf: PairMethod<SparseVector> | undefined;
  let bm25: PairMethod<Bm25Counts> | undefined;
  let weighting: Weighting | undefined;
  return {
    get bow() {
      bow ??= cosine('bow');
      return bow;
    },
    get tfidf() {
      tfidf ??= cosine('tfidf');
      return tfidf;
    },
    get bm25() {
      bm25 ??= {
        ...method('bm25', new Bm25Index(words, postings, whole.meanLength)),
        symmetric: false,
        bounded: false,
        // There is no best score to be at a distance from: 1 for what shares nothing, nearer 0 the better the match.
        distance: (score) => 1 / (1 + score),
      };
      return bm25;
    },
    sharedWords(first, second) {
      weighting ??= weightingOf('tfidf', words);
      return sharedWords(first, second, words, weighting);
    },
  };
}

interface WholeDocuments {
  readonly count: number;
  /** In how many of them the word of each number occurs. */
  readonly frequencies: Uint32Array;
  /** Words of one of them, repetitions included. */
  readonly meanLength: number;
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

/** `bow` of two documents by themselves: the cosine of their word counts. */
export function pairCosine(): PairMethod<TextFeature> {
  const cosine = (a: TextFeature, b: TextFeature): number => {
    const vocabulary = new Vocabulary([...new Set([...a.terms, ...b.terms])]);
    const weighting = weightingOf('bow', vocabulary);
    const [first, second] = [a, b].map((feature) => weigh(weighting, vocabulary.toCounts(feature))) as [
      SparseVector,
      SparseVector,
    ];
    return Math.min(1, sparseDot(first, second));
  };
  return {
    name: 'bow',
    kind: 'text',
    bytesPerItem: 0,
    items: { ids: new Int32Array(), ties: new Uint32Array() },
    represent: (features) => Promise.resolve(features.map(documentOf)),
    isEmpty: ({ terms }) => terms.length === 0,
    similarity: cosine,
    distance: (score) => 1 - score,
    scores: () => new Float32Array(),
    search: () => [],
  };
}

function documentOf(feature: Feature): TextFeature {
  if (feature.kind !== 'text') throw new TypeError(`Expected text features but received ${feature.kind}`);
  return feature;
}
