// From rows to items: of an item only its best unit counts, itself or one of its parts.
import type { Method, Ranking, Scored, SearchSettings } from '../methods/method.ts';

/** So many rows for a hit are asked for at first, where items have several. */
const ROWS_PER_ITEM = 3;
const GROWTH = 4;

/**
 * The `k` best items with the best row of each, best first.
 *
 * @param accept rows that may be hits
 */
export function searchItems(
  method: Method,
  query: unknown,
  k: number,
  accept?: (row: number) => boolean,
  settings?: SearchSettings,
): readonly Scored[] {
  const { ids, parts } = method.items;
  if (parts === undefined) return method.search(query, k, accept, settings);
  for (let rows = ROWS_PER_ITEM * k; ; rows *= GROWTH) {
    const found = method.search(query, rows, accept, settings);
    const best = bestRows(found, ids);
    if (best.length >= k || found.length < rows) return best.slice(0, k);
  }
}

/** So many rows are asked for at first where all within a range are wanted. */
const ROWS_IN_RANGE = 1_024;

/**
 * All items whose best score `isWithin` lets through, with their best rows, best first.
 *
 * @param method not an approximate one
 * @param isWithin true for all scores from some one on
 */
export function searchRange(
  method: Method,
  query: unknown,
  isWithin: (score: number) => boolean,
  accept?: (row: number) => boolean,
): readonly Scored[] {
  for (let rows = ROWS_IN_RANGE; ; rows *= GROWTH) {
    const found = method.search(query, rows, accept);
    if (found.length === rows && isWithin(found.at(-1)!.score)) continue;
    return bestRows(
      found.filter(({ score }) => isWithin(score)),
      method.items.ids,
    );
  }
}

/** The first row of each item. */
function bestRows(found: readonly Scored[], ids: Int32Array): Scored[] {
  const seen = new Set<number>();
  return found.filter(({ row }) => seen.size < seen.add(ids[row]!).size);
}

/**
 * The rank of some items, from 1, among all items by their best scores; equal scores are ordered as hits are. Items that are
 * not ranked, or whose best score is not above `worst`, have none.
 */
export function ranksOf(
  items: readonly number[],
  { ids, ties }: Ranking,
  scores: Float32Array,
  worst = Number.NEGATIVE_INFINITY,
): Map<number, number> {
  const best = new Map<number, { score: number; tie: number }>();
  for (let row = 0; row < ids.length; row++) {
    const score = scores[row]!;
    if (!(score > worst)) continue;
    const known = best.get(ids[row]!);
    if (known === undefined) best.set(ids[row]!, { score, tie: ties[row]! });
    else if (score > known.score) known.score = score;
  }
  const wanted = items.filter((id) => best.has(id));
  const isBefore = (a: number, b: number): boolean => {
    const [one, other] = [best.get(a)!, best.get(b)!];
    if (one.score !== other.score) return one.score > other.score;
    return one.tie !== other.tie ? one.tie < other.tie : a < b;
  };
  wanted.sort((a, b) => (a === b ? 0 : isBefore(a, b) ? -1 : 1));
  // How many items stand before the first wanted one, between it and the second, and so on.
  const before = new Array<number>(wanted.length).fill(0);
  for (const id of best.keys()) {
    let [low, high] = [0, wanted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(id, wanted[middle]!)) high = middle;
      else low = middle + 1;
    }
    if (low < wanted.length) before[low]!++;
  }
  let rank = 1;
  return new Map(
    wanted.map((id, i) => {
      rank += before[i]!;
      return [id, rank];
    }),
  );
}
