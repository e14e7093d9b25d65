// When a graph is asked, and when it is faster, or the only sure way, to compare with every code.
import type { Hnsw } from '../index/hnsw.ts';
import type { SearchSettings } from './method.ts';

/** What a graph is asked through. */
export type SearchedGraph = Pick<Hnsw, 'search' | 'size'>;

/** So many answers are asked of a graph: looking for more, it is slower than comparing with all. */
const MOST_ANSWERS = 1_000;

/** A search through a graph looks at candidates in inverse proportion to the share that a filter accepts. */
const LEAST_SHARE = 0.1;

/** Rows that tell what share a filter accepts. */
const SAMPLE = 500;

/**
 * The rows near a query by a graph, in no defined order; undefined where all codes are to be compared: where many answers are asked
 * for, where a filter accepts few, where the graph has found fewer than `k`.
 */
export function searchGraph(
  graph: SearchedGraph,
  query: Float32Array,
  k: number,
  accept?: (row: number) => boolean,
  settings: SearchSettings = {},
): number[] | undefined {
  if (k > MOST_ANSWERS || (accept !== undefined && shareOf(accept, graph.size) < LEAST_SHARE)) return undefined;
  const found = graph.search(query, k, { ...settings, ...(accept === undefined ? {} : { accept }) });
  return found.length < Math.min(k, graph.size) ? undefined : found.map(({ row }) => row);
}

function shareOf(accept: (row: number) => boolean, rows: number): number {
  const sampled = Math.min(SAMPLE, rows);
  let accepted = 0;
  for (let i = 0; i < sampled; i++) if (accept(Math.floor(((i + 0.5) * rows) / sampled))) accepted++;
  return accepted / sampled;
}
