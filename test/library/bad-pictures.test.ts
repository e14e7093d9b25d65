// Pictures that say little, are damaged, or change while they are read.
import { closeSync, openSync, renameSync, statSync, utimesSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import sharp, { type Color } from 'sharp';
import { extractFeature } from '../../src/features/extract.ts';
import type { Sandglass } from '../../src/sandglass.ts';
import { add, cleanUp, indexed, opened, picture, temporaryFolder, write } from './collection.ts';

const SHIPPED = join(import.meta.dirname, '../../models');

async function flat(width: number, height: number, background: Color): Promise<Uint8Array> {
  return sharp({ create: { width, height, channels: 4, background } })
    .png()
    .toBuffer();
}

/** A photo-like picture of 400 × 300 as JPEG. */
async function jpeg(number: number): Promise<Buffer> {
  return sharp(await picture(number))
    .resize(400, 300, { fit: 'fill' })
    .jpeg()
    .toBuffer();
}

describe('Pictures that say nothing', () => {
  const names: string[] = [];
  let index: Sandglass;
  let folder: string;
  let models: string | undefined;

  beforeAll(async () => {
    models = process.env.SANDGLASS_MODELS;
    process.env.SANDGLASS_MODELS = SHIPPED;
    folder = temporaryFolder();
    const files: readonly (readonly [name: string, content: Uint8Array])[] = [
      ['dot.png', await flat(1, 1, '#ffffff')],
      ['another-dot.png', await flat(1, 1, '#0000ff')],
      ['tall.png', await flat(1, 10_000, '#ff0000')],
      ['wide.png', await flat(10_000, 1, '#ff0000')],
      ['transparent.png', await flat(300, 200, { r: 9, g: 9, b: 9, alpha: 0 })],
      ['white.png', await flat(64, 64, '#ffffff')],
      ['grey.png', await flat(640, 480, '#808080')],
      ['same-grey.png', await flat(100, 100, '#808080')],
    ];
    for (const [name, content] of files) {
      names.push(name);
      write(folder, name, content);
    }
    for (const number of [1, 2, 3]) write(folder, `${number}.png`, await picture(number));
    index = await indexed(folder, { frames: 'all' });
  }, 120_000);

  afterAll(async () => {
    if (models === undefined) delete process.env.SANDGLASS_MODELS;
    else process.env.SANDGLASS_MODELS = models;
    await cleanUp();
  });

  it('are indexed, and found alike by no method, neither to one another nor to themselves', async () => {
    expect((await index.status()).items).toEqual({ text: 0, image: 11, failed: 0 });
    const { encoders } = await index.status();
    const methods = ['ae-bits', 'ae-turned', ...encoders.map(({ method }) => method)];
    expect(methods).toEqual(expect.arrayContaining(['ae', 'phash', 'pdq', 'colour', 'pixels']));
    for (const name of names)
      for (const method of methods) {
        const { hits, notes } = await index.query({ file: join(folder, name) }, { method, k: 20 });
        expect([name, method, hits.length, notes[0]]).toEqual([name, method, 0, expect.stringContaining('flat')]);
      }
  });

  it('are no hits of those that say something, and no score is without a number', async () => {
    for (const { method } of (await index.status()).encoders) {
      const { hits } = await index.query({ file: join(folder, '1.png') }, { method, k: 20, explain: true });
      expect(hits[0]).toMatchObject({ path: join(folder, '1.png'), score: expect.closeTo(1, 5) });
      for (const { path, score, distance } of hits) {
        expect([method, path, Number.isFinite(score), Number.isFinite(distance)]).toEqual([method, path, true, true]);
        if (names.some((name) => path.endsWith(`/${name}`))) expect([method, path, score]).toEqual([method, path, 0]);
      }
    }
    const { scores } = await index.similarity({ file: join(folder, 'dot.png') }, { file: join(folder, 'white.png') });
    expect(scores.every(({ score, distance }) => score === 0 && distance > 0)).toBe(true);
  });
});

describe('A picture that is cut short', () => {
  afterEach(cleanUp);

  it('is used as far as it goes, counted, named and marked; one without a usable part is refused', async () => {
    const folder = temporaryFolder();
    const [whole, small] = [await jpeg(5), await jpeg(6)];
    write(folder, 'part.jpg', whole.subarray(0, Math.round(whole.length * 0.7)));
    write(folder, 'crumb.jpg', small.subarray(0, Math.round(small.length * 0.15)));
    write(folder, 'whole.jpg', await jpeg(7));
    const index = await opened(folder, { create: true });
    expect(await add(index, folder)).toMatchObject({ added: 2, partial: 1, failed: 1 });
    expect(await index.status()).toMatchObject({ partial: 1, items: { image: 2, failed: 1 } });
    expect(index.partlyRead()).toEqual([join(folder, 'part.jpg')]);
    const question = write(temporaryFolder(), 'q.jpg', whole);
    const { hits } = await index.query({ file: question }, { method: 'phash', k: 2 });
    expect(hits.map(({ path, partial }) => [path, partial])).toEqual([
      [join(folder, 'part.jpg'), true],
      [join(folder, 'whole.jpg'), undefined],
    ]);

    expect(await add(index)).toMatchObject({ unchanged: 2, partial: 0 });
    write(folder, 'part.jpg', whole);
    expect(await add(index)).toMatchObject({ changed: 1, partial: 0 });
    expect(index.partlyRead()).toEqual([]);
  });
});

describe('A picture that is replaced while it is read', () => {
  afterEach(cleanUp);

  it('is one of the two, whole, or is told to have changed', async () => {
    const folder = temporaryFolder();
    const contents = [await jpeg(10), await jpeg(40)];
    const [first, second] = await Promise.all(
      contents.map(async (content, i) => extractFeature(write(folder, `${i}.jpg`, content))),
    );
    if (first?.status !== 'ok' || second?.status !== 'ok') throw new Error('Expected two readable pictures');
    const path = write(folder, 'changing.jpg', contents[0]!);
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const writer = new Worker(
      `const { workerData: { path, contents, stop } } = require('node:worker_threads');
       const { writeFileSync, renameSync } = require('node:fs');
       for (let i = 0; Atomics.load(stop, 0) === 0; i++) {
         // in turns in its place, and put in its place by a rename
         if (i % 4 < 2) writeFileSync(path, contents[i % 2]);
         else { writeFileSync(path + '~', contents[i % 2]); renameSync(path + '~', path); }
       }`,
      { eval: true, workerData: { path, contents, stop } },
    );
    try {
      for (let i = 0; i < 200; i++) {
        const result = await extractFeature(path);
        // cut short by the writer at the moment of reading, and not changed since
        if (result.status === 'skipped' || (result.status === 'ok' && 'partial' in result && result.partial)) continue;
        if (result.status === 'failed') {
          expect(['FILE_CHANGED', 'FILE_EMPTY', 'IMAGE_BROKEN', 'FILE_VANISHED']).toContain(result.error.code);
          continue;
        }
        const same = result.hash === first.hash ? first : second;
        expect({ ...result, mtimeMs: 0 }).toEqual({ ...same, mtimeMs: 0 });
      }
    } finally {
      Atomics.store(stop, 0, 1);
      await new Promise((done) => writer.on('exit', done));
    }
  });

  it('is indexed anew by the next run, even where the new one is as long', async () => {
    const folder = temporaryFolder();
    const path = write(folder, 'a.png', await flat(30, 30, '#102030'));
    const index = await indexed(folder);
    const { atime, mtime } = statSync(path);
    const other = write(folder, 'b.png', await picture(3));
    renameSync(other, path);
    expect(await add(index)).toMatchObject({ changed: 1 });
    // in its place, byte by byte, as long as before
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.from([0xff]), 0, 1, 40);
    closeSync(file);
    utimesSync(path, atime, new Date(mtime.getTime() + 5_000));
    const summary = await add(index);
    expect(summary.changed + summary.failed).toBe(1);
  });
});
