// Imported encoders in an index: methods of their own, listed, kept up to date, gone on with after an interruption, removed.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { indexLayout } from '../../src/index/layout.ts';
import type { ImportOptions, ImportProgress, ImportSummary, Sandglass } from '../../src/sandglass.ts';
import { writeSentenceFolder } from '../encoders/sentence-folders.ts';
import {
  add,
  cleanUp,
  copyOf,
  documents,
  documentText,
  indexed,
  opened,
  rejectionOf,
  TOPICS,
  temporaryFolder,
  write,
} from './collection.ts';

/** Words of the sea that no document has. */
const SEA = ['ocean', 'vessel'];
const topics = { ...TOPICS, sea: [...TOPICS.sea!, ...SEA] };

let model: string;
let collection: string;
const open: Sandglass[] = [];

beforeAll(async () => {
  model = writeSentenceFolder(join(temporaryFolder(), 'Small Model!'), { topics });
  collection = documents(20);
  const index = await indexed(collection);
  await index.close();
});
afterEach(async () => {
  for (const index of open.splice(0)) await index.close();
});
afterAll(cleanUp);

async function copied(): Promise<{ folder: string; index: Sandglass }> {
  const folder = copyOf(collection);
  const index = await opened(folder);
  open.push(index);
  return { folder, index };
}

async function imported(
  index: Sandglass,
  options: ImportOptions = {},
  folder = model,
): Promise<ImportSummary & { readonly events: readonly ImportProgress[] }> {
  const events: ImportProgress[] = [];
  for await (const event of index.importEncoder(folder, options)) events.push(event);
  const last = events.at(-1);
  if (last?.phase !== 'done') throw new Error('Expected importing to end with a summary');
  return { ...last.summary, events };
}

const topicOf = (path: string) => path.split('/').at(-2);

describe('An import that cannot be', () => {
  it.each<[string, ImportOptions, string, RegExp]>([
    ['a name of a method', { name: 'tfidf' }, 'ENCODER_EXISTS', /method "tfidf" already/],
    ['the name of no method', { name: 'auto' }, 'ENCODER_EXISTS', /method "auto" already/],
    ['a name that is none', { name: '../x' }, 'SETTING_INVALID', /small letters/],
  ])('(%s) says so and leaves nothing behind', async (_, options, code, message) => {
    const { folder, index } = await copied();
    const error = await rejectionOf(imported(index, options));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(index.encoders()).toEqual([]);
    expect(readdirSync(indexLayout(join(folder, '.sandglass')).encoders)).toEqual([]);
  });

  it('(a folder that holds no encoder) says so and leaves nothing behind', async () => {
    const { index } = await copied();
    expect((await rejectionOf(imported(index, {}, collection))).code).toBe('ENCODER_UNFIT');
    expect(index.encoders()).toEqual([]);
  });

  it('(a name that another encoder has, an encoder that has another name) says so', async () => {
    const { index } = await copied();
    await imported(index, { name: 'first' });
    const taken = await rejectionOf(imported(index, { name: 'first', maxTokens: 64 }));
    expect(taken).toMatchObject({ code: 'ENCODER_EXISTS', message: expect.stringContaining('encoders remove first') });
    const again = await rejectionOf(imported(index, { name: 'second' }));
    expect(again).toMatchObject({ code: 'ENCODER_EXISTS', message: expect.stringContaining('imported as "first"') });
    expect(index.encoders().map(({ name }) => name)).toEqual(['first']);
  });
});

