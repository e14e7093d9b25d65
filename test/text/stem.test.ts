import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import porter from 'natural/lib/natural/stemmers/porter_stemmer.js';
import { stem } from '../../src/text/stem.ts';

const STARTS = ['c', 'tr', 'conn', 'relat', 'hop', 'adjust', 'electr', 'form', 'sens', 'o', 'fall', 'pon', 'y', 'bee'];
const ENDINGS = (
  's es ies ss ed eed ing y e al ational tional enci anci izer abli bli alli entli eli ousli ization ation ator alism ' +
  'iveness fulness ousness aliti iviti biliti logi icate ative alize iciti ical ful ness ance ence er ic able ible ant ' +
  'ement ment ent ou ism ate iti ous ive ize sion tion ll at bl iz'
).split(' ');

describe('stem', () => {
  test('leaves words that are not of plain English letters as they are', () => {
    for (const word of ['', 'is', 'cafés', 'mp3s', 'max_shares', '电影', 'фильмы']) expect(stem(word)).toBe(word);
  });

  test('is equal to natural’s Porter stemmer for every pair of endings', () => {
    const words = STARTS.flatMap((start) =>
      ENDINGS.flatMap((first) => ['', ...ENDINGS].map((second) => start + first + second)),
    ).filter((word) => word.length >= 3);
    expect(words.map(stem)).toEqual(words.map(porter.stem));
  });

  test('is equal to natural’s Porter stemmer for any letters', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'abcdefghilnostuvyz'), minLength: 3, maxLength: 14 });
    fc.assert(
      fc.property(letters, (word) => {
        expect(stem(word)).toBe(porter.stem(word));
      }),
      { numRuns: 2_000 },
    );
  });
});
