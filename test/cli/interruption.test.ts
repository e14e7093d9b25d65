import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Catalog } from '../../src/index/catalog.ts';
import { indexLayout } from '../../src/index/layout.ts';
import { acquireWriterLock } from '../../src/index/writer-lock.ts';
import { mountSmallDisk, whyNoSmallDisk } from '../index/small-disk.ts';
import { cleanUp, documents, documentText, picture, pictures, temporaryFolder, write } from '../library/collection.ts';
import { sandglass, started, until } from './command.ts';

afterEach(cleanUp);

const noDisk = whyNoSmallDisk();
const onDisk = noDisk === undefined ? it : it.skip;
const skipped = noDisk === undefined ? '' : ` (skipped: ${noDisk})`;
const onPosix = process.platform === 'win32' ? it.skip : it;

/** All that an index knows of its files, whatever ids they have. */
function contentOf(directory: string) {
  const catalog = Catalog.open(indexLayout(directory), { readOnly: true });
  try {
    expect(catalog.check()).toEqual([]);
    const items: Record<string, unknown> = {};
    const plain = catalog.encoders.list();
    catalog.items.each(({ id, indexedAt, ...facts }) => {
      const bag = catalog.terms.get(id);
      const words = Object.fromEntries(bag?.terms.map((term, i) => [term, bag.counts[i]]) ?? []);
      const codes = plain.map(({ id: encoder }) => catalog.codes.get(encoder, id));
      items[facts.path] = { ...facts, words, codes };
    });
    return items;
  } finally {
    catalog.close();
  }
}

/** How many items are stored now; 0 while there is no index. */
function stored(directory: string): number {
  if (!existsSync(indexLayout(directory).catalog)) return 0;
  try {
    const catalog = Catalog.open(indexLayout(directory), { readOnly: true });
    try {
      const { text, image } = catalog.items.counts();
      return text + image;
    } finally {
      catalog.close();
    }
  } catch {
    return 0;
  }
}

describe('Indexing that is interrupted', () => {
  it.each([['SIGKILL'], ['SIGINT']] as const)(
    'by %s goes on where it stopped, to the index that an unbroken run makes',
    async (signal) => {
      const folder = await pictures(20, documents(500));
      const broken = join(temporaryFolder(), 'index');
      const args = ['index', folder, '--train', 'never', '--threads', '1', '--index', broken];
      const { child, end } = started(args);
      const before = await until(() => stored(broken) > 100 && stored(broken), 'the first batches');
      child.kill(signal);
      const ended = await end;
      if (signal === 'SIGKILL') expect(ended.signal).toBe('SIGKILL');
      else {
        expect(ended).toMatchObject({ code: 130, out: '' });
        expect(ended.err).toMatch(/Interrupted\. What was stored stays/);
      }
      expect(before).toBeLessThan(1_520);
      expect(stored(broken)).toBeGreaterThanOrEqual(before);
      expect(sandglass(['query', '--text', 'dough', '--index', broken])).toMatchObject({ code: 0 });

      expect(sandglass(args).code).toBe(0);
      const whole = join(temporaryFolder(), 'index');
      expect(sandglass(['index', folder, '--train', 'never', '--index', whole]).code).toBe(0);
      expect(contentOf(broken)).toEqual(contentOf(whole));
      expect(Object.keys(contentOf(broken))).toHaveLength(1_520);
    },
  );
});

describe('A question that is interrupted', () => {
  onPosix('exits 130 at once, though it waits for its input', async () => {
    const folder = documents(1);
    sandglass(['index', folder, '--train', 'never']);
    const { child, end } = started(['query', '--text', '-'], { cwd: folder });
    // It reads standard input, which stays open; nothing tells when it began to.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    child.kill('SIGINT');
    expect(await end).toMatchObject({ code: 130, out: '' });
  });
});