describe('An imported encoder', () => {
  it('is a method of its own, beside the others, named like its folder', async () => {
    const { folder, index } = await copied();
    const { encoder, encoded, events } = await imported(index);
    expect(encoder).toMatchObject({ name: 'small-model', origin: 'imported', state: 'active', codes: 60, items: 60 });
    expect(encoded).toBe(60);
    expect(events.filter(({ phase }) => phase === 'encode').length).toBeGreaterThan(1);
    const found = await index.query({ text: 'ocean vessel' }, { method: 'small-model', k: 20 });
    expect(found.hits.map(({ path }) => topicOf(path))).toEqual(Array(20).fill('sea'));
    const same = await index.query({ file: join(folder, 'chess/3.txt') }, { method: 'small-model', k: 1 });
    expect(same.hits[0]).toMatchObject({ path: join(folder, 'chess/3.txt'), score: expect.closeTo(1) });
    const pair = await index.similarity({ text: 'ocean' }, { text: 'ship' });
    expect(pair.scores.map(({ method }) => method)).toEqual(expect.arrayContaining(['small-model', 'tfidf']));
    const { report } = await index.compare({ labels: 'folders', sample: 15 });
    const [row] = report.methods.filter(({ method }) => method === 'small-model');
    expect(row?.precisionAt['10']).toBeGreaterThan(0.9);
    expect((await index.status()).encoders).toContainEqual(
      expect.objectContaining({ method: 'small-model', codes: 60 }),
    );
    expect(index.encoders()).toEqual([encoder]);
  });

  it('encodes what comes later, and forgets what goes', async () => {
    const { folder, index } = await copied();
    await imported(index, { name: 'own' });
    write(folder, 'sea/new.txt', documentText('sea', 77));
    write(folder, 'sea/1.txt', documentText('bread', 78));
    await add(index);
    expect(index.encoders()).toMatchObject([{ name: 'own', state: 'active', codes: 61, items: 61 }]);
    const { hits } = await index.query({ file: join(folder, 'sea/1.txt') }, { method: 'own', k: 4 });
    expect(hits.slice(1).map(({ path }) => topicOf(path))).toEqual(Array(3).fill('bread'));
  });

  it('answers by default only where it wins the check, which too few documents cannot tell', async () => {
    const { index } = await copied();
    const { default: choice } = await imported(index, { name: 'own' });
    expect(choice).toMatchObject({ method: 'tfidf', verdict: { reason: 'too-few' } });
    const before = (await index.status()).defaults.text;
    await add(index);
    expect((await index.status()).defaults.text).toEqual(before);
  });

  it('may be imported into an empty index', async () => {
    const folder = temporaryFolder();
    const index = await opened(folder, { create: true });
    open.push(index);
    const summary = await imported(index, { name: 'own' });
    expect(summary).toMatchObject({ encoded: 0, encoder: { state: 'active', codes: 0, items: 0 } });
    await add(index, documents(3, folder));
    expect(index.encoders()).toMatchObject([{ name: 'own', codes: 9, items: 9 }]);
  });

  it('is gone on with where it was interrupted, by the same call and by the next indexing', async () => {
    for (const goOn of [(index: Sandglass) => imported(index, { name: 'own' }), (index: Sandglass) => add(index)]) {
      const { index } = await copied();
      const stop = new AbortController();
      const work = (async () => {
        for await (const event of index.importEncoder(model, { name: 'own', signal: stop.signal }))
          if (event.phase === 'encode') stop.abort();
      })();
      expect((await rejectionOf(work)).code).toBe('ABORTED');
      const [half] = index.encoders();
      expect(half).toMatchObject({ name: 'own', state: 'filling' });
      expect(half!.codes).toBeGreaterThan(0);
      expect(half!.codes).toBeLessThan(60);
      expect((await rejectionOf(index.query({ text: 'ship' }, { method: 'own' }))).code).toMatch(/^METHOD_UN/);
      await goOn(index);
      expect(index.encoders()).toMatchObject([{ id: half!.id, state: 'active', codes: 60 }]);
    }
  });

  it('goes with its codes and files when it is removed', async () => {
    const { folder, index } = await copied();
    const { encoder } = await imported(index, { name: 'own' });
    expect((await rejectionOf(index.removeEncoder('tfidf'))).message).toMatch(/received "tfidf"\. Imported: own\./);
    await index.removeEncoder('own');
    expect(index.encoders()).toEqual([]);
    expect(existsSync(join(folder, '.sandglass', 'encoders', encoder.fingerprint))).toBe(false);
    expect((await rejectionOf(index.query({ text: 'ship' }, { method: 'own' }))).code).toBe('METHOD_UNKNOWN');
    await imported(index, { name: 'own' });
    expect(index.encoders()).toMatchObject([{ name: 'own', fingerprint: encoder.fingerprint }]);
  });
});

describe('An encoder that Sandglass wrote', () => {
  it('is imported into another index with all that its manifest says', async () => {
    const source = documents(20);
    const trained = await indexed(source, { train: 'auto' });
    open.push(trained);
    const [own] = trained.encoders().filter(({ name }) => name === 'ae');
    expect(own).toMatchObject({ origin: 'trained', figures: { loss: expect.any(Number) } });
    const from = join(indexLayout(join(source, '.sandglass')).encoders, own!.fingerprint);
    const { folder, index } = await copied();
    const { encoder } = await imported(index, { name: 'theirs' }, from);
    expect(encoder).toMatchObject({ name: 'theirs', fingerprint: own!.fingerprint, trainedOn: own!.trainedOn });
    const { hits } = await index.query({ file: join(folder, 'bread/3.txt') }, { method: 'theirs', k: 5 });
    expect(hits.map(({ path }) => topicOf(path))).toEqual(Array(5).fill('bread'));
    const given = await rejectionOf(imported(index, { name: 'more', pooling: 'cls' }, from));
    expect(given).toMatchObject({ code: 'SETTING_INVALID', message: expect.stringContaining('no pooling') });
  });
});
