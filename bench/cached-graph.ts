// A graph over drawn codes of 64 floats, made once as `sandglass index` makes it and kept for later runs.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allocateFloats } from '../dist/index/code-memory.js';
import type { HnswSource } from '../dist/index/hnsw.js';
import { buildHnsw } from '../dist/index/hnsw-build.js';
import { createIndexDirectory, hnswFiles, type IndexLayout, indexLayout } from '../dist/index/layout.js';
import { cached } from './data.ts';
import { drawnFloats, SCAN_FLOATS } from './drawn-codes.ts';
import { peakMegabytes } from './peak.ts';

const SEED = 7;
const MADE = 'made.json';

export interface CachedGraph {
  readonly layout: IndexLayout;
  readonly source: HnswSource;
  /** When it was made: perhaps in an earlier run. */
  readonly made: { readonly seconds: number; readonly peakMegabytes: number };
  /** Of the graph file. */
  readonly megabytes: number;
}

export async function cachedGraph(count: number): Promise<CachedGraph> {
  const source = { catalogId: 'c', fingerprint: 'a'.repeat(64), revision: 1, count, dimensions: SCAN_FLOATS };
  const directory = await cached(`graph-${count}`, async (folder) => {
    const codes = graphCodes(count);
    const began = performance.now();
    await buildHnsw(createIndexDirectory(join(folder, 'index')), source, codes);
    const made = { seconds: (performance.now() - began) / 1000, peakMegabytes: peakMegabytes() };
    writeFileSync(join(folder, MADE), JSON.stringify(made));
  });
  const layout = indexLayout(join(directory, 'index'));
  const made = JSON.parse(readFileSync(join(directory, MADE), 'utf8')) as CachedGraph['made'];
  const megabytes = statSync(hnswFiles(layout, source.fingerprint).graph).size / 2 ** 20;
  return { layout, source, made, megabytes };
}

/** What the graph of so many codes is made of, [count, 64]; the first ones are the same whatever the count. */
export function graphCodes(count: number): Float32Array {
  const codes = allocateFloats(count, SCAN_FLOATS);
  codes.set(drawnFloats(SEED, count));
  return codes;
}
