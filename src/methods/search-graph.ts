// When a graph is asked, and when it is faster, or the only sure way, to compare with every code.
import type { Hnsw } from '../index/hnsw.ts';
import type { SearchSettings } from './method.ts';

/** What a graph is asked through. */
export type SearchedGraph = Pick<Hnsw, 'search' | 'size'>;

/** So many answers are asked of a graph: looking for more, it is slower than comparing with all. */
const MOST_ANSWERS = 1_000;

/** A search through a graph looks at candidates in inverse proportion to the share that a filter accepts. */
const LEAST_SHARE = 0.1;

/**
 * A filter is asked about so many rows, of so many each: a graph that has looked at more is among rows that do not pass, and comparing
 * with all takes no longer (docs/scale.md).
 */
const LEAST_LOOKS = 2_000;
const ROWS_A_LOOK = 50;

/** Rows that tell what share a filter accepts. */
const SAMPLE = 500;

/**
 * The rows near a query by a graph, in no defined order; undefined where all codes are to be compared: where many answers are asked
 * for, where a filter accepts few, where what is near does not pass it, where the graph has found fewer than `k`.
 */
export function searchGraph(
  graph: SearchedGraph,
  query: Float32Array,
  k: number,
  accept?: (row: number) => boolean,
  settings: SearchSettings = {},
): number[] | undefined {
  if (k > MOST_ANSWERS || (accept !== undefined && shareOf(accept, graph.size) < LEAST_SHARE)) return undefined;
  const most = Math.max(LEAST_LOOKS, graph.size / ROWS_A_LOOK);
  let looks = 0;
  // hnswlib cannot be stopped; it soon ends when everything passes.
  const bounded = accept && ((row: number): boolean => ++looks > most || accept(row));
  const found = graph.search(query, k, bounded === undefined ? settings : { ...settings, accept: bounded });
  return looks > most || found.length < Math.min(k, graph.size) ? undefined : found.map(({ row }) => row);
}

function shareOf(accept: (row: number) => boolean, rows: number): number {
  const sampled = Math.min(SAMPLE, rows);
  let accepted = 0;
  for (let i = 0; i < sampled; i++) if (accept(Math.floor(((i + 0.5) * rows) / sampled))) accepted++;
  return accepted / sampled;
}
