// What a graph finds of what comparing with every code finds.

import { dotScores } from './exact.ts';
import { type HnswlibGraph, numbersOf } from './hnswlib.ts';
import { topK } from './top-k.ts';

/** A graph that finds less than this is built anew, and is not asked where that does not help. */
export const LEAST_RECALL = 0.95;

/** With fewer candidates than these no search is noticeably faster; the first that find this much are taken. */
const CANDIDATES = [64, 128, 256, 512];
const WANTED_RECALL = 0.98;

const NEIGHBOURS = 10;

/** Codes that are asked with, evenly spread over all: the same for the same codes. */
const SAMPLE = 100;

/**
 * The least candidates with which a graph has a recall of .98, or the most that are tried, with the recall they give: the share of the
 * ten nearest others that is found, mean over a sample of the codes.
 */
export function chooseEf(
  graph: HnswlibGraph,
  codes: Float32Array,
  labels: Uint32Array,
  dimensions: number,
): { readonly ef: number; readonly recall: number } {
  const count = labels.length;
  const wanted = Math.min(NEIGHBOURS, count - 1);
  if (wanted <= 0) return { ef: CANDIDATES[0]!, recall: 1 };
  const ranked = { ids: new Int32Array(labels), ties: new Uint32Array(count) };
  const sampled = Math.min(SAMPLE, count);
  const questions = Array.from({ length: sampled }, (_, i) => {
    const row = Math.floor(((i + 0.5) * count) / sampled);
    const query = codes.slice(row * dimensions, (row + 1) * dimensions);
    const scores = dotScores(codes, query);
    const worst = topK(scores, wanted, ranked, (other) => other !== row).at(-1)!.score;
    return { own: labels[row]!, query: numbersOf(query, 0, dimensions), worst };
  });
  let best = { ef: 0, recall: 0 };
  for (const ef of CANDIDATES) {
    graph.setEf(ef);
    let found = 0;
    for (const { own, query, worst } of questions) {
      const { neighbors, distances } = graph.searchKnn(query, wanted + 1);
      // What is as near as the last one is as good; sums of another order differ in the last bits.
      const good = neighbors.filter((label, i) => label !== own && 1 - distances[i]! >= worst - 1e-6).length;
      found += Math.min(wanted, good);
    }
    best = { ef, recall: found / (sampled * wanted) };
    if (best.recall >= WANTED_RECALL) break;
  }
  return best;
}
