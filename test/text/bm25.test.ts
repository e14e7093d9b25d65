import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Bm25Index } from '../../src/text/bm25.ts';
import { countTerms } from '../../src/text/tokenize.ts';
import { Vocabulary } from '../../src/text/vocabulary.ts';
import { worldOf } from './world.ts';

interface Fixture {
  readonly documents: string[];
  readonly queries: string[];
  readonly scores: number[][];
}
const fixture: Fixture = JSON.parse(readFileSync(join(import.meta.dirname, 'bm25.json'), 'utf8'));

const asWritten = (text: string) => countTerms(text, { stem: false, stopWords: false });

function indexOf(documents: readonly string[]) {
  const world = worldOf(documents);
  return { ...world, bm25: new Bm25Index(world.vocabulary, world.postings) };
}

test('postings of another vocabulary are refused', () => {
  expect(() => new Bm25Index(new Vocabulary(['one']), worldOf(['two words']).postings)).toThrow(RangeError);
});

describe('bm25', () => {
  test('has the scores of an independent computation', () => {
    const { bm25 } = indexOf(fixture.documents);
    for (const [i, query] of fixture.queries.entries()) {
      const scores = bm25.scores(bm25.represent(asWritten(query)));
      scores.forEach((score, row) => {
        expect(score).toBeCloseTo(fixture.scores[i]![row]!, 5);
      });
    }
  });

  test('knows nothing of a question without known words, or of a document without words', () => {
    const { bm25 } = indexOf(['sand glass', '']);
    expect(Array.from(bm25.scores(bm25.represent(asWritten('unknown'))))).toEqual([0, 0]);
    expect(bm25.scores(bm25.represent(asWritten('sand')))[1]).toBe(0);
    const none = indexOf([]).bm25;
    expect(none.scores(none.represent(asWritten('sand')))).toHaveLength(0);
  });

  test('gives equal scores, to the last bit, to documents of the same words', () => {
    const { bm25 } = indexOf(fixture.documents);
    const scores = bm25.scores(bm25.represent(asWritten('time glass sand')));
    expect(scores[0]).toBe(scores[6]);
    expect(scores[0]).toBeGreaterThan(0);
  });

  test('writes into the room it is given, whatever was there', () => {
    const { bm25 } = indexOf(fixture.documents);
    const query = bm25.represent(asWritten('time'));
    const into = new Float32Array(fixture.documents.length).fill(7);
    expect(bm25.scores(query, into)).toBe(into);
    expect(into).toEqual(bm25.scores(query));
  });

  test('scores every document as it scores the pair, never below 0', () => {
    const document = fc
      .array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { maxLength: 12 })
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 8 }), document, (texts, asked) => {
        const { bm25, features } = indexOf(texts);
        const query = bm25.represent(asWritten(asked));
        const scores = bm25.scores(query);
        for (const [row, feature] of features.entries()) {
          expect(scores[row]).toBeCloseTo(bm25.similarity(query, bm25.represent(feature)), 5);
          expect(scores[row]).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
