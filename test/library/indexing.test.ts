import { existsSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, utimesSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Catalog } from '../../src/index/catalog.ts';
import { indexLayout } from '../../src/index/layout.ts';
import type { Sandglass } from '../../src/sandglass.ts';
import {
  add,
  cleanUp,
  documents,
  documentText,
  indexed,
  opened,
  picture,
  temporaryFolder,
  write,
} from './collection.ts';

/** The beginning of a program: nobody expects it to be read. */
const PROGRAM = Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(200)]);

afterEach(cleanUp);

/** Revisions of the plain encoders and the ids of the items, by path: what a code that was made anew would change. */
function look(index: Sandglass) {
  const catalog = Catalog.open(indexLayout(index.directory), { readOnly: true });
  try {
    const items = new Map<string, { id: number; indexedAt: number; kind: string }>();
    catalog.items.each(({ path, id, indexedAt, kind }) => items.set(path, { id, indexedAt, kind }));
    return { items, revision: catalog.encoders.find('phash/1')?.revision };
  } finally {
    catalog.close();
  }
}

describe('Indexing a folder again', () => {
  it('reads nothing when nothing changed', async () => {
    const index = await indexed(documents(3));
    const before = look(index);
    expect(await add(index)).toMatchObject({ added: 0, changed: 0, renamed: 0, removed: 0, unchanged: 9, failed: 0 });
    expect(look(index)).toEqual(before);
  });

  it('takes a file that was touched but holds the same for unchanged, and does not read it the next time', async () => {
    const folder = documents(3);
    const index = await indexed(folder);
    const before = look(index);
    utimesSync(join(folder, 'sea/1.txt'), 1, 1);
    expect(await add(index)).toMatchObject({ changed: 0, unchanged: 9 });
    expect(look(index)).toEqual(before);
    const events: string[] = [];
    for await (const { phase } of index.add([], { train: 'never' })) events.push(phase);
    expect(events).not.toContain('read');
  });

  it('reads a file again whose content changed, though not its length', async () => {
    const folder = documents(3);
    const index = await indexed(folder);
    const path = join(folder, 'sea/1.txt');
    const { size } = statSync(path);
    write(folder, 'sea/1.txt', 'zebra '.repeat(size).slice(0, size));
    utimesSync(path, 1, 1);
    expect(await add(index)).toMatchObject({ changed: 1, unchanged: 8 });
    expect((await index.query({ text: 'zebra' }, { method: 'bow' })).hits[0]?.path).toBe(path);
  });

  it('recognises a renamed picture without making a new code', async () => {
    const folder = temporaryFolder();
    for (let i = 0; i < 3; i++) write(folder, `${i}.png`, await picture(i));
    const index = await indexed(folder);
    const before = look(index);
    renameSync(join(folder, '1.png'), join(folder, 'renamed.png'));
    expect(await add(index)).toMatchObject({ added: 0, renamed: 1, removed: 0, unchanged: 2 });
    const after = look(index);
    expect(after.revision).toBe(before.revision);
    expect(after.items.get('renamed.png')).toEqual(before.items.get('1.png'));
    expect(after.items.has('1.png')).toBe(false);
  });

  it('recognises two pictures that changed names with each other', async () => {
    const folder = temporaryFolder();
    for (let i = 0; i < 3; i++) write(folder, `${i}.png`, await picture(i));
    utimesSync(join(folder, '0.png'), 1000, 1000);
    utimesSync(join(folder, '1.png'), 2000, 2000);
    const index = await indexed(folder);
    const before = look(index);
    renameSync(join(folder, '0.png'), join(folder, 'x'));
    renameSync(join(folder, '1.png'), join(folder, '0.png'));
    renameSync(join(folder, 'x'), join(folder, '1.png'));
    expect(await add(index)).toMatchObject({ added: 0, changed: 0, renamed: 2, unchanged: 1 });
    const after = look(index);
    expect(after.revision).toBe(before.revision);
    expect(after.items.get('0.png')).toEqual(before.items.get('1.png'));
    expect(after.items.get('1.png')).toEqual(before.items.get('0.png'));
    const { hits } = await index.query({ file: join(folder, '1.png') }, { method: 'phash', k: 1 });
    expect(hits[0]).toMatchObject({ path: join(folder, '1.png'), score: 1 });
  });

  it('follows files that were moved along, the last of which gave way to a new one', async () => {
    const folder = temporaryFolder();
    write(folder, 'log', documentText('sea', 1));
    write(folder, 'log.1', documentText('bread', 2));
    const index = await indexed(folder);
    const before = look(index);
    renameSync(join(folder, 'log'), join(folder, 'log.1'));
    write(folder, 'log', documentText('chess', 3));
    await add(index);
    const after = look(index);
    expect([...after.items.keys()].sort()).toEqual(['log', 'log.1']);
    expect(after.items.get('log.1')?.id).toBe(before.items.get('log')?.id);
    expect((await index.query({ text: 'knight' })).hits.map(({ path }) => basename(path))).toEqual(['log']);
  });

  it('takes a copy for a new file, not for a rename', async () => {
    const folder = documents(2);
    const index = await indexed(folder);
    write(folder, 'copy.txt', documentText('sea', 1));
    utimesSync(join(folder, 'sea/1.txt'), 1, 1);
    expect(await add(index)).toMatchObject({ added: 1, renamed: 0, changed: 0, removed: 0, unchanged: 6 });
  });

  it('removes the items of files that are gone', async () => {
    const folder = documents(3);
    const index = await indexed(folder);
    rmSync(join(folder, 'sea/1.txt'));
    expect(await add(index)).toMatchObject({ removed: 1, unchanged: 8 });
    expect((await index.query({ text: documentText('sea', 1) }, { k: 20 })).items).toBe(8);
  });

  it('follows a file from text to picture', async () => {
    const folder = documents(2);
    write(folder, 'thing', 'a text about a storm');
    const index = await indexed(folder);
    write(folder, 'thing', await picture(4));
    expect(await add(index)).toMatchObject({ changed: 1, unchanged: 6 });
    expect(look(index).items.get('thing')?.kind).toBe('image');
    const { hits } = await index.query({ text: 'storm' }, { k: 20 });
    expect(hits.map(({ path }) => basename(path))).not.toContain('thing');
    expect((await index.query({ file: join(folder, 'thing') })).hits).toHaveLength(1);
  });

  it('drops the item of a file that became something it does not read', async () => {
    const folder = documents(2);
    write(folder, 'sea/notes', documentText('sea', 9));
    const index = await indexed(folder);
    write(folder, 'sea/notes', PROGRAM);
    expect(await add(index)).toMatchObject({ unchanged: 6, skipped: { elf: 1 } });
    expect(look(index).items.has('sea/notes')).toBe(false);
  });
});

