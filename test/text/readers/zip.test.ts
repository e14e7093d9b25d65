import { describe, expect, test } from '@jest/globals';
import { openZip, type ZipLimits } from '../../../src/text/readers/zip.ts';
import { makeZip } from './make-zip.ts';

const content = (zip: Uint8Array, name = 'a.txt', limits: ZipLimits = {}) =>
  openZip(zip, 'book.epub', limits).then((archive) => archive.read(name));
const code = (expected: string) => expect.objectContaining({ code: expected, path: 'book.epub' });

describe('archives that cannot be read', () => {
  const whole = makeZip([{ name: 'a.txt', content: 'words '.repeat(100) }]);

  test.each([
    ['no bytes', Buffer.alloc(0)],
    ['something else', Buffer.from('just words')],
    ['an archive cut short', whole.subarray(0, whole.length - 30)],
    ['an archive without its beginning', whole.subarray(20)],
    ['a checksum that is wrong', makeZip([{ name: 'a.txt', content: 'words', crc32: 1 }])],
    ['packed data that are none', Buffer.from(whole).fill(0xff, 35, 45)],
  ])('%s is broken', async (_, bytes) => {
    await expect(content(bytes)).rejects.toEqual(code('DOCUMENT_BROKEN'));
  });

  test('an encrypted entry is locked, the others are read', async () => {
    const zip = makeZip([
      { name: 'a.txt', content: 'secret', encrypted: true },
      { name: 'b.txt', content: 'open' },
    ]);
    await expect(content(zip)).rejects.toEqual(code('DOCUMENT_ENCRYPTED'));
    expect(Buffer.from((await content(zip, 'b.txt'))!).toString()).toBe('open');
  });

  test('an entry that unpacks to more than the limit is not unpacked', async () => {
    const bomb = makeZip([{ name: 'a.txt', content: Buffer.alloc(50_000_000) }]);
    expect(bomb.length).toBeLessThan(100_000);
    await expect(content(bomb, 'a.txt', { unpackedBytes: 1_000_000 })).rejects.toEqual(code('FILE_TOO_LARGE'));
  });

  test('the limit holds for all entries together', async () => {
    const zip = await openZip(
      makeZip([
        { name: 'a', content: Buffer.alloc(600) },
        { name: 'b', content: Buffer.alloc(600), stored: true },
      ]),
      'book.epub',
      { unpackedBytes: 1_000 },
    );
    expect(await zip.read('a')).toHaveLength(600);
    await expect(zip.read('b')).rejects.toEqual(code('FILE_TOO_LARGE'));
  });

  test('a directory with too many entries is refused', async () => {
    const many = makeZip([1, 2, 3].map((n) => ({ name: `${n}`, content: '' })));
    await expect(openZip(many, 'book.epub', { entries: 2 })).rejects.toEqual(code('FILE_TOO_LARGE'));
  });
});

describe('archives', () => {
  test('give their entries by name; what is not there is undefined', async () => {
    const zip = await openZip(
      makeZip([
        { name: 'folder/', content: '' },
        { name: 'folder/ä.txt', content: 'words' },
        { name: '../odd', content: '' },
      ]),
      'a.zip',
    );
    expect(zip.names).toEqual(['folder/ä.txt', '../odd']);
    expect(Buffer.from((await zip.read('folder/ä.txt'))!).toString()).toBe('words');
    expect(await zip.read('../odd')).toHaveLength(0);
    expect(await zip.read('constructor')).toBeUndefined();
  });
});
