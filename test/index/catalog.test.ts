import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { Catalog } from '../../src/index/catalog.ts';
import { MIGRATIONS } from '../../src/index/catalog-schema.ts';
import { createIndexDirectory } from '../../src/index/layout.ts';
import { mountSmallDisk, whyNoSmallDisk } from './small-disk.ts';
import {
  childThatSays,
  cleanUp,
  codeOf,
  compiled,
  opened,
  temporaryIndex,
  textEncoder,
  textItem,
} from './temporary-index.ts';

afterEach(cleanUp);

const noDisk = whyNoSmallDisk();
const onSmallDisk = noDisk === undefined ? it : it.skip;
const skipped = noDisk === undefined ? '' : ` (skipped: ${noDisk})`;

const NEWER = new RegExp(
  `version ${MIGRATIONS.length} or older .* is of version ${MIGRATIONS.length + 1}; update Sandglass`,
);

describe('Opening a catalog', () => {
  it('says that there is none when it is to be read and is not there', () => {
    expect(codeOf(() => opened(temporaryIndex(), true))).toBe('INDEX_MISSING');
  });

  it('says that there is none when its file was made but nothing stored in it', () => {
    const layout = temporaryIndex();
    writeFileSync(layout.catalog, '');
    expect(codeOf(() => opened(layout, true))).toBe('INDEX_MISSING');
  });

  it('refuses a catalog of a newer version, and names both versions', () => {
    const layout = temporaryIndex();
    Catalog.open(layout, { migrations: [...MIGRATIONS, 'CREATE TABLE tomorrow (id INTEGER)'] }).close();
    for (const readOnly of [false, true]) {
      expect(codeOf(() => opened(layout, readOnly))).toBe('INDEX_NEWER');
      expect(() => opened(layout, readOnly)).toThrow(NEWER);
    }
  });

  it('leaves a catalog of a newer version as it was', () => {
    const layout = temporaryIndex();
    Catalog.open(layout, { migrations: [...MIGRATIONS, 'CREATE TABLE tomorrow (id INTEGER)'] }).close();
    const before = readFileSync(layout.catalog);
    codeOf(() => opened(layout));
    expect(readFileSync(layout.catalog).equals(before)).toBe(true);
  });

  it('says that a file which is no database is damaged', () => {
    const layout = temporaryIndex();
    writeFileSync(layout.catalog, 'these are words, not pages. '.repeat(400));
    expect(codeOf(() => opened(layout))).toBe('INDEX_DAMAGED');
    expect(codeOf(() => opened(layout, true))).toBe('INDEX_DAMAGED');
  });

  it('says that a catalog which was cut off is damaged, at the latest when its check is asked', () => {
    const layout = temporaryIndex();
    const catalog = opened(layout);
    const root = catalog.roots.put('/photos');
    catalog.items.put(Array.from({ length: 500 }, (_, i) => textItem(root.id, `${i}`, { snippet: 'x'.repeat(200) })));
    catalog.close();
    truncateSync(layout.catalog, 8_192 * 5);
    expect(
      codeOf(() => {
        const cut = opened(layout, true);
        if (cut.check().length > 0) throw new Error('the check complains');
      }),
    ).toMatch(/INDEX_DAMAGED|the check complains/);
    expect(codeOf(() => opened(layout, true).items.byRoot(1))).toBe('INDEX_DAMAGED');
  });

  it('refuses the database of another program', () => {
    const layout = temporaryIndex();
    const other = new Sqlite(layout.catalog);
    other.exec('CREATE TABLE theirs (id INTEGER)');
    other.close();
    expect(() => opened(layout)).toThrow('a database of another program');
    const versioned = new Sqlite(layout.catalog);
    versioned.pragma('user_version = 1');
    versioned.close();
    expect(() => opened(layout, true)).toThrow('a database of another program');
  });

  it('upgrades an older catalog when it may write, and says what to do when it may not', () => {
    const layout = temporaryIndex();
    const catalog = opened(layout);
    catalog.settings.set('kept', [1, 2]);
    catalog.close();
    const migrations = [...MIGRATIONS, 'CREATE TABLE tomorrow (id INTEGER)'];
    expect(codeOf(() => Catalog.open(layout, { readOnly: true, migrations }))).toBe('INDEX_READ_ONLY');
    const upgraded = Catalog.open(layout, { migrations });
    expect(upgraded.settings.get('kept')).toEqual([1, 2]);
    upgraded.close();
  });

  it('takes nothing of an upgrade that fails', () => {
    const layout = temporaryIndex();
    opened(layout).close();
    const broken = [...MIGRATIONS, 'CREATE TABLE tomorrow (id INTEGER)', 'CREATE TABLE tomorrow (id INTEGER)'];
    expect(() => Catalog.open(layout, { migrations: broken })).toThrow('already exists');
    expect(codeOf(() => opened(layout))).toBe('nothing was thrown');
  });

  onSmallDisk(`reads, but does not write, where the directory cannot be written${skipped}`, () => {
    const disk = mountSmallDisk(1_024);
    try {
      const layout = createIndexDirectory(`${disk.path}/.sandglass`);
      const catalog = Catalog.open(layout);
      catalog.settings.set('default method', 'bow');
      catalog.close();
      disk.makeReadOnly();
      const reader = Catalog.open(layout, { readOnly: true });
      expect(reader.settings.get('default method')).toBe('bow');
      expect(codeOf(() => reader.settings.set('default method', 'ae'))).toBe('INDEX_READ_ONLY');
      reader.close();
      expect(
        codeOf(() => {
          const writer = Catalog.open(layout);
          try {
            writer.settings.set('default method', 'ae');
          } finally {
            writer.close();
          }
        }),
      ).toBe('INDEX_READ_ONLY');
      expect(codeOf(() => createIndexDirectory(`${disk.path}/other`))).toBe('INDEX_READ_ONLY');
    } finally {
      disk.remove();
    }
  });
});

