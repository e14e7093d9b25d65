import { beforeAll, describe, expect, it } from '@jest/globals';
import { cascadeMethod } from '../../src/methods/cascade.ts';
import type { Method } from '../../src/methods/method.ts';
import type { PairedRep } from '../../src/methods/paired-methods.ts';
import { itKeepsTheContract, NOT_SYMMETRIC, ONLY_RANKS } from './conformance.ts';
import { ranking, text } from './features.ts';
import { type PairWorld, pairWorld } from './pair-world.ts';

let world: PairWorld;
let cascade: Method<PairedRep>;

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
      expect(score).toBeCloseTo((words[row]! + 0.1 * (codes[row] ?? 0)) / 1.1, 6);
    });
  });

  it('ranks by words alone what the encoder does not know, and by codes alone what no document says', async () => {
    const rare = await ask('a xylophone');
    expect(world.codes.isEmpty(rare.codes as Float32Array)).toBe(true);
    expect(cascade.search(rare, 1)[0]!.row).toBe(10);
    const { codes } = await ask('ship captain');
    const nowhere = { lexical: (await ask('unheard-of')).lexical, codes };
    expect(cascade.scores(nowhere)).toEqual(world.codes.scores(codes as Float32Array));
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
    const method = () =>
      cascadeMethod(
        scored((row) => 1 - row / count),
        scored((row) => (2 * row) / count - 1),
      );
    const query = { lexical: 0, codes: 0 };
    const together = (row: number) => (1 - row / count + 0.1 * ((2 * row) / count - 1)) / 1.1;

    it('ranks one in forty that is near by words and one in forty near by codes by both, the others behind by codes', () => {
      const best = method().search(query, count);
      expect(best.slice(0, 3).map(({ row }) => row)).toEqual([0, 1, 2]);
      expect(best.slice(249, 252).map(({ row }) => row)).toEqual([249, 9750, 9751]);
      for (const { row, score } of best.slice(0, 500)) expect(score).toBeCloseTo(together(row), 6);
      expect(best.slice(500, 503).map(({ row }) => row)).toEqual([9749, 9748, 9747]);
      expect(best.slice(500).every(({ score }) => score <= -1 / 3 && score >= -1)).toBe(true);
    });

    it('chooses its candidates among what a filter lets through', () => {
      const found = method().search(query, 700, (row) => row >= 1000 && row < 1700);
      expect(found.slice(249, 251).map(({ row }) => row)).toEqual([1249, 1450]);
      expect(found[500]!.row).toBe(1449);
    });
  });
});
