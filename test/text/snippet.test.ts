import { expect, test } from '@jest/globals';
import { snippetOf } from '../../src/text/snippet.ts';

test('a short text is its own snippet, on one line', () => {
  expect(snippetOf(' one\n\ttwo\0three ')).toBe('one two three');
  expect(snippetOf('')).toBe('');
});

test('a long text is cut at a word', () => {
  const snippet = snippetOf('word '.repeat(200));
  expect(snippet).toMatch(/^(word )+…$/);
  expect(snippet.length).toBeLessThanOrEqual(242);
});

test('a text without spaces is cut between characters, not inside one', () => {
  expect(snippetOf('电'.repeat(500))).toBe(`${'电'.repeat(240)} …`);
  expect(snippetOf(`a${'👍'.repeat(500)}`)).toBe(`a${'👍'.repeat(119)} …`);
});
