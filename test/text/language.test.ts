import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { detectLanguage } from '../../src/text/language.ts';
import { SAMPLES } from './sentences.ts';

const PROGRAM = `
import { readFileSync } from 'node:fs';
export function count(path: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of readFileSync(path, 'utf8').split('\\n')) {
    if (line.length === 0 || line.startsWith('#')) continue;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return counts;
}
`;

describe('a text whose language cannot be told', () => {
  test.each([
    ['nothing', ''],
    ['punctuation', '... !? --'],
    ['numbers', '12.5;13.0;14.2\n11.1;9.7;8.8\n'.repeat(50)],
    ['numbers with units', 'A1 12.5 13.0\nB2 11.1 19.7\n'.repeat(50)],
    ['one letter', 'x'],
    ['lone surrogates', '\ud800\udc00\ud800'],
    ['a program', PROGRAM],
    ['a style sheet', '.page > h1 { margin: 0 auto; color: #333; }\n.page a:hover { color: #06c; }'],
  ])('of %s is und', (_, text) => {
    expect(detectLanguage(text)).toBe('und');
  });
});

describe('the language of a text', () => {
  test.each(SAMPLES)('in $language shows in a sentence and in a paragraph', ({ language, sentence, paragraph }) => {
    expect(detectLanguage(sentence)).toBe(language);
    expect(detectLanguage(paragraph)).toBe(language);
  });

  test('is the one of its middle too: a licence in English does not make a German book English', () => {
    const [english, german] = ['en', 'de'].map((code) => SAMPLES.find(({ language }) => language === code)!.paragraph);
    expect(detectLanguage(english! + german!.repeat(100))).toBe('de');
  });

  test('is Chinese where English words stand among Chinese ones, English where Chinese names stand among English words', () => {
    expect(detectLanguage('我们用 TypeScript 写程序，也用 Python 处理数据。')).toBe('zh');
    expect(detectLanguage('The city of Beijing (北京) is the capital of the country and has many people.')).toBe('en');
  });

  test('is told in mail that quotes and signs', () => {
    const mail =
      '> > Is there a way to do it?\n> I think so.\n\nYes, but it is slow.\n-- \njohn@example.org | 555-1234\n';
    expect(detectLanguage(mail)).toBe('en');
  });
});

describe('a declared language', () => {
  test('decides where the text leaves it open', () => {
    expect(detectLanguage('Rapport 2024', 'sv-SE')).toBe('sv');
    expect(detectLanguage('安全第一', 'ja')).toBe('ja');
    expect(detectLanguage('kereta api', 'ms')).toBe('ms');
  });

  test('gives way to a script or to words that say otherwise', () => {
    const [german, chinese] = ['de', 'zh'].map((code) => SAMPLES.find(({ language }) => language === code)!.paragraph);
    expect(detectLanguage(german!, 'en')).toBe('de');
    expect(detectLanguage(chinese!, 'en')).toBe('zh');
  });

  test.each([
    ['nb', 'no'],
    ['nn-NO', 'no'],
    ['iw', 'he'],
    ['zh-Hant-TW', 'zh'],
    ['eng', 'en'],
    ['DE_at', 'de'],
  ])('%s is %s', (declared, code) => {
    const text = { no: 'Rapport', he: 'שלום', zh: '報告', en: 'Report', de: 'Bericht' }[code]!;
    expect(detectLanguage(text, declared)).toBe(code);
  });

  test.each(['', 'x-klingon', 'und', 'mul', 'english', '\0', 'e'])('%j is none', (declared) => {
    expect(detectLanguage('42', declared)).toBe('und');
  });
});

test('no string and no declaration makes it fail, and the answer is a code', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.option(fc.string()), (text, declared) => {
      expect(detectLanguage(text, declared ?? undefined)).toMatch(/^[a-z]{2,3}$/);
    }),
  );
});
