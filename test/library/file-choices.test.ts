// What docs/files.md says of files, one by one: real files, real file systems.
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { withoutPrivileges } from '../files/world.ts';
import { mountSmallDisk, whyNoSmallDisk } from '../index/small-disk.ts';
import { add, cleanUp, indexed, opened, temporaryFolder, write } from './collection.ts';

afterEach(cleanUp);

const onLinux = process.platform === 'linux' ? it : it.skip;
const onPosix = process.platform === 'win32' ? it.skip : it;
const noDisk = whyNoSmallDisk();
const onDisk = noDisk === undefined ? it : it.skip;
const skipped = noDisk === undefined ? '' : ` (skipped: ${noDisk})`;
const HOUR = 3_600_000;

async function found(folder: string, text: string): Promise<string[]> {
  const index = await opened(folder, { readOnly: true });
  const { hits } = await index.query({ text }, { method: 'tfidf', k: 100 });
  return hits.map(({ path }) => path.slice(folder.length + 1)).sort();
}

describe('Names', () => {
  onLinux('that are not UTF-8 are failures that say what to do, and indexed once they are', async () => {
    const folder = temporaryFolder();
    const bad = Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from('.txt')]);
    writeFileSync(bad, 'a heron');
    const index = await opened(folder, { create: true });
    expect(await add(index, folder)).toMatchObject({ added: 0, failed: 1 });
    expect(index.failures()).toMatchObject([{ code: 'NAME_NOT_UTF8', path: join(folder, 'caf\\xe9.txt') }]);
    renameSync(bad, join(folder, 'café.txt'));
    expect(await add(index)).toMatchObject({ added: 1, failed: 0 });
    expect(index.failures()).toEqual([]);
  });

  onLinux('with an accent of one character and of two are two files, and one to a pattern', async () => {
    const folder = temporaryFolder();
    const [composed, apart] = ['caf\u00e9.txt', 'cafe\u0301.txt'];
    write(folder, composed, 'a heron');
    write(folder, apart, 'a heron too');
    await indexed(folder, { glob: ['caf\u00e9.*'] });
    expect(await found(folder, 'heron')).toEqual([composed, apart].sort());
  });

  onLinux(
    'that differ by case alone are two files where the system says so; a change of case is a rename',
    async () => {
      const folder = temporaryFolder();
      write(folder, 'a.txt', 'a heron');
      write(folder, 'A.txt', 'a walrus');
      const index = await indexed(folder);
      expect(await found(folder, 'walrus')).toEqual(['A.txt']);
      renameSync(join(folder, 'A.txt'), join(folder, 'B.txt'));
      renameSync(join(folder, 'B.txt'), join(folder, 'b.txt'));
      expect(await add(index)).toMatchObject({ renamed: 1, removed: 0, added: 0 });
    },
  );

  onLinux('longer than the system takes are failures, and the others are read', async () => {
    const folder = temporaryFolder();
    write(folder, 'good.txt', 'a heron');
    const name = 'd'.repeat(250);
    // One folder at a time, for no path leads there.
    const deepen = `for (let i = 0; i < 18; i++) { fs.mkdirSync('${name}'); process.chdir('${name}'); } fs.writeFileSync('x.txt', 'heron')`;
    execFileSync(process.execPath, ['-e', deepen], { cwd: folder });
    try {
      const index = await opened(folder, { create: true });
      expect(await add(index, folder)).toMatchObject({ added: 1, failed: 1 });
      expect(index.failures()[0]).toMatchObject({
        code: 'FILE_UNREADABLE',
        message: expect.stringMatching(/too long/),
      });
    } finally {
      execFileSync('rm', ['-rf', join(folder, name)]);
    }
  });
});

