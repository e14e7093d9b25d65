import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { queryTerms } from '../../src/text/query-terms.ts';
import { countTerms } from '../../src/text/tokenize.ts';

/** An index of documents, each in a language, and what it knows. */
function indexOf(documents: Record<string, readonly string[]>) {
  const terms = new Set<string>();
  for (const [language, texts] of Object.entries(documents)) {
    for (const text of texts) for (const term of countTerms(text, { language }).terms) terms.add(term);
  }
  return { languages: Object.keys(documents), knows: (term: string) => terms.has(term) };
}

const MIXED = indexOf({
  de: ['Die Häuser am Meer sind teuer', 'Der Sänger Müller singt', 'Das Konzert der Beatles war gut, the best'],
  en: ['A house by the sea is expensive', 'The singers sang in the world war', 'The Who are a band'],
  zh: ['我们研究自然语言处理和机器学习', '这家酒店的服务很好'],
  sv: ['Vi bor i Malmö och åker till havet'],
});
const ask = (text: string, { languages, knows } = MIXED) => queryTerms(text, languages, knows).terms;

describe('a question without a word', () => {
  test.each(['', ' \n', '?!', '\ud800'])('%j has no terms', (text) => {
    expect(ask(text)).toEqual([]);
  });
});

describe('the terms of a question', () => {
  test('are those of its language where it shows, whatever most documents are in', () => {
    expect(ask('the houses of the singers')).toEqual(['hous', 'singer']);
    expect(ask('Häuser, die an einem Meer stehen')).toEqual(['haus', 'meer', 'steh']);
  });

  test('of two words are found in any language of the index', () => {
    expect(ask('Haus Meer')).toEqual(['haus', 'meer']);
    expect(ask('singers houses')).toEqual(expect.arrayContaining(['singer', 'hous']));
    expect(ask('world war')).toEqual(expect.arrayContaining(['world', 'war']));
  });

  test('are found when typed without accents', () => {
    expect(ask('mueller')).toEqual(['mull']);
    expect(ask('muller')).toEqual(['mull']);
    expect(ask('malmo')).toEqual(['malmö']);
    expect(ask('Malmö')).toEqual(['malmö']);
  });

  test('of Chinese are words, pieces where the whole is not known', () => {
    expect(ask('自然语言')).toEqual(expect.arrayContaining(['自然', '语言']));
    expect(queryTerms('酒店服务的处理', ['zh'], (term) => ['酒店', '服务', '处理'].includes(term)).terms).toEqual([
      '酒店',
      '服务',
      '处理',
    ]);
  });

  test('that are all stop words stay', () => {
    expect(ask('The Who')).toEqual(['the', 'who']);
    expect(ask('to be or not to be', indexOf({ en: ['Hamlet'] }))).toEqual(['to', 'be', 'or', 'not']);
  });

  test('that the index does not know are given all the same', () => {
    expect(ask('zzyzx')).toEqual(['zzyzx']);
  });

  test('of an index without a language are English', () => {
    expect(queryTerms('the movies', [], () => false)).toEqual({
      kind: 'text',
      terms: ['movi'],
      counts: Uint16Array.of(1),
      language: 'en',
    });
    expect(queryTerms('the movies', ['und'], () => false).terms).toEqual(['movi']);
  });

  test('are counted', () => {
    expect(queryTerms('sea sea house', ['en'], () => true).counts).toEqual(Uint16Array.of(2, 1));
  });
});

test('no question fails, and of one language its terms are those a document of it would have', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), fc.boolean(), (text, known) => {
      const { terms, counts } = queryTerms(text, ['en', 'de'], () => known);
      expect(counts).toHaveLength(terms.length);
      expect(new Set(terms).size).toBe(terms.length);
    }),
  );
});
