// Who answers by default, and why.
import { describe, expect, test } from '@jest/globals';
import type { LabelFreeOutcome } from '../../src/compare/label-free.ts';
import { measureKnownItem } from '../../src/compare/metrics.ts';
import { chooseDefault } from '../../src/compare/verdict.ts';

/** Ranks by method for `items` held-out items under a held-out kind; other queries, where `ae` fails, must not matter. */
function outcomeOf(ranks: Record<string, (item: number) => number>, items = 40): LabelFreeOutcome {
  const ids = Array.from({ length: items }, (_, id) => id);
  const queries = ids.flatMap((id) => [
    { id, heldOut: true, kind: 'new', seen: false, standIn: false },
    { id, heldOut: true, kind: 'practised', seen: true, standIn: false },
    { id: id + 1000, heldOut: false, kind: 'new', seen: false, standIn: false },
  ]);
  return {
    protocol: 'label-free',
    items: 2000,
    seed: 1,
    kinds: [
      { name: 'new', seen: false },
      { name: 'practised', seen: true },
    ],
    queries,
    inapplicable: 0,
    failed: 0,
    methods: Object.entries(ranks).map(([method, rank]) => ({
      method,
      bytesPerItem: 8,
      msPerQuery: 1,
      unanswered: 0,
      perQuery: queries.map(({ id, heldOut, seen }) =>
        measureKnownItem(heldOut && !seen ? rank(id) : method === 'ae' ? 1000 : 1),
      ),
    })),
  };
}

describe('chooseDefault', () => {
  test('refuses a comparison without any method', () => {
    expect(() => chooseDefault(outcomeOf({}))).toThrow(RangeError);
  });

  test('takes the only method there is', () => {
    expect(chooseDefault(outcomeOf({ tfidf: () => 1 }))).toMatchObject({ winner: 'tfidf', reason: 'no-opponent' });
    expect(chooseDefault(outcomeOf({ ae: () => 1 }))).toMatchObject({ winner: 'ae', reason: 'no-opponent' });
  });

  test('says that there is nothing to decide without the encoder, or without a plain method', () => {
    expect(chooseDefault(outcomeOf({ bow: () => 2, tfidf: () => 1 }))).toMatchObject({
      winner: 'tfidf',
      reason: 'no-opponent',
      sentence: 'There is nothing to decide: ae was not among the methods that were compared.',
    });
    expect(chooseDefault(outcomeOf({ ae: () => 1, other: () => 2 }), { plain: ['tfidf'] }).sentence).toBe(
      'There is nothing to decide: no plain method was compared with ae.',
    );
  });

  test('keeps the plain method when too few items were held out, and says so', () => {
    const verdict = chooseDefault(outcomeOf({ ae: () => 1, tfidf: () => 9 }, 19));
    expect(verdict).toMatchObject({ winner: 'tfidf', loser: 'ae', reason: 'too-few', heldOutItems: 19 });
    expect(verdict.sentence).toBe(
      'tfidf answers by default: 19 items held out from training, fewer than the 20 it takes to show that ae is better.',
    );
  });

  test('takes the encoder when it beats the best plain method on held-out items under held-out kinds', () => {
    const verdict = chooseDefault(outcomeOf({ ae: (item) => 1 + (item % 2), bow: () => 50, tfidf: () => 4 }));
    expect(verdict).toMatchObject({
      winner: 'ae',
      loser: 'tfidf',
      reason: 'encoder-wins',
      heldOutItems: 40,
      queries: 40,
    });
    expect(verdict.encoderMrr).toBeCloseTo(0.75, 12);
    expect(verdict.plainMrr).toBeCloseTo(0.25, 12);
    expect(verdict.interval![0]).toBeGreaterThan(0);
    expect(verdict.sentence).toMatch(
      /^ae answers by default: it finds originals better than tfidf \(mean reciprocal rank 0\.750 against 0\.250/,
    );
  });

  test('keeps the plain method when the encoder loses', () => {
    const verdict = chooseDefault(outcomeOf({ ae: () => 3, phash: (item) => 1 + (item % 2) }));
    expect(verdict).toMatchObject({ winner: 'phash', loser: 'ae', reason: 'encoder-loses' });
    expect(verdict.sentence).toMatch(/difference −0\.417/);
  });

  test('keeps the plain method when the difference could be chance', () => {
    const verdict = chooseDefault(outcomeOf({ ae: (item) => 1 + (item % 3), tfidf: (item) => 1 + ((item + 1) % 3) }));
    expect(verdict).toMatchObject({ winner: 'tfidf', reason: 'tie' });
    expect(verdict.interval![0]).toBeLessThan(0);
    expect(verdict.interval![1]).toBeGreaterThan(0);
  });

  test('lets the caller say who is plain', () => {
    const outcome = outcomeOf({ ae: () => 2, lsa: () => 1, bow: () => 9 });
    expect(chooseDefault(outcome, { plain: ['bow'] })).toMatchObject({ winner: 'ae', loser: 'bow' });
    expect(chooseDefault(outcome)).toMatchObject({ winner: 'lsa', loser: 'ae' });
  });
});
