import { afterEach, describe, expect, it } from '@jest/globals';
import { type HnswSource, openHnsw } from '../../src/index/hnsw.ts';
import { buildHnsw } from '../../src/index/hnsw-build.ts';
import { cleanUp, sha256, temporaryIndex } from './temporary-index.ts';

afterEach(cleanUp);

const DIMENSIONS = 16;
let revision = 0;
const sourceOf = (count: number): HnswSource => ({
  catalogId: 'c',
  fingerprint: sha256('e'),
  revision: ++revision,
  count,
  dimensions: DIMENSIONS,
});

/** The code of a label in some version of it: of length 1, and like no other. */
function codeOf(label: number, version = 0): number[] {
  const code = Array.from({ length: DIMENSIONS }, (_, i) =>
    Math.sin((label + 1) * 12.9898 * (i + 1) + version * 78.233),
  );
  const length = Math.hypot(...code);
  return code.map((value) => value / length);
}

const codesOf = (labels: readonly number[], version: (label: number) => number = () => 0) =>
  Float32Array.from(labels.flatMap((label) => codeOf(label, version(label))));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

async function opened(layout: ReturnType<typeof temporaryIndex>, source: HnswSource) {
  const found = await openHnsw(layout, source);
  if (found.state !== 'ready') throw new Error(found.reason);
  return found;
}

describe('Building a graph where there is one', () => {
  it('adds, changes and takes out; nothing that is gone is found, and all the rest', async () => {
    const layout = temporaryIndex();
    const first = range(0, 1_000);
    expect(await buildHnsw(layout, sourceOf(1_000), codesOf(first), { labels: Uint32Array.from(first) })).toMatchObject(
      {
        way: 'anew',
        tombstones: 0,
      },
    );
    // 0 … 49 go, 50 … 99 change, 1,000 … 1,019 come
    const labels = range(50, 1_020);
    const version = (label: number) => Number(label < 100);
    const source = sourceOf(labels.length);
    const built = await buildHnsw(layout, source, codesOf(labels, version), { labels: Uint32Array.from(labels) });
    expect(built).toMatchObject({ way: 'changed', tombstones: 30 });
    const { hnsw, sidecar } = await opened(layout, source);
    expect(hnsw.size).toBe(970);
    expect(sidecar.recall).toBeGreaterThan(0.95);
    for (const label of [50, 99, 100, 999, 1_000, 1_019]) {
      const [best] = hnsw.search(Float32Array.from(codeOf(label, version(label))), 1);
      expect(best).toMatchObject({ row: label, score: expect.closeTo(1, 5) });
    }
    for (const label of range(0, 50)) {
      const found = hnsw.search(Float32Array.from(codeOf(label)), 20);
      expect(found).toHaveLength(20);
      expect(found.filter(({ row }) => row < 50)).toEqual([]);
    }
    // A label that was gone comes back, and new ones take the places that are left.
    const again = [3, ...labels, ...range(1_020, 1_050)];
    const last = sourceOf(again.length);
    const codes = codesOf(again, version);
    expect(await buildHnsw(layout, last, codes, { labels: Uint32Array.from(again) })).toMatchObject({ tombstones: 0 });
    const end = await opened(layout, last);
    expect(end.hnsw.size).toBe(1_001);
    for (const label of [3, 1_049])
      expect(end.hnsw.search(Float32Array.from(codeOf(label, version(label))), 1)[0]).toMatchObject({ row: label });
  });

  it.each([
    ['more than half are new', range(900, 2_000)],
    ['more than a tenth are gone', range(0, 800)],
  ])('builds it anew where %s', async (_, labels) => {
    const layout = temporaryIndex();
    const first = range(0, 1_000);
    await buildHnsw(layout, sourceOf(1_000), codesOf(first), { labels: Uint32Array.from(first) });
    const source = sourceOf(labels.length);
    const built = await buildHnsw(layout, source, codesOf(labels), { labels: Uint32Array.from(labels) });
    expect(built).toMatchObject({ way: 'anew', tombstones: 0 });
    expect((await opened(layout, source)).hnsw.size).toBe(labels.length);
  });
});
