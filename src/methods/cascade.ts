// `cascade`: codes and words choose the candidates, both together put them in order.
import { topK } from '../index/top-k.ts';
import type { Method } from './method.ts';
import { PairedMethods, type PairedRep, type StandIn } from './paired-methods.ts';

/** The share of the items that pass: half of them by their codes, half by their words. */
const SHARE = 0.05;

/** But so many pass at least: of a small collection 5 % would be fewer than are asked for. */
const FEWEST = 200;

/** What the cosine of the codes counts beside that of the words. */
const CODES = 0.1;

/**
 * Salakhutdinov & Hinton's own conclusion ("Semantic hashing", International Journal of Approximate Reasoning 2009, section 4):
 * few documents pass a filter and are ranked anew, in the paper those whose codes are nearest to the question's, by TF-IDF.
 *
 * Here 5 % pass, at least {@link FEWEST}: half of them the nearest by codes, half the nearest by words, because codes alone
 * lose one in twenty of the documents that words would put among the first ten (docs/text.md). A candidate scores (words + .1 · codes) / 1.1,
 * two cosines, 1 for the same words. All others are behind: (cosine of the codes − 2) / 3, from −1 to −⅓, which says no more
 * than their order. `accept` is applied first, so that the candidates are among what it lets through. A question without a code is
 * ranked by words alone, one without words by codes alone.
 *
 * The inverted index scores all documents in one go; the filter saves no time there, it improves the ranking.
 */
export function cascadeMethod(lexical: Method, codes: Method): Method<PairedRep> {
  const both = new PairedMethods(lexical, codes);
  const { items } = both;
  const passing = Math.ceil(Math.max(FEWEST, SHARE * items.ids.length) / 2);

  const scores = (query: PairedRep, accept?: (row: number) => boolean, standIn?: StandIn): Float32Array => {
    if (!both.hasCode(query)) return both.lexicalScores(query, standIn);
    const byCode = both.codeScores(query, standIn);
    if (!both.hasWords(query)) return byCode;
    const byWords = both.lexicalScores(query, standIn);
    const candidates = [...topK(byCode, passing, items, accept), ...topK(byWords, passing, items, accept)];
    const ranked = byCode.map(behind);
    for (const { row } of candidates) ranked[row] = together(byWords[row]!, byCode[row]!);
    return ranked;
  };

  return {
    name: 'cascade',
    kind: lexical.kind,
    bytesPerItem: both.bytesPerItem,
    ...(codes.approximate ? { approximate: true } : {}),
    symmetric: false,
    ...(lexical.bounded === false ? { bounded: false } : {}),
    items,
    represent: (features) => both.represent(features),
    isEmpty: (rep) => both.isEmpty(rep),
    scoresWithStandIn: (query, row, rep) => scores(query, undefined, { row, rep }),
    distance: (score) => 1 - score,
    scores: (query) => scores(query),
    search(query, k, accept, settings) {
      if (!codes.approximate || accept || k > passing || !both.hasWords(query) || !both.hasCode(query)) {
        return topK(scores(query, accept), k, items, accept);
      }
      const ranked = new Float32Array(items.ids.length).fill(-1);
      const byWords = both.lexicalScores(query);
      // What passes by words alone is seldom near by code: where the graph does not list it, its code counts nothing.
      for (const { row } of topK(byWords, passing, items)) ranked[row] = together(byWords[row]!, 0);
      for (const { row, score } of both.nearestCodes(query, passing, settings))
        ranked[row] = together(byWords[row]!, score);
      return topK(ranked, k, items);
    },
  };
}

function together(words: number, code: number): number {
  return (words + CODES * code) / (1 + CODES);
}

/** What keeps the order of the codes, below every score of a candidate. */
function behind(cosine: number): number {
  return (Math.min(1, cosine) - 2) / 3;
}
