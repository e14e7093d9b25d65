// Trained encoders in an index: swapped whole, damaged, interrupted; the graph over their codes.
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Catalog } from '../../src/index/catalog.ts';
import { hnswFiles, type IndexLayout, indexLayout } from '../../src/index/layout.ts';
import { AUTO_ENCODER } from '../../src/library/workspace.ts';
import { add, cleanUp, copyOf, documents, documentText, indexed, opened, rejectionOf, write } from './collection.ts';

let trained: string;
let layout: IndexLayout;
const made: string[] = [];

beforeAll(async () => {
  trained = documents(20);
  const index = await indexed(trained, { train: 'auto' });
  await index.close();
});
afterAll(cleanUp);

/** A copy of the trained index, for one test. */
function copy(): string {
  const folder = copyOf(trained);
  made.push(folder);
  layout = indexLayout(join(folder, '.sandglass'));
  return folder;
}

function inCatalog<T>(work: (catalog: Catalog) => T): T {
  const catalog = Catalog.open(layout);
  try {
    return work(catalog);
  } finally {
    catalog.close();
  }
}

const activeEncoder = () => inCatalog((catalog) => catalog.encoders.active(AUTO_ENCODER, 'text')!);
const encoderFile = (name: string) => join(layout.encoders, activeEncoder().fingerprint, name);
const topicOf = (path: string) => path.split('/').at(-2);

describe('A trained encoder', () => {
  it('ranks the documents of the topic first, and itself with score 1', async () => {
    const folder = copy();
    const index = await opened(folder);
    const { hits, method } = await index.query({ file: join(folder, 'sea/3.txt') }, { method: 'ae' });
    expect(method).toBe('ae');
    expect(hits[0]).toMatchObject({ path: join(folder, 'sea/3.txt'), score: expect.closeTo(1) });
    expect(hits.slice(0, 5).map(({ path }) => topicOf(path))).toEqual(Array(5).fill('sea'));
    const status = await index.status();
    expect(status.encoders.find(({ method: name }) => name === 'ae')).toMatchObject({
      state: 'active',
      codes: 60,
      addedSince: 0,
    });
    expect(status.defaults.text?.sentence).toContain('held out from training');
    await index.close();
  });

  it('gives score 0, and no error, to what it knows no word of', async () => {
    const folder = copy();
    write(folder, 'strange.txt', 'xylophone quux zyzzyva');
    const index = await opened(folder);
    expect(await add(index)).toMatchObject({ added: 1 });
    const { hits } = await index.query({ file: join(folder, 'sea/3.txt') }, { method: 'ae', k: 100 });
    expect(hits).toHaveLength(61);
    expect(hits.find(({ path }) => path.endsWith('strange.txt'))?.score).toBe(0);
    const asked = await index.query({ file: join(folder, 'strange.txt') }, { method: 'ae' });
    expect(asked).toMatchObject({ hits: [], notes: [expect.stringContaining('knows none of the words')] });
    const pair = await index.similarity({ text: 'xylophone' }, { text: documentText('sea', 1) });
    expect(pair.scores[0]).toMatchObject({ method: 'ae', score: 0 });
    await index.close();
  });

  it('encodes what comes later, without being trained again', async () => {
    const folder = copy();
    const { fingerprint } = activeEncoder();
    write(folder, 'sea/new.txt', documentText('sea', 77));
    const index = await opened(folder);
    expect(await add(index, [], { train: 'auto' })).toMatchObject({ added: 1, trained: [] });
    expect(activeEncoder().fingerprint).toBe(fingerprint);
    const { hits } = await index.query({ file: join(folder, 'sea/new.txt') }, { method: 'ae', k: 1 });
    expect(hits[0]?.path).toBe(join(folder, 'sea/new.txt'));
    await index.close();
  });

  it('explains by words that both have and by words that it expects in both', async () => {
    const index = await opened(copy());
    const { hits } = await index.query({ text: documentText('chess', 1) }, { method: 'ae', k: 1, explain: true });
    expect(hits[0]?.explanation?.sharedWords?.length).toBeGreaterThan(3);
    expect(hits[0]?.explanation?.decodedWords?.length).toBeGreaterThan(0);
    await index.close();
  });
});

