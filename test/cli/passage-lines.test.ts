// Passages at a terminal: what is shown of them, and where lines end.
import { describe, expect, it } from '@jest/globals';
import { passageLines } from '../../src/cli/passage-lines.ts';
import { Terminal } from '../../src/cli/terminal.ts';

const plain = (columns: number) => new Terminal({ columns }, 'never', {});
const linesOf = (text: string, word: string, columns: number) => {
  const start = text.indexOf(word);
  const highlights = start < 0 ? [] : [{ start, end: start + word.length }];
  return passageLines({ text, start: 0, end: text.length, highlights }, plain(columns), 0);
};

describe('The lines of a passage', () => {
  it('are three at most, broken between words', () => {
    const text = 'a sailor and the wind '.repeat(40);
    const lines = linesOf(text, '', 51);
    expect(lines.length).toBeLessThanOrEqual(3);
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(50);
      expect(line.split(' ').every((word) => ['a', 'sailor', 'and', 'the', 'wind'].includes(word))).toBe(true);
    }
  });

  it('begin with a whole word, also where the found one is a part of it', () => {
    const text = `${'before '.repeat(60)}anti-virus ${'after '.repeat(60)}`;
    const [first] = linesOf(text, 'virus', 51);
    expect(first).toMatch(/^(?:before|anti-virus) /);
  });

  it('of Chinese are full, whatever spaces there are, and none begins with a mark that ends a phrase', () => {
    const text = '屏幕不错 系统也很流畅，物超所值，但还有一些细节做得不好，屏幕玻璃感觉歪歪斜斜，影响手感，'.repeat(6);
    const lines = linesOf(text, '流畅', 43);
    expect(lines.length).toBe(3);
    for (const line of lines) expect(line).not.toMatch(/^[，。]/);
    for (const line of lines.slice(0, -1)) expect(line.length).toBeGreaterThan(17);
  });
});
