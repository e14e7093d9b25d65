// detectText and detectBinary: bytes decide, names only break ties.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { detectBinary, detectText } from '../../src/features/detect-kind.ts';
import { oleStreams } from '../../src/text/ole-streams.ts';
import { isProbablyText } from '../../src/text/probably-text.ts';
import { makeOle } from '../text/readers/make-ole.ts';
import { makeZip } from '../text/readers/make-zip.ts';
import { ELF, FLAC, jpeg, NOISE, PDF, POSTSCRIPT, png, RTF, SVG, ZIP } from './samples.ts';

const text = (content: string) => detectText(Buffer.from(content));
const odf = (mime: string) => makeZip([{ name: 'mimetype', content: mime, stored: true }]);

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

describe('documents that are something else', () => {
  it.each([
    ['png', png(4, 4)],
    ['flac', FLAC],
    ['elf', ELF],
  ])('says that %s is no document', async (type, content) => {
    const detected = await detectBinary(content, 'a.epub');
    expect(detected).toMatchObject({ kind: 'failed', error: { code: 'DOCUMENT_BROKEN', path: 'a.epub' } });
    expect((detected as { error: Error }).error.message).toContain(type);
  });
});

describe('what is skipped', () => {
  it.each([['ps', POSTSCRIPT]])('tells %s from text', (type, content) => {
    expect(text(content)).toMatchObject({ kind: 'skipped', type, error: { code: 'KIND_UNSUPPORTED' } });
  });

  it.each([
    ['xls', makeOle(['Workbook']), 'Excel sheets of versions before 2007 are not read; save them as .xlsx.'],
    ['xls', makeOle(['Book', '\u0005SummaryInformation']), 'save them as .xlsx'],
    ['ppt', makeOle(['Current User', 'PowerPoint Document']), 'save them as .pptx'],
    ['msg', makeOle(['__nameid_version1.0', '__properties_version1.0']), 'save them as .eml'],
    ['vsd', makeOle(['VisioDocument']), 'save them as PDF'],
    ['hwp', makeOle(['FileHeader', 'BodyText']), 'save them as .docx'],
    ['cfb', makeOle(['Other']), 'Compound files'],
    ['xlsb', makeZip([{ name: 'xl/workbook.bin', content: '' }]), 'save them as .xlsx'],
    ['iwork', makeZip([{ name: 'Index/Document.iwa', content: '' }]), 'Pages, Numbers and Keynote'],
    ['xps', makeZip([{ name: 'FixedDocSeq.fdseq', content: '' }]), 'save them as PDF'],
    ['odf', odf('application/vnd.oasis.opendocument.graphics'), 'drawings'],
    ['mobi', Buffer.concat([Buffer.alloc(60), Buffer.from('BOOKMOBI')]), 'EPUB'],
    ['djvu', Buffer.from('AT&TFORM\0\0\0\0DJVU'), 'convert them to PDF'],
    ['chm', Buffer.from('ITSF\x03\0\0\0'), 'help files'],
    ['wpd', Buffer.from('\xffWPC\0\0', 'latin1'), 'WordPerfect'],
  ])('says in words that %s is not read, whatever the name', async (type, content, words) => {
    for (const name of ['file', `file.${type}`, 'file.doc', 'file.docx']) {
      const detected = await detectBinary(content, name);
      expect(detected).toMatchObject({ kind: 'skipped', type, error: { code: 'KIND_UNSUPPORTED' } });
      expect((detected as { error: Error }).error.message).toContain(words);
    }
  });

  it('says that a PostScript document is not read', () => {
    expect((text(POSTSCRIPT) as { error: Error }).error.message).toBe(
      'PostScript documents are not read; convert them to PDF.',
    );
  });

  it.each([
    ['zip', ZIP],
    ['elf', ELF],
    ['flac', FLAC],
    ['binary', NOISE],
  ])('gives the type of %s', async (type, content) => {
    expect(await detectBinary(content, 'file')).toMatchObject({ kind: 'skipped', type });
  });

  it('does not count video, which shares its extension with TypeScript, as a failure', async () => {
    expect(await detectBinary(NOISE, 'stream.ts')).toMatchObject({ kind: 'skipped' });
  });
});

