// RTF.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SandglassError } from '../../../src/errors.ts';
import { readOfficeDocument } from '../../../src/text/readers/office.ts';

const readBytes = (bytes: Uint8Array) => readOfficeDocument('rtf', bytes, 'a.rtf');
const read = (content: string) => readBytes(Buffer.from(`{\\rtf1\\ansi ${content}}`, 'latin1'));
const refused = (code: string) => expect.objectContaining({ code });

test.each([
  ['other bytes', Buffer.from('words'), 'DOCUMENT_BROKEN'],
  ['no word', Buffer.from('{\\rtf1\\ansi\\par}'), 'FILE_EMPTY'],
  ['a picture alone', Buffer.from('{\\rtf1{\\pict\\pngblip 0001ff}}'), 'DOCUMENT_WITHOUT_TEXT'],
])('%s is refused', async (_, bytes, code) => {
  await expect(readBytes(bytes)).rejects.toEqual(refused(code));
});

test('any control words give text or a refusal', async () => {
  const word = fc.constantFrom(
    '{',
    '}',
    '\\par',
    '\\u8211?',
    "\\'e4",
    '\\cell',
    '\\row',
    '{\\footnote',
    '{\\*\\x',
    '\\bin9',
    '\\uc0',
    'a',
    '{\\header',
    '\\f1',
    '\\',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 60 }), async (words) => {
      try {
        expect((await read(words.join(''))).text).toMatch(/[\p{L}\p{N}]/u);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(SandglassError);
      }
    }),
  );
});

describe('text', () => {
  test.each([
    ['paragraphs and breaks', 'one\\par two\\line three\\tab four\\page five', 'one\ntwo\nthree\tfour\nfive'],
    ['line ends of the file are none of the text', 'un\r\nbro\nken', 'unbroken'],
    ['words in groups are whole', '{\\b un}bro{\\i ken}', 'unbroken'],
    ['escaped signs', '\\{a\\}\\\\b\\~c\\_d\\-e', '{a}\\b c-de'],
    ['dashes and quotes', '\\lquote a\\rquote \\emdash\\ldblquote b\\rdblquote', '‘a’—“b”'],
    ['bytes of the western set', "Gr\\'fc\\'dfe \\'80", 'Grüße €'],
    ['characters by number, with what stands in for them', '\\u8364?1\\uc2\\u20013xx2\\uc0\\u233 3', '€1中2é3'],
    ['characters by number below zero', 'a\\u-10179?\\u-8704?', 'a😀'],
    [
      'the character set of a font',
      "{\\fonttbl{\\f0 A;}{\\f1\\fcharset204 B;}{\\f2\\fcharset128 C;}}\\f1 \\'c4\\'e0 {\\f2 \\'93\\'fa}",
      'Да 日',
    ],
    ['the character set of the document', "\\ansicpg1250 \\'b9", 'ą'],
    [
      'rows and cells',
      '\\trowd\\intbl a\\cell b\\cell\\row\\trowd\\intbl c\\cell d\\cell\\row\\pard e',
      'a\tb\nc\td\ne',
    ],
    ['hidden and deleted text', 'a{\\v no}{\\deleted no}\\v no\\v0 b\\v no\\plain c', 'abc'],
    [
      'pictures, styles, colours, fields’ instructions',
      'a{\\colortbl;\\red1;}{\\stylesheet{\\s1 no;}}{\\pict 00}{\\field{\\*\\fldinst no}{\\fldrslt b}}{\\*\\unknown no}c',
      'abc',
    ],
    ['raw bytes', 'a\\bin5 {{{{}b', 'ab'],
    [
      'notes, headers and footers follow',
      'a{\\footnote note}b\\par{\\header head}{\\footer head}c',
      'ab\nc\nnote\nhead',
    ],
    ['text of shapes, written twice', 'a{\\shp{\\*\\shpinst{\\shptxt box\\par}}{\\shprslt no}}b\\par c', 'ab\nbox\nc'],
    ['the Unicode of two ways to write it', 'a{\\upr{no}{\\*\\ud{yes}}}', 'ayes'],
    ['a group that is never closed', 'a{\\b b', 'ab'],
  ])('%s', async (_, content, text) => {
    expect((await read(content)).text).toBe(text);
  });

  test('a fragment without a head', async () => {
    expect((await readBytes(Buffer.from('{\\pard only this\\par}'))).text).toBe('only this');
  });

  test('a hundred thousand open groups', async () => {
    expect((await read(`${'{'.repeat(100_000)}a${'}'.repeat(100_000)}b`)).text).toBe('ab');
  });
});

test('what the file says of itself', async () => {
  const info =
    "{\\info{\\title T\\'e4 {\\i x}}{\\author Ann}{\\creatim\\yr2001\\mo2\\dy3}{\\revtim\\yr2002\\mo3\\dy4\\hr5\\min6}{\\nofpages9}{\\company no}}";
  expect(await read(`${info}text`)).toEqual({
    text: 'text',
    title: 'Tä x',
    author: 'Ann',
    date: '2002-03-04T05:06',
    pages: 9,
    format: 'rtf',
  });
});
