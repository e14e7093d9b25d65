import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Hit, importIndex, verify } from '../../src/sandglass.ts';
import { mountSmallDisk, whyNoSmallDisk } from '../index/small-disk.ts';
import {
  add,
  cleanUp,
  documents,
  documentText,
  opened,
  pictures,
  rejectionOf,
  temporaryFolder,
  write,
} from './collection.ts';

afterEach(cleanUp);

const noDisk = whyNoSmallDisk();
const onSmallDisk = noDisk === undefined ? it : it.skip;
const skipped = noDisk === undefined ? '' : ` (skipped: ${noDisk})`;

async function world() {
  const folder = documents(25);
  write(folder, 'sea/long.txt', Array.from({ length: 20 }, (_, i) => `${documentText('sea', 200 + i)}.`).join('\n\n'));
  write(folder, 'odd.txt', 'a line end of its own \u2028 and "quotes" \\ and a tab\tand sand');
  await pictures(4, join(folder, 'pictures'));
  const index = await opened(folder, { create: true });
  await add(index, folder, { train: 'auto', quality: 'fast' });
  return { folder, index };
}

const METHODS = ['ae', 'ae-bits', 'lsa', 'lsa-itq', 'tfidf', 'bow', 'bm25', 'minhash', 'hybrid'];

async function answers(index: Awaited<ReturnType<typeof opened>>, folder: string): Promise<Hit[][]> {
  const all: Hit[][] = [];
  for (const method of METHODS)
    all.push([...(await index.query({ file: join(folder, 'sea/long.txt') }, { method, k: 8 })).hits]);
  for (const method of ['phash', 'pdq', 'colour', 'pixels'])
    all.push([...(await index.query({ file: join(folder, 'pictures/1.png') }, { method, k: 3 })).hits]);
  return all;
}

describe('A backup', () => {
  it('is never put in the place of something', async () => {
    const { index } = await world();
    const there = temporaryFolder();
    expect((await rejectionOf(index.backup(there))).code).toBe('OUTPUT_EXISTS');
    writeFileSync(join(there, 'file'), '');
    expect((await rejectionOf(index.backup(join(there, 'file')))).code).toBe('OUTPUT_EXISTS');
    expect((await rejectionOf(index.backup(join(there, 'file/below')))).code).toBe('OUTPUT_UNWRITABLE');
  });

  it('is an index that answers as the first one, wherever it stands', async () => {
    const { folder, index } = await world();
    const copy = join(temporaryFolder(), 'deep/copy');
    const summary = await index.backup(copy);
    expect(summary).toMatchObject({ schema: 1, directory: copy, items: 81, encoders: 3, notes: [] });
    expect(await verify(copy, { deep: true })).toMatchObject({ clean: true, notes: [] });
    const other = await opened(copy);
    expect(await answers(other, folder)).toEqual(await answers(index, folder));
    // It goes on by itself, with the folders that it was made of.
    write(folder, 'new.txt', documentText('chess', 900));
    expect(await add(other)).toMatchObject({ added: 1, unchanged: 81 });
    expect((await index.status()).items.text).toBe(77);
  });

  it('put back in the place of the first one knows its folder', async () => {
    const { folder, index } = await world();
    const copy = join(temporaryFolder(), 'copy');
    await index.backup(copy);
    await index.close();
    const { cpSync, rmSync } = await import('node:fs');
    rmSync(join(folder, '.sandglass'), { recursive: true });
    cpSync(copy, join(folder, '.sandglass'), { recursive: true });
    const restored = await opened(folder);
    expect(await add(restored, folder)).toMatchObject({ added: 0, unchanged: 81 });
    expect((await restored.status()).roots).toHaveLength(1);
  });

  it('leaves nothing when it is stopped, or the disk is full', async () => {
    const { index } = await world();
    const place = temporaryFolder();
    const error = await rejectionOf(index.backup(join(place, 'copy'), { signal: AbortSignal.abort() }));
    expect(error.code).toBe('ABORTED');
    expect(readdirSync(place)).toEqual([]);
  });

  onSmallDisk(`says that the disk is full, and leaves nothing there${skipped}`, async () => {
    const { index } = await world();
    const disk = mountSmallDisk(300);
    try {
      for (const write of [index.backup(join(disk.path, 'copy')), index.export(join(disk.path, 'export'))])
        expect((await rejectionOf(write)).code).toBe('DISK_FULL');
      expect(readdirSync(disk.path)).toEqual([]);
    } finally {
      disk.remove();
    }
  });

  it('removes what a killed backup to the same place left', async () => {
    const { index } = await world();
    const place = temporaryFolder();
    // No process has so high a number.
    mkdirSync(join(place, 'copy.99999999-00000000.unfinished'));
    mkdirSync(join(place, `copy.${process.pid}-00000000.unfinished`));
    await index.backup(join(place, 'copy'));
    expect(readdirSync(place).sort()).toEqual(['copy', `copy.${process.pid}-00000000.unfinished`]);
  });
});

