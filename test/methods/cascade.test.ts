import { beforeAll, describe, expect, it } from '@jest/globals';
import { type CascadeRep, cascadeMethod } from '../../src/methods/cascade.ts';
import type { Method } from '../../src/methods/method.ts';
import { itKeepsTheContract, NOT_SYMMETRIC, ONLY_RANKS } from './conformance.ts';
import { ranking, text } from './features.ts';
import { type PairWorld, pairWorld } from './pair-world.ts';

let world: PairWorld;
let cascade: Method<CascadeRep>;

beforeAll(async () => {
  world = await pairWorld(['xylophone xylophone marimba', 'marimba']);
  cascade = cascadeMethod(world.words.tfidf, world.codes);
});

const ask = async (question: string) => (await cascade.represent([text(question)]))[0]!;

itKeepsTheContract(
  'cascade',
  async () => {
    const { words, codes, ...features } = await pairWorld();
    return { method: cascadeMethod(words.tfidf, codes), ...features };
  },
  { ...NOT_SYMMETRIC, ...ONLY_RANKS },
);

describe('The cascade', () => {
  it('ranks a small collection, all of which passes the filter, by words and a little by codes', async () => {
    const [query] = await cascade.represent([world.queries[0]!]);
    const words = world.words.tfidf.scores(query!.lexical as never);
    const codes = world.codes.scores(query!.codes as Float32Array);
    const scores = cascade.scores(query!);
    scores.forEach((score, row) => {
      // the last two have no code
      expect(score).toBeCloseTo((words[row]! + 0.2 * (codes[row] ?? 0)) / 1.2, 6);
    });
  });

  it('ranks by words alone what the encoder does not know, and by codes alone what no document says', async () => {
    const rare = await ask('a xylophone');
    expect(world.codes.isEmpty(rare.codes as Float32Array)).toBe(true);
    expect(cascade.search(rare, 1)[0]!.row).toBe(10);
    const { codes } = await ask('ship captain');
    const nowhere = { lexical: (await ask('unheard-of')).lexical, codes, filter: codes };
    expect(cascade.scores(nowhere)).toEqual(world.codes.scores(codes as Float32Array));
  });

  it('ranks by words and codes what the filter alone knows nothing of', async () => {
    const query = await ask('ship captain');
    const unfiltered = { ...query, filter: (await ask('unheard-of')).filter };
    expect(cascade.scores(unfiltered)).toEqual(cascade.scores(query));
  });

  describe('of many items', () => {
    const count = 10_000;
    const items = ranking(count);
    /** Scores by row: those of the words fall while those of the codes rise. */
    const scored = (scores: (row: number) => number): Method => ({
      ...world.words.bow,
      items,
      isEmpty: () => false,
      scores: () => Float32Array.from({ length: count }, (_, row) => scores(row)),
    });
    const filter = () => scored((row) => (2 * row) / count - 1);
    const method = () => {
      const nothing = { ...scored(() => 0), isEmpty: () => true };
      return cascadeMethod(
        scored((row) => 1 - row / count),
        nothing,
        filter(),
      );
    };
    const query = { lexical: 0, codes: 0, filter: 0 };

    it('ranks one in twenty by words, and puts the others behind in the order of the filter', () => {
      const best = method().search(query, count);
      expect(best.slice(0, 3).map(({ row }) => row)).toEqual([9500, 9501, 9502]);
      expect(best[0]!.score).toBeCloseTo(0.05, 6);
      expect(best.slice(500, 503).map(({ row }) => row)).toEqual([9499, 9498, 9497]);
      expect(best.slice(500).every(({ score }) => score <= -1 / 3 && score >= -1)).toBe(true);
    });

    it('lets the codes decide among candidates of like words', () => {
      const even = scored(() => 0.5);
      const falling = scored((row) => 1 - row / count);
      const found = cascadeMethod(even, falling, filter()).search(query, 3);
      expect(found.map(({ row }) => row)).toEqual([9500, 9501, 9502]);
      expect(found[0]!.score).toBeCloseTo((0.5 + 0.2 * 0.05) / 1.2, 6);
    });

    it('chooses its candidates among what a filter lets through', () => {
      const found = method().search(query, 3, (row) => row < 700);
      expect(found.map(({ row }) => row)).toEqual([200, 201, 202]);
      expect(found[0]!.score).toBeCloseTo(0.98, 6);
    });
  });
});
