// detectText and detectBinary: bytes decide, names only break ties.
import { describe, expect, it } from '@jest/globals';
import { detectBinary, detectText } from '../../src/features/detect-kind.ts';
import { ELF, FLAC, jpeg, NOISE, PDF, POSTSCRIPT, png, RTF, SVG, ZIP } from './samples.ts';

const text = (content: string) => detectText(Buffer.from(content));

describe('failures', () => {
  it.each(['notes.txt', 'a/b/README.md', 'table.CSV', 'main.py'])(
    'says that binary data is not the text %s',
    async (name) => {
      expect(await detectBinary(NOISE, name)).toMatchObject({
        kind: 'failed',
        error: { code: 'TEXT_BINARY', path: name },
      });
    },
  );

  it('names the type of binary data that calls itself text', async () => {
    const detected = await detectBinary(ZIP, 'notes.txt');
    expect(detected).toMatchObject({ kind: 'failed', error: { code: 'TEXT_BINARY' } });
    expect((detected as { error: Error }).error.message).toContain('zip');
  });

  it('says that a picture does not begin like one', async () => {
    expect(await detectBinary(NOISE, 'photo.jpg')).toMatchObject({ kind: 'failed', error: { code: 'IMAGE_BROKEN' } });
  });
});

describe('what is skipped', () => {
  it.each([
    ['pdf', PDF],
    ['rtf', RTF],
    ['ps', POSTSCRIPT],
    ['pnm', 'P2\n# grey\n2 2\n255\n0 1 2 3\n'],
  ])('tells %s from text', (type, content) => {
    expect(text(content)).toMatchObject({ kind: 'skipped', type, error: { code: 'KIND_UNSUPPORTED' } });
  });

  it('says what is not read yet in words', () => {
    expect((text(PDF) as { error: Error }).error.message).toBe('PDF documents are not read yet.');
  });

  it.each([
    ['zip', ZIP],
    ['elf', ELF],
    ['flac', FLAC],
    ['binary', NOISE],
    ['pnm', Buffer.from('P6\n2 2\n255\n\0\x01\x02\x03\0\x01\x02\x03\0\x01\x02\x03', 'latin1')],
  ])('gives the type of %s', async (type, content) => {
    expect(await detectBinary(content, 'file')).toMatchObject({ kind: 'skipped', type });
  });

  it('does not take camera raw files for TIFF pictures', async () => {
    const tiff = Buffer.from('49492a0008000000', 'hex');
    expect(await detectBinary(tiff, 'photo.nef')).toMatchObject({ kind: 'skipped', type: 'camera raw' });
    expect(await detectBinary(tiff, 'photo.tif')).toEqual({ kind: 'image', format: 'tiff' });
  });

  it('does not count video, which shares its extension with TypeScript, as a failure', async () => {
    expect(await detectBinary(NOISE, 'stream.ts')).toMatchObject({ kind: 'skipped' });
  });
});

describe('what is read', () => {
  it.each([
    'plain words',
    '% a comment of TeX\n\\documentclass{article}',
    'P1 is the first of three questions and P2 the second',
    '<!DOCTYPE html><html><body><svg width="3"></svg></body></html>',
    'an essay on <svg>',
    '<?xml version="1.0"?><feed><svgs/></feed>',
    '',
  ])('takes %j for text', (content) => {
    expect(text(content)).toEqual({ kind: 'text' });
  });

  it.each([
    SVG,
    '\uFEFF<svg/>',
    '  <s:svg xmlns:s="http://www.w3.org/2000/svg"/>',
    '<!DOCTYPE svg PUBLIC "a" "b" [ <!ENTITY ns "x"> ]>\n<svg>',
  ])('takes %j for an SVG picture', (content) => {
    expect(text(content)).toEqual({ kind: 'image', format: 'svg' });
  });

  it('does not take long over markup that never ends', () => {
    expect(text(`<!DOCTYPE svg [${'<!-- svg '.repeat(7_000)}`)).toEqual({ kind: 'text' });
  });

  it('knows pictures by their bytes, whatever their name', async () => {
    expect(await detectBinary(await jpeg(), 'notes.txt')).toEqual({ kind: 'image', format: 'jpeg' });
    expect(await detectBinary(png(4, 4), 'archive.zip')).toEqual({ kind: 'image', format: 'png' });
  });

  it('knows AVIF under the general brand of HEIF', async () => {
    const head = Buffer.from(
      '0000001c66747970 6d696631 00000000 6d696631 61766966 6d696166'.replaceAll(' ', ''),
      'hex',
    );
    expect(await detectBinary(head, 'a.avif')).toEqual({ kind: 'image', format: 'avif' });
  });
});
