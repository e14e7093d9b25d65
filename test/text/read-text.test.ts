import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SandglassError } from '../../src/errors.ts';
import { readText } from '../../src/text/read-text.ts';

const read = (text: string, name: string) => readText(Buffer.from(text), name);

describe('files that cannot be read', () => {
  test.each([
    ['no bytes', '', 'FILE_EMPTY'],
    ['white space', ' \r\n\t', 'FILE_EMPTY'],
    ['only punctuation', '--- *** ...', 'FILE_EMPTY'],
    ['binary data', 'PK\x03\x04\0\0\0', 'TEXT_BINARY'],
  ])('%s', async (_, content, code) => {
    await expect(read(content, 'a.txt')).rejects.toThrow(expect.objectContaining({ code }));
  });

  test('a page of nothing but scripts is empty', async () => {
    await expect(read('<html><script>let a = 1</script></html>', 'a.html')).rejects.toThrow(
      expect.objectContaining({ code: 'FILE_EMPTY' }),
    );
  });

  test('a JSON file of nothing but numbers is empty', async () => {
    await expect(read('[1, 2, {"": 3}]', 'a.json')).rejects.toThrow(expect.objectContaining({ code: 'FILE_EMPTY' }));
  });
});

describe('HTML', () => {
  test('gives the title and the text, one line a block, without menus, scripts and styles', async () => {
    const page =
      '<!DOCTYPE html><html><head><title>A &amp; B</title><style>p { color: red }</style></head><body>' +
      '<nav>Home</nav><h1>Big <em>news</em></h1><p>One&nbsp;line<br>another</p><script>ignored()</script>' +
      '<ul><li>first<li>second</ul><svg><title>icon</title></svg>un<b>bro</b>ken</body></html>';
    expect(await read(page, 'page')).toEqual({
      title: 'A & B',
      text: 'A & B\nBig news\nOne line\nanother\nfirst\nsecond\nunbroken',
      format: 'html',
      charset: 'utf-8',
    });
  });

  test('without a title is called by its first heading', async () => {
    expect((await read('<html><h2>A heading</h2>text</html>', 'a.htm')).title).toBe('A heading');
  });

  test('is known by its content under another name, and a name alone makes no page', async () => {
    expect((await read('<!-- saved --> <HTML><p>text', 'a.json')).format).toBe('html');
    expect((await read('just words', 'a.html')).format).toBe('txt');
  });

  test('goes on after a head that is never closed', async () => {
    expect((await read('<html><head><title>T</title><body>words', 'a.html')).text).toBe('T\nwords');
  });

  test('XML gives its character data', async () => {
    const feed = '<?xml version="1.0"?><feed><title>News</title><entry a="no"><![CDATA[one & two]]></entry></feed>';
    expect(await read(feed, 'feed.rss')).toMatchObject({ format: 'xml', title: 'News', text: 'News\none & two' });
  });
});

describe('Markdown', () => {
  test('gives its words without markup', async () => {
    const source =
      '# The *title*\n\nSome `code` and [a link](https://example.org/x).\n\n| a | b |\n|---|---|\n| c | d |\n';
    expect(await read(source, 'README.md')).toMatchObject({
      format: 'markdown',
      title: 'The title',
      text: 'The title\nSome code and a link.\na\nb\nc\nd',
    });
  });

  test('has the title its front matter gives', async () => {
    expect(await read('---\ntitle: "From above"\ntags: [a]\n---\nText\n', 'a.md')).toMatchObject({
      title: 'From above',
      text: 'From above\nText',
    });
  });

  test('too long for the renderer is read as it is', async () => {
    expect(await read(`# Long\n${'a_'.repeat(60_000)}`, 'a.md')).toMatchObject({ format: 'markdown', title: 'Long' });
  });
});

describe('tables', () => {
  test('CSV gives its cells, a line a row', async () => {
    expect((await read('name;note\n"Müller; Anna";"said ""hi"""\n\n', 'a.csv')).text).toBe(
      'name note\nMüller; Anna said "hi"',
    );
  });

  test('TSV splits at tabs only', async () => {
    expect(await read('a,b\tc\nd\te', 'a.tsv')).toMatchObject({ text: 'a,b c\nd e', format: 'tsv' });
  });
});