describe('Links', () => {
  onPosix(
    'are not followed: no file twice, no loop, nothing outside; one that takes the place of a file removes it',
    async () => {
      const folder = temporaryFolder();
      const outside = temporaryFolder();
      write(outside, 'secret.txt', 'a walrus');
      write(folder, 'in/real.txt', 'a heron');
      symlinkSync('real.txt', join(folder, 'in/same.txt'));
      symlinkSync(outside, join(folder, 'out'));
      symlinkSync(folder, join(folder, 'in/loop'));
      symlinkSync('nowhere', join(folder, 'broken.txt'));
      const index = await opened(folder, { create: true });
      expect(await add(index, folder)).toMatchObject({ added: 1, failed: 0 });
      renameSync(join(folder, 'in/real.txt'), join(outside, 'real.txt'));
      symlinkSync(join(outside, 'real.txt'), join(folder, 'in/real.txt'));
      expect(await add(index)).toMatchObject({ removed: 1, failed: 0 });
    },
  );

  onPosix('that are hard are files of their own', async () => {
    const folder = temporaryFolder();
    linkSync(write(folder, 'a.txt', 'a heron'), join(folder, 'b.txt'));
    const index = await indexed(folder);
    expect(await found(folder, 'heron')).toEqual(['a.txt', 'b.txt']);
    appendFileSync(join(folder, 'a.txt'), ' and more');
    expect(await add(index)).toMatchObject({ changed: 2 });
    unlinkSync(join(folder, 'a.txt'));
    expect(await add(index)).toMatchObject({ removed: 1, unchanged: 1 });
  });

  onPosix('to a root lead to the root', async () => {
    const folder = temporaryFolder();
    write(folder, 'real/a.txt', 'a heron');
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    const index = await opened(join(folder, 'index'), { create: true });
    expect(await add(index, join(folder, 'link'))).toMatchObject({ added: 1, roots: [{ path: join(folder, 'real') }] });
  });
});

describe('What is no file', () => {
  onPosix('is passed over: pipes, sockets, devices', async () => {
    const folder = temporaryFolder();
    write(folder, 'a.txt', 'a heron');
    execFileSync('mkfifo', [join(folder, 'pipe.txt')]);
    const index = await opened(folder, { create: true });
    expect(await add(index, folder)).toMatchObject({ added: 1, failed: 0 });
  });
});

describe('Mounts', () => {
  onDisk(`are walked, unless one file system is asked for, which is remembered${skipped}`, async () => {
    const folder = temporaryFolder();
    write(folder, 'a.txt', 'a heron');
    const disk = mountSmallDisk(1_024, join(folder, 'stick'));
    try {
      write(disk.path, 'deep/b.txt', 'a heron');
      const index = await indexed(folder);
      expect(await found(folder, 'heron')).toEqual(['a.txt', 'stick/deep/b.txt']);
      expect(await add(index, [], { oneFileSystem: true })).toMatchObject({ removed: 1 });
      expect(await add(index)).toMatchObject({ added: 0, unchanged: 1 });
      expect(await add(index, [], { oneFileSystem: false })).toMatchObject({ added: 1 });
    } finally {
      disk.remove();
    }
  });
});

describe('Times', () => {
  it('that are in the future, or go back, are times; the content says whether there is a change', async () => {
    const folder = temporaryFolder();
    const file = write(folder, 'a.txt', 'a heron');
    utimesSync(file, new Date(), new Date('2090-01-01'));
    const index = await indexed(folder);
    expect(await add(index)).toMatchObject({ unchanged: 1, changed: 0 });
    for (const time of ['1971-01-01', '2090-01-02']) {
      utimesSync(file, new Date(), new Date(time));
      expect(await add(index)).toMatchObject({ unchanged: 1, changed: 0 });
    }
    writeFileSync(file, 'a walrus');
    utimesSync(file, new Date(), new Date('1971-01-01'));
    expect(await add(index)).toMatchObject({ changed: 1 });
  });

  it('and sizes that stay where the content changed hide the change, but from rehash', async () => {
    const folder = temporaryFolder();
    const file = write(folder, 'a.txt', 'a heron');
    const time = new Date('2026-01-01');
    utimesSync(file, time, time);
    write(folder, 'b.txt', 'another heron');
    const index = await indexed(folder);
    writeFileSync(file, 'a poets');
    utimesSync(file, time, time);
    expect(await add(index)).toMatchObject({ changed: 0, unchanged: 2 });
    expect(await add(index, [], { rehash: true })).toMatchObject({ changed: 1, unchanged: 1 });
    expect(await found(folder, 'poets')).toEqual(['a.txt']);
  });
});

