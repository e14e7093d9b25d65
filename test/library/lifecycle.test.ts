import { existsSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PICTURE_CODES } from '../../src/image/picture-codes.ts';
import { open, SandglassError, similarity } from '../../src/sandglass.ts';
import {
  add,
  cleanUp,
  documents,
  documentText,
  indexed,
  opened,
  picture,
  pictures,
  rejectionOf,
  temporaryFolder,
  write,
} from './collection.ts';

afterEach(cleanUp);

describe('Opening', () => {
  it('says that there is no index, and makes none unless it is asked to', async () => {
    const folder = documents(1);
    expect((await rejectionOf(open(folder))).code).toBe('INDEX_MISSING');
    expect((await rejectionOf(open(join(folder, 'nowhere')))).code).toBe('INDEX_MISSING');
    expect(existsSync(join(folder, '.sandglass'))).toBe(false);
  });

  it('takes the index directory, or the folder it stands in', async () => {
    const folder = documents(1);
    const { directory } = await indexed(folder);
    expect(directory).toBe(join(folder, '.sandglass'));
    for (const place of [folder, directory]) expect((await opened(place)).directory).toBe(directory);
  });

  it('makes an absent directory the index, in any other one of its own, and keeps a configuration that was put there before', async () => {
    const absent = join(temporaryFolder(), 'a', 'b');
    expect((await opened(absent, { create: true })).directory).toBe(absent);
    const empty = temporaryFolder();
    expect((await opened(empty, { create: true })).directory).toBe(join(empty, '.sandglass'));
    const prepared = temporaryFolder();
    writeFileSync(join(prepared, 'config.json'), '{}');
    expect((await opened(prepared, { create: true })).directory).toBe(prepared);
  });

  it('for reading refuses to write', async () => {
    const folder = documents(1);
    await indexed(folder);
    const reader = await opened(folder, { readOnly: true });
    expect((await rejectionOf(add(reader))).code).toBe('INDEX_READ_ONLY');
    expect((await reader.query({ text: 'ship' })).hits.length).toBeGreaterThan(0);
  });

  it('with `await using` closes the index', async () => {
    const folder = documents(1);
    await indexed(folder);
    let left: Awaited<ReturnType<typeof open>>;
    {
      await using index = await open(folder);
      left = index;
      expect((await index.status()).items.text).toBe(3);
    }
    expect(() => left.failures()).toThrow();
    await expect(left.close()).resolves.toBeUndefined();
  });
});

describe('The progress of indexing', () => {
  it('begins nothing before it is read, and ends with the summary', async () => {
    const folder = documents(2);
    const index = await opened(folder, { create: true });
    const events = index.add(folder, { train: 'never' });
    expect((await index.status()).items.text).toBe(0);
    const phases: string[] = [];
    let read = 0;
    for await (const event of events) {
      phases.push(event.phase);
      if (event.phase === 'read') {
        read = event.done;
        expect(event.total).toBe(6);
        expect(event.perSecond).toBeGreaterThanOrEqual(0);
      }
    }
    expect(read).toBe(6);
    expect(phases[0]).toBe('find');
    expect(phases.at(-1)).toBe('done');
  });

  it('that is left early stops the work and lets the next writer in', async () => {
    const folder = documents(100);
    const index = await opened(folder, { create: true });
    for await (const event of index.add(folder, { train: 'never', threads: 1 })) if (event.phase === 'read') break;
    const { items } = await index.status();
    expect(items.text).toBeLessThan(300);
    const summary = await add(index, folder);
    expect(summary.added + summary.unchanged).toBe(300);
    expect((await index.status()).items.text).toBe(300);
  });

  it('ends with ABORTED when the signal is raised, and the lock is free', async () => {
    const folder = documents(100);
    const index = await opened(folder, { create: true });
    const stop = new AbortController();
    const aborted = rejectionOf(
      (async () => {
        for await (const event of index.add(folder, { train: 'never', threads: 1, signal: stop.signal }))
          if (event.phase === 'read') stop.abort();
      })(),
    );
    expect((await aborted).code).toBe('ABORTED');
    expect((await add(index, folder)).failed).toBe(0);
    expect((await rejectionOf(add(index, [], { signal: AbortSignal.abort() }))).code).toBe('ABORTED');
    expect(await add(index)).toMatchObject({ unchanged: 300 });
  });

  it('is refused to a second writer of the same process', async () => {
    const folder = documents(2);
    const index = await indexed(folder);
    const first = index.add([], { train: 'never' });
    await first.next();
    const error = await rejectionOf(add(index));
    expect(error.code).toBe('INDEX_LOCKED');
    expect(error.message).toContain(`process ${process.pid}`);
    await first.return(undefined);
    expect(await add(index)).toMatchObject({ unchanged: 6 });
  });

  it('does not disturb who reads meanwhile, who sees what was stored', async () => {
    const folder = documents(2);
    const index = await indexed(folder);
    const reader = await opened(folder, { readOnly: true });
    expect((await reader.query({ text: 'whale' }, { method: 'bow' })).hits).toEqual([]);
    write(folder, 'new.txt', 'whale');
    for await (const _ of index.add([], { train: 'never' }))
      expect((await reader.query({ text: 'ship' })).hits.length).toBeGreaterThan(0);
    expect((await reader.query({ text: 'whale' })).hits.map(({ path }) => basename(path))).toEqual(['new.txt']);
  });
});