describe('pictures beyond the common formats', () => {
  const latin = (content: string) => Buffer.from(content, 'latin1');
  const TGA = Buffer.concat([latin('\0\0\x02\0\0\0\0\0\0\0\0\0\x04\0\x04\0\x18\0'), Buffer.alloc(48, 7)]);

  it('are told from text when they are written in characters', () => {
    expect(text('P2\n# grey\n2 2\n255\n0 1 2 3\n')).toEqual({ kind: 'image', format: 'ppm' });
    expect(text('P2P networks are text.')).toEqual({ kind: 'text' });
  });

  it.each([
    ['ppm', latin('P6\n2 2\n255\n\0\x01\x02\x03\0\x01\x02\x03\0\x01\x02\x03')],
    ['heic', latin('\0\0\0\x18ftypheic\0\0\0\0mif1heic')],
    ['avif', latin('\0\0\0\x1cftypavif\0\0\0\0mif1avifmiaf')],
    ['jp2', latin('\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 \0\0\0\0jp2 ')],
    ['jxl', latin('\0\0\0\x0cJXL \r\n\x87\n')],
    ['bmp', Buffer.concat([latin('BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0'), Buffer.alloc(40)])],
    ['psd', latin('8BPS\0\x01\0\0\0\0\0\0\0\x03\0\0\0\x01\0\0\0\x01\0\x08\0\x03')],
    ['qoi', latin('qoif\0\0\0\x01\0\0\0\x01\x03\0')],
    ['hdr', latin('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\n\x80\x80\x80\x80')],
    ['ico', latin('\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0\x68\x04\0\0\x16\0\0\0')],
    ['raw', latin('FUJIFILMCCD-RAW 0201FF383001')],
    ['tga', TGA],
  ])('are known by their content, whatever the name: %s', async (format, content) => {
    for (const name of ['file', 'photo.jpg', 'photo.bin']) {
      expect(await detectBinary(content, name)).toEqual({ kind: 'image', format });
    }
  });

  it('take the name into account where the content has no sign of its own', async () => {
    expect(await detectBinary(TGA.subarray(0, 40), 'photo.tga')).toEqual({ kind: 'image', format: 'tga' });
    expect(await detectBinary(TGA.subarray(0, 40), 'file')).toMatchObject({ kind: 'skipped', type: 'binary' });
  });

  it('may be what a camera keeps in a TIFF', async () => {
    const tiff = Buffer.from('49492a0008000000', 'hex');
    for (const name of ['photo.nef', 'photo.tif']) {
      expect(await detectBinary(tiff, name)).toEqual({ kind: 'image', format: 'tiff' });
    }
  });
});

