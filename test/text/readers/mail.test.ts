import { describe, expect, test } from '@jest/globals';
import { readDocument } from '../../../src/text/read-document.ts';

const read = (lines: readonly string[], name: string) => readDocument(Buffer.from(lines.join('\r\n'), 'latin1'), name);

const MULTIPART = [
  'From: =?utf-8?Q?J=C3=BCrgen?= <j@example.org>',
  'To: Ann <a@example.org>, team: b@example.org;',
  'Subject: =?utf-8?B?R3LDvMOfZQ==?=',
  'Date: Tue, 3 Jun 2014 10:20:30 +0200 (CEST)',
  'Content-Language: de',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: multipart/alternative; boundary=c',
  '',
  '--c',
  'Content-Type: text/plain; charset=iso-8859-1',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'sch=F6ne Gr=FC=',
  '=DFe',
  '--c',
  'Content-Type: text/html',
  '',
  '<p>the page</p>',
  '--c--',
  '--b',
  'Content-Type: application/pdf; name="report.pdf"',
  'Content-Disposition: attachment; filename="report.pdf"',
  'Content-Transfer-Encoding: base64',
  '',
  'JVBERi0xLjQ=',
  '--b--',
];

describe('mail that is hard to read', () => {
  test('a body of punctuation is empty', async () => {
    await expect(read(['', '...'], 'a.eml')).rejects.toEqual(expect.objectContaining({ code: 'FILE_EMPTY' }));
  });

  test('no mail at all is still words', async () => {
    expect((await read(['just words without a header'], 'a.eml')).text).toContain('words');
  });

  test('cut short gives what is there', async () => {
    expect((await read(MULTIPART.slice(0, 16), 'a.eml')).text).toContain('schöne');
  });

  test('ten thousand nested parts do no harm', async () => {
    const nested = Array.from({ length: 10_000 }, (_, i) => [
      `Content-Type: multipart/mixed; boundary=b${i}`,
      '',
      `--b${i}`,
    ]).flat();
    expect((await read(['Subject: words', ...nested], 'a.eml')).text).toContain('words');
  });

  test('a header of a million lines does no harm', async () => {
    const { text } = await read(['Subject: words', ...Array<string>(200_000).fill('X-Y: z'), '', 'body'], 'a.eml');
    expect(text).toContain('words');
  });

  test('binary data under the name are told', async () => {
    await expect(readDocument(Buffer.from([0, 1, 2, 3]), 'a.eml')).rejects.toEqual(
      expect.objectContaining({ code: 'TEXT_BINARY' }),
    );
  });
});

describe('mail', () => {
  test('gives subject, people, the plain part and the names of what is attached', async () => {
    expect(await read(MULTIPART, 'a.eml')).toEqual({
      text: 'Grüße\nFrom: Jürgen <j@example.org>\nTo: Ann <a@example.org>, b@example.org\nschöne Grüße\nAttached: report.pdf',
      title: 'Grüße',
      author: 'Jürgen <j@example.org>',
      date: '2014-06-03T08:20:30Z',
      language: 'de',
      format: 'mail',
    });
  });

  test('that has only a page gives its words', async () => {
    const page = [
      'Subject: News',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<style>p{}</style><p>two<b>fold</b></p><p>words</p>',
    ];
    expect((await read(page, 'a.eml')).text).toBe('News\ntwofold\nwords');
  });

  test('of Apple has its length before it and is read without', async () => {
    const { text, title } = await read(
      ['48', 'Subject: Short', 'From: a@b.c', '', 'inside', '<?xml?><plist>after</plist>'],
      'a.emlx',
    );
    expect(title).toBe('Short');
    expect(text).toContain('inside');
    expect(text).not.toContain('after');
  });
});

describe('mailboxes', () => {
  const box = [
    'From a@example.org Sat Jan  3 01:05:34 1996',
    'Subject: The plan',
    'From: Ann <a@example.org>',
    'Date: Sat, 3 Jan 1996 01:05:34 +0000',
    '',
    'From here on it is text.',
    '>From quoted',
    '',
    'From b@example.org Sun Jan  4 01:05:34 1996',
    'Subject: Re: The plan',
    'Date: Sun, 4 Jan 1996 01:05:34 +0000',
    '',
    'agreed',
  ];

  test('are one document with all messages, known by their content', async () => {
    for (const name of ['Sent', 'a.mbox', 'a.txt']) {
      expect(await read(box, name)).toEqual({
        text: 'The plan\nFrom: Ann <a@example.org>\nFrom here on it is text.\nFrom quoted\n\nRe: The plan\nagreed',
        title: 'The plan',
        date: '1996-01-04T01:05:34Z',
        format: 'mbox',
      });
    }
  });

  test('a text that begins with From is no mailbox', async () => {
    expect((await read(['From London to Paris in 1996', 'went a train'], 'a.txt')).format).toBe('txt');
  });
});
