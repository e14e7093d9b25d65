// Animations and files of several pages: found by their first frame, or by every one.
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { Catalog } from '../../src/index/catalog.ts';
import { storeEncoder } from '../../src/index/encoder-files.ts';
import { indexLayout } from '../../src/index/layout.ts';
import type { Sandglass } from '../../src/sandglass.ts';
import { type HeldFiles, imageEncoderFiles } from '../encoders/small-encoders.ts';
import { longAnimation } from '../image/long-animation.ts';
import { drawn } from '../methods/features.ts';
import { add, cleanUp, opened, picture, rejectionOf, temporaryFolder, write } from './collection.ts';

afterEach(cleanUp);

type Format = 'gif' | 'webp' | 'tiff';
const FORMATS: readonly Format[] = ['gif', 'webp', 'tiff'];

let encoder: HeldFiles;

beforeAll(async () => {
  encoder = await imageEncoderFiles(await Promise.all(Array.from({ length: 20 }, (_, i) => drawn(i))));
});

/** One file of the pictures with these numbers. */
async function framesOf(numbers: readonly number[], format: Format): Promise<Uint8Array> {
  const frames = await Promise.all(numbers.map(picture));
  return sharp(frames, { join: { animated: true } })
    .toFormat(format, { lossless: true })
    .toBuffer();
}

/** Five still pictures, and one file of six frames a format. */
async function folderOfFrames(): Promise<string> {
  const folder = temporaryFolder();
  for (const number of [70, 71, 72, 73, 74]) write(folder, `${number}.png`, await picture(number));
  for (const [i, format] of FORMATS.entries()) write(folder, `several.${format}`, await framesOf(numbersOf(i), format));
  return folder;
}

const numbersOf = (format: number) => Array.from({ length: 6 }, (_, i) => 3 + 11 * format + i);

/** A picture to ask with, encoded in another way. */
async function question(number: number): Promise<string> {
  return write(
    temporaryFolder(),
    `${number}.jpg`,
    await sharp(await picture(number))
      .jpeg({ quality: 80 })
      .toBuffer(),
  );
}

async function asked(index: Sandglass, file: string, method = 'phash', frame?: number) {
  const { hits, items } = await index.query({ file, ...(frame === undefined ? {} : { frame }) }, { method, k: 3 });
  return { items, best: hits[0]!, hits };
}

function inCatalog<T>(index: Sandglass, work: (catalog: Catalog) => T): T {
  const catalog = Catalog.open(indexLayout(index.directory));
  try {
    return work(catalog);
  } finally {
    catalog.close();
  }
}

/** Leaves an encoder as a run does that dies right after training. */
async function train(index: Sandglass): Promise<void> {
  const fingerprint = await storeEncoder(indexLayout(index.directory), encoder);
  inCatalog(index, (catalog) =>
    catalog.encoders.add({ method: 'ae', kind: 'image', fingerprint, form: 'float32', dimensions: 16 }),
  );
}

describe('A frame that cannot be asked with', () => {
  it('is refused in words that name what there is', async () => {
    const folder = await folderOfFrames();
    write(folder, 'text.txt', 'a ship in the harbour');
    const index = await opened(folder, { create: true });
    await add(index, folder);
    const messageOf = async (path: string, frame: number) => {
      const { code, message } = await rejectionOf(index.query({ file: join(folder, path), frame }));
      return `${code} ${message}`;
    };
    expect(await messageOf('several.gif', 7)).toMatch(/^SETTING_INVALID .*several\.gif.*from 1 to 6 but received 7/);
    expect(await messageOf('70.png', 2)).toMatch(/^SETTING_INVALID .*only one/);
    expect(await messageOf('text.txt', 2)).toMatch(/^SETTING_INVALID .*text\.txt is a document/);
    await expect(index.query({ file: join(folder, '70.png'), frame: 0 })).rejects.toThrow(RangeError);
  });
});

describe('An index of first frames', () => {
  it('finds a file by its first frame, and says how many there are', async () => {
    const folder = await folderOfFrames();
    const index = await opened(folder, { create: true });
    await add(index, folder);
    const { best, items } = await asked(index, await question(numbersOf(0)[0]!));
    expect(items).toBe(8);
    expect(best).toMatchObject({ path: join(folder, 'several.gif'), frames: 6 });
    expect(best).not.toHaveProperty('frame');
    expect((await index.status()).frames).toEqual({ kept: 'first', pictures: 3, inner: 0 });
    // an inner frame is a question all the same
    const inner = await asked(index, join(folder, 'several.gif'), 'phash', 4);
    expect(inner.best.path === join(folder, 'several.gif') && inner.best.score > 0.9).toBe(false);
  });
});