describe('documents that are no plain characters', () => {
  const ooxml = (part: string) =>
    makeZip([
      { name: '[Content_Types].xml', content: '<Types/>' },
      { name: part, content: '<xml/>' },
    ]);
  it.each([
    ['pdf', PDF],
    ['pdf', `\uFEFF\n${PDF}`],
    ['rtf', RTF],
    ['pdf', Buffer.concat([Buffer.from(PDF), NOISE])],
    ['doc', makeOle(['WordDocument', '1Table'])],
    ['docx', ooxml('word/document.xml')],
    ['pptx', ooxml('ppt/presentation.xml')],
    ['xlsx', ooxml('xl/workbook.xml')],
    ['docx', ooxml('word\\\\document.xml')],
    ['odt', odf('application/vnd.oasis.opendocument.text')],
    ['odt', odf('application/vnd.oasis.opendocument.text-template')],
    ['ods', odf('application/vnd.oasis.opendocument.spreadsheet')],
    ['odp', odf('application/vnd.oasis.opendocument.presentation')],
    ['epub', odf('application/epub+zip')],
    ['epub', makeZip([{ name: 'META-INF/container.xml', content: '' }])],
    ['fb2', makeZip([{ name: 'book.fb2', content: '' }])],
  ])('%s is known by its content, whatever the name', async (format, content) => {
    for (const name of ['file', 'notes.txt', 'photo.jpg', 'a.odt', 'a.zip', 'a.PDF']) {
      const head = Buffer.from(content);
      const detected = isProbablyText(head) ? detectText(head, name) : await detectBinary(head, name);
      expect(detected).toEqual({ kind: 'text', format });
    }
  });

  it('a document inside a document does not tell what the outer one is', async () => {
    const inner = ooxml('word/document.xml');
    const slides = makeZip([
      { name: 'ppt/embeddings/letter.docx', content: inner, stored: true },
      { name: 'ppt/presentation.xml', content: '' },
    ]);
    expect(await detectBinary(slides, 'a')).toEqual({ kind: 'text', format: 'pptx' });
  });

  it('a locked document of a newer office is known by its wrapper, its kind by its name', async () => {
    const wrapper = makeOle(['EncryptionInfo', 'EncryptedPackage']);
    expect(await detectBinary(wrapper, 'a.xlsx')).toEqual({ kind: 'text', format: 'xlsx' });
    expect(await detectBinary(wrapper, 'a')).toEqual({ kind: 'text', format: 'docx' });
  });

  it.each([
    ['an archive whose beginning does not tell', ZIP],
    ['a compound file whose directory lies beyond its beginning', makeOle(['Workbook']).subarray(0, 700)],
    ['nothing in particular', NOISE],
  ])('%s is read as what its name claims', async (_, content) => {
    expect(await detectBinary(content, 'a.docx')).toEqual({ kind: 'text', format: 'docx' });
    expect(await detectBinary(content, 'a.doc')).toEqual({ kind: 'text', format: 'doc' });
    expect(await detectBinary(content, 'a.bin')).toMatchObject({ kind: 'skipped' });
  });

  it('a compound file whose directory lies beyond its beginning goes by its name', async () => {
    const beginning = makeOle(['Workbook']).subarray(0, 700);
    expect(await detectBinary(beginning, 'a.xls')).toMatchObject({ kind: 'skipped', type: 'xls' });
    expect(await detectBinary(beginning, 'a.msi')).toMatchObject({ kind: 'skipped', type: 'cfb' });
  });

  it('a PDF that begins with something else is known when its name helps', () => {
    const late = Buffer.from(`HTTP/1.1 200 OK\n\n${PDF}`);
    expect(detectText(late, 'a.pdf')).toEqual({ kind: 'text', format: 'pdf' });
    expect(detectText(late, 'a.txt')).toEqual({ kind: 'text' });
  });

  it('words and pages are read as such under the name of a document', () => {
    expect(detectText(Buffer.from('just words'), 'a.doc')).toEqual({ kind: 'text' });
    expect(detectText(Buffer.from('<html><p>saved by a browser'), 'a.pdf')).toEqual({ kind: 'text' });
  });

  it('compound files with a directory that goes in circles or out of the file end', async () => {
    const whole = makeOle(['A', 'B', 'C', 'D', 'E']);
    const circle = Buffer.from(whole).fill(0, 512, 1_024);
    circle.writeUInt32LE(1, 516);
    circle.writeUInt32LE(0, 1_024 + 128 + 68);
    expect(await detectBinary(circle, 'a')).toMatchObject({ kind: 'skipped' });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 40 }), (changes) => {
        const damaged = Buffer.from(whole);
        for (const [at, byte] of changes) damaged[at] = byte;
        expect(() => oleStreams(damaged)).not.toThrow();
      }),
    );
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
