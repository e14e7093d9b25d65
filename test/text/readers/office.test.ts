// All readers of office documents and PDF on real files: each gives text or its own reason, and nothing else happens.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { SandglassError } from '../../../src/errors.ts';
import { readOfficeDocument } from '../../../src/text/readers/office.ts';
import type { OfficeFormat, TextDocument } from '../../../src/text/text-document.ts';
import { DOCUMENTS_ABSENT, type RealDocument, realDocuments } from './documents-dev.ts';

const FORMATS: readonly OfficeFormat[] = ['pdf', 'docx', 'doc', 'odt', 'ods', 'odp', 'pptx', 'xlsx', 'rtf'];
const describeHere = DOCUMENTS_ABSENT === undefined ? describe : describe.skip;

/** Files that need a password, by the programs that wrote or tested them. */
const LOCKED = [
  'issue3371.pdf',
  'issue6010_2.pdf',
  'pr6531_2.pdf',
  'print_protection.pdf',
  'saslprep-r6.pdf',
  'libreoffice-writer-password.pdf',
  'ecma376standard_password.docx',
  'example_password.docx',
  'example_password.xlsx',
  'rc4cryptoapi_password.doc',
];
/** Files that no reader opens. */
const BROKEN = ['issue9105_other.pdf'];
const TOO_LARGE = ['large_size_archive.docx'];
/** What is neither text nor picture: blank pages and templates. */
const REASONS = new Set(['FILE_EMPTY', 'DOCUMENT_WITHOUT_TEXT']);

interface Outcome {
  readonly name: string;
  readonly read?: TextDocument;
  readonly error?: unknown;
}

async function outcomeOf({ name, bytes }: RealDocument): Promise<Outcome> {
  try {
    return { name, read: await readOfficeDocument(extname(name).slice(1) as OfficeFormat, bytes, basename(name)) };
  } catch (error) {
    return { name, error };
  }
}

const known = new Map<OfficeFormat, Promise<Outcome[]>>();

/** Each file is read once for all tests. */
function outcomesOf(format: OfficeFormat): Promise<Outcome[]> {
  const outcomes = known.get(format) ?? readAll(format);
  known.set(format, outcomes);
  return outcomes;
}

async function readAll(format: OfficeFormat): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const document of realDocuments(format)) outcomes.push(await outcomeOf(document));
  return outcomes;
}

describeHere(`real documents${DOCUMENTS_ABSENT === undefined ? '' : ` (${DOCUMENTS_ABSENT})`}`, () => {
  test.each(FORMATS)('%s', async (format) => {
    const written = [jest.spyOn(process.stdout, 'write'), jest.spyOn(process.stderr, 'write')];
    const { TMPDIR } = process.env;
    const temporary = mkdtempSync(join(tmpdir(), 'sandglass-readers-'));
    process.env.TMPDIR = temporary;
    let outcomes: Outcome[];
    try {
      outcomes = await outcomesOf(format);
      for (const write of written) expect(write).not.toHaveBeenCalled();
      expect(readdirSync(temporary)).toEqual([]);
    } finally {
      for (const write of written) write.mockRestore();
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
      rmSync(temporary, { recursive: true });
    }

    const refusals = outcomes.filter(({ error }) => error !== undefined);
    expect(refusals.filter(({ error }) => !(error instanceof SandglassError))).toEqual([]);
    const refusedWith = (code: string) =>
      refusals.filter(({ error }) => (error as SandglassError).code === code).map(({ name }) => basename(name));
    const expected = (names: readonly string[]) => names.filter((name) => name.endsWith(`.${format}`)).sort();
    expect(refusedWith('DOCUMENT_ENCRYPTED').sort()).toEqual(expected(LOCKED));
    expect(refusedWith('DOCUMENT_BROKEN').sort()).toEqual(expected(BROKEN));
    expect(refusedWith('FILE_TOO_LARGE').sort()).toEqual(expected(TOO_LARGE));
    const named = new Set([...LOCKED, ...BROKEN, ...TOO_LARGE]);
    const others = refusals.filter(({ name }) => !named.has(basename(name)));
    expect(others.filter(({ error }) => !REASONS.has((error as SandglassError).code))).toEqual([]);
    for (const { read } of outcomes) if (read !== undefined) expect(read.text).toMatch(/[\p{L}\p{N}]/u);
  });

  test('a PDF that may not be printed or copied is read: it opens without a password', async () => {
    const outcome = (await outcomesOf('pdf')).find(({ name }) => name.endsWith('encrypted-attachment.pdf'));
    expect(outcome?.read?.text).toMatch(/\w/);
  });

  test('Chinese, Japanese and Arabic PDFs without fonts of their own give their characters', async () => {
    const texts = new Map<string, string>();
    for (const { name, read } of await outcomesOf('pdf')) texts.set(basename(name), read?.text ?? '');
    expect(texts.get('ArabicCIDTrueType.pdf')).toMatch(/الخطوط العربية/);
    expect([...texts.values()].filter((text) => /\p{Script=Han}/u.test(text)).length).toBeGreaterThan(5);
  });
});
