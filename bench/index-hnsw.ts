// How fast is the graph built and asked, beside hnswlib for Python? And where is comparing with all faster, behind a filter?
//
// Codes of 128 numbers, of length 1: 2,000 centres and noise, drawn (seed 1234). One thread each, M 16, efConstruction 200.
// Bars at a recall@10 of .98: built at .7 × hnswlib's speed or more, asked at 1.0 × or more.
// Options: --count N (200000), --questions N (1000).

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import hnswlib from 'hnswlib-node';
import { allocateFloats } from '../dist/index/code-memory.js';
import { searchDot } from '../dist/index/exact.js';
import { Hnsw } from '../dist/index/hnsw.js';
import { missingModules } from './contestant.ts';
import { installed, printHeader } from './machine.ts';
import { numberOption } from './options.ts';

const DIMENSIONS = 128;
const CENTRES = 2_000;
const [M, EF_CONSTRUCTION] = [16, 200];
const EFS = [32, 64, 96, 128, 192, 256, 384, 512];
const count = numberOption('count', 200_000);
const questions = numberOption('questions', 1_000);

printHeader(`A graph over ${count} codes of ${DIMENSIONS} numbers`, installed('hnswlib-node'));
const drawn = drawnCodes(count + questions, 1234);
const codes = allocateFloats(count, DIMENSIONS);
codes.set(drawn.subarray(questions * DIMENSIONS));
const asked = Array.from({ length: questions }, (_, i) => drawn.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS));
const ranked = { ids: Int32Array.from({ length: count }, (_, i) => i), ties: new Uint32Array(count) };

const graph = new hnswlib.HierarchicalNSW('ip', DIMENSIONS);
graph.initIndex(count, M, EF_CONSTRUCTION, 100);
const began = performance.now();
for (let row = 0; row < count; row++)
  graph.addPoint(Array.from(codes.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS)), row);
const built = (performance.now() - began) / 1000;
const hnsw = new Hnsw(graph, 64);
const nearest = asked.map((query) => new Set(searchDot(codes, query, 10, ranked).map(({ row }) => row)));
console.log(`sandglass: built in ${built.toFixed(1)} s`);
const own = EFS.map((ef) => ({ ef, ...measured((query) => hnsw.search(query, 10, { ef })) }));
printTable(own);

const python = missingModules('hnswlib', 'numpy');
if (python === undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'sandglass-hnsw-'));
  const file = join(folder, 'codes.f32');
  writeFileSync(file, new Uint8Array(drawn.buffer, 0, drawn.byteLength));
  const numbers = [DIMENSIONS, questions, M, EF_CONSTRUCTION].map(String);
  const script = new URL('./contestants/hnsw.py', import.meta.url).pathname;
  const told = execFileSync(process.env.SANDGLASS_PYTHON ?? 'python3', [script, file, ...numbers, EFS.join(',')]);
  rmSync(folder, { recursive: true });
  const peer = JSON.parse(told.toString()) as { built: number; found: typeof own };
  console.log(`hnswlib: built in ${peer.built.toFixed(1)} s`);
  printTable(peer.found);
  const enough = (found: typeof own) => found.find(({ recall }) => recall >= 0.98);
  const [a, b] = [enough(own), enough(peer.found)];
  console.log(`speed of building: ${(peer.built / built).toFixed(2)} × hnswlib's (bar: .7)`);
  if (a && b) console.log(`speed of asking at a recall of .98: ${(b.ms / a.ms).toFixed(2)} × hnswlib's (bar: 1.0)`);
} else console.log(`without hnswlib for Python: ${python}`);

console.log('\nBehind a filter\naccepted  graph ms  recall  exact ms');
for (const one of [1, 2, 5, 10, 20, 50]) {
  const accept = (row: number): boolean => Math.imul(row, 2_654_435_761) >>> 0 < 4_294_967_296 / one;
  const few = asked.slice(0, 100);
  const exact = few.map((query) => new Set(searchDot(codes, query, 10, ranked, accept).map(({ row }) => row)));
  const through = measured((query) => hnsw.search(query, 10, { ef: 64, accept }), few, exact);
  const all = measured((query) => searchDot(codes, query, 10, ranked, accept), few, exact);
  console.log(
    `  1 / ${one}`.padEnd(9),
    through.ms.toFixed(2).padStart(8),
    through.recall.toFixed(3).padStart(7),
    all.ms.toFixed(2).padStart(9),
  );
}

function measured(search: (query: Float32Array) => { row: number }[], queries = asked, truth = nearest) {
  const start = performance.now();
  const rows = queries.map(search);
  const ms = (performance.now() - start) / queries.length;
  const found = rows.reduce((sum, hits, i) => sum + hits.filter(({ row }) => truth[i]!.has(row)).length, 0);
  return { ms, recall: found / (10 * queries.length) };
}

function printTable(found: readonly { ef: number; ms: number; recall: number }[]): void {
  console.log('   ef      ms  recall@10');
  for (const { ef, ms, recall } of found)
    console.log(String(ef).padStart(5), ms.toFixed(3).padStart(7), recall.toFixed(4).padStart(10));
}

function drawnCodes(rows: number, seed: number): Float32Array {
  let state = seed;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const centres = Float32Array.from({ length: CENTRES * DIMENSIONS }, normal);
  const all = new Float32Array(rows * DIMENSIONS);
  for (let row = 0; row < rows; row++) {
    const centre = Math.floor(random() * CENTRES) * DIMENSIONS;
    const code = all.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    let squares = 0;
    for (let i = 0; i < DIMENSIONS; i++) {
      code[i] = centres[centre + i]! + 0.7 * normal();
      squares += code[i]! ** 2;
    }
    for (let i = 0; i < DIMENSIONS; i++) code[i]! /= Math.sqrt(squares);
  }
  return all;
}
