// Codes to be asked for the nearest: floats, through a graph or not, or in fewer bytes with the floats of the best looked up.
import { dotScores, searchCandidates, searchDot, searchRows } from '../index/exact.ts';
import type { PackedForm } from '../index/packed-form.ts';
import { byteScores, halfScores, searchBytes, searchHalves } from '../index/quantize.ts';
import { searchSigns, signScores } from '../index/sign-bits.ts';
import type { Method, Ranking, Scored } from './method.ts';
import { type SearchedGraph, searchGraph } from './search-graph.ts';

/** Codes of items, asked with a code of floats. The score is the dot product. */
export type SearchedCodes = Pick<Method<Float32Array>, 'items' | 'bytesPerItem' | 'approximate' | 'scores' | 'search'>;

/**
 * @param codes [items × dimensions], each row of length 1 or all zeros
 * @param graph asked instead of all codes where every item may be a hit. Its recall is known (src/index/hnsw.ts).
 */
export function floatCodes(
  codes: Float32Array,
  items: Ranking,
  dimensions: number,
  graph?: SearchedGraph,
): SearchedCodes {
  return {
    items,
    bytesPerItem: dimensions * Float32Array.BYTES_PER_ELEMENT,
    ...(graph ? { approximate: true } : {}),
    scores: (query) => dotScores(codes, query),
    search(query, k, accept, settings) {
      const rows = graph && searchGraph(graph, query, k, accept, settings);
      return rows ? searchRows(codes, query, rows, k, items) : searchDot(codes, query, k, items, accept);
    },
  };
}

export type ShortForm = Exclude<PackedForm, 'float32' | 'bits' | 'bytes'>;

interface Short {
  scores(packed: Uint8Array, query: Float32Array): Float32Array;
  readonly search: typeof searchHalves;
  /** So many candidates for each hit are compared by their floats. */
  readonly candidates: number;
}

/** How many candidates was set before anything was measured; what they find: `npx tsx bench/codes.ts`. */
const SHORT: Readonly<Record<ShortForm, Short>> = {
  float16: { scores: halfScores, search: searchHalves, candidates: 2 },
  int8: { scores: byteScores, search: searchBytes, candidates: 2 },
  signs: { scores: likelyProducts, search: searchSigns, candidates: 20 },
};

/** Fewer candidates are hardly faster; with many hits, so many more than these are enough. */
const FEWEST_CANDIDATES = 50;
const MOST_FURTHER = 1_000;

/**
 * Codes in fewer bytes find candidates, whose floats put them in order: the score of a hit is that of the floats to the last bit, but
 * a hit may be missed. `scores` are those of the packed codes.
 *
 * @param packed [items, bytes of a code]
 * @param floatsOf the floats of some rows; undefined for one that is not there any more
 */
export function shortCodes(
  form: ShortForm,
  packed: Uint8Array,
  items: Ranking,
  floatsOf: (rows: readonly number[]) => readonly (Float32Array | undefined)[],
): SearchedCodes {
  const { scores, search, candidates } = SHORT[form];
  return {
    items,
    bytesPerItem: items.ids.length === 0 ? 0 : packed.length / items.ids.length,
    approximate: true,
    scores: (query) => scores(packed, query),
    search(query, k, accept) {
      const wanted = Math.max(FEWEST_CANDIDATES, Math.min(candidates * k, k + MOST_FURTHER));
      const found = search(packed, query, Math.min(wanted, items.ids.length), items, accept);
      return inOrder(found, floatsOf(found.map(({ row }) => row)), query, k, items);
    },
  };
}

/** By their floats. What lost its code meanwhile stands behind, for its question to see that it is no more what it was. */
function inOrder(
  found: readonly Scored[],
  floats: readonly (Float32Array | undefined)[],
  query: Float32Array,
  k: number,
  items: Ranking,
): Scored[] {
  const there = found.filter((_, i) => floats[i] !== undefined);
  const codes = new Float32Array(there.length * query.length);
  floats
    .filter((code) => code !== undefined)
    .forEach((code, i) => {
      codes.set(code, i * query.length);
    });
  const rows = there.map(({ row }) => row);
  const best = there.length === 0 ? [] : searchCandidates(codes, query, rows, k, items);
  const lost = found.filter((_, i) => floats[i] === undefined);
  return [...best, ...lost].slice(0, k);
}

/**
 * What the dot products with codes are likely to be, of which only the signs are known: the numbers of a code of length 1 are
 * √(2 / πd) large on average, where they are spread normally.
 */
function likelyProducts(bits: Uint8Array, query: Float32Array): Float32Array {
  const whole = query.reduce((sum, value) => sum + Math.abs(value), 0);
  const scale = whole * Math.sqrt(2 / (Math.PI * query.length));
  return signScores(bits, query).map((score) => score * scale);
}
