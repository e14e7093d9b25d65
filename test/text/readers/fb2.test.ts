import { describe, expect, test } from '@jest/globals';
import iconv from 'iconv-lite';
import { readDocument } from '../../../src/text/read-document.ts';
import { makeZip } from './make-zip.ts';

const BOOK =
  '<?xml version="1.0" encoding="windows-1251"?><FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0"><description><title-info>' +
  '<genre>prose</genre><author><first-name>Антон</first-name><last-name>Чехов</last-name></author>' +
  '<author><nickname>другой</nickname></author><book-title>Дама с собачкой</book-title>' +
  '<annotation><p>О любви</p></annotation><date value="1899-12-01">декабрь 1899</date><lang>ru</lang>' +
  '<translator><first-name>Никто</first-name></translator></title-info>' +
  '<document-info><program-used>editor</program-used></document-info></description>' +
  '<body><section><title><p>Глава</p></title><p>Гово<emphasis>рили</emphasis>, что на набережной</p></section></body>' +
  '<body name="notes"><section><p>примечание</p></section></body>' +
  '<binary id="p" content-type="image/png">iVBORw0KGgo</binary></FictionBook>';

describe('books that cannot be read', () => {
  test.each([
    ['an archive without a book', [{ name: 'a.txt', content: 'words' }], 'KIND_UNSUPPORTED'],
    ['an archive with an empty book', [{ name: 'a.fb2', content: '' }], 'FILE_EMPTY'],
    ['an archive with a book of no words', [{ name: 'a.fb2', content: '<FictionBook/>' }], 'FILE_EMPTY'],
    ['a locked archive', [{ name: 'a.fb2', content: BOOK, encrypted: true }], 'DOCUMENT_ENCRYPTED'],
  ])('%s', async (_, parts, code) => {
    await expect(readDocument(makeZip(parts), 'a.fb2.zip')).rejects.toEqual(expect.objectContaining({ code }));
  });

  test('a book cut short gives what is there', async () => {
    const { text } = await readDocument(iconv.encode(BOOK.slice(0, BOOK.indexOf('рили')), 'windows-1251'), 'a.fb2');
    expect(text).toContain('Гово');
  });

  test('nested sections do no harm', async () => {
    const deep = BOOK.replace('<section>', '<section>'.repeat(300_000));
    expect((await readDocument(Buffer.from(deep.replace('windows-1251', 'utf-8')), 'a.fb2')).text).toContain(
      'набережной',
    );
  });
});

describe('books', () => {
  const expected = {
    text: 'Дама с собачкой\nО любви\nГлава\nГоворили, что на набережной\nпримечание',
    title: 'Дама с собачкой',
    author: 'Антон Чехов, другой',
    date: '1899-12-01',
    language: 'ru',
    format: 'fb2',
  };

  test('give their words without pictures, and what they say of themselves', async () => {
    expect(await readDocument(iconv.encode(BOOK, 'windows-1251'), 'a.fb2')).toEqual({
      ...expected,
      charset: 'windows-1251',
    });
  });

  test('are known under another name', async () => {
    expect(await readDocument(iconv.encode(BOOK, 'windows-1251'), 'a.xml')).toMatchObject(expected);
  });

  test('packed are read from the archive', async () => {
    const zip = makeZip([{ name: 'book.fb2', content: iconv.encode(BOOK, 'windows-1251') }]);
    expect(await readDocument(zip, 'a.fb2.zip')).toEqual(expected);
  });
});
