// `npx tsx scripts/formats.ts [FOLDER] [--pictures] [--write]`: which documents are read, and why not the others? Reads every file of
// a folder as `sandglass index` does – in worker threads with limits of time and memory – and counts the outcomes by format; without
// a folder, those of the documents-dev set. `--pictures`: the same of pictures and the image-formats-dev set, one at a time, with the
// seconds of processor time of the slowest. `--write` puts the table into docs/formats.md. Build first.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { archivedFiles, demand, writeFiles } from '../bench/data.ts';

const ARCHIVES = {
  documents: 'documents-dev/documents-dev.tar.gz',
  pictures: 'image-formats-dev/image-formats-dev.tar.gz',
};
const READER = fileURLToPath(new URL('read-files.mjs', import.meta.url));
const DOCUMENT = fileURLToPath(new URL('../docs/formats.md', import.meta.url));
const MARKED = {
  documents: /(?<=<!-- outcome -->\n)[\s\S]*(?=<!-- \/outcome -->)/,
  pictures: /(?<=<!-- pictures -->\n)[\s\S]*(?=<!-- \/pictures -->)/,
};

const OUTCOMES_OF = {
  documents: ['read', 'encrypted', 'broken', 'no text', 'too large', 'unsupported', 'failed'],
  pictures: ['read', 'partial', 'broken', 'too large', 'unsupported', 'failed'],
} as const;
type Outcome = (typeof OUTCOMES_OF)['documents' | 'pictures'][number];

/** What read-files.mjs prints: of a file, or of all files of a format. */
interface Line {
  readonly format: string;
  readonly seconds?: number;
  readonly path?: string;
  readonly status?: 'ok' | 'failed' | 'skipped';
  readonly code?: string;
  readonly message?: string;
  readonly partial?: boolean;
}

interface Row {
  readonly format: string;
  readonly counts: Record<Outcome, number>;
  seconds: number;
}

interface Unread {
  readonly path: string;
  readonly outcome: Outcome;
  readonly reason: string;
}

const { values, positionals } = parseArgs({
  options: { pictures: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const kind = values.pictures ? 'pictures' : 'documents';
const OUTCOMES: readonly Outcome[] = OUTCOMES_OF[kind];
const ARCHIVE = ARCHIVES[kind];

const rows: Row[] = [];
const unread: Unread[] = [];
if (positionals[0] === undefined) {
  demand(ARCHIVE);
  const folder = mkdtempSync(join(tmpdir(), 'sandglass-formats-'));
  try {
    writeFiles(folder, archivedFiles(ARCHIVE));
    readFolder(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else {
  readFolder(resolve(positionals[0]));
}
report();

/** In a process of its own, with the library as it is shipped. */
function readFolder(folder: string): void {
  const { status, stdout } = spawnSync(process.execPath, [READER, folder, ...(values.pictures ? ['--each'] : [])], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for (const line of stdout.split('\n')) if (line !== '') count(JSON.parse(line) as Line);
  if (status !== 0) throw new Error(`Reading ${folder} ended with exit code ${status}.`);
}

function count(line: Line): void {
  const row = rowOf(line.format);
  if (line.path === undefined) {
    if (!values.pictures) row.seconds = line.seconds ?? 0;
    return;
  }
  // of pictures, the slowest
  row.seconds = Math.max(row.seconds, line.seconds ?? 0);
  const outcome = outcomeOf(line);
  row.counts[outcome]++;
  if (outcome === 'read' || outcome === 'partial') return;
  const name = basename(line.path);
  const message = (line.message ?? '').replace(`${name} `, 'it ').replace(` in ${name}`, '').replace(/\.$/, '');
  unread.push({ path: line.path, outcome, reason: `${line.code}: ${message}` });
}

function rowOf(format: string): Row {
  const known = rows.find((row) => row.format === format);
  if (known !== undefined) return known;
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  const row = { format, counts, seconds: 0 };
  rows.push(row);
  return row;
}

function outcomeOf({ status, code, partial }: Line): Outcome {
  if (status === 'ok') return partial ? 'partial' : 'read';
  switch (code) {
    case 'DOCUMENT_ENCRYPTED':
      return 'encrypted';
    case 'DOCUMENT_BROKEN':
    case 'TEXT_BINARY':
    case 'IMAGE_BROKEN':
      return 'broken';
    case 'DOCUMENT_WITHOUT_TEXT':
    case 'FILE_EMPTY':
      return values.pictures ? 'broken' : 'no text';
    case 'FILE_TOO_LARGE':
    case 'IMAGE_TOO_LARGE':
      return 'too large';
    case 'KIND_UNSUPPORTED':
      return 'unsupported';
    default:
      return 'failed';
  }
}

function report(): void {
  const head = ['format', 'files', ...OUTCOMES, values.pictures ? 'slowest' : 'seconds'];
  const cells = rows.map(({ format, counts, seconds }) => [
    format,
    String(filesOf(counts)),
    ...OUTCOMES.map((outcome) => String(counts[outcome])),
    seconds.toFixed(values.pictures ? 2 : 1),
  ]);
  const total = OUTCOMES.map((outcome) => rows.reduce((sum, { counts }) => sum + counts[outcome], 0));
  const all = rows.map(({ seconds }) => seconds);
  const seconds = values.pictures ? Math.max(...all) : all.reduce((sum, one) => sum + one, 0);
  cells.push([
    'all',
    String(total.reduce((a, b) => a + b, 0)),
    ...total.map(String),
    seconds.toFixed(values.pictures ? 2 : 1),
  ]);

  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...cells);
  console.log(table.toString());
  for (const { path, outcome, reason } of unread) console.log(`${outcome}: ${path}\n    ${reason}`);
  if (values.write) writeTable(head, cells);
  if (rows.some(({ counts }) => counts.failed > 0)) process.exitCode = 1;
}

function filesOf(counts: Readonly<Record<Outcome, number>>): number {
  return OUTCOMES.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0);
}

function writeTable(head: readonly string[], cells: readonly (readonly string[])[]): void {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  // how long it took says more of the machine than of the formats
  const timeless = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...cells].map((row) => row.slice(0, -1));
  const byReason = new Map<string, string[]>();
  for (const { path, reason } of unread) {
    const key = reason.replace(/^([A-Z_]+): /, '`$1`, ').replaceAll('<', '&lt;');
    byReason.set(key, [...(byReason.get(key) ?? []), `\`${basename(path)}\``]);
  }
  const reasons = [...byReason]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, names]) => `- ${reason}: ${names.join(', ')}`);
  const written = `\n${timeless.map(line).join('\n')}\n\nThe files without ${values.pictures ? 'a picture' : 'text'}:\n\n${reasons.join('\n')}\n\n`;
  writeFileSync(
    DOCUMENT,
    readFileSync(DOCUMENT, 'utf8').replace(MARKED[kind], () => written),
  );
}
