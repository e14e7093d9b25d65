import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../src/compare/random.ts';
import { halvesOf, TEXT_CORRUPTIONS } from '../../src/text/corrupt-text.ts';
import { wordPieces } from '../../src/text/text-pieces.ts';
import { countTerms, tokenize } from '../../src/text/tokenize.ts';

const STORY = Array.from({ length: 400 }, (_, i) => `Word${String.fromCharCode(97 + (i % 26))}${i},`).join(' ');
const CHINESE = '自然语言处理是人工智能领域的一个重要方向。'.repeat(20);
const named = (name: string) => TEXT_CORRUPTIONS.find((corruption) => corruption.name === name)!;
const damage = (name: string, text: string, seed = 1) => named(name).apply(text, seededRandom(seed));

test('at least a third of the corruptions are held out', () => {
  expect(TEXT_CORRUPTIONS.filter(({ seen }) => !seen).length * 3).toBeGreaterThanOrEqual(TEXT_CORRUPTIONS.length);
  expect(TEXT_CORRUPTIONS.filter(({ seen }) => seen).map(({ name }) => name)).toEqual(['drop-30', 'drop-60']);
});

describe.each(TEXT_CORRUPTIONS.map(({ name }) => name))('%s', (name) => {
  test('takes any text, and gives the same copy for the same seed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), (text, seed) => {
        expect(damage(name, text, seed)).toBe(damage(name, text, seed));
      }),
    );
  });

  test.each([
    ['Latin', STORY],
    ['Chinese', CHINESE],
  ])('leaves words of a %s text to be found', (_, text) => {
    const original = new Set(tokenize(text));
    const found = tokenize(damage(name, text)).filter((term) => original.has(term));
    expect(new Set(found).size).toBeGreaterThanOrEqual(Math.min(40, original.size) / 2);
  });
});

describe('what each does', () => {
  const kept = (text: string) => wordPieces(text).length;

  test('drop-30 and drop-60 keep about that many words, never none', () => {
    expect(kept(damage('drop-30', STORY)) / 400).toBeCloseTo(0.7, 1);
    expect(kept(damage('drop-60', STORY)) / 400).toBeCloseTo(0.4, 1);
    for (let seed = 0; seed < 20; seed++) expect(damage('drop-60', 'single', seed)).toBe('single');
  });

  test('half asks with the first half for the second', () => {
    expect(damage('half', 'one two three four five')).toBe('one two three');
    expect(named('half').against!('one two three four five')).toBe('four five');
    expect(halvesOf('')).toEqual(['', '']);
    expect(halvesOf('自然语言处理').join('|')).toBe('自然语言|处理');
  });

  test('excerpt-50 is fifty words in a row', () => {
    const excerpt = damage('excerpt-50', STORY);
    expect(kept(excerpt)).toBe(50);
    expect(STORY).toContain(excerpt);
    expect(damage('excerpt-50', 'short text')).toBe('short text');
  });

  test('typos-20 changes about a fifth of the words', () => {
    const words = STORY.split(' ');
    const changed = damage('typos-20', STORY)
      .split(' ')
      .filter((word, i) => word !== words[i]);
    expect(changed.length / words.length).toBeCloseTo(0.2, 1);
  });

  test('shuffled keeps the bag of words', () => {
    const bag = (text: string) => {
      const { terms, counts } = countTerms(text);
      return new Map([...terms].sort().map((term) => [term, counts[terms.indexOf(term)]]));
    };
    const copy = damage('shuffled', STORY);
    expect(copy).not.toBe(STORY);
    expect(bag(copy)).toEqual(bag(STORY));
  });

  test('boilerplate adds sentences around the whole text and repeats a part', () => {
    const copy = damage('boilerplate', STORY);
    expect(copy).toContain(STORY);
    expect(kept(copy)).toBeGreaterThan(400 + 133 + 10);
  });
});
