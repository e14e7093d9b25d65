import { describe, expect, test } from '@jest/globals';
import { readDocument } from '../../../src/text/read-document.ts';
import { makeZip, type ZipPart } from './make-zip.ts';

const CONTAINER =
  '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>' +
  '<rootfile full-path="OPS/book%20one.opf" media-type="application/oebps-package+xml"/></rootfiles></container>';
const PACKAGE =
  '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>The &amp; Book</dc:title>' +
  '<dc:creator>Ann Writer</dc:creator><dc:creator>Bob Writer</dc:creator><dc:date>2001-02-03</dc:date>' +
  '<dc:language>pt-BR</dc:language></metadata><manifest>' +
  '<item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>' +
  '<item id="two" href="../two%20b.xhtml" media-type="application/xhtml+xml"/>' +
  '<item id="css" href="a.css" media-type="text/css"/>' +
  '</manifest><spine><itemref idref="two"/><itemref idref="one"/><itemref idref="none"/></spine></package>';
const CHAPTER = (words: string) =>
  `<?xml version="1.0"?><html><head><title>head</title></head><body><p>${words}</p></body></html>`;

const MIME = { name: 'mimetype', content: 'application/epub+zip', stored: true };
const container = { name: 'META-INF/container.xml', content: CONTAINER };
const packaged = { name: 'OPS/book one.opf', content: PACKAGE };
const one = { name: 'OPS/text/one.xhtml', content: CHAPTER('first &auml; words') };
const two = { name: 'two b.xhtml', content: CHAPTER('second words') };

const read = (parts: readonly ZipPart[], name = 'a.epub') => readDocument(makeZip(parts), name);
const encryption = (algorithm: string, uri: string) => ({
  name: 'META-INF/encryption.xml',
  content:
    `<encryption xmlns:enc="x"><enc:EncryptedData><enc:EncryptionMethod Algorithm="${algorithm}"/><enc:CipherData>` +
    `<enc:CipherReference URI="${uri}"/></enc:CipherData></enc:EncryptedData></encryption>`,
});

describe('books that cannot be read', () => {
  test.each([
    ['without a package', [MIME, container], 'DOCUMENT_BROKEN'],
    ['without a container and a package', [MIME, one], 'DOCUMENT_BROKEN'],
    ['that name no chapter', [MIME, container, { ...packaged, content: '<package/>' }], 'DOCUMENT_BROKEN'],
    ['of which every chapter is missing', [MIME, container, packaged], 'DOCUMENT_BROKEN'],
    ['with a password on the archive', [MIME, container, { ...packaged, encrypted: true }], 'DOCUMENT_ENCRYPTED'],
    [
      'with chapters under rights management',
      [
        MIME,
        container,
        packaged,
        { ...one, content: 'q9' },
        encryption('http://www.w3.org/2001/04/xmlenc#aes128-cbc', 'OPS/text/one.xhtml'),
      ],
      'DOCUMENT_ENCRYPTED',
    ],
    [
      'with rights and no list of what is encrypted',
      [
        MIME,
        container,
        packaged,
        { ...one, content: '\x01\x02' },
        { name: 'META-INF/rights.xml', content: '<rights/>' },
      ],
      'DOCUMENT_ENCRYPTED',
    ],
    [
      'of empty chapters',
      [
        MIME,
        container,
        { ...packaged, content: PACKAGE.replace(/<metadata>.*<\/metadata>/, '') },
        { ...one, content: '<html/>' },
        { ...two, content: '' },
      ],
      'FILE_EMPTY',
    ],
    [
      'of scanned pages',
      [
        MIME,
        container,
        packaged,
        { ...one, content: '<img src="1.jpg"/>' },
        { ...two, content: '' },
        { name: 'OPS/1.jpg', content: 'x' },
      ],
      'DOCUMENT_WITHOUT_TEXT',
    ],
  ] as const)('%s say why', async (_, parts, code) => {
    await expect(read(parts)).rejects.toEqual(expect.objectContaining({ code }));
  });

  test('cut short are broken', async () => {
    const bytes = makeZip([MIME, container, packaged, one, two]);
    for (const length of [60, 200, bytes.length - 10]) {
      await expect(readDocument(bytes.subarray(0, length), 'a.epub')).rejects.toEqual(
        expect.objectContaining({ code: 'DOCUMENT_BROKEN' }),
      );
    }
  });

  test('a million entities that stand for one another are not expanded', async () => {
    const bomb = `<!DOCTYPE p [<!ENTITY a "ha">${Array.from({ length: 40 }, (_, i) => `<!ENTITY a${i} "&a${i - 1};&a${i - 1};">`).join('')}]>`;
    const { text } = await read([
      MIME,
      container,
      packaged,
      { ...one, content: `${bomb}${CHAPTER('still words &a39;')}` },
      two,
    ]);
    expect(text).toContain('still words');
    expect(text.length).toBeLessThan(3_000);
  });

  test('a chapter of nested tags does no harm', async () => {
    const { text } = await read([
      MIME,
      container,
      packaged,
      { ...one, content: `${'<div>'.repeat(200_000)}deep` },
      two,
    ]);
    expect(text).toContain('deep');
  });
});

describe('books', () => {
  test('are read in the order of the spine, with what they say of themselves', async () => {
    expect(await read([MIME, container, packaged, one, two])).toEqual({
      text: 'The & Book\nsecond words\n\nfirst ä words',
      title: 'The & Book',
      author: 'Ann Writer, Bob Writer',
      date: '2001-02-03',
      language: 'pt-BR',
      format: 'epub',
    });
  });

  test('are known by their content under any name, also without the entry that says so', async () => {
    expect((await read([container, packaged, one, two], 'book.zip')).format).toBe('epub');
    expect((await read([MIME, container, packaged, one, two], 'notes.docx')).format).toBe('epub');
  });

  test('with obfuscated fonts, a missing chapter or a damaged one give the others', async () => {
    const fonts = encryption('http://www.idpf.org/2008/embedding', 'OPS/font.otf');
    expect((await read([MIME, container, packaged, fonts, one])).text).toContain('first');
    expect((await read([MIME, container, packaged, { ...one, crc32: 1 }, two])).text).toContain('second');
  });

  test('without a spine give all chapters of the manifest', async () => {
    const unordered = { ...packaged, content: PACKAGE.replace(/<spine>.*<\/spine>/, '') };
    expect((await read([MIME, container, unordered, one, two])).text).toBe('The & Book\nfirst ä words\n\nsecond words');
  });
});
