import { describe, expect, test } from '@jest/globals';
import { firstWholeWords, sharedWords, surfaceForms } from '../../src/text/explain.ts';
import { worldOf } from './world.ts';

describe('sharedWords', () => {
  const world = worldOf(['sand glass glass time', 'glass time window', 'other', 'time', 'time x']);
  const [first, second, other] = world.features;

  test('of documents that share none are none', () => {
    expect(sharedWords(first!, other!, world.vocabulary, world.index('tfidf').weighting)).toEqual([]);
  });

  test('come with their counts, the weightiest first, and their weights sum to the cosine', () => {
    for (const name of ['bow', 'tfidf'] as const) {
      const index = world.index(name);
      const shared = sharedWords(first!, second!, world.vocabulary, index.weighting);
      expect(shared.map(({ term, counts }) => [term, counts])).toEqual([
        ['glass', [2, 1]],
        ['time', [1, 1]],
      ]);
      const sum = shared.reduce((total, { weight }) => total + weight, 0);
      expect(sum).toBeCloseTo(index.similarity(index.represent(first!), index.represent(second!)), 6);
    }
  });
});

describe('firstWholeWords', () => {
  test('leaves out characters and pairs of syllables that a named word holds, and keeps others', () => {
    expect(firstWholeWords(['房', '房间', '住', '酒店', '酒', 'hotel'], 4)).toEqual(['房间', '住', '酒店', 'hotel']);
    expect(firstWholeWords(['학교', '학교에서', 'or', 'ore'], 9)).toEqual(['학교에서', 'or', 'ore']);
    expect(firstWholeWords([], 3)).toEqual([]);
  });
});

describe('surfaceForms', () => {
  test('are the words as the text most often has them', () => {
    const text = 'Movies! The movie, movies; he was watching 电影 getUserName';
    expect(surfaceForms(text, ['movi', 'watch', '电影', 'absent'])).toEqual(
      new Map([
        ['movi', 'movies'],
        ['watch', 'watching'],
        ['电影', '电影'],
      ]),
    );
  });
});
