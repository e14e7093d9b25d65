// What every Method promises (src/methods/method.ts), checked with real features.
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Feature } from '../../src/features/feature.ts';
import { ofThumbnail } from '../../src/image/image-feature.ts';
import type { Method } from '../../src/methods/method.ts';

export interface MethodUnderTest {
  readonly method: Method;
  /** The features of the rows, in their order; two of equal content among them have equal scores. */
  readonly rows: readonly Feature[];
  /** Features that are no rows. */
  readonly queries: readonly Feature[];
  /** One with nothing to compare. */
  readonly empty: Feature;
}

/** Tests that do not apply to a method that says so of itself; a method that does not say so is held to them. */
export const NOT_SYMMETRIC = {
  'is symmetric': 'a question and an item are compared in different ways',
} as const;
export const NOT_BOUNDED = {
  'gives what is compared with itself 1': 'scores have no upper end',
  'finds each item by itself first, or another that is scored as high': 'another may hold its words more often',
  'is never above 1': 'scores have no upper end',
  'has a distance that is 0 for the same': 'scores have no upper end',
} as const;
export const ONLY_RANKS = {
  'gives what is compared with itself 1': 'two things cannot be compared by themselves',
  'is symmetric': 'two things cannot be compared by themselves',
  'is never above 1': 'two things cannot be compared by themselves',
  'scores every row as it scores the pair': 'two things cannot be compared by themselves',
} as const;

/**
 * Registers the tests that every method passes.
 *
 * @param notApplicable tests that do not apply, by title, with the reason; a title that no test has is refused
 */
