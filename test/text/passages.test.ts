import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitPassages } from '../../src/text/passages.ts';

const SENTENCE = 'The quick brown fox jumps over the lazy dog today.';

function sentences(count: number, sentence = SENTENCE, between = ' '): string {
  return Array.from({ length: count }, () => sentence).join(between);
}

function wordsOf(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}

function pieces(text: string): string[] {
  return splitPassages(text).map(({ start, end }) => text.slice(start, end));
}

describe('A text', () => {
  it.each(['', ' \n ', 'a few words', sentences(29)])('of fewer than 300 words is one passage itself', (text) => {
    expect(splitPassages(text)).toEqual([]);
  });

  it('is split between paragraphs where these are short enough', () => {
    const paragraphs = Array.from({ length: 12 }, (_, i) => `${sentences(8)} It is ${i}.`);
    for (const piece of pieces(paragraphs.join('\n\n'))) {
      expect(piece.startsWith('The quick')).toBe(true);
      expect(piece).toMatch(/It is \d+\.$/);
      expect(wordsOf(piece)).toBeGreaterThanOrEqual(150);
    }
  });

  it('without paragraphs is split between sentences, not after the point of an abbreviation', () => {
    const all = pieces(sentences(100, 'Then Dr. J. Smith saw that the ship was gone!'));
    expect(all.length).toBeGreaterThan(3);
    for (const piece of all) {
      expect(piece).toMatch(/^Then .*gone!$/s);
      expect(wordsOf(piece)).toBeGreaterThanOrEqual(95);
      expect(wordsOf(piece)).toBeLessThanOrEqual(250);
    }
  });

  it('in Chinese is split between sentences, though no space tells words apart', () => {
    const all = pieces(sentences(200, '他说：“今天天气很好，我们一起去海边看船吧。”', ''));
    expect(all.length).toBeGreaterThan(10);
    for (const piece of all) {
      expect(piece).toMatch(/^他说.*。”$/s);
      expect(piece.length).toBeLessThan(450);
    }
  });

  it('without sentences is split between lines, without lines between words, without words anywhere but inside a character', () => {
    for (const piece of pieces(sentences(1_000, 'one two three', '\n'))) expect(piece).toMatch(/^one.*three$/s);
    for (const piece of pieces(sentences(3_000, 'word'))) expect(piece).toMatch(/^word( word)*$/);
    for (const piece of pieces('𠀀'.repeat(2_000))) expect(piece).toMatch(/^𠀀+$/u);
    expect(Math.max(...pieces('x'.repeat(100_000)).map((piece) => piece.length))).toBeLessThanOrEqual(10_000);
  });

  it('leaves no scrap at its end', () => {
    for (let count = 30; count < 90; count++)
      expect(Math.min(...pieces(sentences(count)).map(wordsOf))).toBeGreaterThanOrEqual(95);
  });

  it('loses nothing but white space between passages, which are in order', () => {
    const word = fc.constantFrom('word', 'Ende.', '。', '船', 'b!', '\n\n', '\n', ' ', '😀', 'Dr.');
    fc.assert(
      fc.property(fc.array(word, { minLength: 300, maxLength: 3_000 }), (words) => {
        const text = words.join(' ');
        const spans = splitPassages(text);
        let end = 0;
        let between = '';
        for (const span of spans) {
          expect(span.start).toBeGreaterThanOrEqual(end);
          expect(span.end).toBeGreaterThan(span.start);
          between += text.slice(end, span.start);
          end = span.end;
        }
        if (spans.length > 0) expect(`${between}${text.slice(end)}`.trim()).toBe('');
      }),
      { numRuns: 50 },
    );
  });
});