describe('JSON', () => {
  test('gives its strings, and each key once', async () => {
    const value = {
      title: 'Box',
      items: [
        { name: 'one', price: 3 },
        { name: 'two', deep: [['three']] },
      ],
    };
    expect(await read(JSON.stringify(value), 'a.json')).toMatchObject({
      format: 'json',
      title: 'Box',
      text: 'title\nBox\nitems\nname\none\nprice\ntwo\ndeep\nthree',
    });
  });

  test('is known by its content', async () => {
    expect((await read('{"key": "value"}', 'data')).format).toBe('json');
  });

  test('that does not parse is read as text', async () => {
    expect(await read('{"key": "value" // why\n', 'tsconfig.json')).toMatchObject({
      format: 'txt',
      text: expect.stringContaining('why'),
    });
  });

  test('lines give the strings of each line, and broken lines stay', async () => {
    expect(await read('{"a":"one"}\n{"a":"two"}\nbroken {\n', 'log.jsonl')).toMatchObject({
      format: 'jsonl',
      text: 'a\none\ntwo\nbroken {',
    });
  });
});

describe('other texts', () => {
  test.each([
    ['main.py', 'code'],
    ['Makefile', 'code'],
    ['notes.txt', 'txt'],
    ['51060', 'txt'],
    ['a.unknown', 'txt'],
    ['folder/constructor', 'txt'],
  ])('%s is %s, as it is', async (name, format) => {
    expect(await read('x = 1\n', name)).toEqual({ text: 'x = 1\n', format, charset: 'utf-8' });
  });

  test('a script is known by its first line', async () => {
    expect((await read('#!/usr/bin/env node\nlet a', 'run')).format).toBe('code');
  });

  test('a mail is called by its subject', async () => {
    const mail = 'From: a@example.org\r\nSubject: Re: Re: The plan\r\n for today\r\n\r\nSubject: not this\r\n';
    expect((await read(mail, '51060')).title).toBe('The plan');
    expect((await read('Some words.\nSubject: none\n', '51060')).title).toBeUndefined();
  });
});

describe('hostile input', () => {
  const N = 100_000;
  test.each([
    ['nested HTML', `<html>${'<div>'.repeat(N)}word`, 'a.html'],
    ['unmatched closing tags', `<html>${'<b>'.repeat(N)}${'</i>'.repeat(N)}word`, 'a.html'],
    ['nested XML', `<?xml version="1.0"?>${'<a>'.repeat(N)}word`, 'a.xml'],
    ['nested JSON lists', `${'['.repeat(N)}"word"${']'.repeat(N)}`, 'a.json'],
    ['nested JSON objects', `${'{"a":'.repeat(N)}"word"${'}'.repeat(N)}`, 'a.json'],
    ['nested quotes in Markdown', `${'>'.repeat(N / 2)} word`, 'a.md'],
    ['nested brackets in Markdown', `word ${'['.repeat(N / 2)}`, 'a.md'],
    ['many comments', `${'<!--a-->'.repeat(N)}word`, 'a.html'],
    ['an open quote in CSV', `"word${',x\n'.repeat(N)}`, 'a.csv'],
    ['one line of ten million characters', `word ${'x'.repeat(10_000_000)}`, 'a.txt'],
    ['lone surrogates', 'word \\ud800 "\ud800"', 'a.txt'],
  ])('%s is read without harm', async (_, source, name) => {
    expect((await read(source, name)).text).toContain('word');
  });

  test('any bytes under any name give words or one of the two errors', async () => {
    const names = ['a.txt', 'a.md', 'a.html', 'a.json', 'a.jsonl', 'a.csv', 'a.xml', 'a'];
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .array(
          fc.constantFrom(
            '<',
            '<!--',
            '<p>',
            '</p>',
            '{"',
            '":',
            '[',
            ']',
            '---\n',
            '# a',
            '"',
            ',',
            '&#x110000;',
            '&',
            'é',
          ),
        )
        .map((parts) => Buffer.from(parts.join(''))),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom(...names), async (content, name) => {
        try {
          expect((await readText(content, name)).text).toMatch(/[\p{L}\p{N}]/u);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SandglassError);
          expect(['FILE_EMPTY', 'TEXT_BINARY']).toContain((thrown as SandglassError).code);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
