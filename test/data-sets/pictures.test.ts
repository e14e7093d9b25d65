// Folders of pictures: what a network sees of them, what is refused, and what is said about the rest.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { decodeReduced } from '../../src/image/decode.ts';
import { fitPicture, pictureLayout } from '../../src/image/fit-picture.ts';
import { thumbnail } from '../../src/image/thumbnail.ts';
import { makeWorld, type World } from '../files/world.ts';
import { everyRow, refusalOf, withDataSets } from './opened.ts';

/** A picture of one colour with a darker half. */
function halves(red: number, green: number, blue: number, width = 40, height = 30): Promise<Buffer> {
  const rgb = Buffer.alloc(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const dark = pixel % width >= width / 2 ? 2 : 1;
    rgb.set([red / dark, green / dark, blue / dark], pixel * 3);
  }
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

function oneColour(grey: number): Promise<Buffer> {
  const background = { r: grey, g: grey, b: grey };
  return sharp({ create: { width: 20, height: 20, channels: 3, background } })
    .png()
    .toBuffer();
}

const worlds: World[] = [];
function world(files: Readonly<Record<string, string | Uint8Array>>): string {
  worlds.push(makeWorld(files));
  return worlds.at(-1)!.root;
}
afterAll(() => {
  for (const made of worlds) made.remove();
});

describe('What is refused', () => {
  it('a folder that is not there, is a file, is empty, or holds nothing usable', async () => {
    const folder = world({ 'only/one.zip': Buffer.from('504b0506000000000000000000000000000000000000', 'hex') });
    expect((await refusalOf(`${folder}/absent`, { shape: [4] })).code).toBe('FILE_VANISHED');
    expect((await refusalOf(`${folder}/only/one.zip`, { shape: [4] })).code).toBe('DATA_SET_INVALID');
    const empty = await refusalOf(world({}), { shape: [4] });
    expect(empty).toMatchObject({ code: 'DATA_SET_INVALID' });
    expect(empty.message).toContain('found no file');
    expect((await refusalOf(folder, { shape: [4] })).message).toContain('found none in 1 files (only/one.zip)');
  });

  it('IDX files in a folder further down, which is named', async () => {
    const folder = world({ 'MNIST/raw/train-images-idx3-ubyte': Buffer.from('0000080300000001', 'hex') });
    const error = await refusalOf(folder, { shape: [784] });
    expect(error.message).toContain('they lie in MNIST/raw');
  });

  it('a shape that is none of a picture', async () => {
    const folder = world({ 'a.png': await halves(200, 100, 50) });
    for (const shape of [[5], [2, 8, 8], [8, 8], [1, 2, 3, 4]]) {
      const error = await refusalOf(folder, { shape });
      expect(error.code).toBe('DATA_SET_INVALID');
      expect(error.message).toContain(`[${shape.join(', ')}]`);
    }
  });

  it('pictures of which none can be read', async () => {
    const error = await refusalOf(world({ 'a.png': 'no picture', 'b.jpg': new Uint8Array(0) }), { shape: [3, 4, 4] });
    expect(error.code).toBe('DATA_SET_INVALID');
    expect(error.message).toContain('none of 2 could be used');
  });

  it('documents where the network takes pictures', async () => {
    const error = await refusalOf(world({ 'a.txt': 'some words' }), { shape: [3, 4, 4] });
    expect(error.message).toContain('but found 0 pictures and 1 document');
  });

  it('to go on when the caller has stopped, in threads too', async () => {
    const picture = await halves(1, 2, 3);
    const files = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`${i}.png`, picture]));
    const stop = new AbortController();
    const onProgress = ({ stage }: { stage: string }) => {
      if (stage === 'reading') stop.abort();
    };
    const error = await refusalOf(world(files), { shape: [16], signal: stop.signal, onProgress });
    expect(error.code).toBe('ABORTED');
  });
});

describe('A picture', () => {
  it('is fitted as thumbnails are', async () => {
    for (const [width, height] of [
      [200, 150],
      [40, 300],
      [64, 64],
      [13, 7],
      [1, 1],
    ] as const) {
      const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 31 + (i >> 5)) & 255);
      const fitted = fitPicture({ rgb, width, height }, { channels: 3, height: 64, width: 64 });
      expect(Buffer.from(fitted)).toEqual(Buffer.from(thumbnail(rgb, width, height)));
    }
  });

  it('keeps its pixels when it has the size of the input, and its colour at any size', async () => {
    const rgb = Uint8Array.from({ length: 5 * 3 * 3 }, (_, i) => i * 5);
    const planes = fitPicture({ rgb, width: 5, height: 3 }, { channels: 3, height: 3, width: 5 });
    for (let i = 0; i < rgb.length; i++) expect(planes[(i % 3) * 15 + Math.floor(i / 3)]).toBe(rgb[i]);
    const grey = new Uint8Array(50 * 37 * 3).fill(77);
    const row = fitPicture({ rgb: grey, width: 50, height: 37 }, { channels: 1, height: 28, width: 28 });
    expect(row.length).toBe(784);
    expect(row.every((value) => value === 77)).toBe(true);
  });

  it.each([
    [[784], { channels: 1, height: 28, width: 28 }],
    [[1, 8, 6], { channels: 1, height: 8, width: 6 }],
    [[3, 8, 6], { channels: 3, height: 8, width: 6 }],
    [[783], undefined],
    [[2, 8, 6], undefined],
    [[28, 28], undefined],
  ])('of the shape %j is seen as %j', (shape, layout) => {
    expect(pictureLayout(shape)).toEqual(layout);
  });
});

