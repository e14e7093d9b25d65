// `cascade`: codes choose the candidates, words and the auto-encoder's codes together put them in order.
import { topK } from '../index/top-k.ts';
import type { Method } from './method.ts';
import { PairedMethods, type PairedRep, type StandIn } from './paired-methods.ts';

/** The share of the items that pass the filter. */
const SHARE = 0.05;

/** But so many pass at least: of a small collection 5 % would be fewer than are asked for. */
const FEWEST = 200;

/** What the cosine of the codes counts beside that of the words. */
const CODES = 0.2;

/** What a question, or an item, is to the words, to the codes, and to the filter. */
export interface CascadeRep extends PairedRep {
  readonly filter: unknown;
}

/**
 * Salakhutdinov & Hinton's own conclusion ("Semantic hashing", International Journal of Approximate Reasoning 2009, section 4):
 * the documents whose codes are nearest to the question's – 5 %, at least {@link FEWEST} – are ranked anew, in the paper by
 * TF-IDF. What shares words with the question but not its topic no longer comes first.
 *
 * Here the codes of `filter` choose – of an index those of `lsa`, which lose fewer of the documents that share words with the
 * question than the auto-encoder's do (docs/text.md has both) – and candidates score (words + .2 · codes) / 1.2, two cosines,
 * 1 for the same words. All others are behind: (cosine of the filter − 2) / 3, from −1 to −⅓, which says no more than their
 * order. `accept` is applied first, so that the candidates are among what it lets through. A question without a code of one of
 * the two is ranked without it, one without words by the filter alone.
 *
 * The inverted index scores all documents in one go; the filter saves no time there, it improves the ranking.
 */
export function cascadeMethod(lexical: Method, codes: Method, filter: Method = codes): Method<CascadeRep> {
  const ordering = new PairedMethods(lexical, codes);
  const choosing = new PairedMethods(lexical, filter);
  const { items } = ordering;
  const passing = Math.max(FEWEST, Math.ceil(SHARE * items.ids.length));

  const inOrder = (query: CascadeRep, standIn?: StandIn): Float32Array => {
    const byWords = ordering.lexicalScores(query, standIn);
    if (!ordering.hasCode(query)) return byWords;
    const byCode = ordering.codeScores(query, standIn);
    return byWords.map((words, row) => (words + CODES * byCode[row]!) / (1 + CODES));
  };
  const toFilter = (query: CascadeRep): PairedRep => ({ lexical: query.lexical, codes: query.filter });

  const scores = (query: CascadeRep, accept?: (row: number) => boolean, standIn?: CascadeStandIn): Float32Array => {
    const hasWords = ordering.hasWords(query);
    if (!choosing.hasCode(toFilter(query)))
      return hasWords ? inOrder(query, standIn) : ordering.codeScores(query, standIn);
    const nearness = choosing.codeScores(toFilter(query), standIn && { row: standIn.row, rep: toFilter(standIn.rep) });
    if (!hasWords) return nearness;
    const ordered = inOrder(query, standIn);
    const candidates = topK(nearness, passing, items, accept);
    for (let row = 0; row < nearness.length; row++) nearness[row] = behind(nearness[row]!);
    for (const { row } of candidates) nearness[row] = ordered[row]!;
    return nearness;
  };

  return {
    name: 'cascade',
    kind: lexical.kind,
    bytesPerItem: ordering.bytesPerItem + (filter === codes ? 0 : filter.bytesPerItem),
    ...(filter.approximate ? { approximate: true } : {}),
    symmetric: false,
    ...(lexical.bounded === false ? { bounded: false } : {}),
    items,
    async represent(features) {
      const [pairs, filters] = await Promise.all([ordering.represent(features), filter.represent(features)]);
      return pairs.map((pair, i) => ({ ...pair, filter: filters[i] }));
    },
    isEmpty: (rep) => ordering.isEmpty(rep) && !choosing.hasCode(toFilter(rep)),
    scoresWithStandIn: (query, row, rep) => scores(query, undefined, { row, rep }),
    distance: (score) => 1 - score,
    scores: (query) => scores(query),
    search(query, k, accept) {
      const isWhole = ordering.hasWords(query) && choosing.hasCode(toFilter(query));
      if (!filter.approximate || accept || k > passing || !isWhole)
        return topK(scores(query, accept), k, items, accept);
      const ordered = inOrder(query);
      const candidates = new Float32Array(items.ids.length).fill(-1);
      for (const { row } of choosing.nearestCodes(toFilter(query), passing)) candidates[row] = ordered[row]!;
      return topK(candidates, k, items);
    },
  };
}

interface CascadeStandIn {
  readonly row: number;
  readonly rep: CascadeRep;
}

/** What keeps the order of the filter, below every score of a candidate. */
function behind(cosine: number): number {
  return (Math.min(1, cosine) - 2) / 3;
}
