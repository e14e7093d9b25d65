import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { dotScores, searchDot, searchRows } from '../../src/index/exact.ts';
import { type Hnsw, type HnswSource, openHnsw } from '../../src/index/hnsw.ts';
import { buildHnsw, removeUnreferencedGraphs } from '../../src/index/hnsw-build.ts';
import { createIndexDirectory, hnswFiles } from '../../src/index/layout.ts';
import { mountSmallDisk, whyNoSmallDisk } from './small-disk.ts';
import { cleanUp, rejectionOf, sha256, temporaryIndex } from './temporary-index.ts';

afterEach(cleanUp);

const noDisk = whyNoSmallDisk();
const onSmallDisk = noDisk === undefined ? it : it.skip;
const DIMENSIONS = 16;

/** Seeded numbers in [0, 1): mulberry32. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Codes of unit length around a few centres, as trained encoders give them. */
function clusteredCodes(count: number, seed: number): Float32Array {
  const random = randomNumbers(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const centres = Array.from({ length: 40 }, () => Array.from({ length: DIMENSIONS }, normal));
  const codes = new Float32Array(count * DIMENSIONS);
  for (let row = 0; row < count; row++) {
    const centre = centres[Math.floor(random() * centres.length)]!;
    const code = centre.map((x) => x + 0.5 * normal());
    const length = Math.hypot(...code);
    codes.set(
      code.map((x) => x / length),
      row * DIMENSIONS,
    );
  }
  return codes;
}

function sourceOf(count: number, more: Partial<HnswSource> = {}): HnswSource {
  return { catalogId: 'c', fingerprint: sha256('e'), revision: 1, count, dimensions: DIMENSIONS, ...more };
}

async function readyHnsw(...args: Parameters<typeof openHnsw>): Promise<Hnsw> {
  const opened = await openHnsw(...args);
  if (opened.state !== 'ready') throw new Error(`${opened.state}: ${opened.reason}`);
  return opened.hnsw;
}

/** Mean share of the exact 10 nearest rows that the graph finds, over 100 rows asked for their neighbours. */
function recallAt10(hnsw: Hnsw, codes: Float32Array): number {
  const rows = codes.length / DIMENSIONS;
  const ranked = { ids: Int32Array.from({ length: rows }, (_, i) => i), ties: new Uint32Array(rows) };
  let found = 0;
  for (let q = 0; q < 100; q++) {
    const query = codes.slice(q * 17 * DIMENSIONS, (q * 17 + 1) * DIMENSIONS);
    const exact = new Set(searchDot(codes, query, 10, ranked).map(({ row }) => row));
    found += hnsw.search(query, 10).filter(({ row }) => exact.has(row)).length;
  }
  return found / 1_000;
}

describe('Opening a graph', () => {
  it('says that none was built', async () => {
    expect(await openHnsw(temporaryIndex(), sourceOf(5))).toMatchObject({ state: 'missing' });
  });

  it('says what differs when it was built from other codes', async () => {
    const layout = temporaryIndex();
    await buildHnsw(layout, sourceOf(50), clusteredCodes(50, 1));
    for (const change of [{ revision: 2 }, { count: 51 }, { dimensions: 8 }, { catalogId: 'another' }]) {
      const opened = await openHnsw(layout, sourceOf(50, change));
      expect(opened).toMatchObject({ state: 'stale', reason: expect.stringContaining(Object.keys(change)[0]!) });
    }
    expect(await openHnsw(layout, sourceOf(50, { fingerprint: sha256('other') }))).toMatchObject({ state: 'missing' });
    const { sidecar } = hnswFiles(layout, sha256('e'));
    writeFileSync(sidecar, readFileSync(sidecar, 'utf8').replace('"version":2', '"version":1'));
    expect(await openHnsw(layout, sourceOf(50))).toMatchObject({
      state: 'stale',
      reason: expect.stringContaining('version 1'),
    });
  });

  it.each<[string, 'missing' | 'damaged', (graph: string, sidecar: string) => void]>([
    ['a graph that is gone', 'missing', (graph) => rmSync(graph)],
    ['a graph that was cut off', 'damaged', (graph) => truncateSync(graph, 1_000)],
    ['an empty graph', 'damaged', (graph) => truncateSync(graph, 0)],
    ['a graph with one wrong byte', 'damaged', (graph) => flipByte(graph, 500)],
    ['a graph that claims other sizes', 'damaged', (graph) => flipByte(graph, 9)],
    ['a sidecar that is no JSON', 'damaged', (_, sidecar) => truncateSync(sidecar, 20)],
    ['a sidecar that says something else', 'damaged', (_, sidecar) => writeFileSync(sidecar, 'null')],
    [
      'a folder in the place of the graph',
      'damaged',
      (graph) => {
        rmSync(graph);
        createIndexDirectory(graph);
      },
    ],
  ])('says so of %s, and building it again repairs it', async (_, state, damage) => {
    const layout = temporaryIndex();
    const codes = clusteredCodes(50, 1);
    await buildHnsw(layout, sourceOf(50), codes);
    const { graph, sidecar } = hnswFiles(layout, sha256('e'));
    damage(graph, sidecar);
    const opened = await openHnsw(layout, sourceOf(50));
    expect(opened).toMatchObject({ state, reason: expect.any(String) });
    rmSync(graph, { recursive: true, force: true });
    await buildHnsw(layout, sourceOf(50), codes);
    expect((await readyHnsw(layout, sourceOf(50))).size).toBe(50);
  });
});

function flipByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = bytes[at]! ^ 0xff;
  writeFileSync(path, bytes);
}

