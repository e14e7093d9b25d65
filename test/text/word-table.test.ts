import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WordTable } from '../../src/text/word-table.ts';

const codesOf = (text: string) => Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));

describe('WordTable', () => {
  test('numbers words in the order they come and knows them again, as a Map does', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 6 })), (words) => {
        const table = new WordTable();
        const expected = new Map<string, number>();
        for (const word of words) {
          if (!expected.has(word)) expected.set(word, expected.size);
          expect(table.find(codesOf(word), 0, word.length)).toBe(
            table.size === expected.get(word) ? -1 : expected.get(word),
          );
          expect(table.add(codesOf(`<${word}>`), 1, word.length + 1)).toBe(expected.get(word));
        }
        expect(table.size).toBe(expected.size);
      }),
    );
  });

  test('keeps every word when it grows', () => {
    const table = new WordTable();
    const words = Array.from({ length: 30_000 }, (_, i) => codesOf(`word number ${i}`));
    const places = words.map((_, i) => i);
    expect(words.map((codes) => table.add(codes, 0, codes.length))).toEqual(places);
    expect(words.map((codes) => table.add(codes, 0, codes.length))).toEqual(places);
  });
});
