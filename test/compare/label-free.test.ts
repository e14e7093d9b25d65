// The label-free protocol on points: copies are moved, turned or halved, and the original is looked for.
import { describe, expect, test } from '@jest/globals';
import { type CopyKind, type KnownItem, runLabelFree } from '../../src/compare/label-free.ts';
import { seededRandom } from '../../src/compare/random.ts';
import { SandglassError } from '../../src/errors.ts';
import { AnglePoints, NearPoints, type Point, pointFeature, rankingOf } from './points.ts';

const random = seededRandom('points', 1);
const POINTS = Array.from(
  { length: 120 },
  (): Point => [Math.floor(random() * 900) + 1, Math.floor(random() * 900) + 1],
);
const ITEMS: KnownItem[] = POINTS.map((_, row) => ({ id: 100 + row, heldOut: row % 2 === 0 }));
const pointOf = ({ id }: KnownItem): Point => POINTS[id - 100]!;

const moved: CopyKind = {
  name: 'moved',
  seen: true,
  copy: async (item, draw) => {
    const [x, y] = pointOf(item);
    return { feature: pointFeature([x + Math.floor(draw() * 4), y + Math.floor(draw() * 4)]) };
  },
};
const stretched: CopyKind = {
  name: 'stretched',
  family: 'scale',
  seen: false,
  copy: async (item) => {
    const [x, y] = pointOf(item);
    return { feature: pointFeature([x * 7, y * 7]) };
  },
};
const run = (kinds: CopyKind[], items = ITEMS.slice(0, 20)) =>
  runLabelFree({ methods: [new AnglePoints(POINTS), new NearPoints(POINTS)], items, kinds, seed: 1 });