describe('A second writer', () => {
  it('is refused with the name of the first, may wait for it, and readers are not disturbed', async () => {
    const folder = documents(2);
    expect(sandglass(['index', folder, '--train', 'never']).code).toBe(0);
    write(folder, 'new.txt', 'a new storm');
    const lock = await acquireWriterLock(indexLayout(join(folder, '.sandglass')), { command: 'sandglass index' });
    const { code, err } = sandglass(['index', '--train', 'never'], { cwd: folder });
    expect(code).toBe(2);
    expect(err).toMatch(
      new RegExp(`written by process ${process.pid} on \\S+ \\(sandglass index, since .*\\[INDEX_LOCKED\\]`),
    );
    expect(sandglass(['query', '--text', 'ship'], { cwd: folder }).code).toBe(0);
    expect(sandglass(['status'], { cwd: folder }).code).toBe(0);

    const { end } = started(['index', '--train', 'never', '--wait', '60'], { cwd: folder });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    lock.release();
    expect(await end).toMatchObject({ code: 0, out: expect.stringMatching(/^1 added/) });
  });

  it('that decides about duplicates may wait too', async () => {
    const folder = temporaryFolder();
    for (const i of [0, 1]) write(folder, `${i}.txt`, documentText('sea', i));
    expect(sandglass(['index', folder, '--train', 'never']).code).toBe(0);
    const ignore = ['duplicates', 'ignore', '0.txt', '1.txt'];
    const lock = await acquireWriterLock(indexLayout(join(folder, '.sandglass')), { command: 'sandglass index' });
    expect(sandglass(ignore, { cwd: folder })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/\[INDEX_LOCKED\]/),
    });
    const { end } = started([...ignore, '--wait', '60'], { cwd: folder });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    lock.release();
    expect(await end).toMatchObject({ code: 0 });
  });
});

describe('An index', () => {
  onDisk(`on a disk that fills up keeps what was stored, and goes on when there is space${skipped}`, async () => {
    const folder = documents(400);
    const disk = mountSmallDisk(1_024);
    try {
      const directory = join(disk.path, 'index');
      writeFileSync(join(disk.path, 'ballast'), Buffer.alloc(500 * 1_024));
      const args = ['index', folder, '--train', 'never', '--index', directory];
      const full = sandglass(args);
      expect(full.code).toBe(2);
      expect(full.err).toMatch(/^sandglass: The disk that holds .* is full\..*\[DISK_FULL\]\n$/);
      disk.grow(16_384);
      expect(sandglass(args).code).toBe(0);
      expect(stored(directory)).toBe(1_200);
    } finally {
      disk.remove();
    }
  });

  onDisk(`on a disk that cannot be written answers, and says why it cannot be brought up to date${skipped}`, () => {
    const disk = mountSmallDisk(4_096);
    try {
      const folder = documents(2, disk.path);
      expect(sandglass(['index', folder, '--train', 'never']).code).toBe(0);
      disk.makeReadOnly();
      expect(sandglass(['query', 'sea/1.txt', '--paths', '-k', '1'], { cwd: folder })).toMatchObject({
        out: 'sea/1.txt\n',
      });
      expect(sandglass(['status'], { cwd: folder }).code).toBe(0);
      const { code, err } = sandglass(['index'], { cwd: folder });
      expect(code).toBe(2);
      expect(err).toContain('[INDEX_READ_ONLY]');
    } finally {
      disk.remove();
    }
  });

  onDisk(`of a folder that cannot be written is made elsewhere, which is said${skipped}`, () => {
    const disk = mountSmallDisk(1_024);
    try {
      documents(2, disk.path);
      disk.makeReadOnly();
      const { code, err } = sandglass(['index', disk.path, '--train', 'never']);
      expect(code).toBe(2);
      expect(err).toContain('[INDEX_READ_ONLY]');
      expect(err).toContain('--index');
    } finally {
      disk.remove();
    }
  });

  it('of a newer version is refused by every command', () => {
    const folder = documents(1);
    sandglass(['index', folder, '--train', 'never']);
    const layout = indexLayout(join(folder, '.sandglass'));
    const bytes = readFileSync(layout.catalog);
    // SQLite's user_version, of its file format 1.3.
    bytes.writeUInt32BE(1_000, 60);
    writeFileSync(layout.catalog, bytes);
    for (const args of [['index'], ['query', '--text', documentText('sea', 0)], ['status'], ['compare']]) {
      const { code, err } = sandglass(args, { cwd: folder });
      expect(code).toBe(2);
      expect(err).toMatch(/update Sandglass.*\[INDEX_NEWER\]/);
    }
  });

  it('that was damaged is said to be', async () => {
    const folder = documents(1);
    write(folder, 'a.png', await picture(1));
    sandglass(['index', folder, '--train', 'never']);
    writeFileSync(join(folder, '.sandglass/catalog.sqlite'), 'these are no pages '.repeat(1_000));
    expect(sandglass(['query', '--text', 'ship'], { cwd: folder }).err).toContain('[INDEX_DAMAGED]');
  });
});
