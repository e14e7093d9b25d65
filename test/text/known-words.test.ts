import { expect, test } from '@jest/globals';
import { RegisteredWords, type WordRegister } from '../../src/text/known-words.ts';
import { countTerms } from '../../src/text/tokenize.ts';
import { Vocabulary } from '../../src/text/vocabulary.ts';

const WORDS = ['alpha', 'beta', 'gamma', 'later'];

function registerOf(words: readonly string[]): WordRegister {
  return {
    ids: (asked) =>
      new Map([...asked].filter((word) => words.includes(word)).map((word) => [word, words.indexOf(word)])),
    words: (ids) => ids.map((id) => words[id]!),
  };
}

const document = countTerms('gamma alpha gamma unknown later', { stem: false, stopWords: false });

test('words that were registered after the documents were counted are not known', () => {
  const known = new RegisteredWords(registerOf(WORDS), Uint32Array.of(1, 1, 1), 2);
  expect(known.toCounts(document)).toEqual({ indices: Uint32Array.of(0, 2), counts: Uint16Array.of(1, 2) });
});

test('registered words count as a vocabulary of the same words does', () => {
  const frequencies = Uint32Array.of(3, 1, 2, 1);
  const known = new RegisteredWords(registerOf(WORDS), frequencies, 3);
  const vocabulary = new Vocabulary(WORDS, { documentFrequencies: frequencies, documents: 3 });
  expect(known.size).toBe(vocabulary.size);
  expect(known.toCounts(document)).toEqual(vocabulary.toCounts(document));
  expect(known.wordAt(2)).toBe(vocabulary.wordAt(2));
});