describe('Building a graph', () => {
  it('refuses codes that are not as many as was said', async () => {
    await expect(buildHnsw(temporaryIndex(), sourceOf(3), new Float32Array(10))).rejects.toThrow(RangeError);
  });

  it('stops when it is asked to, and leaves the former graph and nothing else', async () => {
    const layout = temporaryIndex();
    await buildHnsw(layout, sourceOf(50), clusteredCodes(50, 1));
    const before = readdirSync(layout.hnsw);
    const stop = new AbortController();
    const building = buildHnsw(layout, sourceOf(20_000, { revision: 2 }), clusteredCodes(20_000, 1), {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    expect((await rejectionOf(building)).code).toBe('ABORTED');
    const never = buildHnsw(layout, sourceOf(50), clusteredCodes(50, 1), { signal: AbortSignal.abort() });
    expect((await rejectionOf(never)).code).toBe('ABORTED');
    expect(readdirSync(layout.hnsw)).toEqual(before);
    expect((await readyHnsw(layout, sourceOf(50))).size).toBe(50);
  });

  onSmallDisk(
    `on a full disk fails and leaves nothing behind${noDisk === undefined ? '' : ` (skipped: ${noDisk})`}`,
    async () => {
      const disk = mountSmallDisk(256);
      try {
        const layout = createIndexDirectory(join(disk.path, '.sandglass'));
        const codes = clusteredCodes(3_000, 1);
        expect((await rejectionOf(buildHnsw(layout, sourceOf(3_000), codes))).code).toBe('DISK_FULL');
        expect(readdirSync(layout.hnsw)).toEqual([]);
      } finally {
        disk.remove();
      }
    },
  );

  it('lets the process go on, and tells how far it is', async () => {
    const layout = temporaryIndex();
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    const progress: number[] = [];
    await buildHnsw(layout, sourceOf(3_000), clusteredCodes(3_000, 1), { onProgress: (done) => progress.push(done) });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
    expect(progress).toEqual([1_000, 2_000, 3_000, 3_000]);
  });

  it('gives the same file for the same codes', async () => {
    const [one, two] = [temporaryIndex(), temporaryIndex()];
    for (const layout of [one, two]) await buildHnsw(layout, sourceOf(500), clusteredCodes(500, 3));
    const files = [one, two].map((layout) => readFileSync(hnswFiles(layout, sha256('e')).graph));
    expect(files[0]!.equals(files[1]!)).toBe(true);
  });
});

describe('Searching a graph', () => {
  it('refuses a query of other dimensions', async () => {
    const layout = temporaryIndex();
    await buildHnsw(layout, sourceOf(5), clusteredCodes(5, 1));
    const hnsw = await readyHnsw(layout, sourceOf(5));
    expect(() => hnsw.search(new Float32Array(3), 1)).toThrow('a query of 16 dimensions but received 3');
  });

  it('of nothing finds nothing, and of few finds all', async () => {
    const layout = temporaryIndex();
    await buildHnsw(layout, sourceOf(0), new Float32Array(0));
    expect((await readyHnsw(layout, sourceOf(0))).search(new Float32Array(DIMENSIONS), 3)).toEqual([]);
    await buildHnsw(layout, sourceOf(5), clusteredCodes(5, 1));
    const hnsw = await readyHnsw(layout, sourceOf(5));
    expect(hnsw.search(clusteredCodes(5, 1).slice(0, DIMENSIONS), 10)).toHaveLength(5);
  });

  it('finds at least 98 of the 100 rows that exact search finds, after it was built and after it was opened again', async () => {
    const layout = temporaryIndex();
    const codes = clusteredCodes(4_000, 5);
    await buildHnsw(layout, sourceOf(4_000), codes);
    const hnsw = await readyHnsw(layout, sourceOf(4_000));
    const first = recallAt10(hnsw, codes);
    expect(first).toBeGreaterThanOrEqual(0.98);
    expect(recallAt10(await readyHnsw(layout, sourceOf(4_000)), codes)).toBe(first);
  });

  it('scores as exact search does, and its hits can be put in the order of exact search', async () => {
    const layout = temporaryIndex();
    const codes = clusteredCodes(1_000, 7);
    await buildHnsw(layout, sourceOf(1_000), codes);
    const hnsw = await readyHnsw(layout, sourceOf(1_000));
    const query = codes.slice(0, DIMENSIONS);
    const exact = dotScores(codes, query);
    const hits = hnsw.search(query, 200, { ef: 400 });
    for (const { row, score } of hits) expect(score).toBeCloseTo(exact[row]!, 5);
    const ranked = { ids: Int32Array.from({ length: 1_000 }, (_, i) => i), ties: new Uint32Array(1_000) };
    const rows = hits.map(({ row }) => row);
    expect(searchRows(codes, query, rows, 10, ranked)).toEqual(searchDot(codes, query, 10, ranked));
  });

  it('lets only accepted rows through', async () => {
    const layout = temporaryIndex();
    const codes = clusteredCodes(400, 7);
    await buildHnsw(layout, sourceOf(400), codes);
    const hits = (await readyHnsw(layout, sourceOf(400))).search(codes.slice(0, DIMENSIONS), 20, {
      ef: 200,
      accept: (row) => row % 2 === 1,
    });
    expect(hits).toHaveLength(20);
    expect(hits.every(({ row }) => row % 2 === 1)).toBe(true);
  });
});

describe('Graphs that nobody refers to', () => {
  it('are removed, with what a killed process left half written', async () => {
    const layout = temporaryIndex();
    await buildHnsw(layout, sourceOf(5), clusteredCodes(5, 1));
    await buildHnsw(layout, sourceOf(5, { fingerprint: sha256('old') }), clusteredCodes(5, 1));
    const half = `${sha256('e')}.hnsw.77-abcd.unfinished`;
    writeFileSync(join(layout.hnsw, half), '');
    const removed = await removeUnreferencedGraphs(layout, new Set([sha256('e')]));
    expect(removed.sort()).toEqual([`${sha256('old')}.hnsw`, `${sha256('old')}.json`, half].sort());
    expect((await readyHnsw(layout, sourceOf(5))).size).toBe(5);
    rmSync(layout.hnsw, { recursive: true });
    expect(await removeUnreferencedGraphs(layout, new Set())).toEqual([]);
  });
});
