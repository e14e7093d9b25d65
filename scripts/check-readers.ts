// `npx tsx scripts/check-readers.ts [--files N] [--misses] [FORMAT…]`: how much of what other programs read in documents is read
// here? For each format, N files (10; 0 for all): the share of the other program's words that are in our text. Words are runs of
// letters and digits, lower case, in compatibility form (NFKC), each counted as often as it stands there.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { archivedFiles, type DataFile, demand } from '../bench/data.ts';
import { readDocument } from '../dist/text/read-document.js';
import { convert, EXTRACTORS, isThere } from './readers/independent-extractors.ts';

const ARCHIVE = 'documents-dev/documents-dev.tar.gz';
/** A document of fewer words has no share worth the name. */
const FEWEST_WORDS = 5;
const MOST_MADE = 30;

const { values, positionals } = parseArgs({
  options: {
    files: { type: 'string', default: '10' },
    misses: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

interface Share {
  readonly name: string;
  readonly share: number;
  /** Of the other program. */
  readonly words: number;
  readonly missed: readonly string[];
}

demand(ARCHIVE);
const folder = mkdtempSync(join(tmpdir(), 'sandglass-readers-'));
try {
  await check();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function check(): Promise<void> {
  const table = new Table({
    head: ['format', 'compared with', 'files', 'median', 'least', 'below 95 %', 'of all words'],
    style: { head: [], border: [] },
  });
  for (const [format, extractor] of Object.entries(EXTRACTORS)) {
    if (positionals.length > 0 && !positionals.includes(format)) continue;
    if (!isThere(extractor)) {
      table.push([format, extractor.name, { colSpan: 5, content: `skipped: ${extractor.probe[0]} is not installed` }]);
      continue;
    }
    const shares = await sharesOf(format);
    const sorted = shares.map(({ share }) => share).sort((a, b) => a - b);
    const percent = (share: number | undefined) => (share === undefined ? '–' : `${(100 * share).toFixed(1)} %`);
    const below = sorted.filter((share) => share < 0.95).length;
    const words = shares.reduce((total, each) => total + each.words, 0);
    const found = shares.reduce((total, each) => total + each.share * each.words, 0);
    table.push([
      format,
      extractor.name,
      shares.length,
      percent(sorted[sorted.length >> 1]),
      percent(sorted[0]),
      below,
      percent(words === 0 ? undefined : found / words),
    ]);
    if (!values.misses) continue;
    for (const { name, share, missed } of shares) {
      if (share < 0.95)
        process.stderr.write(`${name}: ${percent(share)}, not found: ${missed.slice(0, 12).join(' ')}\n`);
    }
  }
  console.log(table.toString());
}

/** The shares of files evenly spread over those that both programs read. */
async function sharesOf(format: string): Promise<Share[]> {
  const extractor = EXTRACTORS[format]!;
  const compared: Share[] = [];
  for (const { name, bytes } of documents(format)) {
    const path = join(folder, `document.${format}`);
    writeFileSync(path, bytes);
    const theirs = wordsOf(extractor.extract(path) ?? '');
    if (sum(theirs) < FEWEST_WORDS) continue;
    // what cannot be read (a password) is no matter of shares; scripts/formats.ts shows how each file fares
    const ours = await readDocument(bytes, basename(name)).catch(() => undefined);
    if (ours !== undefined) compared.push({ name, ...shareOf(theirs, wordsOf(ours.text)) });
  }
  const most = Number(values.files);
  return most === 0 ? compared : spread(compared, most);
}

/** So many of the list, evenly spread. */
function spread<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, index) => list[Math.floor((index * list.length) / most)]!);
}

function documents(format: string): DataFile[] {
  const { madeFrom } = EXTRACTORS[format]!;
  return madeFrom === undefined ? archived(format) : made(madeFrom, format);
}

/** Documents of one format, turned into another. */
function made(from: string, format: string): DataFile[] {
  const paths = spread(
    archived(from).filter(({ name }) => !name.includes('archive')),
    MOST_MADE,
  ).map(({ bytes }, index) => {
    const path = join(folder, `${index}.${from}`);
    writeFileSync(path, bytes);
    return path;
  });
  const converted = convert(paths, format, folder);
  return readdirSync(converted).map((name) => ({ name, bytes: readFileSync(join(converted, name)) }));
}

function archived(format: string): DataFile[] {
  return [...archivedFiles(ARCHIVE)]
    .filter(({ name }) => name.toLowerCase().endsWith(`.${format}`))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function shareOf(theirs: ReadonlyMap<string, number>, ours: ReadonlyMap<string, number>): Omit<Share, 'name'> {
  let found = 0;
  const missed: string[] = [];
  for (const [word, count] of theirs) {
    const there = Math.min(count, ours.get(word) ?? 0);
    found += there;
    if (there < count) missed.push(word);
  }
  const words = sum(theirs);
  return { share: found / words, words, missed };
}

function wordsOf(text: string): Map<string, number> {
  const words = new Map<string, number>();
  for (const [word] of text
    .normalize('NFKC')
    .toLowerCase()
    .matchAll(/[\p{L}\p{N}]+/gu)) {
    words.set(word, (words.get(word) ?? 0) + 1);
  }
  return words;
}

function sum(words: ReadonlyMap<string, number>): number {
  return [...words.values()].reduce((total, count) => total + count, 0);
}
