// index.watch: changes in real folders become batches; renames keep what belongs to the files.
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { WatchOptions } from '../../src/sandglass.ts';
import { until } from '../cli/command.ts';
import { withoutPrivileges } from '../files/world.ts';
import { add, cleanUp, documents, indexed, opened, rejectionOf, temporaryFolder, write } from './collection.ts';
import { endWatches, paths, pause, summed, watching } from './watching.ts';

afterEach(async () => {
  await endWatches();
  await cleanUp();
});

describe('Watching', () => {
  it('needs a folder, and times that are times', async () => {
    const index = await opened(temporaryFolder(), { create: true });
    const read = async (options: WatchOptions) => {
      for await (const _ of index.watch(options));
    };
    await expect(rejectionOf(read({}))).resolves.toMatchObject({ code: 'NOTHING_INDEXED' });
    await expect(rejectionOf(read({ paths: ['/nowhere/at/all'] }))).resolves.toMatchObject({ code: 'FILE_VANISHED' });
    await expect(read({ debounceMs: 1 })).rejects.toThrow(RangeError);
    await expect(read({ rescanMinutes: Number.NaN })).rejects.toThrow(RangeError);
  });

  it('is for one at a time, and free again after it', async () => {
    const folder = documents(1);
    const index = await opened(folder, { create: true });
    const watch = await watching(index, { paths: [folder] });
    const again = await opened(folder);
    const second = async () => {
      for await (const _ of again.watch());
    };
    await expect(rejectionOf(second())).resolves.toMatchObject({
      code: 'INDEX_WATCHED',
      message: expect.stringMatching(new RegExp(`by process ${process.pid} on `)),
    });
    await watch.end();
    await (await watching(again)).end();
  });

  it('indexes first, then answers with what came, changed, was renamed and went, in the same object and in another', async () => {
    const folder = documents(5);
    const index = await opened(folder, { create: true });
    const watch = await watching(index, { paths: [folder] });
    const [ready] = watch.events.filter((event) => event.phase === 'ready');
    expect(ready).toMatchObject({ summary: { added: 15 }, folders: [{ path: folder, state: 'told' }] });
    const other = await opened(folder, { readOnly: true });

    write(folder, 'sea/penguin.txt', 'a penguin on the ice');
    await summed(watch, { added: 1 });
    for (const each of [index, other]) expect(await paths(each, 'penguin')).toEqual(['sea/penguin.txt']);
    write(folder, 'sea/penguin.txt', 'a walrus on the ice');
    await summed(watch, { changed: 1 });
    for (const each of [index, other]) expect(await paths(each, 'walrus')).toEqual(['sea/penguin.txt']);
    renameSync(join(folder, 'sea/penguin.txt'), join(folder, 'chess/walrus.txt'));
    await summed(watch, { renamed: 1 });
    for (const each of [index, other]) expect(await paths(each, 'walrus')).toEqual(['chess/walrus.txt']);
    rmSync(join(folder, 'chess/walrus.txt'));
    await summed(watch, { removed: 1 });
    for (const each of [index, other]) expect(await paths(each, 'walrus')).toEqual([]);
    expect(watch.sum).toEqual({ added: 1, changed: 1, renamed: 1, removed: 1, failed: 0, kept: 0 });
  });

  it('keeps what belongs to the files of a folder that is renamed, and follows it under its new name', async () => {
    const folder = documents(4);
    const index = await indexed(folder);
    const watch = await watching(index);
    renameSync(join(folder, 'sea'), join(folder, 'ocean'));
    await summed(watch, { renamed: 4 });
    write(folder, 'ocean/new.txt', 'a heron in the reeds');
    await summed(watch, { added: 1 });
    expect(await paths(index, 'heron')).toEqual(['ocean/new.txt']);
    expect(watch.sum).toMatchObject({ added: 1, removed: 0 });
  });

  it('goes by the patterns and ignore files of the folder, and by new ones', async () => {
    const folder = documents(2);
    const index = await indexed(folder, { exclude: ['*.bak'] });
    const watch = await watching(index);
    write(folder, 'sea/a.bak', 'a heron');
    write(folder, '.hidden/a.txt', 'a heron');
    write(folder, 'node_modules/a.txt', 'a heron');
    write(folder, 'good.txt', 'a heron');
    await summed(watch, { added: 1 });
    write(folder, '.gitignore', 'good.txt\nchess/\n');
    await summed(watch, { removed: 3 });
    write(folder, 'chess/new.txt', 'a heron');
    rmSync(join(folder, '.gitignore'));
    await summed(watch, { added: 5 });
    expect((await paths(index, 'heron')).map((path) => path.split('/').at(-1)).sort()).toEqual(['good.txt', 'new.txt']);
  });

  it('counts what cannot be read, and goes on', async () => {
    const folder = documents(1);
    const index = await indexed(folder);
    const watch = await watching(index);
    write(folder, 'broken.jpg', 'this is no picture');
    write(folder, 'broken.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
    write(folder, 'good.txt', 'a heron');
    await until(() => watch.sum.added >= 1 && watch.sum.failed >= 1, 'the batch', 10);
    expect(index.failures().map(({ path }) => path)).toContain(join(folder, 'broken.png'));
    rmSync(join(folder, 'broken.png'));
    await until(() => index.failures().every(({ path }) => !path.endsWith('.png')), 'the failure to be forgotten', 10);
  });

  it('follows folders that another process adds, when it watches all of them', async () => {
    const [first, second] = [documents(1), documents(1)];
    const index = await opened(join(temporaryFolder(), 'index'), { create: true });
    await add(index, first);
    const watch = await watching(index);
    const other = await opened(index.directory);
    await add(other, second);
    await pause(1_500);
    write(second, 'new.txt', 'a heron');
    await summed(watch, { added: 1 });
  });

  it('says nothing of changes that come to nothing', async () => {
    const folder = documents(1);
    const index = await indexed(folder);
    const watch = await watching(index);
    const file = join(folder, 'sea/0.txt');
    const { utimesSync, chmodSync } = await import('node:fs');
    utimesSync(file, new Date(0), new Date('2040-01-01'));
    chmodSync(file, 0o600);
    mkdirSync(join(folder, 'empty'));
    write(folder, 'program.bin', Buffer.from([0, 1, 2, 3, 0, 0]));
    await pause(1_500);
    expect(watch.batches).toEqual([]);
    expect(readdirSync(index.directory)).toContain('catalog.sqlite');
    expect(await add(index)).toMatchObject({ unchanged: 3, changed: 0 });
  });

  it('reads a file once it may be read', async () => {
    if (process.platform === 'win32') return;
    const folder = temporaryFolder();
    const { chmodSync } = await import('node:fs');
    chmodSync(folder, 0o777);
    await withoutPrivileges(async () => {
      const file = write(folder, 'a.txt', 'a heron');
      chmodSync(file, 0o000);
      const index = await opened(join(folder, 'index'), { create: true });
      const watch = await watching(index, { paths: [folder] });
      expect(index.failures()).toMatchObject([{ code: 'FILE_UNREADABLE' }]);
      chmodSync(file, 0o600);
      await summed(watch, { added: 1 });
      expect(index.failures()).toEqual([]);
      await watch.end();
      await index.close();
    });
  });
});
