// `bow` and `tfidf`: cosine of weighted bags of words, over every word of the index.
import type { Feature } from '../features/feature.ts';
import { topK } from '../index/top-k.ts';
import { type SharedWord, sharedWords } from '../text/explain.ts';
import { RegisteredWords, type WordRegister } from '../text/known-words.ts';
import { LexicalIndex } from '../text/lexical-index.ts';
import { postingsOf } from '../text/postings.ts';
import { type SparseVector, sparseDot } from '../text/sparse-vector.ts';
import type { TextFeature } from '../text/text-feature.ts';
import { Vocabulary } from '../text/vocabulary.ts';
import { type Weighting, type WeightingName, weigh, weightingOf } from '../text/weighting.ts';
import type { Method } from './method.ts';

/** The bags of words of all documents; row `r` has the entries `indptr[r]` to `indptr[r + 1]`. */
export interface DocumentWords {
  readonly ids: Int32Array;
  readonly ties: Uint32Array;
  readonly indptr: Uint32Array;
  /** Numbers of words, ascending in a row. */
  readonly termIds: Uint32Array;
  readonly counts: Uint16Array;
}

/** A term number and a count, as the catalog packs them. */
const BYTES_PER_ENTRY = 3;

export interface WordMethods {
  readonly bow: Method<SparseVector>;
  readonly tfidf: Method<SparseVector>;
  /** The words two documents share, those that make them most alike by TF-IDF first. */
  sharedWords(first: TextFeature, second: TextFeature): SharedWord[];
}

/**
 * Both methods over the same documents, each prepared when it is first asked for.
 *
 * @param register has the words of the numbers, which may have gaps
 */
export function wordMethods(documents: DocumentWords, register: WordRegister): WordMethods {
  const { ids, ties, indptr, termIds, counts } = documents;
  const columns = 1 + highestNumber(documents);
  const postings = postingsOf({ rows: ids.length, columns, offsets: indptr, indices: termIds, counts });
  const frequencies = new Uint32Array(columns);
  for (let id = 0; id < columns; id++) frequencies[id] = postings.offsets[id + 1]! - postings.offsets[id]!;
  const words = new RegisteredWords(register, frequencies, ids.length);
  const items = { ids, ties };
  const bytesPerItem = ids.length === 0 ? 0 : (BYTES_PER_ENTRY * termIds.length) / ids.length;

  const method = (name: WeightingName): Method<SparseVector> => {
    const index = new LexicalIndex(name, words, postings);
    return {
      name,
      kind: 'text',
      bytesPerItem,
      items,
      represent: (features: readonly Feature[]) =>
        Promise.resolve(features.map((feature) => index.represent(documentOf(feature)))),
      isEmpty: (vector) => vector.indices.length === 0,
      similarity: (a, b) => index.similarity(a, b),
      distance: (score) => 1 - score,
      scores: (query) => index.scores(query),
      search: (query, k, accept) => topK(index.scores(query), k, items, accept),
    };
  };
  let bow: Method<SparseVector> | undefined;
  let tfidf: Method<SparseVector> | undefined;
  let weighting: Weighting | undefined;
  return {
    get bow() {
      bow ??= method('bow');
      return bow;
    },
    get tfidf() {
      tfidf ??= method('tfidf');
      return tfidf;
    },
    sharedWords(first, second) {
      weighting ??= weightingOf('tfidf', words);
      return sharedWords(first, second, words, weighting);
    },
  };
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
export function pairCosine(): Method<TextFeature> {
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
