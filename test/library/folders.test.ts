import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { mountSmallDisk, whyNoSmallDisk } from '../index/small-disk.ts';
import {
  add,
  cleanUp,
  documents,
  documentText,
  indexed,
  opened,
  rejectionOf,
  temporaryFolder,
  write,
} from './collection.ts';

afterEach(cleanUp);

const noDisk = whyNoSmallDisk();
const onDisk = noDisk === undefined ? it : it.skip;
const skipped = noDisk === undefined ? '' : ` (skipped: ${noDisk})`;

const sea = { text: documentText('sea', 1) };

describe('A folder that is not there', () => {
  it('is offline: its items are kept, and their hits say so until it is back', async () => {
    const folder = documents(4);
    const index = await opened(temporaryFolder(), { create: true });
    await add(index, folder);
    renameSync(folder, `${folder}-away`);
    try {
      expect((await index.query(sea, { k: 1 })).hits).toMatchObject([
        { offline: true, path: join(folder, 'sea/1.txt') },
      ]);
      const summary = await add(index);
      expect(summary).toMatchObject({ removed: 0, roots: [{ path: folder, state: 'offline' }] });
      expect(summary.roots[0]?.reason).toContain('is not there');
      expect((await index.query(sea, { k: 20 })).hits.every(({ offline }) => offline)).toBe(true);
      expect((await index.status()).roots).toEqual([{ path: folder, state: 'offline', items: 12 }]);
      // It can be asked for by name, too.
      expect(await add(index, folder)).toMatchObject({ removed: 0, roots: [{ state: 'offline' }] });
    } finally {
      renameSync(`${folder}-away`, folder);
    }
    expect((await index.query(sea, { k: 1 })).hits[0]).not.toHaveProperty('offline');
    expect(await add(index)).toMatchObject({ unchanged: 12, roots: [{ path: folder, state: 'online' }] });
  });

  onDisk(`is offline as well when an empty mount point stands in its place${skipped}`, async () => {
    const disk = mountSmallDisk(512);
    const index = await opened(temporaryFolder(), { create: true });
    try {
      documents(4, disk.path);
      expect(await add(index, disk.path)).toMatchObject({ added: 12 });
    } finally {
      disk.remove();
    }
    mkdirSync(disk.path);
    try {
      const summary = await add(index);
      expect(summary).toMatchObject({ removed: 0, roots: [{ state: 'offline' }] });
      expect((await index.query(sea, { k: 1 })).hits[0]).toMatchObject({ offline: true });
    } finally {
      rmSync(disk.path, { recursive: true });
    }
  });

  it('is an error when it never was, and nothing is made for it', async () => {
    const home = temporaryFolder();
    const index = await opened(home, { create: true });
    const never = join(home, 'never');
    const error = await rejectionOf(add(index, [documents(1), never]));
    expect(error.code).toBe('FILE_VANISHED');
    expect(error.message).toContain(never);
    expect(existsSync(never)).toBe(false);
    expect((await index.status()).roots).toEqual([]);
  });
});

describe('A folder most of whose files are gone', () => {
  it('keeps their items until the user says that they were meant to go', async () => {
    const folder = documents(8);
    const index = await indexed(folder);
    for (const topic of ['sea', 'bread']) rmSync(join(folder, topic), { recursive: true });
    const refused = await add(index);
    expect(refused).toMatchObject({ removed: 0, kept: 16, unchanged: 8 });
    expect(refused.roots[0]?.reason).toMatch(/16 of 24 items .* --prune/);
    expect((await index.status()).items.text).toBe(24);
    expect(await add(index, [], { prune: true })).toMatchObject({ removed: 16, kept: 0 });
    expect((await index.status()).items.text).toBe(8);
  });
});

describe('Folders in one another', () => {
  it('are one: a folder inside an indexed one is looked through with it', async () => {
    const folder = documents(2);
    const index = await indexed(folder);
    write(folder, 'sea/new.txt', 'whale');
    write(folder, 'chess/new.txt', 'clock');
    const summary = await add(index, join(folder, 'sea'));
    expect(summary).toMatchObject({ added: 2, unchanged: 6, roots: [{ path: folder }] });
    expect(summary.notices.join()).toContain(`lies in the indexed folder ${folder}`);
    // A file in it, too.
    expect(await add(index, join(folder, 'sea/new.txt'))).toMatchObject({ added: 0, unchanged: 8 });
  });

  it('are one: a folder around an indexed one takes its items over, without reading them', async () => {
    const folder = documents(2);
    const index = await opened(temporaryFolder(), { create: true });
    await add(index, [join(folder, 'sea'), join(folder, 'bread/0.txt')]);
    expect((await index.status()).roots).toHaveLength(2);
    expect(await add(index, folder)).toMatchObject({ added: 3, unchanged: 3, roots: [{ path: folder }] });
    expect((await index.status()).roots).toEqual([{ path: folder, state: 'online', items: 6 }]);
    expect((await index.query(sea, { k: 1 })).hits[0]?.path).toBe(join(folder, 'sea/1.txt'));
  });

  it('keeps the items of an inner folder that is away, and takes them over when it is back', async () => {
    const folder = documents(2);
    const index = await opened(temporaryFolder(), { create: true });
    await add(index, join(folder, 'sea'));
    const away = `${temporaryFolder()}/sea`;
    renameSync(join(folder, 'sea'), away);
    expect(await add(index, folder)).toMatchObject({ added: 4, removed: 0 });
    expect((await index.status()).items.text).toBe(6);
    renameSync(away, join(folder, 'sea'));
    expect(await add(index, folder)).toMatchObject({ added: 0, unchanged: 6 });
    expect((await index.status()).roots).toEqual([{ path: folder, state: 'online', items: 6 }]);
  });

  it('named by links are the folders they lead to', async () => {
    const folder = documents(1);
    const link = join(temporaryFolder(), 'link');
    symlinkSync(folder, link);
    const index = await indexed(folder);
    expect(await add(index, link)).toMatchObject({ added: 0, unchanged: 3 });
    expect((await index.status()).roots).toHaveLength(1);
  });
});

describe('A single file', () => {
  it('can be indexed, found and asked with, and is offline when it is gone', async () => {
    const folder = documents(1);
    const file = join(folder, 'sea/0.txt');
    const index = await opened(temporaryFolder(), { create: true });
    expect(await add(index, file)).toMatchObject({ added: 1 });
    expect((await index.query({ file })).hits).toMatchObject([{ path: file }]);
    renameSync(file, `${file}.away`);
    expect(await add(index)).toMatchObject({ removed: 0, roots: [{ path: file, state: 'offline' }] });
    expect((await index.query({ text: 'ship' })).hits).toMatchObject([{ path: file, offline: true }]);
  });
});

describe('An index that knows no folder', () => {
  it('says what to do', async () => {
    const index = await opened(temporaryFolder(), { create: true });
    expect((await rejectionOf(add(index))).message).toContain('sandglass index <folder>');
    expect((await rejectionOf(index.query({ text: 'ship' }))).code).toBe('NOTHING_INDEXED');
  });

  it('is no harm over an empty folder', async () => {
    const empty = temporaryFolder();
    const index = await opened(join(empty, '.sandglass'), { create: true });
    for (let run = 0; run < 2; run++)
      expect(await add(index, empty)).toMatchObject({ added: 0, roots: [{ path: empty, state: 'online' }] });
    expect(readdirSync(empty)).toEqual(['.sandglass']);
  });
});
