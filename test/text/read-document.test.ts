// readDocument: bytes decide, names only help; every refusal has its own code.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SandglassError } from '../../src/errors.ts';
import { readDocument } from '../../src/text/read-document.ts';
import { makeOle } from './readers/make-ole.ts';
import { makeZip } from './readers/make-zip.ts';

const refused = (code: string) => expect.objectContaining({ code });

describe('documents that cannot be read', () => {
  test.each([
    ['no bytes', Buffer.alloc(0), 'a.docx', 'FILE_EMPTY'],
    ['binary data', Buffer.from([0, 1, 2, 3]), 'a.txt', 'TEXT_BINARY'],
    ['binary data under the name of a book', Buffer.from([0, 1, 2, 3]), 'a.epub', 'DOCUMENT_BROKEN'],
    ['an archive of other things', makeZip([{ name: 'a.txt', content: 'x' }]), 'a.zip', 'KIND_UNSUPPORTED'],
    [
      'an archive of other things that calls itself a document',
      makeZip([{ name: 'a', content: 'x' }]),
      'a.docx',
      'DOCUMENT_BROKEN',
    ],
    ['an old sheet', makeOle(['Workbook']), 'a.xls', 'KIND_UNSUPPORTED'],
    ['an old sheet that calls itself a letter', makeOle(['Workbook']), 'a.doc', 'KIND_UNSUPPORTED'],
    ['a compound file of unknown kind', makeOle(['Other']), 'a', 'KIND_UNSUPPORTED'],
    ['a locked letter', makeOle(['EncryptionInfo', 'EncryptedPackage']), 'a.docx', 'DOCUMENT_ENCRYPTED'],
    [
      'a locked sheet under another name',
      makeOle(['EncryptedPackage', 'EncryptionInfo']),
      'a.bin',
      'DOCUMENT_ENCRYPTED',
    ],
  ])('%s', async (_, bytes, name, code) => {
    await expect(readDocument(bytes, name)).rejects.toEqual(refused(code));
  });

  test('any bytes after any beginning under any name give words or a refusal', async () => {
    const beginnings = [
      '',
      '%PDF-1.4\n',
      '{\\rtf1',
      'PK\x03\x04',
      '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
      '<?xml version="1.0"?>',
      'WEBVTT\n\n',
      'From a 1996\nA: b\n',
    ];
    const names = ['a', 'a.epub', 'a.doc', 'a.pdf', 'a.eml', 'a.fb2', 'a.ipynb', 'a.srt', 'a.odt', 'a.xlsx'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...beginnings),
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom(...names),
        async (beginning, rest, name) => {
          const bytes = Buffer.concat([Buffer.from(beginning, 'latin1'), rest]);
          try {
            expect((await readDocument(bytes, name)).text).toMatch(/[\p{L}\p{N}]/u);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(SandglassError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('documents', () => {
  test('are read in the format of their content', async () => {
    expect(await readDocument(Buffer.from('<html><title>T</title><p>words'), 'a.pdf')).toMatchObject({
      format: 'html',
      title: 'T',
    });
    expect(await readDocument(Buffer.from('just words'), 'a.docx')).toMatchObject({
      format: 'txt',
      text: 'just words',
    });
  });

  test('keep a byte order mark, control characters and lone surrogates from doing harm', async () => {
    for (const bytes of [
      Buffer.from('\uFEFFwords', 'utf8'),
      Buffer.from('\uFEFFwords', 'utf16le'),
      Buffer.from('wo\x1brds \x08words', 'latin1'),
      Buffer.from('\uFEFFwords \ud800', 'utf16le'),
    ]) {
      expect((await readDocument(bytes, 'a.txt')).text).toContain('words');
    }
  });

  test('of news posts in plain text say who wrote them when', async () => {
    const post = 'From: ann@example.org (Ann)\nSubject: Re: The plan\nDate: Wed, 14 Apr 1993 19:05 GMT\n\nwords\n';
    expect(await readDocument(Buffer.from(post), '51060')).toMatchObject({
      text: post,
      title: 'The plan',
      author: 'ann@example.org (Ann)',
      date: '1993-04-14T19:05:00Z',
    });
  });
});