describe('Which files are indexed', () => {
  it('leaves out what ignore files and patterns leave out, and remembers the patterns', async () => {
    const folder = documents(2);
    write(folder, '.gitignore', 'bread\n');
    write(folder, '.sandglassignore', '0.txt\n');
    write(folder, 'notes.md', '# waves and storms');
    write(folder, '.hidden.md', '# hidden storms');
    const index = await opened(folder, { create: true });
    const paths = () => [...look(index).items.keys()].sort();
    await add(index, folder, { exclude: ['chess'] });
    expect(paths()).toEqual(['notes.md', 'sea/1.txt']);
    await add(index, [], { hidden: true });
    expect(paths()).toEqual(['.gitignore', '.hidden.md', '.sandglassignore', 'notes.md', 'sea/1.txt']);
    expect(await add(index)).toMatchObject({ unchanged: 5, removed: 0 });
    await add(index, [], { glob: ['*.md'] });
    expect(paths()).toEqual(['.hidden.md', 'notes.md']);
    await add(index, [], { remembered: false });
    expect(paths()).toEqual(['chess/1.txt', 'notes.md', 'sea/1.txt']);
    await add(index, [], { ignore: false });
    expect(paths()).toHaveLength(7);
  });

  it('never indexes the index, wherever it lies', async () => {
    const folder = documents(2);
    const index = await opened(join(folder, 'my index'), { create: true });
    expect(await add(index, folder, { ignore: false, hidden: true })).toMatchObject({ added: 6, skipped: {} });
    expect(index.directory).toBe(join(folder, 'my index'));
  });

  it('makes an index beside other files in a folder of its own', async () => {
    const folder = documents(1);
    expect((await indexed(folder)).directory).toBe(join(folder, '.sandglass'));
    expect(existsSync(join(folder, 'catalog.sqlite'))).toBe(false);
  });

  it('follows no link', async () => {
    const folder = documents(1);
    const outside = documents(1);
    symlinkSync(outside, join(folder, 'out'));
    symlinkSync(folder, join(folder, 'loop'));
    expect(await add(await opened(folder, { create: true }), folder)).toMatchObject({ added: 3 });
  });
});

describe('A file that cannot be read', () => {
  it('is listed with its reason, left alone while it stays the same, and read when it changes', async () => {
    const folder = documents(2);
    write(folder, 'broken.jpg', 'no picture at all \0\x01\x02');
    const index = await opened(folder, { create: true });
    expect(await add(index, folder)).toMatchObject({ added: 6, failed: 1 });
    expect(index.failures()).toMatchObject([{ path: join(folder, 'broken.jpg'), code: 'IMAGE_BROKEN' }]);
    expect((await index.status()).items).toEqual({ text: 6, image: 0, failed: 1 });
    const events: string[] = [];
    for await (const event of index.add([], { train: 'never' })) events.push(event.phase);
    expect(events).not.toContain('read');
    expect(await add(index)).toMatchObject({ failed: 1, unchanged: 6 });

    write(folder, 'broken.jpg', await picture(1));
    expect(await add(index)).toMatchObject({ added: 1, failed: 0 });
    expect(index.failures()).toEqual([]);
  });

  it('keeps what was known of it, until it can be read again as it was', async () => {
    const folder = documents(2);
    const path = write(folder, 'picture.png', await picture(1));
    utimesSync(path, 1000, 1000);
    const index = await indexed(folder);
    truncateSync(path, 30);
    expect(await add(index)).toMatchObject({ failed: 1, changed: 0, removed: 0 });
    expect(look(index).items.has('picture.png')).toBe(true);
    write(folder, 'picture.png', await picture(1));
    utimesSync(path, 1000, 1000);
    expect(await add(index)).toMatchObject({ failed: 0, unchanged: 7 });
    expect(index.failures()).toEqual([]);
  });

  it('is forgotten when it becomes something that is not read, or goes', async () => {
    const folder = documents(2);
    write(folder, 'broken.jpg', 'no picture at all \0\x01\x02');
    write(folder, 'gone.jpg', 'no picture at all \0\x01\x02');
    const index = await indexed(folder);
    write(folder, 'broken.jpg', PROGRAM);
    rmSync(join(folder, 'gone.jpg'));
    expect(await add(index)).toMatchObject({ failed: 0 });
    expect(index.failures()).toEqual([]);
  });
});
