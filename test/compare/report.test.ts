// The JSON of a comparison.
import { describe, expect, test } from '@jest/globals';
import { type CopyKind, runLabelFree } from '../../src/compare/label-free.ts';
import { runLabelled } from '../../src/compare/labelled.ts';
import { seededRandom } from '../../src/compare/random.ts';
import { comparisonRows, reportLabelFree, reportLabelled } from '../../src/compare/report.ts';
import { AnglePoints, NearPoints, type Point, pointFeature } from './points.ts';

const random = seededRandom('report', 1);
const POINTS = Array.from(
  { length: 150 },
  (): Point => [Math.floor(random() * 900) + 1, Math.floor(random() * 900) + 1],
);
const methods = [new AnglePoints(POINTS), new NearPoints(POINTS)];
const FIGURES = {
  precisionAt: { '1': expect.any(Number), '10': expect.any(Number), '100': expect.any(Number) },
  recallAt: { '1': expect.any(Number), '10': expect.any(Number), '100': expect.any(Number) },
  map: expect.any(Number),
  mrr: expect.any(Number),
};

describe('a labelled report', () => {
  const labels = new Map(POINTS.map(([x, y], row) => [100 + row, [x > y ? 'flat' : 'steep']]));
  const run = (rows: number) =>
    runLabelled({
      methods,
      labels,
      queries: POINTS.slice(0, rows).map((point, row) => ({
        id: 100 + row,
        labels: labels.get(100 + row)!,
        feature: () => Promise.resolve(pointFeature(point)),
      })),
      seed: 1,
    });

  test('survives a comparison without a query', async () => {
    const report = reportLabelled(await run(0));
    expect(report).toMatchObject({ queries: 0, headline: expect.stringMatching(/nothing to compare/) });
    expect(JSON.stringify(report)).not.toContain('null');
  });

  test('has the documented shape and figures that hang together', async () => {
    const report = reportLabelled(await run(60));
    expect(report).toMatchObject({ schema: 1, protocol: 'labelled', items: 150, queries: 60, seed: 1 });
    for (const method of report.methods) {
      expect(method).toMatchObject({ ...FIGURES, bytesPerItem: 8, msPerQuery: expect.any(Number) });
      const [low, high] = method.intervals.map;
      expect(low).toBeLessThanOrEqual(method.map);
      expect(high).toBeGreaterThanOrEqual(method.map);
      expect(method.curve.find(({ k }) => k === 10)?.precision).toBeCloseTo(method.precisionAt['10'], 12);
      expect(method.curve.at(-1)?.k).toBe(100);
    }
    expect(report.headline).toMatch(/^angle puts items of the same class first better than near/);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

describe('a label-free report', () => {
  const moved: CopyKind = {
    name: 'moved',
    family: 'shift',
    seen: true,
    copy: async ({ id }, draw) => {
      const [x, y] = POINTS[id - 100]!;
      return { feature: pointFeature([x + Math.floor(draw() * 9), y + Math.floor(draw() * 9)]) };
    },
  };
  const stretched: CopyKind = {
    name: 'stretched',
    seen: false,
    copy: async ({ id }) => ({ feature: pointFeature([POINTS[id - 100]![0] * 5, POINTS[id - 100]![1] * 5]) }),
  };
  const run = () =>
    runLabelFree({
      methods,
      items: POINTS.slice(0, 60).map((_, row) => ({ id: 100 + row, heldOut: row < 40 })),
      kinds: [moved, stretched],
      seed: 1,
    });

  test('reports each kind and each of the four groups apart', async () => {
    const report = reportLabelFree(await run(), { encoder: 'angle' });
    expect(report).toMatchObject({
      schema: 1,
      protocol: 'label-free',
      items: 150,
      queries: 120,
      verdict: { winner: 'angle' },
    });
    const [angle] = report.methods;
    expect(angle!.perKind).toMatchObject([
      { kind: 'moved', family: 'shift', seen: true, queries: 60, ...FIGURES },
      { kind: 'stretched', seen: false, queries: 60, ...FIGURES, mrr: 1 },
    ]);
    expect(
      angle!.groups?.map(({ heldOutItems, heldOutKinds, queries }) => [heldOutItems, heldOutKinds, queries]),
    ).toEqual([
      [true, true, 40],
      [true, false, 40],
      [false, true, 20],
      [false, false, 20],
    ]);
    expect(angle!.map).toBe(angle!.mrr);
    expect(angle!.precisionAt['10']).toBeCloseTo(angle!.recallAt['10'] / 10, 12);
    expect(report.headline).toBe(report.verdict!.sentence);
  });

  test('its verdict is that of held-out items and kinds alone', async () => {
    const report = reportLabelFree(await run(), { encoder: 'angle' });
    const group = report.methods[0]!.groups![0]!;
    expect(group).toMatchObject({ heldOutItems: true, heldOutKinds: true });
    expect(report.verdict!.encoderMrr).toBeCloseTo(group.mrr, 12);
  });

  test('its rows are ready to print, one a method under a head', async () => {
    const rows = comparisonRows(reportLabelFree(await run(), { encoder: 'angle' }));
    expect(rows[0]).toEqual(['method', 'found@1', 'found@10', 'found@100', 'MRR', '95 %', 'bytes/item', 'ms/query']);
    expect(rows.slice(1).map(([method]) => method)).toEqual(['angle', 'near']);
    for (const row of rows) expect(row).toHaveLength(8);
  });
});
