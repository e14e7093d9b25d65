import { describe, expect, test } from '@jest/globals';
import { readHtml } from '../../../src/text/readers/html.ts';
import { textOfXml } from '../../../src/text/readers/markup-text.ts';
import { readXml } from '../../../src/text/readers/xml.ts';

const SENTENCE = 'The harbour was quiet, the boats lay still, and nobody on the quay had seen the stranger arrive. ';
const ARTICLE = Array.from({ length: 12 }, (_, i) => `<p>${i} ${SENTENCE.repeat(3)}</p>`).join('');
const LINKS = Array.from({ length: 40 }, (_, i) => `<li><a href="/${i}">Section${i} of everything</a></li>`).join('');
const page = (body: string, head = '') =>
  `<!doctype html><html lang="en-GB"><head><title>A title</title>${head}</head><body>${body}</body></html>`;

describe('pages that are hard to read', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['nested tags, 10 MB of them', `${'<div>'.repeat(2_000_000)}word`],
    ['tags that are closed and never opened', `${'</div></p></b>'.repeat(100_000)}word`],
    ['nested tables', `${'<table><tr><td>'.repeat(50_000)}word`],
    ['brackets and nothing else', `word ${'<'.repeat(1_000_000)}`],
    ['a hundred thousand attributes', `<p ${Array.from({ length: 100_000 }, (_, i) => `a${i}=1`).join(' ')}>word`],
    ['an attribute that never ends', `word<p title="${'x'.repeat(1_000_000)}`],
    ['a comment that never ends', `word<!-- ${'-'.repeat(1_000_000)}`],
    ['references without end', `word${'&#65;&amp;&nosuch;'.repeat(100_000)}`],
    ['references to characters that are none', 'word &#xD800; &#x110000; &#0;'],
    ['control characters and lone surrogates', 'word \u0001\u0000\ud800\udfff\uFEFF'],
    ['many paragraphs', '<p>word word, word'.repeat(100_000)],
    [
      'structured data of nested lists',
      `<script type="application/ld+json">${'['.repeat(200_000)}</script>word${ARTICLE}`,
    ],
  ];
  test.each(cases)('%s', (_, body) => {
    expect(readHtml(`<html><body>${body}`).text).toMatch(/word/);
  });

  test('a script that never ends leaves the words before it', () => {
    expect(readHtml('<html><body>word<script>let a = "<p>code</p>"').text).toBe('word');
  });
});

describe('the content of a page', () => {
  test('is told from the menus around it, also where nothing names them', () => {
    const { text } = readHtml(
      page(
        `<div class="menu"><ul>${LINKS}</ul></div><div id="story">${ARTICLE}</div><div class="footer">Imprint</div>`,
      ),
    );
    expect(text.startsWith('A title\n0 The harbour')).toBe(true);
    expect(text).not.toContain('Section7');
    expect(text.match(/stranger/g)).toHaveLength(36);
  });

  test('of a page without an article is all but menus, asides and footers', () => {
    const { text } = readHtml(
      page(`<nav>Menu</nav><h1>List</h1><ul>${LINKS}</ul><aside>Beside</aside><footer>Imprint</footer>`),
    );
    expect(text).toContain('Section39');
    expect(text).not.toMatch(/Menu|Beside|Imprint/);
  });

  test('of a page of nothing but a menu is the menu', () => {
    expect(readHtml(page('<nav><a>Home</a></nav>')).text).toBe('A title\nHome');
  });

  test('is all of it where what seems the article is a small part', () => {
    const cells = Array.from(
      { length: 300 },
      (_, i) => `<tr><td>cell${i}</td><td>${SENTENCE.slice(0, 40)}</td></tr>`,
    ).join('');
    expect(readHtml(page(`<div><p>${SENTENCE.repeat(6)}</p></div><table>${cells}</table>`)).text).toContain('cell299');
  });
});

describe('what a page says of itself', () => {
  test('stands in its head', () => {
    const head =
      '<meta name="Author" content="Ann &amp; Bob"><meta property="article:published_time" content="2020-02-03T04:05:06Z">';
    expect(readHtml(page('<p>words</p>', head))).toEqual({
      text: 'A title\nwords',
      title: 'A title',
      author: 'Ann & Bob',
      date: '2020-02-03T04:05:06Z',
      language: 'en-GB',
    });
  });

  test('is taken from the body where the head is silent', () => {
    const found = readHtml(`<html><h1>Heading</h1><p>by <time datetime="2019-01-02">yesterday</time></p>`);
    expect(found).toMatchObject({ title: 'Heading', date: '2019-01-02' });
    expect(found.language).toBeUndefined();
  });

  test('that cannot be used is left out', () => {
    const head =
      '<meta name="author" content="https://example.org/ann"><meta name="date" content="soon"><meta name="author"><meta>';
    const found = readHtml(`<html lang="?"><head>${head}</head><p>words`);
    expect(found).toEqual({ text: 'words' });
  });
});

describe('XML', () => {
  test('entities that stand for one another are not expanded', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE a [${Array.from({ length: 1_000 }, (_, i) => `<!ENTITY e${i} "&e${i - 1};&e${i - 1};">`).join('')}]><a>word &e999;</a>`;
    const { text } = readXml(bomb);
    expect(text).toContain('word');
    expect(text.length).toBeLessThan(100);
  });

  test('nested a million times is read without harm', () => {
    expect(textOfXml(`${'<a>'.repeat(1_000_000)}word`)).toBe('word');
    expect(readXml(`${'<a>'.repeat(1_000_000)}word${'</a>'.repeat(1_000_000)}`).text).toBe('word');
  });

  test('gives what it says of itself in any vocabulary', () => {
    const feed =
      '<?xml version="1.0"?><rss xmlns:dc="x"><channel><title/><title>News</title><language>fr</language>' +
      '<item><dc:creator>Ann</dc:creator><pubDate>Tue, 03 Jun 2014 10:20:30 GMT</pubDate></item></channel></rss>';
    expect(readXml(feed)).toMatchObject({ title: 'News', language: 'fr', author: 'Ann', date: '2014-06-03T10:20:30Z' });
  });

  test('a flat OpenDocument text keeps words whole that change their style', () => {
    expect(readXml('<office:body><text:p>un<text:span>bro</text:span>ken</text:p></office:body>').text).toBe(
      'unbroken',
    );
  });
});
