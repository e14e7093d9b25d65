// The labelled protocol on points whose classes are known.
import { describe, expect, test } from '@jest/globals';
import { type LabelledQuery, runLabelled } from '../../src/compare/labelled.ts';
import { sample, seededRandom } from '../../src/compare/random.ts';
import { AnglePoints, NearPoints, type Point, pointFeature, rankingOf } from './points.ts';

/** Three along the x axis (class `flat`), two along the y axis (class `steep`), one without a class. */
const POINTS: readonly Point[] = [
  [10, 1],
  [40, 3],
  [25, 0],
  [1, 10],
  [3, 40],
  [5, 5],
];
const CLASSES = ['flat', 'flat', 'flat', 'steep', 'steep'];
const labels = new Map(CLASSES.map((label, row) => [100 + row, [label]]));

function leaveOneOut(rows: readonly number[], points = POINTS): LabelledQuery[] {
  return rows.map((row) => ({
    id: 100 + row,
    labels: labels.get(100 + row) ?? [],
    feature: () => Promise.resolve(pointFeature(points[row]!)),
  }));
}

describe('what cannot be compared', () => {
  test('no method at all', async () => {
    await expect(runLabelled({ methods: [], queries: [], labels, seed: 1 })).rejects.toThrow(RangeError);
  });

  test('an index without items', async () => {
    const methods = [new AnglePoints([])];
    await expect(runLabelled({ methods, queries: [], labels, seed: 1 })).rejects.toMatchObject({
      code: 'NOTHING_INDEXED',
    });
  });

  test('one method twice, or methods over different items', async () => {
    const angle = new AnglePoints(POINTS);
    const fewer = new NearPoints(POINTS.slice(1));
    await expect(runLabelled({ methods: [angle, angle], queries: [], labels, seed: 1 })).rejects.toThrow(/twice/);
    await expect(runLabelled({ methods: [angle, fewer], queries: [], labels, seed: 1 })).rejects.toThrow(/same items/);
  });

  test('a comparison that the caller stopped', async () => {
    const run = runLabelled({
      methods: [new AnglePoints(POINTS)],
      queries: leaveOneOut([0]),
      labels,
      seed: 1,
      signal: AbortSignal.abort(),
    });
    await expect(run).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('runLabelled', () => {
  test('leaves the query itself out of its ranking and counts the rest of its class as relevant', async () => {
    const outcome = await runLabelled({
      methods: [new AnglePoints(POINTS)],
      queries: leaveOneOut([0, 3]),
      labels,
      seed: 1,
    });
    const [flat, steep] = outcome.methods[0]!.perQuery;
    expect(flat).toMatchObject({ relevant: 2, averagePrecision: 1, firstRank: 1 });
    expect(steep).toMatchObject({ relevant: 1, averagePrecision: 1, firstRank: 1 });
    expect(outcome).toMatchObject({ items: 6, queries: [0, 1], withoutRelevant: 0, unreadable: 0, withCopies: 0 });
  });

  test('ranks queries from outside against all items, sharing one label of several being enough', async () => {
    const queries: LabelledQuery[] = [
      { labels: ['steep', 'flat'], feature: () => Promise.resolve(pointFeature([5, 5])) },
    ];
    const outcome = await runLabelled({ methods: [new AnglePoints(POINTS)], queries, labels, seed: 1 });
    // The item without a class points exactly there and comes first; all others are relevant.
    expect(outcome.methods[0]!.perQuery[0]).toMatchObject({ relevant: 5, firstRank: 2 });
  });

  test('counts queries that share no label, and queries that cannot be read, apart', async () => {
    const queries: LabelledQuery[] = [
      { labels: ['unheard of'], feature: () => Promise.reject(new Error('must not be asked')) },
      ...leaveOneOut([5]),
      { labels: ['flat'], feature: () => Promise.resolve(undefined) },
      ...leaveOneOut([1]),
    ];
    const outcome = await runLabelled({ methods: [new AnglePoints(POINTS)], queries, labels, seed: 1 });
    expect(outcome).toMatchObject({ withoutRelevant: 2, unreadable: 1, queries: [3] });
    expect(outcome.methods[0]!.perQuery).toHaveLength(1);
  });

  test('gives zero, and says so, where a method has nothing to compare', async () => {
    const queries: LabelledQuery[] = [{ labels: ['flat'], feature: () => Promise.resolve(pointFeature([0, 0])) }];
    const outcome = await runLabelled({ methods: [new AnglePoints(POINTS)], queries, labels, seed: 1 });
    expect(outcome.methods[0]).toMatchObject({ unanswered: 1, perQuery: [{ relevant: 3, averagePrecision: 0 }] });
  });

  test('keeps exact copies of the query in the ranking and says how many queries have one', async () => {
    const points: Point[] = [...POINTS, POINTS[0]!];
    const items = rankingOf(points.length, [1, 2, 3, 4, 5, 6, 1]);
    const methods = [new AnglePoints(points, items)];
    const outcome = await runLabelled({ methods, queries: leaveOneOut([0, 1], points), labels, seed: 1 });
    expect(outcome.withCopies).toBe(1);
    expect(outcome.methods[0]!.perQuery[0]!.firstRank).toBe(2);
  });

  test('judges every method on the same queries and measures its bytes and its time', async () => {
    const methods = [new AnglePoints(POINTS), new NearPoints(POINTS)];
    const progress: number[] = [];
    const outcome = await runLabelled({
      methods,
      queries: leaveOneOut([0, 1, 2, 3, 4]),
      labels,
      seed: 1,
      onProgress: ({ done, total }) => progress.push(done / total),
    });
    expect(outcome.methods.map(({ method }) => method)).toEqual(['angle', 'near']);
    expect(outcome.methods.map(({ perQuery }) => perQuery.length)).toEqual([5, 5]);
    expect(outcome.methods[0]!.bytesPerItem).toBe(8);
    expect(outcome.methods[0]!.msPerQuery).toBeGreaterThan(0);
    expect(progress.at(-1)).toBe(1);
  });

  test('does not depend on the order of the items', async () => {
    const random = seededRandom('order', 3);
    const points = Array.from({ length: 200 }, (): Point => [Math.floor(random() * 9), Math.floor(random() * 9) + 1]);
    const ties = points.map(() => Math.floor(random() * 4294967296));
    const classes = points.map(([x, y]) => [x > y ? 'flat' : 'steep']);
    const run = (rows: readonly number[]) => {
      const items = { ids: Int32Array.from(rows), ties: Uint32Array.from(rows, (row) => ties[row]!) };
      return runLabelled({
        methods: [
          new AnglePoints(
            rows.map((row) => points[row]!),
            items,
          ),
        ],
        queries: points.map((point, row) => ({
          id: row,
          labels: classes[row]!,
          feature: () => Promise.resolve(pointFeature(point)),
        })),
        labels: new Map(classes.map((label, row) => [row, label])),
        seed: 1,
      });
    };
    const rows = points.map((_, row) => row);
    const inOrder = await run(rows);
    const shuffled = await run(sample(rows, rows.length, random));
    expect(shuffled.methods[0]!.perQuery).toEqual(inOrder.methods[0]!.perQuery);
  });
});
