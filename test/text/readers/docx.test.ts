// Word documents: what is refused and why, what a reader sees, what the file says of itself.
import { describe, expect, test } from '@jest/globals';
import { readOfficeDocument } from '../../../src/text/readers/office.ts';
import { makeOle } from './make-ole.ts';
import { makeZip, type ZipPart } from './make-zip.ts';
import { makeDocx, paragraph, relationsOf } from './office-parts.ts';

const readBytes = (bytes: Uint8Array) => readOfficeDocument('docx', bytes, 'a.docx');
const read = (body: string, ...parts: readonly ZipPart[]) => readBytes(makeDocx(body, ...parts));
const refused = (code: string) => expect.objectContaining({ code, message: expect.stringContaining('a.docx') });

describe('Word documents that cannot be read', () => {
  test.each([
    ['no archive', Buffer.from('PK, or not'), 'DOCUMENT_BROKEN'],
    ['an archive that is cut short', makeDocx(paragraph('x')).subarray(0, 100), 'DOCUMENT_BROKEN'],
    ['an archive without a document', makeZip([{ name: 'a.txt', content: 'x' }]), 'DOCUMENT_BROKEN'],
    ['a compound file that is no locked document', makeOle(['Workbook']), 'DOCUMENT_BROKEN'],
    ['one behind a password', makeOle(['EncryptionInfo', 'EncryptedPackage']), 'DOCUMENT_ENCRYPTED'],
    ['one without a word', makeDocx('<w:p/>'), 'FILE_EMPTY'],
    [
      'one with pictures alone',
      makeDocx('<w:p/>', relationsOf('word/document.xml', { r: ['image', 'media/a.png'] })),
      'DOCUMENT_WITHOUT_TEXT',
    ],
  ])('%s', async (_, bytes, code) => {
    await expect(readBytes(bytes)).rejects.toEqual(refused(code));
  });

  test('entities of the document’s own are not expanded', async () => {
    const content =
      '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>' +
      '<w:document><w:body><w:p><w:r><w:t>one &b; &c; &amp; &#x74;wo</w:t></w:r></w:p></w:body></w:document>';
    const { text } = await readBytes(makeZip([{ name: 'word/document.xml', content }]));
    expect(text).toMatch(/^one .{0,10} & two$/);
  });

  test('elements a million deep are refused at once', async () => {
    await expect(read('<w:p>'.repeat(1_000_000))).rejects.toEqual(refused('DOCUMENT_BROKEN'));
  });

  test('a part that ends in the middle of a tag gives what stands before', async () => {
    const content = '<w:document><w:body><w:p><w:r><w:t>before</w:t></w:r></w:p><w:p><w:';
    expect((await readBytes(makeZip([{ name: 'word/document.xml', content }]))).text).toBe('before');
  });
});