describe('An index of all frames', () => {
  it.each(FORMATS.map((format, i) => [format, numbersOf(i)] as const))(
    'finds a %s by any of them, by every method, and says which',
    async (format, numbers) => {
      const folder = await folderOfFrames();
      const index = await opened(folder, { create: true });
      await add(index, folder, { frames: 'all' });
      expect((await index.status()).frames).toEqual({ kept: 'all', pictures: 3, inner: 15 });
      await train(index);
      await add(index);
      const path = join(folder, `several.${format}`);
      for (const frame of [1, 4, 6]) {
        const file = await question(numbers[frame - 1]!);
        for (const method of ['phash', 'dhash', 'pixels', 'ae']) {
          const { best, items } = await asked(index, file, method);
          expect(items).toBe(8);
          expect([method, best.path, best.frame, best.frames]).toEqual([method, path, frame, 6]);
          expect(best.score).toBeGreaterThan(0.7);
        }
      }
      const { best, hits } = await asked(index, path, 'phash', 5);
      expect(best).toMatchObject({ path, frame: 5, score: 1 });
      expect(new Set(hits.map((hit) => hit.path)).size).toBe(3);
      const explained = await index.query({ file: path, frame: 5 }, { method: 'ae', k: 1, explain: true });
      expect(explained.hits[0]).toMatchObject({ frame: 5, explanation: { ranks: { phash: 1, ae: 1 } } });
    },
  );

  it('reads only what is needed when the setting changes, which is remembered', async () => {
    const folder = await folderOfFrames();
    const index = await opened(folder, { create: true });
    await add(index, folder);
    const before = inCatalog(index, ({ items }) => items.many([1, 2, 3, 4, 5, 6, 7, 8]));
    const reads: number[] = [];
    for await (const event of index.add([], { frames: 'all', train: 'never' }))
      if (event.phase === 'read') reads.push(event.total);
    expect(Math.max(...reads)).toBe(3);
    expect((await index.status()).frames.inner).toBe(15);
    const after = inCatalog(index, ({ items }) => items.many([1, 2, 3, 4, 5, 6, 7, 8]));
    expect(after.map(({ id, indexedAt }) => [id, indexedAt])).toEqual(
      before.map(({ id, indexedAt }) => [id, indexedAt]),
    );

    write(folder, 'late.gif', await framesOf([50, 51], 'gif'));
    expect(await add(index)).toMatchObject({ added: 1, changed: 0, unchanged: 8 });
    expect((await index.status()).frames.inner).toBe(16);
    write(
      folder,
      'late.gif',
      await sharp(await picture(52))
        .gif()
        .toBuffer(),
    );
    expect(await add(index)).toMatchObject({ changed: 1 });
    expect((await index.status()).frames.inner).toBe(15);

    expect(await add(index, [], { frames: 'first' })).toMatchObject({ unchanged: 9 });
    expect((await index.status()).frames).toEqual({ kept: 'first', pictures: 3, inner: 0 });
    const { best } = await asked(index, join(folder, 'several.tiff'), 'phash', 5);
    expect(best).not.toHaveProperty('frame');
    await add(index, [], { frames: 'all' });
    expect((await index.status()).frames.inner).toBe(15);
  });

  it('gives frames the codes that they lack of a new encoder, and of hashes', async () => {
    const folder = await folderOfFrames();
    const index = await opened(folder, { create: true });
    await add(index, folder, { frames: 'all' });
    await train(index);
    await add(index);
    const counts = () =>
      inCatalog(index, ({ encoders, frameCodes, frameThumbnails }) => [
        frameCodes.count(encoders.active('ae', 'image')!.id),
        frameCodes.count(encoders.active('phash', 'image')!.id),
        frameThumbnails.count(),
      ]);
    expect(counts()).toEqual([15, 15, 0]);
    // an encoder that came later, for which the thumbnails are not there any more, and a hash that some lack
    inCatalog(index, (catalog) => {
      const { encoders, frameCodes } = catalog;
      for (const method of ['ae', 'phash']) {
        const { id } = encoders.active(method, 'image')!;
        for (const key of frameCodes.read(id).keys)
          catalog.database.prepare('DELETE FROM frame_code WHERE encoder_id = ? AND frame_id = ?').run(id, key);
      }
    });
    await add(index);
    expect(counts()).toEqual([15, 15, 0]);
    expect((await asked(index, await question(numbersOf(2)[3]!), 'ae')).best).toMatchObject({ frame: 4 });
  });

  it('keeps 64 of ten thousand', async () => {
    const folder = await folderOfFrames();
    write(folder, 'long.gif', longAnimation(10_000));
    const index = await opened(folder, { create: true });
    await add(index, folder, { frames: 'all' });
    expect((await index.status()).frames).toEqual({ kept: 'all', pictures: 4, inner: 15 + 63 });
  });
});

describe('Comparisons and duplicates', () => {
  it('go by first frames, however many are kept', async () => {
    const folder = await folderOfFrames();
    // the same first frame, and another second one: duplicates as pictures
    write(folder, 'a.gif', await framesOf([60, 61], 'gif'));
    write(folder, 'b.gif', await framesOf([60, 62], 'gif'));
    write(folder, 'inner.png', await picture(61));
    const index = await opened(folder, { create: true });
    await add(index, folder, { frames: 'all' });
    const { groups } = await index.duplicates({ kind: 'image' });
    const names = groups.map(({ files }) => files.map(({ path }) => path.slice(folder.length + 1)).sort());
    expect(names).toContainEqual(['a.gif', 'b.gif']);
    expect(names.flat()).not.toContain('inner.png');
    const compared = await index.compare({ kind: 'image' });
    expect(JSON.stringify(compared)).toContain('"items":11');
  });
});