describe('An encoder whose files are damaged', () => {
  it.each([
    ['a model that was cut off', () => truncateSync(encoderFile('encoder.onnx'), 1_000), 'ENCODER_BROKEN'],
    [
      'the manifest of another encoder',
      () =>
        writeFileSync(
          encoderFile('manifest.json'),
          readFileSync(encoderFile('manifest.json'), 'utf8').replace('128', '64'),
        ),
      'ENCODER_BROKEN',
    ],
    [
      'a folder that is gone',
      () => {
        for (const name of readdirSync(encoderFile('.'))) truncateSync(encoderFile(name), 0);
      },
      'ENCODER_BROKEN',
    ],
  ])('(%s) is an error where it is asked for, and silences nobody else', async (_, damage, code) => {
    const folder = copy();
    damage();
    const index = await opened(folder);
    const error = await rejectionOf(index.query({ text: 'ship sail' }, { method: 'ae' }));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/index/);
    for (const method of ['bow', 'tfidf'])
      expect((await index.query({ text: 'ship sail' }, { method })).hits.length).toBeGreaterThan(0);
    const { scores, notes } = await index.similarity({ text: 'ship sail' }, { text: 'ship' });
    const others = ['lsa', 'lsa-itq', 'bow', 'tfidf', 'bm25', 'minhash'];
    expect(scores.map(({ method }) => method)).toEqual(others);
    expect(notes.join()).toContain('ae is left out');
    expect((await index.compare({ sample: 4 })).report.methods.map(({ method }) => method)).toEqual(others);
    await index.close();
  });

  it('is answered for by the plain method where none was named, which is said', async () => {
    const folder = copy();
    inCatalog((catalog) => catalog.settings.set('default:text', { method: 'ae', sentence: 'ae answers by default.' }));
    truncateSync(encoderFile('encoder.onnx'), 1_000);
    const index = await opened(folder);
    const { method, notes, hits } = await index.query({ text: 'ship sail' });
    expect(method).toBe('tfidf');
    expect(hits.length).toBeGreaterThan(0);
    expect(notes.join()).toContain('tfidf answers in its place');
    await index.close();
  });

  it('is replaced by the next index run, which says so', async () => {
    const folder = copy();
    truncateSync(encoderFile('encoder.onnx'), 1_000);
    write(folder, 'sea/new.txt', documentText('sea', 77));
    const index = await opened(folder);
    const summary = await add(index, [], { train: 'auto' });
    expect(summary.notices.join('\n')).toMatch(/not those that were stored.*\n.*new encoder for text items is trained/);
    expect(summary.trained).toMatchObject([{ kind: 'text' }]);
    expect((await index.query({ text: 'ship sail' }, { method: 'ae', k: 100 })).hits).toHaveLength(61);
    await index.close();
  });

  it('gets the codes that it missed when its files are put back', async () => {
    const folder = copy();
    const whole = readFileSync(encoderFile('encoder.onnx'));
    truncateSync(encoderFile('encoder.onnx'), 1_000);
    write(folder, 'sea/new.txt', documentText('sea', 77));
    const index = await opened(folder);
    await add(index);
    const file = encoderFile('encoder.onnx');
    expect((await rejectionOf(index.compare({ methods: ['ae'] }))).code).toBe('ENCODER_BROKEN');
    writeFileSync(file, whole);
    expect((await rejectionOf(index.compare({ methods: ['ae'] }))).message).toContain('60 of 61');
    await add(index);
    expect((await index.query({ text: 'ship sail' }, { method: 'ae', k: 100 })).hits).toHaveLength(61);
    await index.close();
  });
});

