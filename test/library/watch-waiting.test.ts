// index.watch where it has to wait: for files that are written, other writers, disks that tell nothing.
import { appendFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../cli/command.ts';
import { add, cleanUp, documents, indexed, opened, write } from './collection.ts';
import { endWatches, paths, pause, summed, watching } from './watching.ts';

afterEach(async () => {
  await endWatches();
  await cleanUp();
});

describe('Watching with patience', () => {
  it('reads a file that is being written once it stands still', async () => {
    const folder = documents(1);
    const index = await indexed(folder);
    const watch = await watching(index, { debounceMs: 500 });
    for (let i = 0; i < 15; i++) {
      appendFileSync(join(folder, 'slow.txt'), `part ${i} of a slow download\n`);
      await pause(100);
    }
    appendFileSync(join(folder, 'slow.txt'), 'and the heron at its end');
    await summed(watch, { added: 1 });
    expect(await paths(index, 'heron')).toEqual([expect.stringMatching(/slow\.txt$/)]);
    await pause(1_000);
    expect(watch.batches).toHaveLength(1);
  });

  it('does not write where an index in the folder is written', async () => {
    const folder = documents(1);
    const index = await opened(join(folder, 'an index'), { create: true });
    await add(index, folder);
    const watch = await watching(index);
    const generation = async () => (await index.status()).items;
    write(folder, 'good.txt', 'a heron');
    await summed(watch, { added: 1 });
    await pause(2_000);
    expect(watch.batches).toHaveLength(1);
    expect(await generation()).toMatchObject({ text: 4 });
  });

  it('polls where it is asked to', async () => {
    const folder = documents(2);
    const index = await indexed(folder);
    const watch = await watching(index, { poll: true });
    expect(watch.events.find((event) => event.phase === 'ready')).toMatchObject({ folders: [{ state: 'polling' }] });
    write(folder, 'new/good.txt', 'a heron');
    await summed(watch, { added: 1 });
    renameSync(join(folder, 'new/good.txt'), join(folder, 'better.txt'));
    await summed(watch, { renamed: 1 });
    expect(watch.sum).toMatchObject({ added: 1, removed: 0 });
  });

  it('waits while another process writes, and says so once', async () => {
    const folder = documents(1);
    const index = await indexed(folder);
    const watch = await watching(index);
    const { acquireWriterLock } = await import('../../src/index/writer-lock.ts');
    const { indexLayout } = await import('../../src/index/layout.ts');
    const lock = await acquireWriterLock(indexLayout(index.directory), { command: 'sandglass index' });
    write(folder, 'new.txt', 'a heron');
    await until(() => watch.notices.length > 0, 'the notice', 15);
    expect(watch.notices[0]).toMatch(/is being written by process \d+ .*The changes wait\.$/);
    lock.release();
    await until(() => watch.sum.added === 1, 'the batch', 15);
    expect(watch.notices).toHaveLength(1);
  }, 40_000);
});
