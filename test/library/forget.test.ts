import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { verify } from '../../src/sandglass.ts';
import { add, cleanUp, documents, indexed, opened, rejectionOf, write } from './collection.ts';

afterEach(cleanUp);

/** Whether any file of an index has these bytes, as they are. */
function holds(directory: string, text: string): boolean {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'writer.lock')
    .some((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(text));
}

describe('Forgetting', () => {
  it('asks for something to forget, and says what nothing matches', async () => {
    const index = await indexed(documents(2));
    expect((await rejectionOf(index.forget([]))).code).toBe('SETTING_INVALID');
    expect((await rejectionOf(index.forget('!*.txt'))).code).toBe('SETTING_INVALID');
    expect(await index.forget(['nothing.txt', '*.pdf'])).toMatchObject({
      forgotten: [],
      unmatched: ['nothing.txt', '*.pdf'],
    });
    expect((await index.status()).items.text).toBe(6);
  });

  it('only shows what it would, when it is asked to', async () => {
    const folder = documents(2);
    const index = await indexed(folder);
    const { forgotten, dryRun } = await index.forget('sea/*', { dryRun: true });
    expect({ forgotten, dryRun }).toEqual({
      forgotten: [join(folder, 'sea/0.txt'), join(folder, 'sea/1.txt')],
      dryRun: true,
    });
    expect((await index.status()).items.text).toBe(6);
  });

  it('takes a path, a folder, a pattern; the file comes back with the next indexing, which says so', async () => {
    const folder = documents(3);
    const index = await indexed(folder);
    expect((await index.forget(join(folder, 'sea/1.txt'))).forgotten).toHaveLength(1);
    expect((await index.forget(join(folder, 'bread'))).forgotten).toHaveLength(3);
    expect((await index.forget(['chess/[01].txt', '/chess/2.txt'])).forgotten).toHaveLength(3);
    expect((await index.query({ text: 'dough oven' }, { method: 'bow' })).hits).toEqual([]);
    expect(await add(index)).toMatchObject({ added: 7, unchanged: 2 });
  });

  it('leaves nothing of a text in any file of the index', async () => {
    const folder = documents(40);
    const words = 'quetzalcoatlus zwetschgenknoedel';
    write(folder, 'secret.txt', `${words} `.repeat(8));
    const index = await indexed(folder);
    expect(holds(index.directory, 'quetzalcoatlus')).toBe(true);
    await index.forget(join(folder, 'secret.txt'));
    for (const word of words.split(' ')) expect(holds(index.directory, word)).toBe(false);
    expect(holds(index.directory, 'secret.txt')).toBe(false);
    await index.close();
    expect(await verify(folder, { deep: true })).toMatchObject({ clean: true });
  });

  it('of what is to be kept out lasts, is shown by the status, and can be taken back', async () => {
    const folder = documents(3);
    const index = await indexed(folder);
    const { keptOut } = await index.forget([join(folder, 'sea/0.txt'), 'bread/'], { keepOut: true });
    expect(keptOut).toEqual([{ folder, entries: ['sea/0.txt', 'bread/'] }]);
    expect((await index.status()).roots[0]!.keptOut).toEqual(['sea/0.txt', 'bread/']);
    expect(await add(index)).toMatchObject({ added: 0, unchanged: 5 });
    // Other patterns, and forgetting them, are another matter.
    await add(index, folder, { exclude: ['chess/0.txt'], prune: true });
    expect(await add(index, folder, { remembered: false })).toMatchObject({ added: 1, unchanged: 4 });
    expect(await index.letIn([join(folder, 'sea/0.txt'), 'other'])).toEqual({
      letIn: [join(folder, 'sea/0.txt')],
      unmatched: ['other'],
    });
    expect(await add(index)).toMatchObject({ added: 1 });
    await index.letIn('bread/');
    expect((await index.status()).roots[0]!.keptOut).toBeUndefined();
    expect(await add(index)).toMatchObject({ added: 3, unchanged: 6 });
  });

  it('keeps out what it did in a folder that is indexed by one above it', async () => {
    const outer = documents(2);
    const index = await opened(join(outer, 'index'), { create: true });
    await add(index, join(outer, 'sea'));
    await index.forget(['0.txt'], { keepOut: true });
    expect(await add(index, outer)).toMatchObject({ added: 4, unchanged: 1 });
    expect((await index.status()).roots).toMatchObject([{ path: outer, items: 5 }]);
  });

  it('of a whole folder lets go of the folder', async () => {
    const [one, other] = [documents(1), documents(1)];
    const index = await opened(join(one, '.sandglass'), { create: true });
    await add(index, [one, other]);
    const { folders } = await index.forget(other);
    expect(folders).toEqual([other]);
    expect((await index.status()).roots.map(({ path }) => path)).toEqual([one]);
    expect(await add(index)).toMatchObject({ added: 0, unchanged: 3 });
  });

  it('also takes what could not be read', async () => {
    const folder = documents(1);
    write(folder, 'broken.pdf', '%PDF-1.4 no more');
    const index = await indexed(folder);
    expect(index.failures()).toHaveLength(1);
    await index.forget('*.pdf', { keepOut: true });
    expect(index.failures()).toEqual([]);
    await add(index);
    expect(index.failures()).toEqual([]);
  });

  it('of a file that is gone needs no file', async () => {
    const folder = documents(1);
    const index = await indexed(folder);
    rmSync(join(folder, 'sea/0.txt'));
    expect((await index.forget(join(folder, 'sea/0.txt'))).forgotten).toHaveLength(1);
  });

  it('does not confuse an index that is open elsewhere: words that were removed get new numbers', async () => {
    const folder = documents(2);
    const one = await indexed(folder);
    const other = await opened(folder);
    await other.forget(['sea/*', 'bread/*']);
    // The first one has seen the words of the forgotten files.
    expect(await add(one)).toMatchObject({ added: 4 });
    expect((await one.query({ text: 'ship sail wave' }, { method: 'bow' })).hits.length).toBeGreaterThan(0);
    expect(await verify(folder, { deep: true })).toMatchObject({ clean: true });
  });
});
