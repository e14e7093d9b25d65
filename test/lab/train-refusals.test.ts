// What cannot be trained is refused with its code, and nothing is written, nor removed.
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TrainOptions } from '../../src/sandglass.ts';
import { mountSmallDisk, whyNoSmallDisk } from '../index/small-disk.ts';
import { cleanUp, documents, picture, temporaryFolder, write } from '../library/collection.ts';
import { digits, filesOf, SMALL, trained } from './small-training.ts';

const noDisk = whyNoSmallDisk();
const onDisk = noDisk === undefined ? it : it.skip;
const skipped = noDisk === undefined ? '' : ` (skipped: ${noDisk})`;

let data: string;
beforeAll(async () => {
  data = await digits();
});
afterAll(cleanUp);

async function refusal(options: Partial<TrainOptions>) {
  const parent = temporaryFolder();
  const out = join(parent, 'deep', 'down');
  const refused: unknown = await trained({ recipe: SMALL, data, out, ...options }).then(
    () => 'trained',
    (error: unknown) => error,
  );
  expect(readdirSync(parent)).toEqual([]);
  return refused;
}

describe('A recipe', () => {
  it('that does not exist is refused with the names of those that do', async () => {
    expect(await refusal({ recipe: 'minst-mlp' })).toMatchObject({
      code: 'RECIPE_UNKNOWN',
      message: expect.stringMatching(/no recipe "minst-mlp".*mnist-mlp, denoise-mask/),
    });
  });

  it.each<[string, object]>([
    ['an unknown setting', { ...SMALL, epoch: 3 }],
    ['an unknown layer', { ...SMALL, encoder: [{ kind: 'dens', units: 3 }] }],
    ['a code of no unit', { ...SMALL, encoder: [{ kind: 'dense', units: 0 }] }],
    ['no layer', { ...SMALL, encoder: [] }],
    ['a list in place of it', []],
  ])('with %s is refused', async (_, recipe) => {
    expect(await refusal({ recipe })).toMatchObject({ code: 'RECIPE_INVALID' });
  });

  it.each([{ epochs: 0 }, { batch: 1.5 }, { rate: -1 }, { seed: -1 }])('changed to %j is refused', async (changes) => {
    expect(await refusal(changes)).toMatchObject({ code: 'RECIPE_INVALID' });
  });

  it('whose layers do not fit is refused with the shapes', async () => {
    const decoder = [{ kind: 'dense', units: 700 }];
    expect(await refusal({ recipe: { ...SMALL, decoder } })).toMatchObject({
      code: 'GRAPH_SHAPE',
      message: expect.stringMatching(/700/),
    });
  });

  it('with pre-training of a network that is not dense is refused', async () => {
    const recipe = {
      ...SMALL,
      input: { shape: [1, 28, 28] },
      encoder: [{ kind: 'conv2d', filters: 2, kernel: 2, stride: 2 }],
      pretraining: { epochs: 1 },
    };
    expect(await refusal({ recipe })).toMatchObject({ code: 'RECIPE_INVALID' });
  });
});

