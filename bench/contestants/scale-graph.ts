// A graph of bench/cached-graph.ts: opened and asked. Usage: scale-graph.ts <codes> <warm questions>
import { openHnsw } from '../../dist/index/hnsw.js';
import { cachedGraph } from '../cached-graph.ts';
import { drawnFloats, SCAN_FLOATS } from '../drawn-codes.ts';
import { peakMegabytes } from '../peak.ts';

const [count, warm] = process.argv.slice(2).map(Number) as [number, number];
const { layout, source, megabytes } = await cachedGraph(count);
const asked = drawnFloats(7, warm + 1);
const began = performance.now();
const opened = await openHnsw(layout, source);
if (opened.state !== 'ready') throw new Error(opened.reason);
const milliseconds: number[] = [];
let seconds = 0;
for (let start = 0; start < asked.length; start += SCAN_FLOATS) {
  const before = performance.now();
  opened.hnsw.search(asked.slice(start, start + SCAN_FLOATS), 10);
  if (start === 0) seconds = (performance.now() - began) / 1000;
  else milliseconds.push(performance.now() - before);
}
console.log(JSON.stringify({ seconds, milliseconds, peakMegabytes: peakMegabytes(), megabytes }));
