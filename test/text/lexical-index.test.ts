import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LexicalIndex } from '../../src/text/lexical-index.ts';
import { countTerms } from '../../src/text/tokenize.ts';
import { Vocabulary } from '../../src/text/vocabulary.ts';
import { worldOf } from './world.ts';

const AS_WRITTEN = { stem: false, stopWords: false };
const NAMES = ['bow', 'tfidf'] as const;

interface Fixture {
  readonly documents: string[];
  readonly words: string[];
  readonly tfidf: number[][];
  readonly cosines: number[][];
}
const fixture: Fixture = JSON.parse(readFileSync(join(import.meta.dirname, 'tfidf.json'), 'utf8'));

test('postings of another vocabulary are refused', () => {
  expect(() => new LexicalIndex('bow', new Vocabulary(['one']), worldOf(['two words']).postings)).toThrow(RangeError);
});

describe('tfidf', () => {
  test('has the vectors and cosines of scikit-learn', () => {
    const world = worldOf(fixture.documents);
    const index = world.index('tfidf');
    for (const [row, feature] of world.features.entries()) {
      const { indices, values } = index.represent(feature);
      const vector = fixture.words.map((word) => values[indices.indexOf(world.vocabulary.indexOf(word))] ?? 0);
      vector.forEach((value, i) => {
        expect(value).toBeCloseTo(fixture.tfidf[row]![i]!, 6);
      });
      index.scores({ indices, values }).forEach((score, other) => {
        expect(score).toBeCloseTo(fixture.cosines[row]![other]!, 6);
      });
    }
  });

  test('weighs a repeated word less than bow does, a rare one more', () => {
    const world = worldOf(['common common common rare', 'common', 'common x', 'rare y']);
    const query = countTerms('common rare', AS_WRITTEN);
    const [bow, tfidf] = NAMES.map((name) => world.index(name).represent(query).values);
    expect(Array.from(bow!)).toEqual([Math.fround(Math.SQRT1_2), Math.fround(Math.SQRT1_2)]);
    expect(tfidf![world.vocabulary.indexOf('rare')]).toBeGreaterThan(tfidf![world.vocabulary.indexOf('common')]!);
  });
});

describe.each(NAMES)('%s', (name) => {
  test('knows nothing of a query without known words, or of a document without words', () => {
    const index = worldOf(['sand glass', '']).index(name);
    const nothing = index.represent(countTerms('unknown'));
    const sand = index.represent(countTerms('sand'));
    expect(nothing.indices).toHaveLength(0);
    expect(index.similarity(nothing, nothing)).toBe(0);
    expect(Array.from(index.scores(nothing))).toEqual([0, 0]);
    expect(index.scores(sand)[1]).toBe(0);
  });

  test('of no documents at all has no scores', () => {
    const index = worldOf([]).index(name);
    expect(index.scores(index.represent(countTerms('sand')))).toHaveLength(0);
  });

  test('scores are the similarities, symmetric, at most 1, and 1 for the same', () => {
    const document = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { maxLength: 12 });
    const documents = fc.array(
      document.map((words) => words.join(' ')),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(documents, (texts) => {
        const world = worldOf(texts);
        const index = world.index(name);
        const vectors = world.features.map((feature) => index.represent(feature));
        for (const a of vectors) {
          const scores = index.scores(a);
          for (const [row, b] of vectors.entries()) {
            const similarity = index.similarity(a, b);
            expect(scores[row]).toBeCloseTo(similarity, 5);
            expect(index.similarity(b, a)).toBeCloseTo(similarity, 12);
            expect(Math.max(similarity, scores[row]!)).toBeLessThanOrEqual(1);
            if (a === b) expect(similarity).toBeCloseTo(a.indices.length === 0 ? 0 : 1, 6);
          }
        }
      }),
    );
  });
});
