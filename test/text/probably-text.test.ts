import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { isProbablyText } from '../../src/text/probably-text.ts';

describe('isProbablyText', () => {
  test.each([
    ['a NUL', Buffer.from('abc\0def')],
    [
      'compressed data',
      gzipSync(Buffer.from('some text '.repeat(5_000).replace(/e/g, () => `${Math.PI}`))).subarray(10),
    ],
    ['a PNG signature', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')],
    ['control characters between high bytes', Buffer.from('\x01\x02é\x03\x04ü', 'latin1')],
    ['an ELF file', Buffer.from('\x7fELF\x02\x01\x01\0', 'latin1')],
  ])('%s is binary', (_, bytes) => {
    expect(isProbablyText(bytes)).toBe(false);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['ASCII with tabs, form feeds and escapes', Buffer.from('a\tb\r\n\f\x1b[1mbold\x1b[0m')],
    ['a few control characters in ASCII', Buffer.from('name | \x02 \x02 \x02 \x02 address')],
    ['UTF-8', Buffer.from('Grüße, 自然语言')],
    ['Latin-1', Buffer.from('Grüße', 'latin1')],
    ['UTF-16 with a byte order mark', Buffer.from('\ufeffGrüße', 'utf16le')],
  ])('%s is text', (_, bytes) => {
    expect(isProbablyText(bytes)).toBe(true);
  });

  test('only the first 64 KiB are looked at', () => {
    expect(isProbablyText(Buffer.from(`${'a'.repeat(65_536)}\0`))).toBe(true);
    expect(isProbablyText(Buffer.from(`${'a'.repeat(65_535)}\0`))).toBe(false);
  });
});
