// What does a question through a filter find, and how fast, by the share that passes? A graph, comparing all, and what is chosen.
//
// Filters of two sorts: rows as if by lot (a date, a name), and the rows that are least like the question (another part of the
// collection: the hard case for a graph, which first finds what does not pass).
// Options: --count N (100000), --questions N (50), --fresh (build the graph anew; it is kept for later runs).
import { dotScores, searchDot, searchRows } from '../dist/index/exact.js';
import { openHnsw } from '../dist/index/hnsw.js';
import { searchGraph } from '../dist/methods/search-graph.js';
import { cachedGraph, graphCodes } from './cached-graph.ts';
import { SCAN_FLOATS } from './drawn-codes.ts';
import { installed, printHeader } from './machine.ts';
import { numberOption } from './options.ts';
import { median } from './rounds.ts';

const K = 10;
const SHARES = [0.001, 0.01, 0.1, 0.5];
const count = numberOption('count', 100_000);
const questions = numberOption('questions', 50);

printHeader(`Filters over ${count.toLocaleString('en')} codes of 64 floats, the ${K} best`, installed('hnswlib-node'));
const { layout, source } = await cachedGraph(count);
const codes = graphCodes(count);
const order = { ids: Int32Array.from({ length: count }, (_, i) => i), ties: new Uint32Array(count) };
const opened = await openHnsw(layout, source);
if (opened.state !== 'ready') throw new Error(opened.reason);
const { hnsw } = opened;

console.log('                  graph                    comparing        chosen');
console.log('passing           hits  recall      ms           ms        hits  recall      ms');
for (const [sort, filterOf] of [
  ['by lot', byLot],
  ['far', farFrom],
] as const) {
  for (const share of SHARES) {
    const graph = { hits: 0, found: 0, times: [] as number[] };
    const chosen = { hits: 0, found: 0, times: [] as number[] };
    const exact: number[] = [];
    for (let question = 0; question < questions; question++) {
      const row = Math.floor((question * count) / questions);
      const query = codes.slice(row * SCAN_FLOATS, (row + 1) * SCAN_FLOATS);
      const accept = filterOf(query, share);
      const compare = () => searchDot(codes, query, K, order, accept).map((hit) => hit.row);
      const began = performance.now();
      const best = new Set(compare());
      exact.push(performance.now() - began);
      const ways = [
        [graph, () => hnsw.search(query, K, { accept }).map((hit) => hit.row)],
        [chosen, () => chosenRows(query, accept) ?? compare()],
      ] as const;
      for (const [figures, answer] of ways) {
        const start = performance.now();
        const rows = answer();
        figures.times.push(performance.now() - start);
        figures.hits += rows.length;
        figures.found += rows.filter((found) => best.has(found)).length;
      }
    }
    const cells = ({ hits, found, times }: typeof graph) =>
      `${(hits / questions).toFixed(1).padStart(6)}  ${(found / (K * questions)).toFixed(3)}  ${median(times).toFixed(2).padStart(6)}`;
    console.log(
      `${`${share} ${sort}`.padEnd(16)}${cells(graph)}       ${median(exact).toFixed(2).padStart(6)}      ${cells(chosen)}`,
    );
  }
}

function chosenRows(query: Float32Array, accept: (row: number) => boolean): number[] | undefined {
  const rows = searchGraph(hnsw, query, K, accept);
  return rows && searchRows(codes, query, rows, K, order).map((hit) => hit.row);
}

function byLot(_query: Float32Array, share: number): (row: number) => boolean {
  return (row) => Math.imul(row, 2_654_435_761) >>> 0 < 4_294_967_296 * share;
}

function farFrom(query: Float32Array, share: number): (row: number) => boolean {
  const scores = dotScores(codes, query);
  const worst = Float32Array.from(scores).sort()[Math.floor(share * count)]!;
  return (row) => scores[row]! < worst;
}
