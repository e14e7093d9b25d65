// From how many codes on is a graph worth it? Opening one and asking it, beside comparing with every code.
//
// Options: --sizes 50000,100000,200000, --questions N (200), --fresh (build the graphs anew; they are kept for later runs).
import { parseArgs } from 'node:util';
import { searchDot, searchRows } from '../dist/index/exact.js';
import { openHnsw } from '../dist/index/hnsw.js';
import { cachedGraph, graphCodes } from './cached-graph.ts';
import { SCAN_FLOATS } from './drawn-codes.ts';
import { installed, printHeader } from './machine.ts';
import { median } from './rounds.ts';

const { values: flags } = parseArgs({
  options: {
    sizes: { type: 'string', default: '50000,100000,200000' },
    questions: { type: 'string', default: '200' },
    fresh: { type: 'boolean', default: false },
  },
});
const K = 10;
const questions = Number(flags.questions);

printHeader('From how many codes of 64 floats on is a graph worth it?', installed('hnswlib-node'));
console.log('   codes  exact ms  graph ms  recall@10  built s  opened ms  questions until opening is paid');
for (const size of flags.sizes.split(',').map(Number)) {
  const { layout, source, made } = await cachedGraph(size);
  const codes = graphCodes(size);
  const order = { ids: Int32Array.from({ length: size }, (_, i) => i), ties: new Uint32Array(size) };
  const beforeOpening = performance.now();
  const opened = await openHnsw(layout, source);
  const opening = performance.now() - beforeOpening;
  if (opened.state !== 'ready') throw new Error(opened.reason);
  const [exact, graph]: number[][] = [[], []];
  let found = 0;
  for (let question = 0; question < questions; question++) {
    const row = Math.floor((question * size) / questions);
    const query = codes.slice(row * SCAN_FLOATS, (row + 1) * SCAN_FLOATS);
    const began = performance.now();
    const best = new Set(searchDot(codes, query, K, order).map((hit) => hit.row));
    const between = performance.now();
    const rows = opened.hnsw.search(query, K).map((hit) => hit.row);
    found += searchRows(codes, query, rows, K, order).filter((hit) => best.has(hit.row)).length;
    exact!.push(between - began);
    graph!.push(performance.now() - between);
  }
  const [all, few] = [median(exact!), median(graph!)];
  console.log(
    `${`${size}`.padStart(8)} ${all.toFixed(2).padStart(9)} ${few.toFixed(2).padStart(9)} ` +
      `${(found / (K * questions)).toFixed(3).padStart(10)} ${made.seconds.toFixed(0).padStart(8)} ` +
      `${opening.toFixed(0).padStart(10)} ${Math.ceil(opening / (all - few))}`,
  );
}
