// `minhash`: documents that hold passages of the question word for word.
import type { Feature } from '../features/feature.ts';
import { topK } from '../index/top-k.ts';
import { type DocumentShingles, ShingleIndex } from '../text/shingle-index.ts';
import { shingleHashes } from '../text/shingles.ts';
import type { PairMethod, Ranking } from './method.ts';

/**
 * Ranks by the share of the question that stands in a document (src/text/shingle-index.ts): 1 when all of it does, 0 when
 * nothing or no more than a turn of phrase. A document that holds a passage of the question has a higher score than
 * the question has for that document where it is the longer one: `symmetric: false`.
 *
 * Rows are whole documents, so passages are not asked for: a passage is found however long the document is that holds it.
 *
 * @param shingles of the documents, by row
 */
export function minhashMethod({ ids, ties, indptr, hashes }: Ranking & DocumentShingles): PairMethod<Uint32Array> {
  const items: Ranking = { ids, ties };
  const index = new ShingleIndex({ indptr, hashes });
  let scratch: Float32Array | undefined;
  return {
    name: 'minhash',
    kind: 'text',
    bytesPerItem: ids.length === 0 ? 0 : (hashes.length * Uint32Array.BYTES_PER_ELEMENT) / ids.length,
    symmetric: false,
    items,
    represent: async (features: readonly Feature[]) => features.map((feature) => shingleHashes(textOf(feature))),
    isEmpty: (query) => query.length === 0,
    similarity: (query, item) => index.similarity(query, item),
    distance: (score) => 1 - score,
    scores: (query) => index.scores(query),
    search(query, k, accept) {
      scratch ??= new Float32Array(ids.length);
      return topK(index.scores(query, scratch), k, items, accept);
    },
  };
}

/** The text itself: a bag of words does not say which words follow one another. */
function textOf(feature: Feature): string {
  if (feature.kind !== 'text') throw new TypeError(`Expected text features but received ${feature.kind}`);
  if (feature.text === undefined)
    throw new TypeError('Expected text features with their text but received a bag of words');
  return feature.text;
}