describe('Data', () => {
  it('that do not exist are refused', async () => {
    expect(await refusal({ data: join(data, 'nowhere') })).toMatchObject({ code: 'FILE_VANISHED' });
  });

  it('of an empty folder are refused', async () => {
    expect(await refusal({ data: temporaryFolder() })).toMatchObject({ code: 'DATA_SET_INVALID' });
  });

  it('that are cut short are refused, also where rows were kept on disk meanwhile', async () => {
    for (const gzip of [false, true]) {
      const broken = await digits({ train: 60, gzip });
      const images = join(broken, `t10k-images-idx3-ubyte${gzip ? '.gz' : ''}`);
      truncateSync(images, Math.floor(readFileSync(images).length * 0.7));
      expect(await refusal({ data: broken, mostBytes: 100 })).toMatchObject({ code: 'DATA_SET_INVALID' });
    }
  });

  it('of another size than the input are refused with both sizes', async () => {
    const recipe = { ...SMALL, input: { shape: [100] } };
    expect(await refusal({ recipe })).toMatchObject({
      code: 'DATA_SET_INVALID',
      message: expect.stringMatching(/100.*28 × 28/),
    });
  });

  it('that are documents are refused for a recipe of pixels, and pictures for one of words', async () => {
    expect(await refusal({ data: documents(3) })).toMatchObject({
      code: 'DATA_SET_INVALID',
      message: expect.stringMatching(/small takes pixels but .* holds documents/),
    });
    const words = { input: { shape: [784], values: 'words' }, output: 'softmax', loss: [{ kind: 'multinomial' }] };
    const recipe = { ...SMALL, ...words };
    expect(await refusal({ recipe })).toMatchObject({
      code: 'DATA_SET_INVALID',
      message: expect.stringMatching(/small takes words but digits holds pictures/),
    });
  });

  it('of one row are too few', async () => {
    const one = await digits({ train: 1, test: 1 });
    expect(await refusal({ data: one })).toMatchObject({ code: 'TRAINING_TOO_SMALL' });
  });
});

describe('A device', () => {
  it('that is not there is refused', async () => {
    expect(await refusal({ device: 'cuda' })).toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
  });
});

describe('A folder to write to', () => {
  it.each([false, true])('that holds other files is refused and left as it is (fresh: %s)', async (fresh) => {
    const out = temporaryFolder();
    for (const name of ['recipe.json', 'a.png', 'x.safetensors', 'manifest.json', 'sheets/epoch-0001.png'])
      write(out, name, 'of mine');
    const before = filesOf(out);
    await expect(trained({ recipe: SMALL, data, out, fresh })).rejects.toMatchObject({
      code: 'OUTPUT_EXISTS',
      message: expect.stringMatching(/holds other files/),
    });
    expect(filesOf(out)).toEqual(before);
  });

  it('that is a file, or lies in one, is refused', async () => {
    const out = join(temporaryFolder(), 'file');
    writeFileSync(out, 'of mine');
    await expect(trained({ recipe: SMALL, data, out })).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    await expect(trained({ recipe: SMALL, data, out: join(out, 'below') })).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
    });
    expect(readFileSync(out, 'utf8')).toBe('of mine');
  });

  it('inside the pictures is refused: its sheets would be taken for pictures', async () => {
    const pictures = temporaryFolder();
    for (let i = 0; i < 3; i++) write(pictures, `${i}.png`, await picture(i));
    const out = join(pictures, 'trained');
    await expect(trained({ recipe: SMALL, data: pictures, out })).rejects.toMatchObject({
      code: 'SETTING_INVALID',
      message: expect.stringMatching(/outside of the data/),
    });
    expect(existsSync(out)).toBe(false);
  });

  it('beside the files of digits is none of their data', async () => {
    const own = await digits({ train: 64 });
    await trained({ recipe: SMALL, data: own, out: join(own, 'trained'), epochs: 1 });
    expect(existsSync(join(own, 'trained', 'manifest.json'))).toBe(true);
  });

  onDisk(`that cannot be written is refused before anything is read${skipped}`, async () => {
    const disk = mountSmallDisk(256);
    try {
      mkdirSync(join(disk.path, 'empty'));
      disk.makeReadOnly();
      for (const name of ['empty', 'new/below']) {
        const out = join(disk.path, name);
        await expect(trained({ recipe: SMALL, data: join(data, 'nowhere'), out })).rejects.toMatchObject({
          code: 'OUTPUT_UNWRITABLE',
          message: expect.stringMatching(/--out/),
        });
      }
      expect(filesOf(disk.path)).toEqual([]);
    } finally {
      disk.remove();
    }
  });

  onDisk(`on a disk with no room gets nothing at all${skipped}`, async () => {
    const disk = mountSmallDisk(4);
    try {
      const out = join(disk.path, 'out');
      await expect(trained({ recipe: SMALL, data, out })).rejects.toMatchObject({ code: 'DISK_FULL' });
      expect(readdirSync(disk.path)).toEqual([]);
    } finally {
      disk.remove();
    }
  });
});
