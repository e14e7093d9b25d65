// The encoder of pictures that comes with the package: answers at once, and is gone on with where there is enough to learn.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { shippedImageEncoder } from '../../src/encoders/shipped-encoder.ts';
import { type HeldFiles, imageEncoderFiles } from '../encoders/small-encoders.ts';
import { drawn } from '../methods/features.ts';
import { add, cleanUp, indexed, opened, picture, pictures, temporaryFolder, write } from './collection.ts';

const before = process.env.SANDGLASS_MODELS;
let files: HeldFiles;

beforeAll(async () => {
  files = await imageEncoderFiles(await Promise.all(Array.from({ length: 20 }, (_, i) => drawn(i))));
});
afterEach(cleanUp);
afterAll(() => {
  process.env.SANDGLASS_MODELS = before;
});

/** A folder of shipped encoders with one in it. */
function shipped(): string {
  const models = temporaryFolder();
  for (const [name, bytes] of Object.entries(files)) write(models, join('copy-64', name), bytes);
  process.env.SANDGLASS_MODELS = models;
  return models;
}

describe('the shipped encoder', () => {
  it('is passed over, and that is said, when a file of it was changed', async () => {
    const models = shipped();
    writeFileSync(join(models, 'copy-64', 'encoder.onnx'), Buffer.from('no model'));
    await expect(shippedImageEncoder()).rejects.toMatchObject({ code: 'ENCODER_BROKEN' });
    const index = await opened(temporaryFolder(), { create: true });
    const { notices, defaults } = await add(index, await pictures(3));
    expect(notices.join()).toContain('install Sandglass again');
    expect(defaults.image?.method).toBe('phash');
  });

  it('is none where no folder is named, or an empty one', async () => {
    for (const folder of ['', temporaryFolder()]) {
      process.env.SANDGLASS_MODELS = folder;
      expect(await shippedImageEncoder()).toBeUndefined();
    }
  });

  it('answers in an index with a few pictures, without any training', async () => {
    shipped();
    const folder = await pictures(12);
    const index = await opened(folder, { create: true });
    const { trained, defaults } = await add(index, folder, { train: 'auto' });
    expect(trained).toEqual([]);
    expect(defaults.image).toMatchObject({ method: 'ae', sentence: expect.stringContaining('comes with Sandglass') });
    const { hits } = await index.query({ file: join(folder, '3.png') }, { k: 1 });
    expect(hits[0]).toMatchObject({ path: expect.stringContaining('3.png'), score: expect.closeTo(1) });
    expect(index.encoders()).toMatchObject([{ name: 'ae', origin: 'shipped', codes: 12 }]);
  });

  it('encodes what comes later, and is checked on all pictures once there are enough', async () => {
    shipped();
    const folder = await pictures(10);
    const index = await indexed(folder);
    for (let i = 10; i < 24; i++) write(folder, `${i}.png`, await picture(i));
    const { trained, defaults } = await add(index, folder, { train: 'auto' });
    expect(trained).toEqual([]);
    expect(index.encoders()).toMatchObject([{ origin: 'shipped', codes: 24 }]);
    expect(['ae', 'phash']).toContain(defaults.image?.method);
  });

  it('is not gone on with by itself where too few pictures could tell what came of it', async () => {
    shipped();
    const folder = await pictures(60);
    const index = await opened(folder, { create: true });
    expect((await add(index, folder, { train: 'auto' })).trained).toEqual([]);
    expect(index.encoders()).toMatchObject([{ name: 'ae', origin: 'shipped', codes: 60 }]);
  });

  it('is gone on with when that is asked for, and stays where the result is not shown to be better', async () => {
    shipped();
    const folder = await pictures(60);
    const index = await opened(folder, { create: true });
    const { trained, notices } = await add(index, folder, { train: 'always' });
    expect(trained).toMatchObject([{ kind: 'image', adopted: false }]);
    expect(notices.join(' ')).toContain('too few to compare the new one with it');
    expect(index.encoders()).toMatchObject([{ name: 'ae', origin: 'shipped', codes: 60 }]);
  });
});
