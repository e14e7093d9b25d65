// Exact search over rows in a file. Usage: scan.ts <bits|floats|signs|float16|int8|rescored> <file> <width> <k> <questions> <threads>
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { allocateRows } from '../../dist/index/code-file.js';
import { searchDot, searchRows } from '../../dist/index/exact.js';
import { searchHamming } from '../../dist/index/hamming.js';
import { packBytes, packHalves, searchBytes, searchHalves } from '../../dist/index/quantize.js';
import { endThreads } from '../../dist/index/scan-threads.js';
import { packSigns, searchSigns } from '../../dist/index/sign-bits.js';
import type { ScoredRow } from '../../dist/index/top-k.js';
import { peakMegabytes } from '../peak.ts';

const [form = '', file = '', ...numbers] = process.argv.slice(2);
const [width, k, questions, threads] = numbers.map(Number) as [number, number, number, number];

/** So many rows are scored anew by their floats, for each that is asked for. */
const CANDIDATES = 10;

const rowBytes = form === 'bits' ? width : 4 * width;
const beforeOpening = performance.now();
const opened = openSync(file, 'r');
const { size } = fstatSync(opened);
const rows = allocateRows(size / rowBytes, rowBytes);
for (let at = 0; at < size; ) at += readSync(opened, rows.codes, at, Math.min(1 << 24, size - at), at);
closeSync(opened);
const openedSeconds = (performance.now() - beforeOpening) / 1000;
for (let row = 0; row < rows.ids.length; row++) {
  rows.ids[row] = row;
  rows.ties[row] = Math.imul(row, 0x9e_37_79_b1);
}
// Threads scan what is shared; one thread alone is what is left for columns that are not.
const order =
  threads === 1
    ? { ids: Int32Array.from(rows.ids), ties: Uint32Array.from(rows.ties) }
    : { ids: rows.ids, ties: rows.ties };
const floats = form === 'bits' ? undefined : new Float32Array(rows.codes.buffer, 0, size / 4);
const search = searchIn();

const times: number[] = [];
const found: number[][] = [];
let total = 0;
for (let question = 0; question < questions; question++) {
  const query =
    floats?.slice(question * width, (question + 1) * width) ??
    rows.codes.slice(question * width, (question + 1) * width);
  const began = performance.now();
  const hits = search(query as never);
  times.push((performance.now() - began) / 1000);
  found.push(hits.map(({ row }) => row));
  for (const { score } of hits) total += form === 'bits' ? Math.round((1 - score) * width * 4) : score;
  // Threads start while nobody waits.
  await new Promise((resolve) => setTimeout(resolve, threads === 1 ? 0 : 10));
}
await endThreads();
times.sort((a, b) => a - b);
const middle = times[times.length >> 1];
console.log(
  JSON.stringify({
    items: rows.ids.length,
    seconds: middle,
    least: times[0],
    total,
    found,
    bytes: bytesOfRow(),
    openedSeconds,
    peakMegabytes: peakMegabytes(),
  }),
);

function searchIn(): (query: never) => ScoredRow[] {
  if (form === 'bits') return (query) => searchHamming(rows.codes, query, k, order);
  if (form === 'floats') return (query) => searchDot(floats!, query, k, order);
  if (form === 'float16') {
    const packed = packHalves(floats!, width);
    return (query) => searchHalves(packed, query, k, order);
  }
  if (form === 'int8') {
    const packed = packBytes(floats!, width);
    return (query) => searchBytes(packed, query, k, order);
  }
  const bits = packSigns(floats!, width);
  if (form === 'signs') return (query) => searchSigns(bits, query, k, order);
  return (query) => {
    const candidates = searchSigns(bits, query, CANDIDATES * k, order).map(({ row }) => row);
    return searchRows(floats!, query, candidates, k, order);
  };
}

function bytesOfRow(): number {
  const bytes: Readonly<Record<string, number>> = {
    bits: width,
    floats: 4 * width,
    float16: 2 * width,
    int8: width + 4,
    signs: Math.ceil(width / 8),
    rescored: Math.ceil(width / 8),
  };
  return bytes[form]!;
}
