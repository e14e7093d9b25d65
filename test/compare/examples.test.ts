// Which queries a report shows, and what it shows of them.
import { describe, expect, test } from '@jest/globals';
import { labelFreeExamples, labelledExamples, pickQueries } from '../../src/compare/examples.ts';
import { runLabelFree } from '../../src/compare/label-free.ts';
import { runLabelled } from '../../src/compare/labelled.ts';
import { measureKnownItem } from '../../src/compare/metrics.ts';
import type { MethodOutcome } from '../../src/compare/outcome.ts';
import { AnglePoints, NearPoints, type Point, pointFeature, rankingOf } from './points.ts';

function outcomeOf(method: string, ranks: readonly number[]): MethodOutcome {
  return { method, bytesPerItem: 8, msPerQuery: 1, unanswered: 0, perQuery: ranks.map(measureKnownItem) };
}

/** An item, its exact copy, one that lies near, one that lies far in about the same direction. */
const POINTS: readonly Point[] = [
  [100, 10],
  [100, 10],
  [90, 30],
  [20, 3],
];
const describeItem = (id: number) => Promise.resolve({ path: `${id}.txt`, preview: {} });

describe('pickQueries', () => {
  const pick = (count: number, groupOf: (place: number) => string = String) =>
    pickQueries(
      [
        outcomeOf('ae', [1, 9, 1, 1, 4, 2]),
        outcomeOf('worst', [90, 90, 90, 90, 90, 90]),
        outcomeOf('bow', [9, 1, 2, 1, 4, 1]),
      ],
      [0, 1, 2, 3, 4, 5],
      { count, seed: 1, value: ({ reciprocalRank }) => reciprocalRank, groupOf },
    );

  test('takes a third where the first is furthest ahead of the best other, a third where it is behind, the rest by lot', () => {
    const picked = pick(6);
    expect(picked.map(({ place }) => place).slice(0, 4)).toEqual([0, 2, 1, 5]);
    expect(picked.map(({ why }) => why)).toEqual([
      'ae is furthest ahead of bow',
      'ae is furthest ahead of bow',
      'bow is furthest ahead of ae',
      'bow is furthest ahead of ae',
      'drawn at random',
      'drawn at random',
    ]);
  });

  test('shows no group twice while there are others', () => {
    expect(
      pick(3, (place) => (place < 2 ? 'same' : String(place)))
        .map(({ place }) => place)
        .slice(0, 2),
    ).toEqual([0, 5]);
  });

  test('never picks a query twice and gives all when there are few', () => {
    const places = pick(50, () => 'one').map(({ place }) => place);
    expect(places.sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('draws all by lot when there is one method', () => {
    const options = { count: 2, seed: 1, value: () => 0, groupOf: String };
    const picked = pickQueries([outcomeOf('ae', [1, 2, 3])], [0, 1, 2], options);
    expect(picked.map(({ why }) => why)).toEqual(['drawn at random', 'drawn at random']);
  });
});

describe('examples', () => {
  test('of a label-free comparison mark the original and its exact copies, and what one method alone shows', async () => {
    const items = rankingOf(4, [7, 7, 2, 3]);
    const options = {
      methods: [new AnglePoints(POINTS, items), new NearPoints(POINTS, items)],
      items: [{ id: 100, heldOut: true }],
      kinds: [{ name: 'stretched', seen: false, copy: async () => ({ feature: pointFeature([100, 12]) }) }],
      seed: 1,
    };
    const examples = await labelFreeExamples(options, await runLabelFree(options), { describe: describeItem, hits: 3 });
    expect(examples).toHaveLength(1);
    expect(examples[0]!.query).toEqual({
      path: '100.txt',
      note: 'corrupted copy: stretched (held out from training)',
      preview: {},
    });
    const [angle, near] = examples[0]!.columns;
    expect(angle).toMatchObject({ method: 'angle', rank: 1 });
    expect(angle!.hits.map(({ path, relevant, onlyHere }) => [path, relevant, onlyHere])).toEqual([
      ['100.txt', true, false],
      ['101.txt', true, false],
      ['103.txt', false, true],
    ]);
    expect(near!.hits.map(({ path, relevant, onlyHere }) => [path, relevant, onlyHere])).toEqual([
      ['100.txt', true, false],
      ['101.txt', true, false],
      ['102.txt', false, true],
    ]);
  });

  test('of a label-free comparison leave out copies that were judged against a stand-in', async () => {
    const half = { feature: pointFeature([10, 1]), standIn: pointFeature([9, 1]) };
    const options = {
      methods: [new AnglePoints(POINTS)],
      items: [{ id: 100, heldOut: true }],
      kinds: [{ name: 'half', seen: false, copy: async () => half }],
      seed: 1,
    };
    expect(await labelFreeExamples(options, await runLabelFree(options), { describe: describeItem })).toEqual([]);
  });

  test('of a labelled comparison leave the query out of its own hits and describe a query from elsewhere', async () => {
    const options = {
      methods: [new AnglePoints(POINTS, rankingOf(4, [1, 2, 4, 3]))],
      labels: new Map([
        [100, ['flat']],
        [102, ['flat']],
        [103, ['steep']],
      ]),
      queries: [
        { id: 100, labels: ['flat'], feature: async () => pointFeature(POINTS[0]!) },
        {
          labels: ['steep'],
          feature: async () => pointFeature([20, 3]),
          describe: async () => ({ path: 'elsewhere.txt', preview: { snippet: 'words' } }),
        },
      ],
      seed: 1,
    };
    const examples = await labelledExamples(options, await runLabelled(options), { describe: describeItem });
    const own = examples.find(({ query }) => query.path === '100.txt')!;
    expect(own.query.note).toBe('labels: flat');
    expect(own.columns[0]!.hits.map(({ path, relevant }) => [path, relevant])).toEqual([
      ['101.txt', false],
      ['103.txt', false],
      ['102.txt', true],
    ]);
    const other = examples.find(({ query }) => query.path === 'elsewhere.txt')!;
    expect(other.query.preview).toEqual({ snippet: 'words' });
    expect(other.columns[0]!.hits.find(({ path }) => path === '103.txt')).toMatchObject({ relevant: true });
  });
});
