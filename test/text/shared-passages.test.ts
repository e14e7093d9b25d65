import { describe, expect, it } from '@jest/globals';
import { sharedPassages } from '../../src/text/shared-passages.ts';

const PASSAGE = 'When the tide went out, nobody on the Quay had yet seen the second ship.';

function texts(a: string, b: string, options?: { words: number }) {
  return sharedPassages(a, b, options).map(({ startA, endA, startB, endB }) => [
    a.slice(startA, endA),
    b.slice(startB, endB),
  ]);
}

describe('The passages that two texts share', () => {
  it('are refused a length that is none', () => {
    for (const words of [0, -1, 1.5, Number.NaN]) {
      expect(() => sharedPassages('a', 'b', { words })).toThrow(RangeError);
    }
  });

  it('are none where a text is empty or short, or nothing is shared', () => {
    expect(sharedPassages('', '')).toEqual([]);
    expect(sharedPassages('', PASSAGE)).toEqual([]);
    expect(sharedPassages('a word', 'a word')).toEqual([]);
    expect(sharedPassages(PASSAGE, PASSAGE.split(' ').reverse().join(' '))).toEqual([]);
  });

  it('are the whole of two equal texts', () => {
    expect(texts(PASSAGE, PASSAGE)).toEqual([[PASSAGE.slice(0, -1), PASSAGE.slice(0, -1)]]);
  });

  it('are found whatever their case, punctuation and line ends, and end where the texts part', () => {
    const a = `Some words before. ${PASSAGE} And then it rained.`;
    const b = `> when the tide\r\n> went out nobody on the QUAY had yet -- seen the second ship, they said`;
    expect(texts(a, b)).toEqual([
      [
        'When the tide went out, nobody on the Quay had yet seen the second ship',
        'when the tide\r\n> went out nobody on the QUAY had yet -- seen the second ship',
      ],
    ]);
  });

  it('are in the order of the second text, and do not overlap in it', () => {
    const [one, two] = ['a b c d e f g h i', 'k l m n o p q r'];
    expect(texts(`${one} 1 ${two}`, `${two} 2 ${one} 3 ${one}`).map(([, b]) => b)).toEqual([two, one, one]);
  });

  it('are as long as can be where the first text begins them twice', () => {
    expect(texts('a b c d x a b c d e f', 'a b c d e f', { words: 3 })).toEqual([['a b c d e f', 'a b c d e f']]);
  });

  it('have the places of the texts as they were given, not of their normal form', () => {
    const a = '½ … ﬁrst e\u0301te\u0301 の ｶﾞｲﾄﾞ one two three four five six';
    const b = 'x first été のガイド one two three';
    const found = texts(a, b, { words: 4 });
    expect(found).toEqual([['ﬁrst e\u0301te\u0301 の ｶﾞｲﾄﾞ one two three', 'first été のガイド one two three']]);
  });

  it('count two Chinese characters as a word', () => {
    const passage = '球迷们对昨晚的胜利非常满意';
    expect(texts(`甲${passage}乙`, `丙，${passage}。丁`, { words: 6 })).toEqual([[passage, passage]]);
    expect(texts(`甲${passage}乙`, `丙，${passage}。丁`, { words: 7 })).toEqual([]);
  });

  it('are found in texts that say one thing all the time', () => {
    const a = 'spam '.repeat(20_000);
    expect(sharedPassages(a, a)).toEqual([{ startA: 0, endA: 99_999, startB: 0, endB: 99_999 }]);
  });
});
