import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rulesOf } from '../../src/text/language-rules.ts';
import { stemmerOf } from '../../src/text/stemmers.ts';
import { SAMPLES } from './sentences.ts';

/** Words of one stem, and one of another. */
const FAMILIES: readonly (readonly [language: string, family: string, other: string])[] = [
  ['en', 'movie movies', 'moon'],
  ['de', 'haus häuser hauses', 'hase'],
  ['fr', 'national nationale nationales', 'nation'],
  ['es', 'torneo torneos', 'torre'],
  ['it', 'libro libri', 'libero'],
  ['pt', 'livro livros', 'lição'],
  ['ru', 'книга книги книгу', 'кнут'],
  ['uk', 'книга книги книгу', 'кінь'],
  ['sv', 'flicka flickor flickorna', 'flod'],
  ['no', 'havnedistriktet havnedistriktene', 'havn'],
  ['nl', 'boek boeken', 'boer'],
  ['id', 'baca membaca', 'bata'],
  ['ja', 'コンピューター コンピュータ', 'コーヒー'],
  ['da', 'hus huset husene', 'hund'],
  ['fi', 'talo talossa talot', 'tuli'],
  ['hu', 'ház házban', 'hal'],
  ['ro', 'case casele', 'cal'],
  ['tr', 'evler evlerin', 'el'],
  ['el', 'σπίτι σπίτια', 'σκύλος'],
  ['lt', 'namas namai', 'naktis'],
];

describe('the stemmer', () => {
  test.each(FAMILIES)('of %s gives %s one stem, and %s another', (language, family, other) => {
    const stem = stemmerOf(language);
    const [first, ...rest] = family.split(' ').map(stem);
    for (const one of rest) expect(one).toBe(first);
    expect(stem(other)).not.toBe(first);
  });

  test('of a language that has none leaves words as they are', () => {
    for (const word of ['', 'word', '電影', 'слово']) expect(stemmerOf('xx')(word)).toBe(word);
  });

  test.each([...FAMILIES.map(([language]) => language), 'ar', 'zz'])(
    'of %s takes any word, and gives one',
    (language) => {
      const { stem, fold, lowerCase } = rulesOf(language);
      const letters = SAMPLES.find((sample) => sample.language === language)?.paragraph ?? 'abc';
      const word = fc.oneof(
        fc.string({ unit: fc.constantFrom(...letters), maxLength: 30 }),
        fc.string({ unit: 'binary', maxLength: 20 }),
      );
      fc.assert(
        fc.property(word, (any) => {
          const lower = lowerCase(any);
          expect(typeof fold(stem(lower))).toBe('string');
          expect(stem(lower) === '').toBe(lower === '');
        }),
        { numRuns: 200 },
      );
    },
  );
});

describe('stop words', () => {
  test.each([
    ['en', 'the', 'house'],
    ['de', 'und', 'mann'],
    ['fr', 'ou', 'maison'],
    ['es', 'está', 'casa'],
    ['pt', 'são', 'casa'],
    ['sv', 'och', 'hus'],
    ['fi', 'ja', 'talo'],
    ['ru', 'это', 'дом'],
    ['zh', '的', '房子'],
    ['ja', 'の', '家'],
    ['ko', '그리고', '집'],
    ['th', 'และ', 'บ้าน'],
    ['zz', 'a', 'word'],
  ])('of %s: %s is one, %s is none', (language, little, content) => {
    const { isStopWord } = rulesOf(language);
    expect(isStopWord(little)).toBe(true);
    expect(isStopWord(content)).toBe(false);
  });
});