describe('text', () => {
  test('paragraphs, tabs, line breaks, hyphens', async () => {
    const run = '<w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t><w:softHyphen/><w:t>e</w:t>';
    const stops = '<w:pPr><w:tabs><w:tab w:val="left" w:pos="100"/></w:tabs></w:pPr>';
    const { text, format } = await read(`<w:p>${stops}<w:r><w:t>a</w:t>${run}</w:r></w:p><w:p/>${paragraph('f')}`);
    expect({ text, format }).toEqual({ text: 'a\tb\nc-de\nf', format: 'docx' });
  });

  test('words in pieces are whole', async () => {
    expect(
      (
        await read(
          '<w:p><w:r><w:t>un</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>bro</w:t></w:r><w:r><w:t>ken</w:t></w:r></w:p>',
        )
      ).text,
    ).toBe('unbroken');
  });

  test('rows are lines, cells have tabs between them', async () => {
    const cell = (text: string) => `<w:tc>${paragraph(text)}</w:tc>`;
    const table = `<w:tbl><w:tr>${cell('a')}${cell('b')}</w:tr><w:tr>${cell('c')}<w:tc><w:p/></w:tc>${cell('d')}</w:tr></w:tbl>`;
    expect((await read(`${paragraph('before')}${table}${paragraph('after')}`)).text).toBe('before\na\tb\nc\td\nafter');
  });

  test('deleted, moved and hidden text is not read, inserted text is', async () => {
    const run = (text: string, properties = '') => `<w:r><w:rPr>${properties}</w:rPr><w:t>${text}</w:t></w:r>`;
    const body =
      `<w:p><w:del>${run('no1')}<w:r><w:delText>no2</w:delText></w:r></w:del><w:ins>${run('yes ')}</w:ins>` +
      `<w:moveFrom>${run('no3')}</w:moveFrom><w:moveTo>${run('moved ')}</w:moveTo>${run('no4', '<w:vanish/>')}` +
      `${run('seen', '<w:vanish w:val="0"/>')}<w:r><w:instrText>PAGE no5</w:instrText></w:r></w:p>`;
    expect((await read(body)).text).toBe('yes moved seen');
  });

  test('a text box is read once, after its paragraph', async () => {
    const box = `<w:txbxContent>${paragraph('in the box')}</w:txbxContent>`;
    const drawing = `<mc:AlternateContent><mc:Choice>${box}</mc:Choice><mc:Fallback>${box}</mc:Fallback></mc:AlternateContent>`;
    expect(
      (await read(`<w:p><w:r><w:t>one </w:t>${drawing}<w:t>two</w:t></w:r></w:p>${paragraph('three')}`)).text,
    ).toBe('one two\nin the box\nthree');
  });

  test('notes and comments follow in the order of their marks, then headers and footers, each once', async () => {
    const note = (type: string, id: number, text: string) => `<w:${type} w:id="${id}">${paragraph(text)}</w:${type}>`;
    const body =
      '<w:p><w:r><w:t>body</w:t><w:footnoteReference w:id="2"/><w:footnoteReference w:id="1"/>' +
      '<w:commentReference w:id="0"/></w:r></w:p>';
    const { text } = await read(
      body,
      relationsOf('word/document.xml', {
        a: ['footnotes', 'footnotes.xml'],
        b: ['comments', '/word/comments.xml'],
        c: ['header', 'h1.xml'],
        d: ['header', 'h2.xml'],
        e: ['footer', 'none.xml'],
      }),
      {
        name: 'word/footnotes.xml',
        content: `<w:footnotes>${note('footnote', 1, 'one')}${note('footnote', 2, 'two')}${note('footnote', 3, 'unused')}</w:footnotes>`,
      },
      { name: 'word/comments.xml', content: `<w:comments>${note('comment', 0, 'a remark')}</w:comments>` },
      { name: 'word/h1.xml', content: `<w:hdr>${paragraph('head')}</w:hdr>` },
      { name: 'word/h2.xml', content: `<w:hdr>${paragraph('head')}</w:hdr>` },
    );
    expect(text).toBe('body\ntwo\none\na remark\nhead');
  });

  test('other prefixes and UTF-16 make no difference', async () => {
    const xml =
      '\uFEFF<?xml version="1.0" encoding="UTF-16"?><x:document><x:body><x:p><x:r><x:t>größer 大</x:t></x:r></x:p></x:body></x:document>';
    const { text } = await readBytes(makeZip([{ name: 'word/document.xml', content: Buffer.from(xml, 'utf16le') }]));
    expect(text).toBe('größer 大');
  });

  test('a large initial belongs to its word', async () => {
    const initial = paragraph('D', '<w:pPr><w:framePr w:dropCap="drop"/></w:pPr>');
    expect((await read(`${initial}${paragraph('rop caps')}`)).text).toBe('Drop caps');
  });
});

describe('what the file says of itself', () => {
  test('title, author, date, language, pages', async () => {
    const core =
      '<cp:coreProperties><dc:title>A &lt;title&gt;</dc:title><dc:creator>Ann</dc:creator><dc:language>fr-FR</dc:language>' +
      '<dcterms:created>2020-01-01T00:00:00Z</dcterms:created><dcterms:modified>2021-02-03T04:05:06Z</dcterms:modified></cp:coreProperties>';
    const { text: _, ...said } = await read(
      paragraph('x'),
      { name: 'docProps/core.xml', content: core },
      { name: 'docProps/app.xml', content: '<Properties><Pages>3</Pages></Properties>' },
    );
    expect(said).toEqual({
      title: 'A <title>',
      author: 'Ann',
      date: '2021-02-03T04:05:06Z',
      language: 'fr-FR',
      pages: 3,
      format: 'docx',
    });
  });

  test('without a title of its own it is called by the paragraph in that style, else by its first heading', async () => {
    const styled = (style: string, text: string) => paragraph(text, `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`);
    expect((await read(styled('Heading1', 'Chapter') + styled('Title', 'The whole'))).title).toBe('The whole');
    expect((await read(styled('Heading1', 'Chapter') + styled('Heading1', 'Next'))).title).toBe('Chapter');
    expect((await read(paragraph('x'))).title).toBeUndefined();
  });
});
