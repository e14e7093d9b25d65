// docs/index-format.md is enough to read an index: a reader written after it alone, with SQLite and nothing of ours, ranks as
// the product does. The same again in Python, where there is one with NumPy.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { add, cleanUp, documents, documentText, opened, pictures, write } from '../library/collection.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const DOCUMENT = readFileSync(join(ROOT, 'docs/index-format.md'), 'utf8');
const python = process.env.SANDGLASS_PYTHON ?? 'python3';
const hasNumPy = spawnSync(python, ['-c', 'import numpy']).status === 0;

let folder: string;
let database: Sqlite.Database;

beforeAll(async () => {
  folder = documents(25);
  write(folder, 'sea/long.txt', Array.from({ length: 20 }, (_, i) => `${documentText('sea', 200 + i)}.`).join('\n\n'));
  await pictures(12, join(folder, 'pictures'));
  const index = await opened(folder, { create: true });
  await add(index, folder, { train: 'auto', quality: 'fast' });
  database = new Sqlite(join(folder, '.sandglass/catalog.sqlite'), { readonly: true });
}, 120_000);
afterAll(async () => {
  database.close();
  await cleanUp();
});

function* varints(blob: Uint8Array): Generator<number> {
  let value = 0;
  let scale = 1;
  for (const byte of blob) {
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte >= 0x80) continue;
    yield value;
    value = 0;
    scale = 1;
  }
}

interface Item {
  readonly id: number;
  readonly path: string;
  readonly tie: number;
}

function ranked(kind: string, score: (item: Item) => number): { path: string; score: number }[] {
  const items = database.prepare('SELECT id, path, tie FROM item WHERE kind = ?').all(kind) as Item[];
  const scored = items.map((item) => ({ ...item, score: Math.fround(score(item)) }));
  scored.sort((a, b) => b.score - a.score || a.tie - b.tie || a.id - b.id);
  return scored.slice(0, 10).map(({ path, score: value }) => ({ path, score: value }));
}

function codesOf(method: string, kind: string): Map<number, Buffer> {
  const rows = database
    .prepare(
      "SELECT item_id, code FROM code WHERE encoder_id = (SELECT id FROM encoder WHERE method = ? AND kind = ? AND state = 'active')",
    )
    .raw()
    .all(method, kind) as [number, Buffer][];
  return new Map(rows);
}

function idOf(path: string): number {
  return (database.prepare('SELECT id FROM item WHERE path = ?').get(path) as Item).id;
}

/** What the product answers, without the passages, which the reader leaves aside. */
async function answered(path: string, method: string): Promise<{ path: string; score: number }[]> {
  const index = await opened(folder, { readOnly: true });
  const { hits } = await index.query({ file: join(folder, path) }, { method, k: 10 });
  return hits.map((hit) => ({ path: hit.path.slice(folder.length + 1), score: hit.score }));
}

function expectSame(found: { path: string; score: number }[], wanted: { path: string; score: number }[]): void {
  expect(found.map(({ score }) => score)).toEqual(wanted.map(({ score }) => expect.closeTo(score, 5)));
  // Equal but for rounding may stand in either order.
  const clear = wanted.filter(({ score }, i) =>
    wanted.every((other, j) => i === j || Math.abs(other.score - score) > 1e-5),
  );
  for (const { path } of clear)
    expect(found.findIndex((hit) => hit.path === path)).toBe(wanted.findIndex((hit) => hit.path === path));
  expect(clear.length).toBeGreaterThan(3);
}