describe('A folder of pictures', () => {
  let folder: string;
  beforeAll(async () => {
    const files: Record<string, string | Uint8Array> = { 'README.md': 'about these pictures' };
    for (let i = 0; i < 60; i++) {
      files[`${i % 3 === 0 ? 'blue' : 'red'}/${i}.png`] = await (i % 3 === 0 ? halves(0, i, 250) : halves(250, i, 0));
    }
    files['red/broken.jpg'] = Buffer.from('ffd8ffe000104a464946', 'hex');
    files['blue/empty.png'] = new Uint8Array(0);
    folder = world(files);
  });

  it('gives rows with names and the classes of its sub-folders; broken files are told of', async () => {
    await withDataSets(folder, { shape: [3, 8, 8] }, async (data) => {
      expect(data.kind).toBe('pictures');
      expect(data.train.rows + data.test.rows).toBe(60);
      expect(data.test.rows).toBeGreaterThan(0);
      expect(data.train.labelNames).toEqual(['blue', 'red']);
      const rows = await everyRow(data.train);
      data.train.names!.forEach((name, row) => {
        const isRed = name.startsWith('red/');
        expect(data.train.labels![row]).toBe(isRed ? 1 : 0);
        const number = Number.parseInt(name.split('/')[1]!, 10);
        const at = row * 192;
        expect([rows[at], rows[at + 64], rows[at + 128]]).toEqual(isRed ? [250, number, 0] : [0, number, 250]);
        expect(rows[at + 7]).toBe(isRed ? 125 : 0);
      });
      expect(data.failures.map(({ path, code }) => [path, code])).toEqual([
        ['blue/empty.png', 'FILE_EMPTY'],
        ['red/broken.jpg', 'IMAGE_BROKEN'],
      ]);
      expect(data.notices[0]).toContain('62 pictures and 1 document; the pictures are taken');
    });
  });

  it('gives the same rows from disk, and the same as the decoder and the fitting do', async () => {
    const look = { shape: [256], seed: 3 };
    const inMemory = await withDataSets(folder, look, async (data) => [
      Buffer.from(await everyRow(data.train)),
      Buffer.from(await everyRow(data.test)),
      data.fingerprint,
      data.train.names,
      Buffer.from(data.train.labels!),
    ]);
    const onDisk = await withDataSets(folder, { ...look, mostBytes: 1_000 }, async (data) => {
      expect(data.train.resident).toBeUndefined();
      const train = Buffer.from(await everyRow(data.train));
      const test = Buffer.from(await everyRow(data.test));
      return [train, test, data.fingerprint, data.train.names, Buffer.from(data.train.labels!)];
    });
    expect(onDisk).toEqual(inMemory);
    const name = (inMemory[3] as string[])[0]!;
    const number = Number.parseInt(name.split('/')[1]!, 10);
    const picture = await decodeReduced(await (number % 3 === 0 ? halves(0, number, 250) : halves(250, number, 0)));
    const row = fitPicture(picture, pictureLayout([256])!);
    expect((inMemory[0] as Buffer).subarray(0, 256)).toEqual(Buffer.from(row));
  });

  it('keeps the part of each file when others come', async () => {
    const testNames = (root: string) => withDataSets(root, { shape: [16] }, (data) => data.test.names!);
    const before = await testNames(folder);
    const files = Object.fromEntries(
      await Promise.all(
        Array.from({ length: 60 }, async (_, i) => [`${i % 3 === 0 ? 'blue' : 'red'}/${i}.png`, await halves(i, i, i)]),
      ),
    );
    for (let i = 0; i < 40; i++) files[`green/${i}.png`] = files['red/1.png'];
    const after = await testNames(world(files));
    expect(after.filter((name) => !name.startsWith('green/'))).toEqual(before.filter((name) => files[name]));
  });

  it('takes the folders train and test for what they say', async () => {
    const picture = await halves(9, 8, 7);
    const files = {
      'train/a/1.png': picture,
      'train/b/2.png': picture,
      'test/a/3.png': picture,
      'test/b/4.png': picture,
    };
    await withDataSets(world(files), { shape: [16] }, (data) => {
      expect(data.train.names).toEqual(['train/a/1.png', 'train/b/2.png']);
      expect(data.test.names).toEqual(['test/a/3.png', 'test/b/4.png']);
      expect(data.test.labelNames).toEqual(['a', 'b']);
      expect([...data.test.labels!]).toEqual([0, 1]);
    });
  });

  it('of one picture, or of pictures that are all the same, is delivered with a notice', async () => {
    const one = world({ 'a.png': await oneColour(40) });
    await withDataSets(one, { shape: [16] }, (data) => {
      expect([data.train.rows, data.test.rows]).toEqual([1, 0]);
      expect([...(data.train.resident as Uint8Array)]).toEqual(new Array(16).fill(40));
      expect(data.train.labels).toBeUndefined();
      expect(data.notices).toContain('There is only one training picture.');
    });
    const same: Record<string, Uint8Array> = {};
    for (let i = 0; i < 12; i++) same[`${i}.png`] = await oneColour(40);
    await withDataSets(world(same), { shape: [16], testShare: 0 }, (data) => {
      expect(data.notices).toContain('All 12 training pictures are the same.');
    });
  });

  it('has more than 256 classes when there are more than 256 folders', async () => {
    const picture = await oneColour(1);
    const files: Record<string, Uint8Array> = {};
    for (let i = 0; i < 300; i++) files[`c${String(i).padStart(3, '0')}/${i}.png`] = picture;
    await withDataSets(world(files), { shape: [4], testShare: 0 }, (data) => {
      expect(data.train.labels).toEqual(Uint16Array.from({ length: 300 }, (_, i) => i));
    });
  });
});
