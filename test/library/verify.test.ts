import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Catalog } from '../../src/index/catalog.ts';
import { indexLayout } from '../../src/index/layout.ts';
import { type Verification, verify } from '../../src/sandglass.ts';
import {
  add,
  cleanUp,
  copyOf,
  documents,
  documentText,
  opened,
  pictures,
  rejectionOf,
  temporaryFolder,
  write,
} from './collection.ts';

let made: string;

beforeAll(async () => {
  made = documents(25);
  const paragraphs = Array.from({ length: 20 }, (_, i) => `${documentText('sea', 200 + i)}.`);
  write(made, 'sea/long.txt', paragraphs.join('\n\n'));
  await pictures(3, join(made, 'pictures'));
  const index = await opened(made, { create: true });
  await add(index, made, { train: 'auto', quality: 'fast' });
  await index.close();
}, 120_000);

// The index is made once, and copied for each test.
afterAll(cleanUp);

interface Damaged {
  readonly folder: string;
  readonly directory: string;
}

/** A copy of the index in which something was changed behind its back. */
function damaged(harm: (catalog: Catalog) => void = () => {}): Damaged {
  const folder = copyOf(made);
  const directory = join(folder, '.sandglass');
  {
    using catalog = Catalog.open(indexLayout(directory));
    harm(catalog);
  }
  return { folder, directory };
}

function sql(...statements: string[]): (catalog: Catalog) => void {
  return ({ database }) => {
    for (const statement of statements) database.prepare(statement).run();
  };
}

const codesOf = ({ problems }: Verification) => [...new Set(problems.map(({ code }) => code))];
const firstEncoder = (directory: string) => join(directory, 'encoders', readdirSync(join(directory, 'encoders'))[0]!);

describe('Verifying', () => {
  it('says that there is no index', async () => {
    expect((await rejectionOf(verify(temporaryFolder()))).code).toBe('INDEX_MISSING');
  });

  it('finds nothing wrong in an index that is whole, and counts what it looked at', async () => {
    const { directory } = damaged();
    const result = await verify(directory, { deep: true });
    expect(result).toMatchObject({ clean: true, problems: [], notes: [], repairs: [], indexAgain: [] });
    expect(result.checked).toMatchObject({ items: 79, encoders: 3 });
    expect(result.checked.passages).toBeGreaterThan(2);
    expect(result.checked.codes).toBeGreaterThan(79);
  });

  it('changes nothing unless it is told to repair', async () => {
    const { directory } = damaged(sql('UPDATE item SET tie = tie + 1'));
    const before = readFileSync(join(directory, 'catalog.sqlite'));
    expect((await verify(directory)).clean).toBe(false);
    expect(readFileSync(join(directory, 'catalog.sqlite')).equals(before)).toBe(true);
  });

  it('does not repair while another process writes', async () => {
    const { folder, directory } = damaged();
    const index = await opened(folder);
    const events = index.add([], { train: 'never' });
    await events.next();
    expect((await rejectionOf(verify(directory, { repair: true }))).code).toBe('INDEX_LOCKED');
    await events.return(undefined);
  });
});

