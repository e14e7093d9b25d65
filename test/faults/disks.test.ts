import { chmodSync, cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { open, SandglassError, verify } from '../../src/sandglass.ts';
import { mountSmallDisk, whyNoSmallDisk } from '../index/small-disk.ts';
import {
  add,
  cleanUp,
  documents,
  documentText,
  opened,
  rejectionOf,
  temporaryFolder,
  write,
} from '../library/collection.ts';

afterEach(cleanUp);

const noDisk = whyNoSmallDisk();
const onSmallDisk = noDisk === undefined ? it : it.skip;
const skipped = noDisk === undefined ? '' : ` (skipped: ${noDisk})`;
const isRoot = process.getuid?.() === 0;

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => (error instanceof SandglassError ? error.code : String(error)),
  );
}

describe('A disk', () => {
  onSmallDisk(
    `that is full at any point leaves a whole index, which goes on when there is space${skipped}`,
    async () => {
      const folder = documents(30);
      for (let i = 0; i < 6; i++)
        write(
          folder,
          `long/${i}.txt`,
          Array.from({ length: 30 }, (_, n) => `${documentText('sea', i * 50 + n)}.`).join('\n\n'),
        );
      const disk = mountSmallDisk(4_096);
      try {
        const directory = join(disk.path, '.sandglass');
        const ends = new Set<string>();
        // From a disk that holds next to nothing to one that holds it all.
        for (let ballast = 3_800; ballast >= 0; ballast -= 380) {
          writeFileSync(join(disk.path, 'ballast'), '');
          try {
            writeFileSync(join(disk.path, 'ballast'), Buffer.alloc(ballast * 1_024));
          } catch {
            // Full to the brim.
          }
          const end = await codeOf(
            (async () => {
              await using index = await open(directory, { create: true, device: 'cpu' });
              for await (const _ of index.add(folder, { train: 'auto', quality: 'fast', threads: 1 }));
            })(),
          );
          ends.add(end);
          writeFileSync(join(disk.path, 'ballast'), '');
          if (existsSync(join(directory, 'catalog.sqlite'))) {
            const found = await codeOf(verify(directory).then(({ clean }) => expect(clean).toBe(true)));
            expect(['done', 'INDEX_MISSING', 'INDEX_READ_ONLY']).toContain(found);
          }
        }
        expect(ends).toEqual(new Set(['DISK_FULL', 'done']));
        const index = await opened(directory);
        expect(await add(index)).toMatchObject({ unchanged: 96, failed: 0 });
        expect(await verify(directory, { deep: true })).toMatchObject({ clean: true });
      } finally {
        await cleanUp();
        disk.remove();
      }
    },
    120_000,
  );

  onSmallDisk(
    `that is mounted read-only can be asked, verified and copied from, and not repaired${skipped}`,
    async () => {
      const folder = documents(5);
      const disk = mountSmallDisk(4_096);
      try {
        const directory = join(disk.path, 'index');
        const index = await opened(directory, { create: true });
        await add(index, folder);
        await index.close();
        disk.makeReadOnly();
        const reader = await opened(directory, { readOnly: true });
        expect((await reader.query({ text: 'ship' })).hits.length).toBeGreaterThan(0);
        expect(await verify(directory)).toMatchObject({ clean: true });
        const copy = join(temporaryFolder(), 'copy');
        await reader.backup(copy);
        expect(await verify(copy, { deep: true })).toMatchObject({ clean: true, checked: { items: 15 } });
        await reader.export(join(temporaryFolder(), 'export'));
        expect(await codeOf(verify(directory, { repair: true }))).toBe('INDEX_READ_ONLY');
        expect(await codeOf(reader.forget('sea/*'))).toBe('INDEX_READ_ONLY');
        expect(await codeOf(reader.collectGarbage())).toBe('INDEX_READ_ONLY');
        expect(await codeOf(reader.backup(join(disk.path, 'copy')))).toBe('OUTPUT_UNWRITABLE');
      } finally {
        await cleanUp();
        disk.remove();
      }
    },
  );
});

(isRoot ? describe.skip : describe)('A catalog that may not be read', () => {
  it('is said to be one', async () => {
    const folder = documents(1);
    const index = await opened(folder, { create: true });
    await add(index, folder);
    await index.close();
    chmodSync(join(folder, '.sandglass/catalog.sqlite'), 0);
    expect(['FILE_UNREADABLE', 'INDEX_READ_ONLY']).toContain(
      (await rejectionOf(open(folder, { readOnly: true }))).code,
    );
  });
});

describe('A folder that holds something else', () => {
  it('in the place of the catalog is no index, and is left as it is', async () => {
    const folder = documents(1);
    cpSync(join(folder, 'sea'), join(folder, '.sandglass/catalog.sqlite'), { recursive: true });
    expect(await codeOf(open(folder))).not.toBe('done');
    expect(await codeOf(verify(folder, { repair: true }))).not.toBe('done');
    expect(readdirSync(join(folder, '.sandglass/catalog.sqlite'))).toEqual(['0.txt']);
  });
});