describe('A transaction of the catalog', () => {
  it('is not for a reader', () => {
    const layout = temporaryIndex();
    opened(layout);
    expect(codeOf(() => opened(layout, true).settings.set('key', 1))).toBe('INDEX_READ_ONLY');
  });

  it('stores nothing when a part of it fails, and can be repeated', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/texts');
    const bag = { terms: ['sand', 'glass'], counts: [1, 2] };
    const good = textItem(root.id, 'good', { bag });
    const before = catalog.generation();
    expect(() => catalog.items.put([good, textItem(root.id, 'bad', { bag: { terms: ['x'], counts: [0] } })])).toThrow(
      RangeError,
    );
    expect(catalog.items.counts()).toEqual({ text: 0, image: 0 });
    expect(catalog.generation()).toBe(before);
    const [id] = catalog.items.put([good]);
    expect(catalog.terms.get(id!)).toEqual({ terms: ['sand', 'glass'], counts: Uint16Array.of(1, 2) });
  });

  it('holds several changes together', () => {
    const catalog = opened(temporaryIndex());
    expect(() =>
      catalog.write(() => {
        catalog.settings.set('a', 1);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(catalog.settings.get('a')).toBeUndefined();
    const before = catalog.generation();
    catalog.write(() => {
      catalog.settings.set('a', 1);
      catalog.settings.set('b', 2);
    });
    expect(catalog.generation()).toBe(before + 1);
  });

  it('says who is in the way when another writer does not end', () => {
    const layout = temporaryIndex();
    const catalog = opened(layout);
    const other = new Sqlite(layout.catalog);
    other.exec('BEGIN IMMEDIATE');
    try {
      expect(codeOf(() => catalog.settings.set('a', 1))).toBe('INDEX_LOCKED');
    } finally {
      other.close();
    }
  });

  it('does not disturb readers, who see all of it or nothing', () => {
    const layout = temporaryIndex();
    const writer = opened(layout);
    const root = writer.roots.put('/texts');
    writer.items.put([textItem(root.id, 'first')]);
    const reader = opened(layout, true);
    writer.write(() => {
      writer.items.put([textItem(root.id, 'second')]);
      expect(reader.items.counts().text).toBe(1);
    });
    expect(reader.items.counts().text).toBe(2);
    reader.read(() => {
      expect(reader.items.counts().text).toBe(2);
      writer.items.put([textItem(root.id, 'third')]);
      expect(reader.items.counts().text).toBe(2);
    });
    expect(reader.items.counts().text).toBe(3);
    expect(reader.generation()).toBe(writer.generation());
  });
});

describe('What a catalog was told to store', () => {
  it('is there after the process was killed in the middle of the next batch', async () => {
    const layout = temporaryIndex();
    const child = await childThatSays(
      'stored 3',
      `import { Catalog } from '${compiled('catalog')}';
       import { indexLayout } from '${compiled('layout')}';
       const catalog = Catalog.open(indexLayout(${JSON.stringify(layout.directory)}));
       const root = catalog.roots.put('/texts');
       const item = (path) => ({ rootId: root.id, path, kind: 'text', format: 'plain', size: 1, mtimeMs: 1,
         hash: '0'.repeat(64), bag: { terms: ['word', path], counts: [1, 1] } });
       for (let batch = 1; batch <= 3; batch++) {
         catalog.items.put(Array.from({ length: 100 }, (_, i) => item(batch + '-' + i)));
         process.stdout.write('stored ' + batch + '\\n');
       }
       catalog.write(() => {
         for (let i = 0; ; i++) catalog.items.put([item('lost-' + i)]);
       });`,
    );
    child.kill('SIGKILL');
    expect(await child.end).toBe('SIGKILL');
    const catalog = opened(layout);
    expect(catalog.check()).toEqual([]);
    expect(catalog.items.counts().text).toBe(300);
    expect(catalog.terms.read().indptr.at(-1)).toBe(600);
  });

  onSmallDisk(`is there after the disk was full, and more fits once there is space${skipped}`, () => {
    const disk = mountSmallDisk(1_536);
    try {
      const layout = createIndexDirectory(`${disk.path}/.sandglass`);
      writeFileSync(`${disk.path}/ballast`, Buffer.alloc(256 * 1_024));
      const catalog = Catalog.open(layout);
      const root = catalog.roots.put(`${disk.path}/texts`);
      let batches = 0;
      const put = (): void => {
        const batch = Array.from({ length: 20 }, (_, i) =>
          textItem(root.id, `${batches}-${i}`, {
            snippet: 's'.repeat(1_000),
            bag: { terms: [`w${batches}`], counts: [1] },
          }),
        );
        catalog.items.put(batch);
        batches += 1;
      };
      expect(
        codeOf(() => {
          for (;;) put();
        }),
      ).toBe('DISK_FULL');
      expect(batches).toBeGreaterThan(2);
      expect(catalog.items.counts().text).toBe(batches * 20);
      expect(catalog.terms.read().indptr.at(-1)).toBe(batches * 20);

      writeFileSync(`${disk.path}/ballast`, '');
      put();
      catalog.close();
      const again = Catalog.open(layout, { readOnly: true });
      expect(again.check()).toEqual([]);
      expect(again.items.counts().text).toBe(batches * 20);
      again.close();
    } finally {
      disk.remove();
    }
  });

  onSmallDisk(`cannot begin on a full disk, which is said${skipped}`, () => {
    const disk = mountSmallDisk(64);
    try {
      const layout = createIndexDirectory(`${disk.path}/.sandglass`);
      expect(codeOf(() => Catalog.open(layout).close())).toBe('DISK_FULL');
    } finally {
      disk.remove();
    }
  });
});

describe('Two catalogs', () => {
  it('have different names', () => {
    const first = opened(temporaryIndex());
    const second = opened(temporaryIndex());
    expect(first.id).toMatch(/^[0-9a-f]{32}$/);
    expect(first.id).not.toBe(second.id);
    first.encoders.add(textEncoder('any'));
  });
});
