// PDF: what is refused and why, text as it was meant, what the file says of itself.
import { describe, expect, test } from '@jest/globals';
import { readOfficeDocument } from '../../../src/text/readers/office.ts';
import { lines, makePdf, type PdfParts } from './make-pdf.ts';

const readBytes = (bytes: Uint8Array) => readOfficeDocument('pdf', bytes, 'a.pdf');
const read = (parts: PdfParts) => readBytes(makePdf(parts));
const refused = (code: string) => expect.objectContaining({ code, message: expect.stringContaining('a.pdf') });

describe('PDFs that cannot be read', () => {
  test.each([
    ['nothing but a beginning', Buffer.from('%PDF-1.4\n')],
    ['other bytes', Buffer.alloc(2_000, 'x')],
    ['the first third', makePdf({ pages: [lines('one')] }).subarray(0, 200)],
    ['no page', makePdf({ pages: [] })],
  ])('%s is broken', async (_, bytes) => {
    await expect(readBytes(bytes)).rejects.toEqual(refused('DOCUMENT_BROKEN'));
  });

  test('one with a password is encrypted', async () => {
    await expect(read({ pages: [lines('secret words')], password: 'x' })).rejects.toEqual(
      refused('DOCUMENT_ENCRYPTED'),
    );
  });

  test('one in which something is drawn but nothing is written needs OCR', async () => {
    await expect(read({ pages: ['10 10 100 100 re f'] })).rejects.toEqual(refused('DOCUMENT_WITHOUT_TEXT'));
  });

  test('one with blank pages is empty', async () => {
    await expect(read({ pages: ['', ''] })).rejects.toEqual(refused('FILE_EMPTY'));
  });

  test('a page that cannot be read does not hide the others', async () => {
    const bytes = makePdf({ pages: [lines('first'), lines('second')] });
    const text = bytes.toString('latin1').replace('/Kids[10 0 R', '/Kids[99 0 R');
    expect((await readBytes(Buffer.from(text, 'latin1'))).text).toBe('second');
  });
});

describe('text', () => {
  test('page by page, line by line', async () => {
    const { text, pages, format } = await read({ pages: [lines('One line', 'Another.'), lines('Page two')] });
    expect({ text, pages, format }).toEqual({ text: 'One line\nAnother.\nPage two', pages: 2, format: 'pdf' });
  });

  test('words that are set apart by their places have spaces', async () => {
    const { text } = await read({ pages: ['BT /F 12 Tf 72 720 Td [(Two)-300(words)] TJ ET'] });
    expect(text).toBe('Two words');
  });

  test('letters that are moved a little stay one word', async () => {
    const { text } = await read({ pages: ['BT /F 12 Tf 72 720 Td [(A)70(V)60(A)] TJ ET'] });
    expect(text).toBe('AVA');
  });

  test('a word that is broken at the end of a line is put together', async () => {
    const { text } = await read({ pages: [lines('This is an exam-', 'ple of words')] });
    expect(text).toBe('This is an example of words');
  });

  test('a compound keeps its hyphen where the document writes it elsewhere', async () => {
    const { text } = await read({ pages: [lines('a well-known case and a well-', 'known one')] });
    expect(text).toBe('a well-known case and a well-known one');
  });

  test('a hyphen before a capital or a number stays', async () => {
    const { text } = await read({ pages: [lines('pages 10-', '20 by Anne-', 'Marie')] });
    expect(text).toBe('pages 10-\n20 by Anne-Marie');
  });

  test('a broken table of objects is found anew', async () => {
    const text = makePdf({ pages: [lines('still here')] })
      .toString('latin1')
      .replace(/startxref\n\d+/, 'startxref\n5');
    expect((await readBytes(Buffer.from(text, 'latin1'))).text).toBe('still here');
  });

  test('what was typed into a form, and notes, are read once', async () => {
    const { text } = await read({
      pages: [lines('Name')],
      page: '/Annots[10 0 R 11 0 R 12 0 R 13 0 R]',
      objects: [
        '<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(Ada Lovelace)/Rect[100 600 200 620]/F 4>>',
        '<</Type/Annot/Subtype/Text/Contents(A remark)/Rect[0 0 20 20]>>',
        '<</Type/Annot/Subtype/Text/Contents(Name)/Rect[0 0 20 20]>>',
        '<</Type/Annot/Subtype/Text/Contents(hidden)/F 2/Rect[0 0 20 20]>>',
      ],
    });
    expect(text).toBe('Name\nAda Lovelace\nA remark');
  });

  test('one that opens without a password is read, encrypted or not', async () => {
    const { text } = await read({ pages: [lines('may not be printed')], password: '' });
    expect(text).toBe('may not be printed');
  });

  test('one document leaves nothing behind for the next', async () => {
    const refusal = read({ pages: [lines('x')], password: 'x' });
    const texts = Array.from({ length: 20 }, (_, index) => read({ pages: [lines(`number ${index}`)] }));
    await expect(refusal).rejects.toEqual(refused('DOCUMENT_ENCRYPTED'));
    expect((await Promise.all(texts)).map(({ text }) => text)).toEqual(
      Array.from({ length: 20 }, (_, index) => `number ${index}`),
    );
  });
});

describe('what the file says of itself', () => {
  test('title, author, date and language', async () => {
    const info =
      "/Title(The \\(best\\) title)/Author<FEFF00C500730061>/ModDate(D:20240131120000+01'00')/CreationDate(D:2020)";
    expect(await read({ pages: [lines('x')], info, catalog: '/Lang(de-CH)' })).toEqual({
      text: 'x',
      title: 'The (best) title',
      author: 'Åsa',
      date: '2024-01-31T12:00:00+01:00',
      language: 'de-CH',
      pages: 1,
      format: 'pdf',
    });
  });

  test.each([
    ['D:2020', '2020'],
    ['D:202013', '2020'],
    ['D:20200230', '2020-02-30'],
    ['20200203', '2020-02-03'],
    ['D:20200203040506Z', '2020-02-03T04:05:06Z'],
    ['D:20200203040506-07', '2020-02-03T04:05:06-07:00'],
    ['yesterday', undefined],
    ['D:00000101', undefined],
  ])('the date %s', async (written, date) => {
    expect((await read({ pages: [lines('x')], info: `/CreationDate(${written})` })).date).toBe(date);
  });

  test('what programs write for want of a title is none', async () => {
    expect((await read({ pages: [lines('x')], info: '/Title(Untitled)/Author( )' })).title).toBeUndefined();
    expect((await read({ pages: [lines('x')], info: '/Title(Microsoft Word - Plan.doc)' })).title).toBe('Plan.doc');
  });
});
