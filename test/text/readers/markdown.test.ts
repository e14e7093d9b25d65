import { describe, expect, test } from '@jest/globals';
import { readMarkdown } from '../../../src/text/readers/markdown.ts';

describe('front matter', () => {
  test.each([
    ['YAML', '---\ntitle: "A: title"\nauthor: Ann\ndate: 2020-01-02\nlang: de\n---\nText', 'A: title', 'Ann'],
    [
      'lists',
      '---\ntitle: T\nauthors:\n  - name: Ann\n    affiliation: none\n  - Bob\ndate: 2020-01-02\nlanguage: de\n...\nText',
      'T',
      'Ann, Bob',
    ],
    [
      'lists in brackets',
      "---\r\nauthor: [Ann, 'Bob']\r\ndate: 2 Jan 2020\r\nlang: de\r\ntitle: >\r\n  T\r\n  U\r\n---\r\nText",
      'T U',
      'Ann, Bob',
    ],
    ['TOML', '+++\ntitle = "T"\nauthor = "Ann"\ndate = 2020-01-02\nlang = "de"\n+++\nText', 'T', 'Ann'],
  ])('in %s is read and is not part of the text', (_, source, title, author) => {
    expect(readMarkdown(source)).toEqual({ text: `${title}\nText`, title, author, date: '2020-01-02', language: 'de' });
  });

  test('in lines that begin with a per cent sign', () => {
    expect(readMarkdown('% The title\n% Ann; Bob\n% July 17, 2006\n\nText')).toEqual({
      text: 'The title\nText',
      title: 'The title',
      author: 'Ann; Bob',
      date: '2006-07-17',
    });
  });

  test('that never ends is text', () => {
    expect(readMarkdown('---\ntitle: T\nText').text).toContain('Text');
  });
});

describe('long documents', () => {
  test('are rendered in parts that begin with a heading', () => {
    const chapter = (n: number) =>
      `# Chapter ${n}\n\n${'Some *marked* [words](https://example.org/x). '.repeat(500)}\n\n`;
    const { text, title } = readMarkdown(Array.from({ length: 20 }, (_, i) => chapter(i)).join(''));
    expect(title).toBe('Chapter 0');
    expect(text).not.toMatch(/[*#]|https/);
    expect(text.match(/marked/g)).toHaveLength(10_000);
  });

  test('without headings are read as they are', () => {
    expect(readMarkdown('some *words*, '.repeat(20_000)).text).toContain('*words*');
  });
});
