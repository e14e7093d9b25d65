import { beforeAll, describe, expect, it } from '@jest/globals';
import { hybridMethod } from '../../src/methods/hybrid.ts';
import type { Method } from '../../src/methods/method.ts';
import type { PairedRep } from '../../src/methods/paired-methods.ts';
import { itKeepsTheContract, NOT_SYMMETRIC, ONLY_RANKS } from './conformance.ts';
import { ranking, text } from './features.ts';
import { type PairWorld, pairWorld } from './pair-world.ts';

let world: PairWorld;
let hybrid: Method<PairedRep>;

beforeAll(async () => {
  world = await pairWorld(['xylophone xylophone marimba', 'marimba']);
  hybrid = hybridMethod(world.words.tfidf, world.codes);
});

const ask = async (question: string) => (await hybrid.represent([text(question)]))[0]!;

itKeepsTheContract(
  'hybrid',
  async () => {
    const { words, codes, ...features } = await pairWorld();
    return { method: hybridMethod(words.tfidf, codes), ...features };
  },
  { ...NOT_SYMMETRIC, ...ONLY_RANKS },
);

describe('The fusion of two rankings', () => {
  it('is refused for methods of two kinds', () => {
    const pictures = { ...world.codes, kind: 'image' } as const;
    expect(() => hybridMethod(world.words.tfidf, pictures)).toThrow(TypeError);
  });

  it('gives 1 to what is first in both', async () => {
    const [query] = await hybrid.represent([world.rows[4]!]);
    const [best] = hybrid.search(query!, 1);
    expect(best).toEqual({ row: 4, score: 1 });
  });

  it('is the weighted sum of reciprocal ranks, where equal scores share a rank', async () => {
    const [query] = await hybrid.represent([world.queries[0]!]);
    const worth = (scores: Float32Array, row: number) =>
      scores[row]! <= 0 ? 0 : 2 / (2 + scores.filter((score) => score > scores[row]!).length);
    const [byWords, byCode] = [
      world.words.tfidf.scores(query!.lexical as never),
      world.codes.scores(query!.codes as never),
    ];
    for (const [row, score] of hybrid.scores(query!).entries()) {
      expect(score).toBeCloseTo(0.8 * worth(byWords, row) + 0.2 * worth(byCode, row), 6);
    }
  });

  it('ranks by words alone what the encoder does not know, and by codes alone what no document says', async () => {
    const rare = await ask('a xylophone');
    expect(world.codes.isEmpty(rare.codes as Float32Array)).toBe(true);
    expect(hybrid.isEmpty(rare)).toBe(false);
    const found = hybrid.search(rare, 3);
    expect(found[0]).toEqual({ row: 10, score: 1 });
    expect(found[1]!.score).toBe(0);

    const words = { ...(await ask('a xylophone')), codes: (await ask('ship captain'))!.codes };
    const nowhere = { ...words, lexical: (await ask('unheard-of')).lexical };
    const byCode = world.codes.search(nowhere.codes as Float32Array, 3);
    expect(hybrid.search(nowhere, 3).map(({ row }) => row)).toEqual(byCode.map(({ row }) => row));
  });

  it('gives nothing to what shares nothing with the question', async () => {
    const scores = hybrid.scores(await ask('marimba'));
    expect([...scores.entries()].filter(([, score]) => score > 0).map(([row]) => row)).toEqual([10, 11]);
  });

  it('ranks an item that has no code yet by its words', async () => {
    const { ids, ties } = world.codes.items;
    const fewer = {
      ...world.codes,
      items: { ids: ids.slice(1), ties: ties.slice(1) },
      scores: (code: Float32Array) => world.codes.scores(code).slice(1),
    };
    const method = hybridMethod(world.words.tfidf, fewer);
    const [query] = await method.represent([world.rows[0]!]);
    const scores = method.scores(query!);
    expect(scores).toHaveLength(12);
    expect(scores[0]).toBeCloseTo(0.8, 6);
    expect(scores[9]).toBeCloseTo(1, 6);
  });

  it('keeps the order behind the ranks that are counted', async () => {
    const count = 3_000;
    const items = ranking(count);
    const falling = (name: string): Method => ({
      ...world.words.bow,
      name,
      items,
      isEmpty: () => false,
      scores: () => Float32Array.from({ length: count }, (_, row) => 1 - row / count),
    });
    const scores = hybridMethod(falling('one'), falling('two')).scores({ lexical: 0, codes: 0 });
    for (let row = 1; row < count; row++) expect(scores[row]).toBeLessThan(scores[row - 1]!);
  });
});
