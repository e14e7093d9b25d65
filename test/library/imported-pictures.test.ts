// Imported picture encoders in an index: they read files again, whatever became of these, and answer beside the others.
import { renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { ImportOptions, ImportProgress, ImportSummary, Sandglass } from '../../src/sandglass.ts';
import { seeingModel, writePictureFolder } from '../encoders/picture-models.ts';
import { add, cleanUp, copyOf, indexed, opened, rejectionOf, temporaryFolder, write } from './collection.ts';

const COLOURS = { red: [200, 30, 20], green: [20, 190, 40], blue: [20, 40, 210] } as const;
const PER_COLOUR = 8;
const HOW: ImportOptions = { name: 'eyes', mean: 0.5, std: 0.5, fit: 'stretch', kernel: 'box' };

let model: string;
let collection: string;
const open: Sandglass[] = [];

beforeAll(async () => {
  model = writePictureFolder(join(temporaryFolder(), 'eyes'), seeingModel());
  collection = temporaryFolder();
  for (const colour of Object.keys(COLOURS) as (keyof typeof COLOURS)[])
    for (let i = 0; i < PER_COLOUR; i++) write(collection, `${colour}/${i}.png`, await coloured(colour, i));
  // A time that can be set again to the very same.
  utimesSync(join(collection, 'blue/3.png'), 1_000_000_000, 1_000_000_000);
  await (await indexed(collection)).close();
});
afterEach(async () => {
  for (const index of open.splice(0)) await index.close();
});
afterAll(cleanUp);

/** Mostly of one colour, with a stripe of another; no two numbers give the same. */
async function coloured(colour: keyof typeof COLOURS, number: number): Promise<Uint8Array> {
  const [red, green, blue] = COLOURS[colour];
  const width = 100 + number;
  const stripe = { create: { width: 12, height: 80, channels: 3, background: '#ddd' } } as const;
  return sharp({ create: { width, height: 80, channels: 3, background: { r: red + 3 * number, g: green, b: blue } } })
    .composite([{ input: stripe, left: 8 * number, top: 0 }])
    .png()
    .toBuffer();
}

async function copied(): Promise<{ folder: string; index: Sandglass }> {
  const folder = copyOf(collection);
  const index = await opened(folder);
  open.push(index);
  return { folder, index };
}

async function imported(
  index: Sandglass,
  options: ImportOptions = HOW,
): Promise<ImportSummary & { readonly notices: readonly string[] }> {
  const events: ImportProgress[] = [];
  for await (const event of index.importEncoder(model, options)) events.push(event);
  const last = events.at(-1);
  if (last?.phase !== 'done') throw new Error('Expected importing to end with a summary');
  return { ...last.summary, notices: events.flatMap((event) => (event.phase === 'notice' ? [event.text] : [])) };
}

const colourOf = (path: string) => path.split('/').at(-2);
const ALL = 3 * PER_COLOUR;

/** Other content of the same size and time, which indexing does not look into. */
async function replaceBehindItsBack(path: string): Promise<void> {
  const { size } = statSync(path);
  const other = await coloured('blue', 30);
  writeFileSync(path, Buffer.concat([other, Buffer.alloc(Math.max(0, size - other.length))]).subarray(0, size));
  utimesSync(path, 1_000_000_000, 1_000_000_000);
}

describe('Pictures that cannot be read when an encoder is imported', () => {
  it('(gone, changed, broken) are named and have no code; the encoder answers with the others', async () => {
    const { folder, index } = await copied();
    rmSync(join(folder, 'red/1.png'));
    write(folder, 'green/2.png', await coloured('blue', 20));
    await replaceBehindItsBack(join(folder, 'blue/3.png'));
    const { encoder, encoded, notices } = await imported(index);
    expect(encoder).toMatchObject({ state: 'active', codes: ALL - 3, items: ALL });
    expect(encoded).toBe(ALL - 3);
    const expected = [/blue\/3\.png has no code of eyes: The file is not what/, /green\/2\.png/, /red\/1\.png/];
    expect([...notices].sort()).toEqual(expected.map((message) => expect.stringMatching(message)));
    const { hits } = await index.query({ file: join(folder, 'red/2.png') }, { method: 'eyes', k: 100 });
    expect(hits).toHaveLength(ALL - 3);

    const { report } = await index.compare({ labels: 'folders', sample: 12, methods: ['eyes', 'phash'] });
    expect(report.methods.map(({ method }) => method)).toEqual(['eyes', 'phash']);
    const copies = await index.compare({ labels: 'none', sample: 6, methods: ['eyes', 'phash'] });
    expect(copies.report.queries).toBeGreaterThan(0);

    const again = await add(index);
    expect(again.notices.filter((text) => text.includes('has no code of eyes'))).toEqual([
      expect.stringMatching(/blue\/3\.png/),
    ]);
    expect(index.encoders()).toMatchObject([{ codes: ALL - 2, items: ALL - 1 }]);
  });

  it('(all of a folder that is away) leave the encoder waiting until they are back', async () => {
    const folder = copyOf(collection);
    rmSync(join(folder, '.sandglass'), { recursive: true });
    const index = await opened(temporaryFolder(), { create: true });
    open.push(index);
    await add(index, folder);
    renameSync(folder, `${folder}-away`);
    const { encoder, notices } = await imported(index);
    expect(encoder).toMatchObject({ state: 'filling', codes: 0 });
    expect(notices).toHaveLength(12);
    expect(notices.join('\n')).toMatch(/14 further pictures have no code.*\n.*does not answer/);
    renameSync(`${folder}-away`, folder);
    await add(index);
    expect(index.encoders()).toMatchObject([{ state: 'active', codes: ALL, items: ALL }]);
  });

  it('do not keep a question from being refused', async () => {
    const { folder, index } = await copied();
    await imported(index);
    const broken = write(folder, 'broken.png', (await coloured('red', 1)).subarray(0, 60));
    expect((await rejectionOf(index.query({ file: broken }, { method: 'eyes' }))).path).toBe(broken);
    expect((await rejectionOf(index.query({ text: 'red' }, { method: 'eyes' }))).code).toMatch(/^NOTHING|^METHOD/);
  });
});

describe('An imported picture encoder', () => {
  it('is a method of its own, for questions, pairs, labels and copies', async () => {
    const { folder, index } = await copied();
    const { encoder, default: choice, notices } = await imported(index);
    expect(notices).toEqual([]);
    expect(encoder).toMatchObject({ name: 'eyes', kind: 'image', origin: 'imported', dimensions: 48, codes: ALL });
    expect(choice?.verdicts?.eyes).toMatchObject({ reason: 'too-few' });
    const outside = write(temporaryFolder(), 'query.png', await coloured('green', 12));
    const { hits } = await index.query({ file: outside }, { method: 'eyes', k: PER_COLOUR });
    expect(hits.map(({ path }) => colourOf(path))).toEqual(Array(PER_COLOUR).fill('green'));
    const own = { file: join(folder, 'blue/5.png') };
    const explained = await index.query(own, { method: 'eyes', k: 1, explain: true });
    expect(explained.hits[0]).toMatchObject({
      path: own.file,
      score: expect.closeTo(1),
      explanation: { ranks: { eyes: 1 } },
    });
    const { scores } = await index.similarity(own, { file: join(folder, 'blue/6.png') }, { method: 'eyes' });
    expect(scores[0]!.score).toBeGreaterThan(0.9);
    const { report } = await index.compare({ labels: 'folders', queries: folder, sample: 12 });
    expect(report.methods.find(({ method }) => method === 'eyes')!.precisionAt['1']).toBe(1);
    const copies = await index.compare({ labels: 'none', sample: 4, methods: ['eyes'] });
    expect(copies.report.methods[0]!.method).toBe('eyes');
    const status = await index.status();
    expect(status.encoders).toContainEqual(expect.objectContaining({ method: 'eyes', codes: ALL }));
    await index.removeEncoder('eyes');
    expect(index.encoders()).toEqual([]);
  });

  it('encodes what comes later, and forgets what goes', async () => {
    const { folder, index } = await copied();
    await imported(index);
    write(folder, 'red/late.png', await coloured('red', 21));
    write(folder, 'red/1.png', await coloured('blue', 22));
    rmSync(join(folder, 'green/0.png'));
    await add(index);
    expect(index.encoders()).toMatchObject([{ state: 'active', codes: ALL, items: ALL }]);
    const { hits } = await index.query({ file: join(folder, 'red/1.png') }, { method: 'eyes', k: 5 });
    expect(hits.map(({ path }) => colourOf(path)).slice(1)).toEqual(Array(4).fill('blue'));
    expect((await add(index)).notices).toEqual([]);
  });

  it('looks at every frame that is kept', async () => {
    const folder = temporaryFolder();
    const frames = (Object.keys(COLOURS) as (keyof typeof COLOURS)[]).map((colour) => coloured(colour, 0));
    const gif = await sharp(await Promise.all(frames), { join: { animated: true } })
      .gif()
      .toBuffer();
    write(folder, 'all.gif', gif);
    write(folder, 'blue.png', await coloured('blue', 5));
    const index = await indexed(folder, { frames: 'all' });
    open.push(index);
    expect(await imported(index)).toMatchObject({ encoded: 4, encoder: { codes: 2, items: 2 } });
    const query = write(temporaryFolder(), 'query.png', await coloured('green', 1));
    const { hits } = await index.query({ file: query }, { method: 'eyes' });
    expect(hits[0]).toMatchObject({ path: join(folder, 'all.gif'), score: expect.closeTo(1, 1) });
    const blue = { file: join(folder, 'all.gif'), frame: 3 };
    const { scores } = await index.similarity(blue, { file: join(folder, 'blue.png') }, { method: 'eyes' });
    const { scores: red } = await index.similarity(
      { ...blue, frame: 1 },
      { file: join(folder, 'blue.png') },
      { method: 'eyes' },
    );
    expect(scores[0]!.score).toBeGreaterThan(0.7);
    expect(red[0]!.score).toBeLessThan(0.5);
    rmSync(join(folder, 'all.gif'));
    await index.removeEncoder('eyes');
    expect((await imported(index)).notices).toHaveLength(1);
  });

  it('is gone on with where it was interrupted, by the same call and by the next indexing', async () => {
    for (const goOn of [(index: Sandglass) => imported(index), (index: Sandglass) => add(index)]) {
      const { index } = await copied();
      const stop = new AbortController();
      const work = (async () => {
        for await (const event of index.importEncoder(model, { ...HOW, signal: stop.signal }))
          if (event.phase === 'encode') stop.abort();
      })();
      expect((await rejectionOf(work)).code).toBe('ABORTED');
      const [half] = index.encoders();
      expect(half).toMatchObject({ state: 'filling' });
      expect(half!.codes).toBeGreaterThan(0);
      expect(half!.codes).toBeLessThan(ALL);
      await goOn(index);
      expect(index.encoders()).toMatchObject([{ id: half!.id, state: 'active', codes: ALL }]);
    }
  });

  it('says what it takes for granted', async () => {
    const { index } = await copied();
    const { notices } = await imported(index, { name: 'plain' });
    expect(notices).toEqual([expect.stringContaining("ImageNet's mean")]);
  });

  it('may be one of another index', async () => {
    const { folder, index } = await copied();
    const { encoder } = await imported(index);
    const stored = join(folder, '.sandglass', 'encoders', encoder.fingerprint);
    const { index: other } = await copied();
    for await (const _ of other.importEncoder(stored, { name: 'theirs' }));
    expect(other.encoders()).toMatchObject([{ name: 'theirs', fingerprint: encoder.fingerprint, codes: ALL }]);
  });
});