export function itKeepsTheContract(
  name: string,
  make: () => Promise<MethodUnderTest> | MethodUnderTest,
  notApplicable: Readonly<Record<string, string>> = {},
): void {
  const unused = new Set(Object.keys(notApplicable));
  const test = (title: string, body: () => Promise<void>) => {
    const reason = notApplicable[title];
    unused.delete(title);
    if (reason === undefined) it(title, body);
    else it.skip(`${title} (not here: ${reason})`, body);
  };

  describe(`The contract of ${name}`, () => {
    let under: MethodUnderTest;
    let rows: unknown[];
    let queries: unknown[];
    let empty: unknown;

    beforeAll(async () => {
      under = await make();
      rows = await under.method.represent(under.rows);
      queries = await under.method.represent(under.queries);
      [empty] = await under.method.represent([under.empty]);
    });

    test('names itself, its kind and its items', async () => {
      const { method } = under;
      expect(method.name).toBe(name);
      expect(method.kind).toBe(under.rows[0]!.kind);
      expect(method.bytesPerItem).toBeGreaterThanOrEqual(0);
      expect(method.items.ids).toHaveLength(method.items.ties.length);
    });

    test('represents a feature alike, alone and among others', async () => {
      const { method } = under;
      const [alone] = await method.represent([under.rows[1]!]);
      const [a, b] = [method.scores(alone), method.scores(rows[1])];
      for (const [row, score] of a.entries()) expect(score).toBeCloseTo(b[row]!, 5);
      expect(await method.represent([])).toEqual([]);
    });

    test('refuses features of the other kind', async () => {
      const other =
        under.method.kind === 'text'
          ? ofThumbnail(new Uint8Array())
          : { kind: 'text', terms: ['word'], counts: Uint16Array.of(1) };
      await expect((async () => under.method.represent([other as Feature]))()).rejects.toThrow(TypeError);
    });

    test('says what it lacks: what it lacks is tested nowhere else', async () => {
      const { method } = under;
      expect('is symmetric' in notApplicable).toBe(method.symmetric === false || method.similarity === undefined);
      expect('is never above 1' in notApplicable).toBe(method.bounded === false || method.similarity === undefined);
      expect('scores every row as it scores the pair' in notApplicable).toBe(method.similarity === undefined);
      expect(method.similarity !== undefined || method.scoresWithStandIn !== undefined).toBe(true);
    });

    test('gives what is compared with itself 1', async () => {
      for (const rep of [...rows, ...queries]) {
        expect(under.method.isEmpty(rep)).toBe(false);
        expect(under.method.similarity!(rep, rep)).toBeCloseTo(1, 5);
      }
    });

    test('finds each item by itself first, or another that is scored as high', async () => {
      const { method } = under;
      for (const [row, rep] of rows.entries()) {
        expect(method.isEmpty(rep)).toBe(false);
        const scores = method.scores(rep);
        expect(scores[row]).toBeCloseTo(Math.max(...scores), 5);
      }
    });

    test('gives what has nothing to compare 0, even with itself', async () => {
      const { method } = under;
      expect(method.isEmpty(empty)).toBe(true);
      for (const rep of [empty, ...rows]) {
        expect(method.similarity?.(empty, rep) ?? 0).toBe(0);
        expect(method.similarity?.(rep, empty) ?? 0).toBe(0);
      }
      expect(Array.from(method.scores(empty)).every((score) => score === 0)).toBe(true);
    });

    test('is symmetric', async () => {
      for (const a of [...rows, ...queries])
        for (const b of queries) expect(under.method.similarity!(b, a)).toBeCloseTo(under.method.similarity!(a, b), 6);
    });

    test('is never above 1', async () => {
      for (const a of [...rows, ...queries])
        for (const b of queries) {
          const score = under.method.similarity!(a, b);
          expect(score).toBeLessThanOrEqual(1);
          expect(score).toBeGreaterThanOrEqual(-1.000_001);
        }
    });

    test('has a distance that is 0 for the same', async () => {
      expect(under.method.distance(1)).toBeCloseTo(0, 6);
    });

    test('has a distance that grows as the score falls', async () => {
      const { method } = under;
      const scores = Array.from(method.scores(queries[0])).sort((a, b) => b - a);
      const distances = scores.map((score) => method.distance(score));
      expect([...distances].sort((a, b) => a - b)).toEqual(distances);
      expect(distances.every((distance) => distance >= -1e-6)).toBe(true);
    });

    test('scores a stand-in as it would score the item in whose place it stands', async () => {
      const { method } = under;
      if (method.scoresWithStandIn === undefined) return;
      for (const query of queries) {
        const scores = method.scores(query);
        const same = method.scoresWithStandIn(query, 1, rows[1]);
        for (const [row, score] of scores.entries()) expect(same[row]).toBeCloseTo(score, 5);
        expect(method.scoresWithStandIn(query, 1, query)[1]).toBeGreaterThanOrEqual(scores[1]!);
      }
    });

    test('scores every row as it scores the pair', async () => {
      const { method } = under;
      for (const query of queries) {
        const scores = method.scores(query);
        expect(scores).toHaveLength(method.items.ids.length);
        for (const [i, row] of rows.entries()) expect(scores[i]).toBeCloseTo(method.similarity!(query, row), 5);
      }
    });

    test('finds the best of all scores, best first, ties by content and then by id', async () => {
      const { method } = under;
      const { ids, ties } = method.items;
      for (const query of [...queries, rows[0]]) {
        const scores = method.scores(query);
        const order = Array.from(ids.keys()).sort(
          (a, b) => scores[b]! - scores[a]! || ties[a]! - ties[b]! || ids[a]! - ids[b]!,
        );
        for (const k of [1, 3, ids.length, ids.length + 5]) {
          const found = method.search(query, k);
          expect(found.map(({ row }) => row)).toEqual(order.slice(0, k));
          for (const { row, score } of found) expect(score).toBeCloseTo(scores[row]!, 6);
        }
      }
    });

    test('finds only what is accepted, and as many as are asked for', async () => {
      const { method } = under;
      const isEven = (row: number) => row % 2 === 0;
      const found = method.search(queries[0], 2, isEven);
      expect(found).toHaveLength(2);
      expect(found.every(({ row }) => isEven(row))).toBe(true);
      const best = method.search(queries[0], method.items.ids.length).filter(({ row }) => isEven(row));
      expect(found).toEqual(best.slice(0, 2));
      expect(method.search(queries[0], 5, () => false)).toEqual([]);
    });

    it('leaves out only tests that there are', () => {
      expect([...unused]).toEqual([]);
    });
  });
}
