// index.watch where folders and disks go away and come back: nothing is lost.
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../cli/command.ts';
import { mountSmallDisk, whyNoSmallDisk } from '../index/small-disk.ts';
import { add, cleanUp, documents, indexed, opened, temporaryFolder, write } from './collection.ts';
import { endWatches, paths, pause, summed, watching } from './watching.ts';

const noDisk = whyNoSmallDisk();
const onDisk = noDisk === undefined ? it : it.skip;
const skipped = noDisk === undefined ? '' : ` (skipped: ${noDisk})`;

afterEach(async () => {
  await endWatches();
  await cleanUp();
});

describe('Watching what goes away', () => {
  it('refuses to follow the removal of most of a folder, in one batch or in several', async () => {
    const folder = documents(10);
    const index = await indexed(folder);
    const watch = await watching(index);
    rmSync(join(folder, 'sea'), { recursive: true });
    await summed(watch, { removed: 10 });
    rmSync(join(folder, 'bread'), { recursive: true });
    await summed(watch, { kept: 10 });
    expect(watch.notices.join()).toMatch(/20 of 30 items of .* are not there any more.*--prune/);
    expect((await index.status()).items.text).toBe(20);
  });

  it('keeps the items of a folder that goes away, and follows it when it is back', async () => {
    const folder = documents(2);
    const index = await opened(join(temporaryFolder(), 'index'), { create: true });
    await add(index, folder);
    const watch = await watching(index);
    renameSync(folder, `${folder}-away`);
    await until(() => watch.folderStates().includes('offline'), 'the folder to be away', 10);
    expect((await index.status()).items.text).toBe(6);
    write(`${folder}-away`, 'meanwhile.txt', 'a heron');
    renameSync(`${folder}-away`, folder);
    await until(() => watch.folderStates().includes('told'), 'the folder to be back', 10);
    await summed(watch, { added: 1 });
    expect(watch.folderStates()).toEqual(['offline', 'told']);
    write(folder, 'later.txt', 'a walrus');
    await summed(watch, { added: 2, removed: 0 });
  });

  it('follows a folder that goes away and comes back before anybody sees it', async () => {
    const folder = documents(2);
    const index = await opened(join(temporaryFolder(), 'index'), { create: true });
    await add(index, folder);
    const watch = await watching(index);
    renameSync(folder, `${folder}-away`);
    renameSync(`${folder}-away`, folder);
    await pause(2_500);
    write(folder, 'sea/later.txt', 'a walrus');
    await summed(watch, { added: 1, removed: 0 });
  });

  onDisk(`keeps the items of a disk that is unmounted, and follows it when it is mounted${skipped}`, async () => {
    const disk = mountSmallDisk(4_096);
    const index = await opened(join(temporaryFolder(), 'index'), { create: true });
    documents(2, disk.path);
    await add(index, disk.path);
    const watch = await watching(index);
    disk.unmount();
    await until(() => watch.folderStates().includes('offline'), 'the disk to be away', 10);
    expect((await index.status()).items.text).toBe(6);
    disk.mount();
    documents(2, disk.path);
    write(disk.path, 'new.txt', 'a heron');
    await summed(watch, { added: 1, removed: 0 });
    await until(() => watch.folderStates().length > 1, 'the disk to be back', 10);
    expect(watch.folderStates()).toEqual(['offline', 'told']);
    await watch.end();
    disk.remove();
  });

  onDisk(`keeps the items of a disk that is mounted in a folder, while it is away${skipped}`, async () => {
    const folder = documents(3);
    const disk = mountSmallDisk(4_096, join(folder, 'stick'));
    try {
      documents(1, disk.path);
      const index = await indexed(folder);
      const watch = await watching(index);
      disk.unmount();
      write(folder, 'new.txt', 'a heron');
      await summed(watch, { added: 1 });
      await pause(1_500);
      expect((await index.status()).items.text).toBe(13);
      await watch.end();
      const summary = await add(index);
      expect(summary).toMatchObject({ removed: 0, kept: 0 });
      expect(summary.roots[0]?.reason).toMatch(/stick is not there: its 3 items are kept.*--prune/);
      expect(await add(index, [], { prune: true })).toMatchObject({ removed: 3 });
    } finally {
      disk.remove();
    }
  });

  it('watches a single file, also where it is replaced', async () => {
    const folder = temporaryFolder();
    const file = write(folder, 'notes/todo.txt', 'a ship');
    write(folder, 'notes/other.txt', 'a ship');
    const index = await opened(join(folder, 'index'), { create: true });
    const watch = await watching(index, { paths: [file] });
    renameSync(write(folder, 'draft.txt', 'a heron'), file);
    await summed(watch, { changed: 1 });
    expect(await paths(index, 'heron')).toEqual(['notes/todo.txt']);
  });
});
