// The worked example of the bag-of-words model (docs/bag-of-words.md), to the last digit.
import { expect, test } from '@jest/globals';
import { LexicalIndex } from '../../src/text/lexical-index.ts';
import { postingsOf } from '../../src/text/postings.ts';
import { countMatrix } from '../../src/text/term-counts.ts';
import { countTerms, tokenize } from '../../src/text/tokenize.ts';
import { Vocabulary } from '../../src/text/vocabulary.ts';

const ARTICLES = ['John likes to watch movies. Mary likes too.', 'John also likes to watch football games.'];
const DICTIONARY = ['john', 'likes', 'to', 'watch', 'movies', 'also', 'football', 'games', 'mary', 'too'];
const AS_WRITTEN = { stem: false, stopWords: false };

const vocabulary = new Vocabulary(DICTIONARY);
const features = ARTICLES.map((article) => countTerms(article, AS_WRITTEN));

test('the dictionary is the words of both articles', () => {
  const words = ARTICLES.flatMap((article) => tokenize(article, AS_WRITTEN));
  expect([...new Set(words)].sort()).toEqual([...DICTIONARY].sort());
});

test('each article is the vector of its word counts', () => {
  const dense = features.map((feature) => {
    const { indices, counts } = vocabulary.toCounts(feature);
    return DICTIONARY.map((_, word) => counts[indices.indexOf(word)] ?? 0);
  });
  expect(dense).toEqual([
    [1, 2, 1, 1, 1, 0, 0, 0, 1, 1],
    [1, 1, 1, 1, 0, 1, 1, 1, 0, 0],
  ]);
});

test('the cosine of the two articles is 5/√70', () => {
  const matrix = countMatrix(
    features.map((feature) => vocabulary.toCounts(feature)),
    vocabulary.size,
  );
  const index = new LexicalIndex('bow', vocabulary, postingsOf(matrix));
  const [first, second] = features.map((feature) => index.represent(feature));
  expect(index.similarity(first!, second!)).toBeCloseTo(5 / Math.sqrt(70), 6);
  expect(index.scores(first!)[1]).toBeCloseTo(0.5976, 4);
});