describe('A fault is found, named, and repaired so that the next indexing ends as ever', () => {
  it.each([
    ['rows that belong to nothing', 'REFERENCE_BROKEN', ['PRAGMA foreign_keys = OFF', 'DELETE FROM item WHERE id = 5']],
    ['a setting that is no JSON', 'SETTING_DAMAGED', ["INSERT INTO setting VALUES ('x', '{')"]],
    [
      'a setting that is asked for, and is no JSON',
      'SETTING_DAMAGED',
      ["INSERT OR REPLACE INTO setting VALUES ('default:text', '{')", 'DELETE FROM code WHERE item_id = 3'],
    ],
    [
      'a folder whose identity is no JSON, beside something else',
      'FOLDER_DAMAGED',
      ["UPDATE root SET identity = '{'", "UPDATE item_terms SET terms = x'80' WHERE item_id = 3"],
    ],
    ['a folder whose identity is no JSON', 'FOLDER_DAMAGED', ["UPDATE root SET identity = '{'"]],
    ['a path that leads out of its folder', 'ITEM_DAMAGED', ["UPDATE item SET path = '../x' WHERE id = 3"]],
    ['a tie key of another hash', 'TIE_WRONG', ['UPDATE item SET tie = 1 WHERE id = 3']],
    ['a text that cannot be unpacked', 'TEXT_DAMAGED', ["UPDATE document SET text = x'ff00' WHERE item_id = 3"]],
    ['a text of another length', 'TEXT_DAMAGED', ['UPDATE document SET characters = 3 WHERE item_id = 3']],
    ['words that cannot be read', 'WORDS_DAMAGED', ["UPDATE item_terms SET terms = x'80' WHERE item_id = 3"]],
    ['words that are gone', 'WORDS_DAMAGED', ['DELETE FROM item_terms WHERE item_id IN (3, 4)']],
    ['a word without its spelling', 'WORDS_DAMAGED', ["DELETE FROM term WHERE word = 'storm'"]],
    ['a passage beyond its text', 'PASSAGES_DAMAGED', ['UPDATE passage SET ends = 1000000 WHERE ordinal = 1']],
    ['shingles that cannot be read', 'SHINGLES_DAMAGED', ["UPDATE shingle SET hashes = x'80' WHERE item_id = 3"]],
    ['a code of the wrong length', 'CODE_DAMAGED', ["UPDATE code SET code = x'00' WHERE item_id = 3"]],
    [
      'a code of passages that is no code',
      'CODE_DAMAGED',
      ['UPDATE passage_code SET code = zeroblob(length(code) - 1)'],
    ],
    ['codes that are gone', 'CODE_MISSING', ['DELETE FROM code WHERE item_id % 2 = 0']],
    [
      'a description of an encoder that is no JSON',
      'ENCODER_DAMAGED',
      ["UPDATE encoder SET info = '{' WHERE method = 'lsa'"],
    ],
    [
      'codes of another kind of item',
      'CODE_STRAY',
      [
        "INSERT INTO code SELECT (SELECT id FROM encoder WHERE method = 'phash'), item_id, x'0000000000000000' FROM document LIMIT 3",
      ],
    ],
  ] as const)('%s', async (_, code, statements) => {
    const { folder, directory } = damaged(sql(...statements));
    const found = await verify(directory);
    expect(codesOf(found)).toContain(code);
    for (const { message, advice, count } of found.problems) {
      expect(message.length).toBeGreaterThan(10);
      expect(advice).toContain('sandglass');
      expect(count).toBeGreaterThan(0);
    }
    const repaired = await verify(directory, { repair: true });
    expect(repaired).toMatchObject({ clean: true, problems: [] });
    expect(repaired.repairs.map((repair) => repair.code)).toContain(code);
    const index = await opened(folder);
    const summary = await add(index, [], { train: 'auto', quality: 'fast' });
    expect(summary.failed).toBe(0);
    expect((await index.status()).items).toEqual({ text: 76, image: 3, failed: 0 });
    expect(await verify(directory, { deep: true })).toMatchObject({ clean: true, notes: [] });
  });

  it('numbers that are no numbers', async () => {
    const { directory } = damaged((catalog) => {
      const { id, dimensions } = catalog.encoders.active('ae', 'text')!;
      catalog.codes.put(id, [3], new Float32Array(dimensions).fill(Number.NaN));
      catalog.codes.put(id, [4], new Float32Array(dimensions).fill(1));
    });
    const { problems } = await verify(directory);
    expect(problems).toMatchObject([{ code: 'CODE_DAMAGED', count: 2 }]);
    expect(problems[0]!.examples).toHaveLength(2);
    expect((await verify(directory, { repair: true })).clean).toBe(true);
  });

  it('a code that is a code, but not of its item, which only a deep look is sure to find', async () => {
    const { directory } = damaged((catalog) => {
      const { id, dimensions } = catalog.encoders.active('ae', 'text')!;
      catalog.codes.put(id, [70], new Float32Array(dimensions).fill(0).fill(1, 7, 8));
    });
    expect((await verify(directory)).clean).toBe(true);
    expect(codesOf(await verify(directory, { deep: true }))).toEqual(['CODE_WRONG']);
    expect((await verify(directory, { deep: true, repair: true })).clean).toBe(true);
  });

  it('words that are not those of the text', async () => {
    const { directory } = damaged(
      sql(
        'UPDATE item_terms SET (pairs, terms) = (SELECT pairs, terms FROM item_terms WHERE item_id = 9) WHERE item_id = 70',
      ),
    );
    expect((await verify(directory)).clean).toBe(true);
    expect(codesOf(await verify(directory, { deep: true }))).toContain('WORDS_DAMAGED');
    expect((await verify(directory, { deep: true, repair: true })).clean).toBe(true);
  });
});

