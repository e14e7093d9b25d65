// What does an index take on the disk, table by table and file by file, and how much of it is what had to be kept?
//
// Bar: at most 2 × what is kept raw: names, numbers and texts of items and the codes, each byte once, without keys, pages and copies.
// Options: --index DIRECTORY (another index, as it is), --items N (20,000), --fresh (make the cached data anew).
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Catalog } from '../dist/index/catalog.js';
import { INDEX_DIRECTORY, indexLayout } from '../dist/index/layout.js';
import { open } from '../dist/sandglass.js';
import { ARCHIVES, postFolder, smallPictureFolder, textFolder } from './collections.ts';
import { cached, demand } from './data.ts';
import { installed, printHeader } from './machine.ts';
import { numberOption, textOption } from './options.ts';

/** A number in a table of numbers. */
const NUMBER_BYTES = 8;
/** What nothing else could be made of again; the rest serves finding it. */
const METADATA = ['root', 'item', 'document', 'failure', 'frame', 'decision', 'setting', 'encoder'];
const CODES = ['code', 'passage_code', 'frame_code'];

const POSTS_APART = 4_000;
const items = numberOption('items', 20_000);
const given = textOption('index');
printHeader('What an index takes on the disk', installed('better-sqlite3'));
if (given !== undefined) report(given);
else {
  demand(ARCHIVES.newsgroups, ARCHIVES.cifar);
  const texts = [await textFolder(items - POSTS_APART), await postFolder('test', POSTS_APART)];
  report(await made('documents', texts));
  report(await made('pictures', [await smallPictureFolder(items)]));
}

function made(name: string, folders: readonly string[]): Promise<string> {
  return cached(`disk-${name}-${items}`, async (directory) => {
    const index = await open(directory, { create: true });
    for await (const _ of index.add(folders, { quality: 'fast' }));
    await index.collectGarbage();
    await index.close();
  });
}

function report(directory: string): void {
  const layout = indexLayout(join(directory, INDEX_DIRECTORY));
  const catalog = Catalog.open(layout, { readOnly: true });
  const { database } = catalog;
  const { text, image } = catalog.items.counts();
  const count = text + image;
  const rows = database
    .prepareRaw<readonly [string, number]>(
      // Keys and indexes belong to their tables.
      `SELECT tbl_name, sum(pgsize) FROM dbstat('main', 1) AS part JOIN sqlite_schema ON sqlite_schema.name = part.name
       GROUP BY tbl_name ORDER BY sum(pgsize) DESC`,
    )
    .all();
  console.log(`\n${text.toLocaleString('en')} documents, ${image.toLocaleString('en')} pictures`);
  let metadata = 0;
  let codes = 0;
  for (const [table, bytes] of rows) {
    const raw = rawBytes(table);
    if (METADATA.includes(table)) metadata += raw;
    if (CODES.includes(table)) codes += raw;
    print(`catalog: ${table}`, bytes, count, raw);
  }
  catalog.close();
  for (const entry of readdirSync(layout.directory, { withFileTypes: true }))
    print(entry.name, bytesOf(join(layout.directory, entry.name)), count);
  const total = bytesOf(layout.directory);
  print('all', total, count);
  print('raw metadata', metadata, count);
  print('raw codes', codes, count);
  const times = (bytes: number) => (bytes / (metadata + codes)).toFixed(2);
  const withoutFiles = total - bytesOf(layout.codes);
  console.log(`all ÷ (raw metadata + codes): ${times(total)}; without code files ${times(withoutFiles)}`);

  function rawBytes(table: string): number {
    const columns = database
      .prepareRaw<readonly [string, string]>(`SELECT name, type FROM pragma_table_info('${table}')`)
      .all()
      .filter(([column]) => !(CODES.includes(table) && column !== 'code'));
    const sum = columns
      .map(([column, type]) =>
        type === 'TEXT' || type === 'BLOB'
          ? `total(length(CAST("${column}" AS BLOB)))`
          : `count("${column}") * ${NUMBER_BYTES}`,
      )
      .join(' + ');
    return columns.length === 0 ? 0 : database.prepareRaw<readonly [number]>(`SELECT ${sum} FROM "${table}"`).get()![0];
  }
}

function print(what: string, bytes: number, count: number, raw?: number): void {
  if (bytes === 0) return;
  const inside = raw === undefined ? '' : `  of these values ${megabytes(raw)}`;
  console.log(`${what.padEnd(28)}${megabytes(bytes)}${`${Math.round(bytes / count)}`.padStart(8)} an item${inside}`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`.padStart(12);
}

function bytesOf(path: string): number {
  if (!existsSync(path)) return 0;
  const found = statSync(path);
  if (!found.isDirectory()) return found.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}