describe('Since', () => {
  it('must be a time', async () => {
    const folder = temporaryFolder();
    write(folder, 'a.txt', 'a heron');
    const index = await opened(folder, { create: true });
    await expect(add(index, folder, { since: new Date('never') })).rejects.toThrow(RangeError);
  });

  it('a time, files are left that are older by both times; nothing is removed', async () => {
    const folder = temporaryFolder();
    write(folder, 'gone.txt', 'a heron');
    write(folder, 'kept.txt', 'another heron');
    const index = await indexed(folder);
    unlinkSync(join(folder, 'gone.txt'));
    write(folder, 'new.txt', 'a walrus');
    const later = { since: new Date(Date.now() + HOUR) };
    expect(await add(index, [], later)).toMatchObject({ added: 0, removed: 0, older: 1 });
    const file = write(folder, 'copied.txt', 'an old file that was copied here, with its time');
    utimesSync(file, new Date('1999-01-01'), new Date('1999-01-01'));
    expect(await add(index, [], { since: new Date(Date.now() - HOUR) })).toMatchObject({ added: 2, removed: 0 });
    const all = await add(index);
    expect(all).toMatchObject({ removed: 1, unchanged: 3 });
    expect(all.older).toBeUndefined();
  });

  it('the last run, everything is read where there was none that came to its end', async () => {
    const folder = temporaryFolder();
    write(folder, 'a.txt', 'a heron');
    const index = await opened(folder, { create: true });
    expect(await add(index, folder, { since: 'last' })).toMatchObject({ added: 1 });
    write(folder, 'b.txt', 'a walrus');
    expect(await add(index, [], { since: 'last' })).toMatchObject({ added: 1, unchanged: 1 });
  });

  it('renames keep what belongs to a file', async () => {
    const folder = temporaryFolder();
    write(folder, 'a.txt', 'a heron');
    const index = await indexed(folder);
    renameSync(join(folder, 'a.txt'), join(folder, 'b.txt'));
    expect(await add(index, [], { since: 'last' })).toMatchObject({ renamed: 1, added: 0, removed: 0 });
  });
});

describe('A file', () => {
  it('that is written while it is read is read again', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'log.txt');
    const file = openSync(path, 'w');
    writeSync(file, 'the beginning '.repeat(100_000));
    const index = await opened(folder, { create: true });
    const writing = setInterval(() => writeSync(file, 'more '), 1);
    const summary = await add(index, folder);
    clearInterval(writing);
    writeSync(file, 'heron');
    closeSync(file);
    expect(summary.added + summary.failed).toBe(1);
    const again = await add(index);
    expect(again.added + again.changed).toBe(1);
    expect(await found(folder, 'heron')).toEqual(['log.txt']);
  });

  onPosix(
    'that may not be read any more keeps its item while it is the same, and as it was when it is not',
    async () => {
      const folder = temporaryFolder();
      chmodSync(folder, 0o777);
      await withoutPrivileges(async () => {
        const file = write(folder, 'a.txt', 'a heron');
        mkdirSync(join(folder, 'locked'));
        write(folder, 'locked/b.txt', 'a heron');
        const index = await indexed(folder);
        chmodSync(file, 0o000);
        chmodSync(join(folder, 'locked'), 0o000);
        expect(await add(index)).toMatchObject({ unchanged: 2, removed: 0, failed: 1 });
        chmodSync(join(folder, 'locked'), 0o700);
        utimesSync(file, new Date(), new Date());
        expect(await add(index)).toMatchObject({ failed: 1, changed: 0, removed: 0 });
        expect(await found(folder, 'heron')).toEqual(['a.txt', 'locked/b.txt']);
        await index.close();
      });
    },
  );
});
