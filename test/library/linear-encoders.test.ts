// `lsa`, `lsa-itq` and `ae-bits` in an index: fitted while it is made, kept up to date, asked like every other method.
import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Catalog } from '../../src/index/catalog.ts';
import { indexLayout } from '../../src/index/layout.ts';
import { add, cleanUp, copyOf, documents, documentText, indexed, opened, rejectionOf, write } from './collection.ts';

let trained: string;

beforeAll(async () => {
  trained = documents(20);
  const index = await indexed(trained, { train: 'auto' });
  await index.close();
});
afterAll(cleanUp);

const topicOf = (path: string) => path.split('/').at(-2);

function encodersOf(folder: string) {
  const catalog = Catalog.open(indexLayout(join(folder, '.sandglass')), { readOnly: true });
  try {
    return catalog.encoders.list().filter(({ method }) => method.startsWith('lsa'));
  } finally {
    catalog.close();
  }
}

describe('Without an encoder', () => {
  it('its methods are said to be unavailable, and no imported encoder may take their names', async () => {
    const folder = documents(4);
    const index = await indexed(folder, { train: 'auto' });
    for (const method of ['lsa', 'lsa-itq', 'ae-bits', 'hybrid', 'cascade']) {
      const error = await rejectionOf(index.query({ text: 'ship' }, { method }));
      expect(error).toMatchObject({ code: 'METHOD_UNAVAILABLE', message: expect.stringContaining(method) });
    }
    expect(encodersOf(folder)).toEqual([]);
    await index.close();
  });
});

describe('Linear encoders', () => {
  it('are fitted while indexing, bits beside floats, and find documents of the topic', async () => {
    const index = await opened(copyOf(trained));
    for (const method of ['lsa', 'lsa-itq', 'ae-bits', 'hybrid', 'cascade']) {
      const { hits } = await index.query({ text: documentText('sea', 99) }, { method, k: 8 });
      expect(hits.filter(({ path }) => topicOf(path) === 'sea').length).toBeGreaterThanOrEqual(7);
    }
    const { encoders } = await index.status();
    expect(encoders.find(({ method }) => method === 'lsa')).toMatchObject({ state: 'active', codes: 60 });
    const report = (await index.compare({ sample: 6 })).report.methods;
    expect(report.map(({ method }) => method)).toEqual([
      'ae',
      'ae-bits',
      'lsa',
      'lsa-itq',
      'hybrid',
      'cascade',
      'bow',
      'tfidf',
      'bm25',
      'minhash',
    ]);
    const bytes = Object.fromEntries(report.map(({ method, bytesPerItem }) => [method, bytesPerItem]));
    expect(bytes['ae-bits']! * 32).toBe(bytes.ae);
    expect(bytes['lsa-itq']).toBeLessThan(bytes.lsa! / 16);
    await index.close();
  });

  it('encode what comes later, without being fitted again', async () => {
    const folder = copyOf(trained);
    const before = encodersOf(folder).map(({ fingerprint }) => fingerprint);
    write(folder, 'sea/new.txt', documentText('sea', 77));
    write(folder, 'strange.txt', 'xylophone quux zyzzyva');
    const index = await opened(folder);
    await add(index, [], { train: 'auto' });
    expect(encodersOf(folder).map(({ fingerprint }) => fingerprint)).toEqual(before);
    for (const method of ['lsa', 'lsa-itq']) {
      const { hits } = await index.query({ file: join(folder, 'sea/new.txt') }, { method, k: 100 });
      expect(hits).toHaveLength(62);
      expect(hits[0]?.path).toBe(join(folder, 'sea/new.txt'));
      expect(hits.find(({ path }) => path.endsWith('strange.txt'))?.score).toBe(0);
    }
    await index.close();
  });

  it('are fitted anew where their files are damaged, which is said, or where it is asked for', async () => {
    const folder = copyOf(trained);
    const [lsa] = encodersOf(folder);
    const files = join(indexLayout(join(folder, '.sandglass')).encoders, lsa!.fingerprint);
    for (const name of readdirSync(files)) truncateSync(join(files, name), 10);
    const index = await opened(folder);
    expect((await rejectionOf(index.query({ text: 'ship' }, { method: 'lsa' }))).code).toBe('ENCODER_BROKEN');
    await add(index, [], { train: 'auto' });
    expect((await index.query({ text: 'ship sail' }, { method: 'lsa' })).hits.length).toBeGreaterThan(0);
    expect(encodersOf(folder).filter(({ state }) => state === 'active')).toHaveLength(2);
    await index.close();
  });

  it('are not fitted where nothing may be trained', async () => {
    const folder = documents(20);
    const index = await indexed(folder, { train: 'never' });
    expect(encodersOf(folder)).toEqual([]);
    await index.close();
  });
});