describe('A ranking', () => {
  it('does not tell in which order or under which names the files were indexed', async () => {
    const names = ['sea', 'bread', 'chess'];
    const texts = Array.from({ length: 30 }, (_, i) => `storm ${i % 2 === 0 ? 'deck' : 'dough'} ${'x'.repeat(i + 2)}`);
    const rankings: string[][] = [];
    for (const turn of [0, 1]) {
      const folder = temporaryFolder();
      const index = await opened(folder, { create: true });
      for (const part of [0, 1, 2]) {
        const which = turn === 0 ? part : 2 - part;
        for (const [i, text] of texts.entries())
          if (i % 3 === which) write(folder, `${names[(which + turn) % 3]}/${turn === 0 ? i : 100 - i}.txt`, text);
        await add(index, folder);
      }
      // The shortest words differ, and no other: many equal scores.
      const { hits } = await index.query({ text: 'storm deck' }, { k: 12, method: 'bow' });
      expect(new Set(hits.map(({ score }) => score.toFixed(4))).size).toBe(1);
      rankings.push(hits.map(({ snippet }) => snippet!));
    }
    expect(rankings[1]).toEqual(rankings[0]);
    // Nor is it the order of the texts themselves.
    expect(rankings[0]).not.toEqual([...rankings[0]!].sort((a, b) => a.length - b.length));
  });

  it('of pictures neither', async () => {
    const rankings: number[][] = [];
    for (const turn of [0, 1]) {
      const folder = temporaryFolder();
      for (let i = 0; i < 12; i++) write(folder, turn === 0 ? `${i}.png` : `z/${99 - i}.png`, await picture(i));
      const index = await indexed(folder);
      const { hits } = await index.query(
        { file: write(folder, '../query.png', await picture(50)) },
        { method: 'dhash', k: 12 },
      );
      rankings.push(
        hits.map(({ path }) => (turn === 0 ? Number(basename(path, '.png')) : 99 - Number(basename(path, '.png')))),
      );
    }
    expect(rankings[1]).toEqual(rankings[0]);
  });
});

describe('Questions', () => {
  it('with impossible numbers are mistakes of the program', async () => {
    const index = await indexed(documents(1));
    for (const k of [0, -1, 1.5, Number.NaN])
      await expect(index.query({ text: 'ship' }, { k })).rejects.toThrow(RangeError);
  });

  it('of two files or texts are answered with an index and without', async () => {
    const folder = documents(2);
    const index = await indexed(folder);
    const [a, b] = [{ file: join(folder, 'sea/0.txt') }, { text: documentText('sea', 0) }] as const;
    expect((await similarity(a, b)).scores).toMatchObject([
      { method: 'bow', score: expect.closeTo(1), unit: 'cosine' },
    ]);
    const within = await index.similarity(a, b);
    expect(within.scores.map(({ method }) => method)).toEqual(['bow', 'tfidf', 'bm25', 'minhash']);
    expect(within.notes).toEqual(['The index has no encoder for text items: only the plain methods.']);
    expect((await rejectionOf(similarity(a, b, { method: 'tfidf' }))).message).toContain('needs an index');
    expect((await rejectionOf(similarity(a, b, { method: 'magic' }))).code).toBe('METHOD_UNKNOWN');
    const image = { file: write(folder, 'a.png', await picture(1)) };
    expect((await rejectionOf(similarity(a, image))).code).toBe('METHOD_UNAVAILABLE');
    const same = await similarity(image, image);
    expect(same.scores.map(({ method }) => method)).toEqual(PICTURE_CODES.map(({ name }) => name));
    for (const { distance } of same.scores) expect(distance).toBeCloseTo(0);
  });

  it('that are stopped end with ABORTED', async () => {
    const index = await indexed(await pictures(2));
    const error = await rejectionOf(index.compare({ signal: AbortSignal.abort() }));
    expect(error).toBeInstanceOf(SandglassError);
    expect(error.code).toBe('ABORTED');
    const { items } = await index.query({ file: write(temporaryFolder(), 'q.png', await picture(1)) });
    expect(items).toBe(2);
  });
});
