// `hybrid`: the rankings of a lexical method and of codes in one.
import { type Ranked, topK } from '../index/top-k.ts';
import type { Method } from './method.ts';
import { PairedMethods, type PairedRep, type StandIn } from './paired-methods.ts';

/** How little the first ranks differ. */
const RANK_CONSTANT = 1;

/** What the ranking by words counts, and the one by codes. */
const WORDS = 0.8;
const CODES = 1 - WORDS;

/** So many ranks are counted in each ranking. */
const RANKS = 1_000;

/**
 * Reciprocal-rank fusion (Cormack, Clarke & Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
 * Learning Methods", SIGIR 2009), weighted: an item scores .8 · 2 / (1 + rank by words) + .2 · 2 / (1 + rank by codes). Equal
 * scores share a rank; what shares nothing with the question (a score of 0 or less) has none and gets 0.
 *
 * The paper's constant is 60, with equal weights. Asked for the second halves of training posts of 20 Newsgroups by their first
 * halves, that put .43 of them first where TF-IDF alone put .61 (in the first ten: .83 and .91).
 * The constant 1 and the weight .8 put .61 first and .91 in the first ten. TF-IDF finds more there than BM25.
 *
 * So 1 means "first in both" and .8 "first by words, unknown to the codes"; nothing is said of how alike two texts are, and
 * scores of two questions cannot be compared: `bounded: false`. Ranks are counted up to {@link RANKS}; behind them an item
 * gets what the next rank would, times its share of the last counted score, which keeps the order at no cost. A question that
 * one of the two knows nothing of is ranked by the other alone.
 */
export function hybridMethod(lexical: Method, codes: Method): Method<PairedRep> {
  const both = new PairedMethods(lexical, codes);
  const { items } = both;

  const fuse = (query: PairedRep, standIn?: StandIn): Float32Array => {
    const fused = new Float32Array(items.ids.length);
    const [words, code] = [both.hasWords(query), both.hasCode(query)];
    if (words) addRanks(fused, both.lexicalScores(query, standIn), items, code ? WORDS : 1);
    if (code) addRanks(fused, both.codeScores(query, standIn), items, words ? CODES : 1);
    return fused;
  };

  return {
    name: 'hybrid',
    kind: lexical.kind,
    bytesPerItem: both.bytesPerItem,
    ...(codes.approximate ? { approximate: true } : {}),
    symmetric: false,
    bounded: false,
    items,
    represent: (features) => both.represent(features),
    isEmpty: (rep) => both.isEmpty(rep),
    scoresWithStandIn: (query, row, rep) => fuse(query, { row, rep }),
    distance: (score) => 1 - score,
    scores: (query) => fuse(query),
    search(query, k, accept, settings) {
      // Every row may be asked for behind a filter, and then a graph does not help.
      if (!codes.approximate || accept || !both.hasWords(query) || !both.hasCode(query)) {
        return topK(fuse(query), k, items, accept);
      }
      const fused = new Float32Array(items.ids.length);
      addRanks(fused, both.lexicalScores(query), items, WORDS);
      addListed(fused, both.nearestCodes(query, RANKS, settings), CODES);
      return topK(fused, k, items);
    },
  };
}

/** Adds to each row what its rank by `scores` is worth, times `share`. */
function addRanks(fused: Float32Array, scores: Float32Array, items: Ranked, share: number): void {
  const best = topK(scores, RANKS, items);
  const last = best.at(-1)?.score ?? 0;
  if (best.length === RANKS && last > 0) {
    const most = (share * worth(RANKS + 1)) / last;
    const counted = new Set(best.map(({ row }) => row));
    for (let row = 0; row < scores.length; row++) {
      if (scores[row]! > 0 && scores[row]! <= last && !counted.has(row)) fused[row]! += most * scores[row]!;
    }
  }
  addListed(fused, best, share);
}

/** @param best rows, best first */
function addListed(fused: Float32Array, best: readonly { row: number; score: number }[], share: number): void {
  let rank = 1;
  for (const [place, { row, score }] of best.entries()) {
    if (score <= 0) return;
    if (score !== best[place - 1]?.score) rank = place + 1;
    fused[row]! += share * worth(rank);
  }
}

function worth(rank: number): number {
  return (RANK_CONSTANT + 1) / (RANK_CONSTANT + rank);
}
