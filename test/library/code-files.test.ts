// Code files of an index: written by indexing, used by questions, and never believed when they do not fit.
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { EncoderFiles } from '../../src/encoders/manifest.ts';
import { Catalog } from '../../src/index/catalog.ts';
import { storeEncoder } from '../../src/index/encoder-files.ts';
import { type IndexLayout, indexLayout } from '../../src/index/layout.ts';
import type { Sandglass } from '../../src/sandglass.ts';
import { imageEncoderFiles } from '../encoders/small-encoders.ts';
import { drawn } from '../methods/features.ts';
import { add, cleanUp, indexed, opened, picture, pictures, write } from './collection.ts';

const METHODS = ['ae', 'ae-bits', 'ae-turned', 'phash', 'pdq', 'pixels', 'colour'];

let encoder: EncoderFiles;

beforeAll(async () => {
  encoder = await imageEncoderFiles(await Promise.all(Array.from({ length: 20 }, (_, i) => drawn(i))));
});
afterEach(cleanUp);

/** An index of pictures with an encoder that answers, whose code files are wanted from one code on. */
async function world(): Promise<{ folder: string; index: Sandglass; layout: IndexLayout }> {
  const folder = await pictures(14);
  const index = await indexed(folder);
  const layout = indexLayout(index.directory);
  const fingerprint = await storeEncoder(layout, encoder);
  const catalog = Catalog.open(layout);
  catalog.settings.set('code-files-from', 1);
  catalog.encoders.add({ method: 'ae', kind: 'image', fingerprint, form: 'float32', dimensions: 16 });
  catalog.close();
  await add(index);
  return { folder, index, layout };
}

/** What every method answers, asked by an index that was just opened. */
async function answers(folder: string, directory: string) {
  const index = await opened(directory);
  const all = [];
  for (const method of METHODS) {
    const { hits } = await index.query({ file: join(folder, '3.png') }, { method, k: 20 });
    all.push({ method, hits: hits.map(({ path, score }) => ({ path, score })) });
  }
  await index.close();
  return all;
}

describe('The code files of an index', () => {
  it('change no answer, and are only written where there are many codes', async () => {
    const { folder, index, layout } = await world();
    // The auto-encoder's floats and signs, and a file for each plain code.
    expect(readdirSync(layout.codes).filter((name) => name.endsWith('-code-signs.codes'))).toHaveLength(1);
    expect(readdirSync(layout.codes).length).toBeGreaterThan(METHODS.length);
    const withFiles = await answers(folder, index.directory);
    rmSync(layout.codes, { recursive: true });
    expect(await answers(folder, index.directory)).toEqual(withFiles);
    const catalog = Catalog.open(layout);
    catalog.settings.set('code-files-from', 15);
    catalog.close();
    await add(index);
    expect(() => readdirSync(layout.codes)).toThrow('ENOENT');
  });

  it('are passed over when they are damaged or cut off, and made anew by the next indexing', async () => {
    const { folder, index, layout } = await world();
    const expected = await answers(folder, index.directory);
    const before = readdirSync(layout.codes);
    for (const [i, name] of before.entries()) {
      const file = join(layout.codes, name);
      const bytes = readFileSync(file);
      if (i % 2 === 0) truncateSync(file, bytes.length - 1);
      else {
        bytes[130]! ^= 4;
        writeFileSync(file, bytes);
      }
    }
    writeFileSync(join(layout.codes, 'something else'), '');
    expect(await answers(folder, index.directory)).toEqual(expected);
    const damaged = before.map((name) => readFileSync(join(layout.codes, name)));
    await add(index);
    expect(readdirSync(layout.codes)).toEqual(before);
    for (const [i, name] of before.entries())
      expect(readFileSync(join(layout.codes, name)).equals(damaged[i]!)).toBe(false);
    expect(await answers(folder, index.directory)).toEqual(expected);
  });

  it('follow the pictures that come and go', async () => {
    const { folder, index, layout } = await world();
    const before = new Map(readdirSync(layout.codes).map((name) => [name, readFileSync(join(layout.codes, name))]));
    rmSync(join(folder, '5.png'));
    write(folder, 'new.png', await picture(77));
    await add(index);
    expect(readdirSync(layout.codes)).toEqual([...before.keys()]);
    for (const [name, bytes] of before) expect(readFileSync(join(layout.codes, name)).equals(bytes)).toBe(false);
    const paths = (await answers(folder, index.directory))[0]!.hits.map(({ path }) => path);
    expect(paths).toContain(join(folder, 'new.png'));
    expect(paths).not.toContain(join(folder, '5.png'));
  });
});