describe('what is refused', () => {
  test('fewer than a third of the kinds held out', async () => {
    const practised = [1, 2, 3].map((number) => ({ ...moved, name: `moved ${number}` }));
    await expect(run([...practised, stretched])).rejects.toThrow(/1 of 4/);
    await expect(run([])).rejects.toThrow(/0 of 0/);
  });

  test('two kinds of one name', async () => {
    await expect(run([stretched, stretched])).rejects.toThrow(/twice/);
  });

  test('an original that is not indexed', async () => {
    const stranger = { ...stretched, copy: async () => ({ feature: pointFeature([1, 1]) }) };
    await expect(run([stranger], [{ id: 7, heldOut: true }])).rejects.toThrow(/indexed item but received 7/);
  });

  test('a comparison that the caller stopped', async () => {
    const methods = [new AnglePoints(POINTS)];
    const stopped = runLabelFree({ methods, items: ITEMS, kinds: [stretched], seed: 1, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('runLabelFree', () => {
  test('each method finds what it is built to find', async () => {
    const outcome = await run([moved, stretched]);
    const ranks = (method: number, kind: string) =>
      outcome.queries.flatMap((query, place) =>
        query.kind === kind ? [outcome.methods[method]!.perQuery[place]!.firstRank] : [],
      );
    const [angle, near] = [0, 1];
    expect(ranks(angle, 'stretched').every((rank) => rank === 1)).toBe(true);
    expect(ranks(near, 'stretched').every((rank) => rank === 1)).toBe(false);
    expect(ranks(near, 'moved').filter((rank) => rank === 1).length).toBeGreaterThan(15);
  });

  test('says of every copy what it is, in the order of items and kinds', async () => {
    const outcome = await run([moved, stretched], ITEMS.slice(0, 2));
    expect(outcome.queries).toEqual([
      { id: 100, heldOut: true, kind: 'moved', seen: true, standIn: false },
      { id: 100, heldOut: true, kind: 'stretched', seen: false, standIn: false },
      { id: 101, heldOut: false, kind: 'moved', seen: true, standIn: false },
      { id: 101, heldOut: false, kind: 'stretched', seen: false, standIn: false },
    ]);
    expect(outcome.kinds).toEqual([
      { name: 'moved', seen: true },
      { name: 'stretched', family: 'scale', seen: false },
    ]);
    expect(outcome.methods.map(({ perQuery }) => perQuery.length)).toEqual([4, 4]);
  });

  test('is repeatable, and a copy does not change with the other items and kinds beside it', async () => {
    const together = await run([moved, stretched]);
    const again = await run([moved, stretched]);
    expect(again.methods.map(({ perQuery }) => perQuery)).toEqual(together.methods.map(({ perQuery }) => perQuery));
    const draws: number[] = [];
    const recorded: CopyKind = {
      ...moved,
      seen: false,
      copy: (item, draw) => {
        draws.push(draw());
        return moved.copy(item, draw);
      },
    };
    await run([recorded], ITEMS.slice(4, 5));
    await run([stretched, recorded], ITEMS.slice(2, 6));
    expect(draws[0]).toBe(draws[3]);
    expect(new Set(draws).size).toBe(4);
  });

  test('items with the content of the original count as the original', async () => {
    const points: Point[] = [
      [50, 10],
      [50, 10],
      [50, 10],
      [10, 50],
    ];
    const items = rankingOf(4, [9, 9, 9, 1]);
    const exact: CopyKind = { ...stretched, copy: async () => ({ feature: pointFeature([50, 10]) }) };
    const outcome = await runLabelFree({
      methods: [new AnglePoints(points, items)],
      items: [0, 1, 2].map((row) => ({ id: 100 + row, heldOut: true })),
      kinds: [exact],
      seed: 1,
    });
    expect(outcome.methods[0]!.perQuery.map(({ firstRank }) => firstRank)).toEqual([1, 1, 1]);
  });

  test('a stand-in takes the place of the original and of its exact copies', async () => {
    const points: Point[] = [
      [50, 0],
      [50, 0],
      [40, 30],
      [0, 50],
    ];
    const items = rankingOf(4, [9, 9, 1, 2]);
    const half = (standIn: Point): CopyKind => ({
      ...stretched,
      copy: async () => ({ feature: pointFeature([50, 0]), standIn: pointFeature(standIn) }),
    });
    const rank = async (standIn: Point) => {
      const methods = [new AnglePoints(points, items)];
      const outcome = await runLabelFree({
        methods,
        items: [{ id: 100, heldOut: true }],
        kinds: [half(standIn)],
        seed: 1,
      });
      return outcome.methods[0]!.perQuery[0]!.firstRank;
    };
    expect(await rank([9, 1])).toBe(1);
    expect(await rank([3, 4])).toBe(2);
    expect(await rank([1, 20])).toBe(2);
    expect(await rank([0, 20])).toBeGreaterThan(2);
  });

  test('counts copies that do not apply and copies that fail, and goes on', async () => {
    const shy: CopyKind = { ...stretched, name: 'shy', copy: async () => undefined };
    const gone: CopyKind = {
      ...stretched,
      name: 'gone',
      copy: () => Promise.reject(new SandglassError('FILE_VANISHED', 'The file is gone', { path: 'a.txt' })),
    };
    const outcome = await run([shy, gone, stretched], ITEMS.slice(0, 3));
    expect(outcome).toMatchObject({ inapplicable: 3, failed: 3, firstFailure: { code: 'FILE_VANISHED' } });
    expect(outcome.queries).toHaveLength(3);
  });

  test('does not hide an error of the program', async () => {
    const broken: CopyKind = { ...stretched, copy: () => Promise.reject(new TypeError('a mistake')) };
    await expect(run([broken])).rejects.toThrow(TypeError);
  });

  test('a copy without anything to compare is not found', async () => {
    const erased: CopyKind = { ...stretched, copy: async () => ({ feature: pointFeature([0, 0]) }) };
    const outcome = await run([erased], ITEMS.slice(0, 1));
    expect(outcome.methods[0]).toMatchObject({ unanswered: 1, perQuery: [{ reciprocalRank: 0 }] });
  });
});