describe('A reader written after docs/index-format.md', () => {
  it('ranks by the codes of the auto-encoder as the product does', async () => {
    const floats = (code: Buffer) => Array.from({ length: code.length / 4 }, (_, i) => code.readFloatLE(4 * i));
    const codes = codesOf('ae', 'text');
    const asked = floats(codes.get(idOf('chess/3.txt'))!);
    const found = ranked('text', ({ id }) => floats(codes.get(id)!).reduce((sum, n, i) => sum + n * asked[i]!, 0));
    expectSame(found, await answered('chess/3.txt', 'ae'));
  });

  it('ranks by bits of pictures as the product does', async () => {
    const codes = codesOf('phash', 'image');
    const asked = codes.get(idOf('pictures/3.png'))!;
    const found = ranked('image', ({ id }) => {
      let differing = 0;
      codes.get(id)!.forEach((byte, i) => {
        for (let bits = byte ^ asked[i]!; bits > 0; bits &= bits - 1) differing++;
      });
      return 1 - (2 * differing) / 64;
    });
    const wanted = await answered('pictures/3.png', 'phash');
    expect(found.map(({ score }) => score)).toEqual(wanted.map(({ score }) => expect.closeTo(score, 5)));
  });

  it('ranks by words as the product does', async () => {
    const rows = database.prepare('SELECT item_id, terms FROM item_terms').raw().all() as [number, Buffer][];
    const bags = new Map(
      rows.map(([id, blob]) => {
        const bag = new Map<number, number>();
        let word = 0;
        const numbers = varints(blob);
        for (const step of numbers) {
          word += step;
          bag.set(word, numbers.next().value as number);
        }
        return [id, bag];
      }),
    );
    const length = (bag: Map<number, number>) => Math.sqrt([...bag.values()].reduce((sum, n) => sum + n * n, 0));
    const asked = bags.get(idOf('bread/7.txt'))!;
    const found = ranked('text', ({ id }) => {
      const bag = bags.get(id)!;
      let product = 0;
      for (const [word, n] of bag) product += n * (asked.get(word) ?? 0);
      return product / length(bag) / length(asked);
    });
    expectSame(found, await answered('bread/7.txt', 'bow'));
  });

  it('reads texts, passages and shingles', () => {
    const row = database
      .prepare('SELECT text, characters, hashes, size FROM document JOIN shingle USING (item_id) WHERE item_id = ?')
      .get(idOf('sea/long.txt')) as { text: Buffer; characters: number; hashes: Buffer; size: number };
    const text = inflateRawSync(row.text).toString('utf8');
    expect(text.length).toBe(row.characters);
    let hash = 0;
    const hashes = [...varints(row.hashes)].map((step) => (hash += step));
    expect(hashes).toHaveLength(row.size);
    expect(hashes.at(-1)).toBeLessThan(2 ** 32);
    const passages = database
      .prepare('SELECT begins, ends FROM passage WHERE item_id = ? ORDER BY ordinal')
      .all(idOf('sea/long.txt')) as { begins: number; ends: number }[];
    expect(passages.length).toBeGreaterThan(2);
    for (const { begins, ends } of passages) expect(text.slice(begins, ends)).toMatch(/^\S/);
  });

  const inPython = hasNumPy ? it.each : it.skip.each;
  inPython([
    ['ae', 'chess/3.txt'],
    ['bow', 'bread/7.txt'],
    ['phash', 'pictures/3.png'],
  ])('ranks by %s in Python', async (method, path) => {
    const { stdout, stderr } = spawnSync(
      python,
      [join(ROOT, 'scripts/read-index.py'), join(folder, '.sandglass'), path, method, '10'],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    const found = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { path: string; score: number });
    const wanted = await answered(path, method);
    expect(found.map(({ score }) => score)).toEqual(wanted.map(({ score }) => expect.closeTo(score, 5)));
  });
});

describe('docs/index-format.md', () => {
  it('names every table and every column of the catalog, and no other table', () => {
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all() as string[];
    for (const table of tables) {
      const section = DOCUMENT.split(/^(?=#{2,4} )/m).find((part) => part.startsWith(`### \`${table}\``));
      if (section === undefined) throw new Error(`docs/index-format.md has no section for the table ${table}`);
      for (const column of database.prepare(`SELECT name FROM pragma_table_info(?)`).pluck().all(table) as string[])
        if (!section.includes(`\`${column}\``)) throw new Error(`The section of ${table} does not name ${column}`);
    }
    const described = [...DOCUMENT.matchAll(/^### `(\w+)`/gm)].map(([, name]) => name!);
    expect(described.sort()).toEqual([...tables].sort());
  });

  it('names the present version of the catalog', () => {
    const version = database.pragma('user_version', { simple: true }) as number;
    expect(DOCUMENT).toContain(`version of the catalog is **${version}**`);
  });
});
