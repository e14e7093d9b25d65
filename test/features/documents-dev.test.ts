// Every document of the documents-dev set, read as an index run reads it: text or a reason, no crash, nothing left behind.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { archivedFiles, dataPath, writeFiles } from '../../bench/data.ts';

const ARCHIVE = 'documents-dev/documents-dev.tar.gz';
const READER = join(import.meta.dirname, '../../scripts/read-files.mjs');
const given = existsSync(dataPath(ARCHIVE)) ? describe : describe.skip;

/** Told by their content: locked ones, and such that no program opens. */
const LOCKED =
  /^(?:issue3371|issue6010_2|pr6531_2|print_protection|saslprep-r6|libreoffice-writer-password)\.pdf$|password\.(?:docx|xlsx|doc)$/;
const BROKEN = /^ocf-zip-unreadable-(?:no-end-header|image-with-epub-extension)-fatal\.epub$/;
const REASONS = [
  'DOCUMENT_ENCRYPTED',
  'DOCUMENT_BROKEN',
  'DOCUMENT_WITHOUT_TEXT',
  'FILE_EMPTY',
  'FILE_TOO_LARGE',
  'KIND_UNSUPPORTED',
];

/** A line of `read-files.mjs` about a file. */
interface Line {
  readonly path: string;
  readonly status: string;
  readonly code?: string;
}

given('the documents-dev set (skipped where SANDGLASS_DATA has none)', () => {
  let folder = '';
  let scratch = '';
  let lines: Line[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sandglass-documents-'));
    scratch = join(folder, 'scratch');
    mkdirSync(scratch);
    writeFiles(join(folder, 'documents'), archivedFiles(ARCHIVE));
    const { status, stdout } = spawnSync(process.execPath, [READER, join(folder, 'documents')], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, TMPDIR: scratch, TMP: scratch, TEMP: scratch },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(status).toBe(0);
    lines = stdout
      .split('\n')
      .filter((line) => line.includes('"path"'))
      .map((line) => JSON.parse(line) as Line);
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const codes = (names: RegExp) =>
    lines.filter(({ path }) => names.test(basename(path))).map(({ status, code }) => (status === 'ok' ? 'ok' : code));

  test('every file has text or one of the known reasons: no crash, no time-out, no error of the program', () => {
    expect(lines).toHaveLength(683);
    expect(codes(/./).filter((code) => code !== 'ok' && !REASONS.includes(code!))).toEqual([]);
  });

  test('locked documents say that they are locked, damaged ones that they are damaged', () => {
    expect(new Set(codes(LOCKED))).toEqual(new Set(['DOCUMENT_ENCRYPTED']));
    expect(codes(LOCKED)).toHaveLength(10);
    expect(codes(BROKEN)).toEqual(['DOCUMENT_BROKEN', 'DOCUMENT_BROKEN']);
    expect(codes(/^large_size_archive\.docx$/)).toEqual(['FILE_TOO_LARGE']);
  });

  test('old sheets and slides are skipped, not failed', () => {
    const old = lines.filter(({ path }) => ['.xls', '.ppt'].includes(extname(path)));
    expect(old.map(({ status }) => status)).toEqual(Array(5).fill('skipped'));
  });

  test('pages, books, Markdown and texts all give words', () => {
    expect(new Set(codes(/\.(?:fb2|html|md|txt)$/))).toEqual(new Set(['ok']));
    expect(codes(/^(?!ocf-zip-unreadable).*\.epub$/)).toEqual(Array(26).fill('ok'));
  });

  test('no temporary file is left behind', () => {
    expect(readdirSync(scratch)).toEqual([]);
  });
});