describe('A new encoder', () => {
  it('takes the place of the former one whole; until then the former answers', async () => {
    const folder = copy();
    const former = activeEncoder();
    const index = await opened(folder);
    const reader = await opened(folder, { readOnly: true });
    const codeOf = async () =>
      (await reader.query({ text: documentText('sea', 3) }, { method: 'ae', k: 60 })).hits.map(({ score }) => score);
    const before = await codeOf();

    // Stopped when the training is over.
    const stopped = index.add([], { train: 'always', seed: 7 });
    for await (const event of stopped) if (event.phase === 'train' && event.step >= event.steps) break;
    // And one whose files are lost.
    inCatalog((catalog) =>
      catalog.encoders.add({
        method: 'ae',
        kind: 'text',
        fingerprint: 'f'.repeat(64),
        form: 'float32',
        dimensions: 128,
      }),
    );
    expect(activeEncoder().id).toBe(former.id);
    expect(await codeOf()).toEqual(before);

    const summary = await add(index, [], { train: 'auto', seed: 7 });
    expect(summary.defaults.text?.encoder).toBe(activeEncoder().fingerprint);
    await add(index, [], { train: 'always', seed: 8 });
    const now = activeEncoder();
    expect(now.fingerprint).not.toBe(former.fingerprint);
    expect(inCatalog((catalog) => [catalog.codes.count(now.id), catalog.codes.count(former.id)])).toEqual([60, 0]);
    expect(await codeOf()).not.toEqual(before);
    const answering = inCatalog((catalog) => catalog.encoders.list().filter(({ state }) => state === 'active'));
    const onDisk = answering.filter(({ method }) => ['ae', 'lsa', 'lsa-itq'].includes(method));
    expect(onDisk).toHaveLength(3);
    expect(readdirSync(layout.encoders).sort()).toEqual(onDisk.map(({ fingerprint }) => fingerprint).sort());
    await index.close();
    await reader.close();
  });

  it('is finished by the next run when a run was stopped between its codes, and judged when it was not', async () => {
    const folder = copy();
    const { id, fingerprint } = activeEncoder();
    // As a run leaves it that dies while codes are made: trained, some codes there, nobody answers by it.
    inCatalog((catalog) => {
      catalog.encoders.retire(id);
      catalog.encoders.add({ method: 'ae', kind: 'text', fingerprint, form: 'float32', dimensions: 128 });
      catalog.codes.put(id, catalog.codes.missing(id, 10), new Float32Array(10 * 128).fill(0.1));
      catalog.settings.set('default:text', undefined);
    });
    const index = await opened(folder);
    expect((await rejectionOf(index.query({ text: 'ship' }, { method: 'ae' }))).code).toBe('METHOD_UNAVAILABLE');
    expect((await index.query({ text: 'ship' })).method).toBe('tfidf');
    const summary = await add(index, [], { train: 'auto' });
    expect(summary.trained).toEqual([]);
    expect(activeEncoder().fingerprint).toBe(fingerprint);
    expect((await index.query({ text: 'ship' }, { method: 'ae', k: 100 })).hits).toHaveLength(60);
    expect(summary.defaults.text?.encoder).toBe(fingerprint);

    inCatalog((catalog) => catalog.settings.set('default:text', undefined));
    expect((await add(index)).defaults.text?.encoder).toBe(fingerprint);
    await index.close();
  });
});

describe('The graph over the codes', () => {
  const ask = { text: documentText('bread', 4) };

  async function withGraph() {
    const folder = copy();
    inCatalog((catalog) => catalog.settings.set('graph-from', 10));
    const index = await opened(folder);
    const { notices } = await add(index);
    expect(notices).toContain('The graph of nearest text items was built.');
    return { index, file: hnswFiles(layout, activeEncoder().fingerprint).graph };
  }

  it('is asked when it fits, finds what comparing with all finds, and is left alone by the next run', async () => {
    const { index, file } = await withGraph();
    const approximate = await index.query(ask, { method: 'ae' });
    const exact = await index.query(ask, { method: 'ae', exact: true });
    expect([approximate.approximate, exact.approximate]).toEqual([true, false]);
    expect(approximate.hits).toEqual(exact.hits);
    expect((await index.status()).graphs).toEqual([
      'text: ready, 60 codes; finds 1.000 of the ten nearest with 64 candidates',
    ]);
    const { notices } = await add(index);
    expect(notices).toEqual([]);
    expect(existsSync(file)).toBe(true);
    await index.close();
  });

  it('gives way to exact answers when it is damaged, and is built by the next index run', async () => {
    const { index, file } = await withGraph();
    const bytes = readFileSync(file);
    bytes.fill(0xff, 100, 300);
    writeFileSync(file, bytes);
    await index.close();
    const again = await opened(made.at(-1)!);
    const { approximate, hits } = await again.query(ask, { method: 'ae' });
    expect({ approximate, hits: hits.length }).toEqual({ approximate: false, hits: 10 });
    expect((await again.status()).graphs[0]).toContain('damaged');
    expect((await add(again)).notices).toContain('The graph of nearest text items was built.');
    expect((await again.query(ask, { method: 'ae' })).approximate).toBe(true);
    await again.close();
  });

  it('does not fit any more when items came, and is built again', async () => {
    const { index } = await withGraph();
    write(made.at(-1)!, 'bread/new.txt', documentText('bread', 99));
    expect((await add(index)).notices).toContain('The graph of nearest text items was built.');
    const { hits, approximate } = await index.query({ text: documentText('bread', 99) }, { method: 'ae', k: 1 });
    expect(approximate).toBe(true);
    expect(hits[0]?.path).toMatch(/new\.txt$/);
    await index.close();
  });
});

afterEach(() => {
  made.length = 0;
});
