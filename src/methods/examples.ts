// More like these, not like those: several examples asked as one question, by any method.
import { topK } from '../index/top-k.ts';
import type { Method } from './method.ts';

/** What is looked for, and what is not. */
export interface ExamplesRep {
  readonly like: readonly unknown[];
  readonly unlike: readonly unknown[];
}

/** What a negative example counts beside all positive ones together; measured by bench/examples.ts. */
const UNLIKE = 0.25;

/**
 * The score of an item is the mean of its scores for the positive examples, less a quarter of its best score for a negative one
 * where that is above 0. For methods that compare codes by their dot product, the mean is Rocchio's question ("Relevance feedback in
 * information retrieval", in: The SMART Retrieval System, 1971): the scores of the mean of the codes. Of the negative examples he
 * takes the mean too; here it is the one that the item resembles most, so that things that are not wanted need not resemble
 * each other.
 *
 * Scores without an upper end (`bounded: false`) are first divided by the highest of their example. Examples that say nothing to
 * the method are passed over.
 *
 * @param weight of a negative example beside all positive ones together
 */
export function examplesMethod(method: Method, weight = UNLIKE): Method<ExamplesRep> {
  const { items } = method;
  const scoresOf = (rep: unknown): Float32Array => {
    const scores = Float32Array.from(method.scores(rep));
    if (method.bounded !== false) return scores;
    let highest = 0;
    for (const score of scores) highest = Math.max(highest, score);
    return highest === 0 ? scores : scores.map((score) => score / highest);
  };
  const scores = ({ like, unlike }: ExamplesRep): Float32Array => {
    const sums = new Float64Array(items.ids.length);
    const asked = like.filter((rep) => !method.isEmpty(rep));
    for (const rep of asked)
      scoresOf(rep).forEach((score, row) => {
        sums[row]! += score / asked.length;
      });
    const worst = new Float32Array(items.ids.length);
    for (const rep of unlike) {
      if (method.isEmpty(rep)) continue;
      scoresOf(rep).forEach((score, row) => {
        if (score > worst[row]!) worst[row] = score;
      });
    }
    return Float32Array.from(sums, (sum, row) => sum - weight * worst[row]!);
  };
  return {
    name: method.name,
    kind: method.kind,
    bytesPerItem: method.bytesPerItem,
    symmetric: false,
    ...(method.bounded === false ? { bounded: false } : {}),
    items,
    represent: async (features) => (await method.represent(features)).map((rep) => ({ like: [rep], unlike: [] })),
    isEmpty: ({ like }) => like.every((rep) => method.isEmpty(rep)),
    distance: (score) => method.distance(score),
    scores,
    search: (query, k, accept) => topK(scores(query), k, items, accept),
  };
}
