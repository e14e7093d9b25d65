// Old Word documents.
import { describe, expect, test } from '@jest/globals';
import { readOfficeDocument } from '../../../src/text/readers/office.ts';
import { type DocParts, makeDoc, makeSummary } from './make-doc.ts';
import { makeOle } from './make-ole.ts';

const readBytes = (bytes: Uint8Array) => readOfficeDocument('doc', bytes, 'a.doc');
const read = (parts: DocParts) => readBytes(makeDoc(parts));
const refused = (code: string) => expect.objectContaining({ code });

describe('old Word documents that cannot be read', () => {
  test.each([
    ['no compound file', Buffer.alloc(2_000), 'DOCUMENT_BROKEN'],
    ['a compound file of another kind', makeOle(['Workbook']), 'DOCUMENT_BROKEN'],
    ['one that is cut short', makeDoc({ main: 'words\r' }).subarray(0, 3_000), 'DOCUMENT_BROKEN'],
    ['one behind a password', makeDoc({ main: 'words\r', flags: 0x0100 }), 'DOCUMENT_ENCRYPTED'],
    ['a new one behind a password', makeOle(['EncryptedPackage']), 'DOCUMENT_ENCRYPTED'],
    ['one without a word', makeDoc({ main: '\r' }), 'FILE_EMPTY'],
  ])('%s', async (_, bytes, code) => {
    await expect(readBytes(bytes)).rejects.toEqual(refused(code));
  });

  test('a table of pieces that is damaged', async () => {
    const bytes = makeDoc({ main: 'words\r' });
    // the first byte of the stream 1Table, after header, sectors' table, directory and the first stream
    bytes[512 * 3 + 4_096] = 9;
    await expect(readBytes(bytes)).rejects.toEqual(refused('DOCUMENT_BROKEN'));
  });

  test('chains of sectors that bite their tails end', async () => {
    const bytes = makeDoc({ main: 'words\r' });
    for (let sector = 2; sector < 10; sector++) bytes.writeUInt32LE(2, 512 + 4 * sector);
    await expect(readBytes(bytes)).rejects.toEqual(refused('DOCUMENT_BROKEN'));
  });
});

describe('text', () => {
  test.each([true, false])('paragraphs, breaks and hyphens, two bytes a character: %s', async (wide) => {
    const { text, format } = await read({ main: 'Gr\u00fcn\ttwo\x0bthree\x0cfour\x1efive\x1fsix\r\rend\r', wide });
    expect({ text, format }).toEqual({ text: 'Grün\ttwo\nthree\nfour-fivesix\nend', format: 'doc' });
  });

  test('rows are lines, cells have tabs between them', async () => {
    expect((await read({ main: 'a\x07b\x07\x07c\x07d\x07\x07e\r' })).text).toBe('a\tb\nc\td\ne');
  });

  test('of fields the results are read, not the instructions', async () => {
    expect((await read({ main: 'a \x13 HYPERLINK "no" \x13no\x14no\x15\x14link\x15 b\x13no\x15\r' })).text).toBe(
      'a link b',
    );
  });

  test('deleted text is not read', async () => {
    expect((await read({ main: 'kept gone kept\r', deleted: [5, 10] })).text).toBe('kept kept');
    expect((await read({ main: 'kept gone kept\r', deleted: [5, 10], wide: false })).text).toBe('kept kept');
  });

  test('notes follow, then headers and footers, each line once', async () => {
    expect((await read({ main: 'body\x02\r', footnotes: '\x02 note\r', heads: 'head\rhead\r' })).text).toBe(
      'body\nnote\nhead',
    );
  });
});

test('what the file says of itself', async () => {
  const summary = makeSummary('A title', 'Ann\u00e9', new Date('2003-04-05T06:07:08Z'), 12);
  expect(await read({ main: 'x\r', summary })).toEqual({
    text: 'x',
    title: 'A title',
    author: 'Anné',
    date: '2003-04-05T06:07:08Z',
    pages: 12,
    format: 'doc',
  });
});