describe('Files of encoders', () => {
  it('that are gone take the encoder out, and the next indexing learns it anew', async () => {
    const { folder, directory } = damaged();
    rmSync(join(directory, 'encoders'), { recursive: true });
    expect(codesOf(await verify(directory))).toEqual(['ENCODER_LOST']);
    expect(await verify(directory, { repair: true })).toMatchObject({ clean: true });
    const index = await opened(folder);
    await add(index, [], { train: 'auto', quality: 'fast' });
    expect((await index.status()).encoders.filter(({ method }) => method === 'ae')).toHaveLength(1);
  });

  it('of which one bit is another are noticed, every one of them', async () => {
    const { directory } = damaged();
    const folder = firstEncoder(directory);
    for (const name of readdirSync(folder)) {
      const file = join(folder, name);
      const bytes = readFileSync(file);
      const flipped = Buffer.from(bytes);
      flipped[flipped.length >> 1]! ^= 4;
      writeFileSync(file, flipped);
      expect(codesOf(await verify(directory))).toEqual(['ENCODER_BROKEN']);
      writeFileSync(file, bytes);
    }
    expect((await verify(directory)).clean).toBe(true);
  });

  it('that nobody needs are noted, and removed by gc', async () => {
    const { folder, directory } = damaged();
    cpSync(firstEncoder(directory), join(directory, 'encoders', '0'.repeat(64)), { recursive: true });
    writeFileSync(join(directory, 'catalog.sqlite.1-00000000.unfinished'), 'half');
    const { clean, notes } = await verify(directory);
    expect({ clean, notes }).toMatchObject({ clean: true, notes: [{ code: 'LEFT_OVER' }] });
    const index = await opened(folder);
    const { removed, bytes } = await index.collectGarbage();
    expect(removed).toMatchObject({ encoders: 1, unfinished: 1 });
    expect(bytes.total).toBeGreaterThan(1000);
    expect((await verify(directory)).notes).toEqual([]);
  });
});

describe('A graph', () => {
  it('that was changed is noticed and built anew', async () => {
    const { folder, directory } = damaged((catalog) => catalog.settings.set('graph-from', 20));
    const index = await opened(folder);
    await add(index);
    await index.close();
    expect(await verify(directory)).toMatchObject({ clean: true, checked: { graphs: 2 - 1 } });
    const name = readdirSync(join(directory, 'hnsw')).find((each) => each.endsWith('.hnsw'))!;
    const bytes = readFileSync(join(directory, 'hnsw', name));
    bytes[1_000]! ^= 1;
    writeFileSync(join(directory, 'hnsw', name), bytes);
    expect(codesOf(await verify(directory))).toEqual(['GRAPH_DAMAGED']);
    expect(await verify(directory, { repair: true })).toMatchObject({ clean: true, checked: { graphs: 1 } });
  });
});

describe('A catalog whose pages are damaged', () => {
  it('is saved as far as it can be read; the damaged one is kept, and indexing again brings back the rest', async () => {
    const { folder, directory } = damaged();
    const file = join(directory, 'catalog.sqlite');
    const bytes = readFileSync(file);
    // Pages in the middle: rows of texts, words and codes.
    for (let page = 8; page < bytes.length / 8192; page += 9) bytes.fill(0xa5, page * 8192, page * 8192 + 4000);
    writeFileSync(file, bytes);
    expect(codesOf(await verify(directory))).toEqual(['CATALOG_DAMAGED']);
    const repaired = await verify(directory, { repair: true });
    expect(repaired.clean).toBe(true);
    expect(readdirSync(directory).filter((name) => name.startsWith('catalog.damaged-'))).not.toEqual([]);
    const index = await opened(folder);
    await add(index, folder, { train: 'auto', quality: 'fast' });
    expect((await index.status()).items).toEqual({ text: 76, image: 3, failed: 0 });
    expect(await verify(directory, { deep: true })).toMatchObject({ clean: true });
  });

  it('of which nothing can be read gives way to an empty one', async () => {
    const { directory } = damaged();
    writeFileSync(join(directory, 'catalog.sqlite'), 'no database. '.repeat(1000));
    for (const part of ['-wal', '-shm']) rmSync(join(directory, `catalog.sqlite${part}`), { force: true });
    expect(codesOf(await verify(directory))).toEqual(['CATALOG_DAMAGED']);
    const repaired = await verify(directory, { repair: true });
    expect(repaired).toMatchObject({ clean: true, checked: { items: 0 } });
    expect(existsSync(join(directory, 'catalog.sqlite'))).toBe(true);
  });
});

describe('A code file', () => {
  it('that was changed is noticed, removed, and of no consequence', async () => {
    const { folder, directory } = damaged((catalog) => {
      const { id } = catalog.encoders.active('ae', 'text')!;
      catalog.codes.writeFile(id, 'float32');
    });
    expect(await verify(directory)).toMatchObject({ clean: true, notes: [], checked: { codeFiles: 1 } });
    const [name] = readdirSync(join(directory, 'codes'));
    const file = join(directory, 'codes', name!);
    const bytes = readFileSync(file);
    for (const at of [20, 130, bytes.length - 5]) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1;
      writeFileSync(file, flipped);
      expect(codesOf(await verify(directory))).toEqual(['CODE_FILE_DAMAGED']);
      const index = await opened(folder, { readOnly: true });
      expect((await index.query({ text: 'ship sail' }, { method: 'ae' })).hits).toHaveLength(10);
      await index.close();
    }
    expect(await verify(directory, { repair: true })).toMatchObject({ clean: true });
    expect(readdirSync(join(directory, 'codes'))).toEqual([]);
  });
});