describe('An export', () => {
  it('becomes an index that answers as the first one, to the last digit', async () => {
    const { folder, index } = await world();
    const out = join(temporaryFolder(), 'export');
    const summary = await index.export(out);
    expect(summary).toMatchObject({ items: 81, encoders: 3, notes: [] });
    const directory = join(temporaryFolder(), 'index');
    expect(await importIndex(out, directory)).toMatchObject({ items: 81, encoders: 3 });
    expect(await verify(directory, { deep: true })).toMatchObject({ clean: true, notes: [] });
    const other = await opened(directory);
    expect(await answers(other, folder)).toEqual(await answers(index, folder));
    const [before, after] = [await index.status(), await other.status()];
    expect({ ...after, directory: '', bytes: 0 }).toEqual({ ...before, directory: '', bytes: 0 });
    expect(await add(other)).toMatchObject({ added: 0, changed: 0, unchanged: 81 });
  });

  it('has arrays as NumPy writes them, and a line of JSON for each item', async () => {
    const { folder, index } = await world();
    const out = join(temporaryFolder(), 'export');
    await index.export(out);
    const lines = readFileSync(join(out, 'items.jsonl'), 'utf8').split('\n');
    expect(lines.pop()).toBe('');
    const items = lines.map((line) => JSON.parse(line) as { path: string; text?: string; kind: string });
    expect(items.find(({ path }) => path === 'odd.txt')?.text).toBe(readFileSync(join(folder, 'odd.txt'), 'utf8'));
    // Read by the rules of numpy.lib.format alone.
    const bytes = readFileSync(join(out, 'codes/text-ae.npy'));
    expect(bytes.subarray(0, 8)).toEqual(Buffer.from([0x93, 78, 85, 77, 80, 89, 1, 0]));
    const length = bytes.readUInt16LE(8);
    expect((10 + length) % 64).toBe(0);
    const header = bytes.toString('latin1', 10, 10 + length);
    expect(header).toMatch(/^\{'descr': '<f4', 'fortran_order': False, 'shape': \(77, 128\), \} *\n$/);
    expect(bytes.length).toBe(10 + length + 77 * 128 * 4);
  });

  it('may leave out the texts; the words answer all the same', async () => {
    const { folder, index } = await world();
    const out = join(temporaryFolder(), 'export');
    await index.export(out, { text: false });
    expect(readFileSync(join(out, 'items.jsonl'), 'utf8')).not.toContain('"text":"');
    const directory = join(temporaryFolder(), 'index');
    await importIndex(out, directory);
    const other = await opened(directory);
    const [mine, first] = [await answers(other, folder), await answers(index, folder)];
    expect(mine.map((hits) => hits.map(({ path, score }) => [path, score]))).toEqual(
      first.map((hits) => hits.map(({ path, score }) => [path, score])),
    );
    expect(await verify(directory)).toMatchObject({ clean: true, notes: [{ code: 'TEXT_NOT_KEPT' }] });
  });

  it('is refused with the file and what is wrong, and nothing is made', async () => {
    const { index } = await world();
    const out = join(temporaryFolder(), 'export');
    await index.export(out);
    const place = temporaryFolder();
    const refusal = async () => {
      const error = await rejectionOf(importIndex(out, join(place, 'index')));
      expect(error.code).toBe('EXPORT_INVALID');
      expect(readdirSync(place)).toEqual([]);
      return error.message;
    };
    expect((await rejectionOf(importIndex(place, join(place, 'index')))).message).toContain(
      'there is no manifest.json',
    );
    for (const name of ['items.jsonl', 'codes/text-ae.npy', 'vocabulary.txt']) {
      const bytes = readFileSync(join(out, name));
      const flipped = Buffer.from(bytes);
      flipped[flipped.length >> 1]! ^= 1;
      writeFileSync(join(out, name), flipped);
      expect(await refusal()).toContain(`${name} has other content`);
      writeFileSync(join(out, name), bytes.subarray(1));
      expect(await refusal()).toContain(`bytes instead of ${bytes.length}`);
      writeFileSync(join(out, name), bytes);
    }
    const manifest = readFileSync(join(out, 'manifest.json'), 'utf8');
    writeFileSync(join(out, 'manifest.json'), manifest.replace('"version": 1', '"version": 2'));
    expect(await refusal()).toContain('version');
    writeFileSync(join(out, 'manifest.json'), manifest.replace(/"codes\/text-ae.npy"/g, '"../text-ae.npy"'));
    expect(await refusal()).toContain('is not what was written');
    writeFileSync(join(out, 'manifest.json'), manifest);
    expect((await rejectionOf(importIndex(out, place))).code).toBe('OUTPUT_EXISTS');
    await importIndex(out, join(place, 'index'));
    expect(existsSync(join(place, 'index/catalog.sqlite'))).toBe(true);
  });
});
