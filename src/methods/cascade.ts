// `cascade`: codes choose the candidates, a lexical method puts them in order.
import { topK } from '../index/top-k.ts';
import type { Method } from './method.ts';
import { PairedMethods, type PairedRep, type StandIn } from './paired-methods.ts';

/** The share of the items that pass the filter. */
const SHARE = 0.05;

/** But so many pass at least: of a small collection 5 % would be fewer than are asked for. */
const FEWEST = 200;

/**
 * Salakhutdinov & Hinton's own conclusion ("Semantic hashing", International Journal of Approximate Reasoning 2009, section 4):
 * the documents whose codes are nearest to the question's – 5 %, at least {@link FEWEST} – are ranked by the lexical
 * method, TF-IDF in the paper. What shares words with the question but not its topic no longer comes first.
 *
 * The score of a candidate is the lexical method's, with all that it means there (for TF-IDF a cosine, 1 for the same
 * words). All others are behind: (cosine of the codes − 2) / 3, from −1 to −⅓, which says no more than their order. A filter
 * (`accept`) is applied first, so that the candidates are among what it lets through. A question without a code is ranked
 * by words alone, one without words by codes alone.
 *
 * The inverted index scores all documents in one go; the filter saves no time there, it improves the ranking.
 */
export function cascadeMethod(lexical: Method, codes: Method): Method<PairedRep> {
  const both = new PairedMethods(lexical, codes);
  const { items } = both;
  const passing = Math.max(FEWEST, Math.ceil(SHARE * items.ids.length));

  const scores = (query: PairedRep, accept?: (row: number) => boolean, standIn?: StandIn): Float32Array => {
    if (!both.hasCode(query)) return both.lexicalScores(query, standIn);
    const byCode = both.codeScores(query, standIn);
    if (!both.hasWords(query)) return byCode;
    const byWords = both.lexicalScores(query, standIn);
    const candidates = topK(byCode, passing, items, accept);
    for (let row = 0; row < byCode.length; row++) byCode[row] = behind(byCode[row]!);
    for (const { row } of candidates) byCode[row] = byWords[row]!;
    return byCode;
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
    distance: (score) => lexical.distance(score),
    scores: (query) => scores(query),
    search(query, k, accept) {
      if (!codes.approximate || accept || k > passing || !both.hasWords(query) || !both.hasCode(query)) {
        return topK(scores(query, accept), k, items, accept);
      }
      const candidates = new Float32Array(items.ids.length).fill(-1);
      const byWords = both.lexicalScores(query);
      for (const { row } of both.nearestCodes(query, passing)) candidates[row] = byWords[row]!;
      return topK(candidates, k, items);
    },
  };
}

/** What keeps the order of the codes, below every score of words. */
function behind(cosine: number): number {
  return (Math.min(1, cosine) - 2) / 3;
}
