// A newly trained encoder has to show that it tells copies from strangers better, and ranks no worse.
import { describe, expect, test } from '@jest/globals';
import type { LabelFreeOutcome } from '../../src/compare/label-free.ts';
import { measureKnownItem } from '../../src/compare/metrics.ts';
import type { CopyScores } from '../../src/compare/outcome.ts';
import { compareForSuccession, foundAmongStrangers } from '../../src/compare/succession.ts';

const KINDS = ['crop', 'blur', 'paste', 'gamma', 'lens'];

type Answer = CopyScores & { readonly rank: number };

/** What two encoders answered about five copies of each item; every third kind is one that encoders have practised. */
function outcomeOf(
  answers: Readonly<Record<'new' | 'old', (item: number, kind: number) => Answer>>,
  items = 40,
): LabelFreeOutcome {
  const queries = Array.from({ length: items * KINDS.length }, (_, i) => {
    const [id, kind] = [Math.floor(i / KINDS.length), i % KINDS.length];
    return { id, heldOut: true, kind: KINDS[kind]!, seen: kind % 3 === 0, standIn: false };
  });
  return {
    protocol: 'label-free',
    items: 1000,
    seed: 7,
    kinds: KINDS.map((name, kind) => ({ name, seen: kind % 3 === 0 })),
    queries,
    methods: (['new', 'old'] as const).map((method) => {
      const given = queries.map(({ id, kind }) => answers[method](id, KINDS.indexOf(kind)));
      return {
        method,
        bytesPerItem: 512,
        msPerQuery: 1,
        unanswered: 0,
        perQuery: given.map(({ rank }) => measureKnownItem(rank)),
        scores: given.map(({ original, stranger }) => ({ original, stranger })),
      };
    }),
    inapplicable: 0,
    failed: 0,
  };
}

/** Strangers spread over 0 … 0.5, no two alike. */
const stranger = (item: number, kind: number) => ((item * 5 + kind) % 200) / 400;
const found = (item: number, kind: number): Answer => ({ original: 0.9, stranger: stranger(item, kind), rank: 1 });
const missed = (item: number, kind: number): Answer => ({ original: 0.2, stranger: stranger(item, kind), rank: 1 });

describe('copies among strangers', () => {
  const among = (original: number) => foundAmongStrangers([...strangers, { original, stranger: -1 }]) * 101;
  const strangers = Array.from({ length: 100 }, (_, i) => ({ original: Number.NEGATIVE_INFINITY, stranger: i / 100 }));

  test('count fully where no stranger is as near, and not where a twentieth is', () => {
    expect(among(1)).toBeCloseTo(1);
    expect(among(0.5)).toBe(0);
    expect(among(0.94)).toBe(0);
  });

  test('count in part between', () => {
    expect(among(0.98)).toBeCloseTo(1 - 2 / 101 / 0.05);
    expect(among(0.985)).toBeCloseTo(1 - 1 / 101 / 0.05);
  });

  test('count nothing where nothing could be compared', () => {
    expect(among(Number.NEGATIVE_INFINITY)).toBe(0);
  });
});

describe('a new encoder', () => {
  test('that was not compared is a mistake', () => {
    expect(() => compareForSuccession(outcomeOf({ new: found, old: found }), 'newest', 'old')).toThrow(RangeError);
  });

  test('is not judged by fewer than twenty held-out items', () => {
    expect(compareForSuccession(outcomeOf({ new: found, old: missed }, 19), 'new', 'old')).toEqual({
      reason: 'too-few',
      heldOutItems: 19,
      queries: 95,
    });
  });

  test('is better where it tells more copies from strangers, practised kinds among them', () => {
    const old = (item: number, kind: number) => (item % 4 === 0 ? missed(item, kind) : found(item, kind));
    const compared = compareForSuccession(outcomeOf({ new: found, old }), 'new', 'old');
    expect(compared).toMatchObject({ reason: 'better', heldOutItems: 40, queries: 200, found: { candidate: 1 } });
    if (compared.reason === 'too-few') throw new Error('Expected a judgement');
    expect(compared.found.present).toBeCloseTo(0.75);
    expect(compared.found.difference.low).toBeGreaterThan(0);
  });

  test('is not better where it is the same, nor where a few items tell for it and others against it', () => {
    expect(compareForSuccession(outcomeOf({ new: found, old: found }), 'new', 'old').reason).toBe('not-better');
    const sometimes = (remainder: number) => (item: number, kind: number) =>
      item % 10 === remainder ? missed(item, kind) : found(item, kind);
    const mixed = compareForSuccession(outcomeOf({ new: sometimes(0), old: sometimes(1) }), 'new', 'old');
    expect(mixed.reason).toBe('not-better');
  });

  test('is not better where what it tells better from strangers is ranked less well', () => {
    const old = (item: number, kind: number) => (item % 4 === 0 ? missed(item, kind) : found(item, kind));
    const worse = (item: number, kind: number) => ({ ...found(item, kind), rank: 2 });
    const compared = compareForSuccession(outcomeOf({ new: worse, old }), 'new', 'old');
    expect(compared).toMatchObject({ reason: 'not-better', reciprocalRank: { candidate: 0.5, present: 1 } });
  });
});
