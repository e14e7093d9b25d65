import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { termSpans } from '../../src/text/term-spans.ts';
import { countTerms, tokenize } from '../../src/text/tokenize.ts';

/** The pieces of a text that its spans point at. */
function pieces(text: string, terms: readonly string[], language = 'und'): string[] {
  return termSpans(text, new Set(terms), { language }).map(({ start, end }) => text.slice(start, end));
}

describe('no spans', () => {
  test.each([
    ['of a text without words', ' \n!', ['word']],
    ['where no term is asked for', 'a word', []],
    ['of terms that do not occur', 'a word', ['absent']],
  ])('%s', (_, text, terms) => {
    expect(termSpans(text, new Set(terms))).toEqual([]);
  });
});

describe('spans', () => {
  test('are the words a term stands for, as they are written', () => {
    const text = 'Two Movies, one MOVIE; moving.';
    expect(termSpans(text, new Set(['movi', 'absent']))).toEqual([
      { start: 4, end: 10, term: 'movi' },
      { start: 16, end: 21, term: 'movi' },
    ]);
    expect(pieces('Die Häuser und das Haus', ['haus'], 'de')).toEqual(['Häuser', 'Haus']);
  });

  test('point into the original where normalising moves letters', () => {
    expect(pieces('ﬁrst ﬁle', ['file'])).toEqual(['ﬁle']);
    expect(pieces('①②③ Ｆｉｌｅ, cafe\u0301 in\u00advisible ㍿ word', ['file', 'cafe', 'invis', 'word'])).toEqual([
      'Ｆｉｌｅ',
      'cafe\u0301',
      'in\u00advisible',
      'word',
    ]);
    expect(pieces('ﾊﾟｿｺﾝを買う', ['パソコン'], 'ja')).toEqual(['ﾊﾟｿｺﾝ']);
    expect(pieces('\u1112\u1161\u11ab\u1100\u1173\u11af 한글', ['한글'], 'ko')).toHaveLength(2);
  });

  test('of Chinese are words', () => {
    expect(pieces('我喜欢看电影，电影好看', ['电影'], 'zh')).toEqual(['电影', '电影']);
  });

  test('of a code identifier are the whole identifier', () => {
    expect(pieces('call getUserName now', ['user'])).toEqual(['getUserName']);
  });

  test('of stop words are there when they are asked for', () => {
    expect(pieces('The Who', ['who'])).toEqual(['Who']);
  });
});

const TEXT = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        'ﬁle',
        'é',
        'e\u0301',
        '电影',
        'ｶﾞ',
        'Word',
        'getName',
        ' ',
        '\u00ad',
        'ß',
        '①',
        '🄀',
        '-',
        '한',
        '\u1112\u1161',
      ),
    )
    .map((parts) => parts.join('')),
);

test('a character outside the basic plane is marked whole, though what it stands for is as long', () => {
  expect(termSpans('🄀', new Set(['0']))).toEqual([{ start: 0, end: 2, term: '0' }]);
});

test('of any text all terms have spans, in order, apart, and the text there has the term', () => {
  fc.assert(
    fc.property(TEXT, fc.constantFrom('und', 'de', 'zh', 'tr'), (text, language) => {
      const terms = new Set(countTerms(text, { language, stopWords: false }).terms);
      const spans = termSpans(text, terms, { language });
      let end = 0;
      for (const span of spans) {
        expect(span.start).toBeGreaterThanOrEqual(Math.min(end, span.start));
        expect(span.end).toBeGreaterThan(span.start);
        expect(span.end).toBeLessThanOrEqual(text.length);
        end = span.end;
        if (/^[\p{Script=Latin}\p{N}]+$/u.test(span.term)) {
          expect(tokenize(text.slice(span.start, span.end), { language, stopWords: false })).toContain(span.term);
        }
      }
    }),
    { numRuns: 300 },
  );
});
