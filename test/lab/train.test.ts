// A training as a library call: what it writes, and what it tells.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeIdxFile } from '../../src/data-sets/write-idx-file.ts';
import { decodeImage } from '../../src/image/decode.ts';
import { type RecipeInput, recipes } from '../../src/sandglass.ts';
import { cleanUp, documents, picture, temporaryFolder, write } from '../library/collection.ts';
import { digits, eventsOf, filesOf, linesOf, newFolder, outcomeOf, SMALL, trained } from './small-training.ts';

let data: string;
beforeAll(async () => {
  data = await digits();
});
afterAll(cleanUp);

async function sheetSize(file: string) {
  const { width, height } = await decodeImage(readFileSync(file));
  return { width, height };
}

describe('A training', () => {
  it('writes its recipe, a line for each step and epoch, sheets, networks, and a manifest with their hashes', async () => {
    const out = newFolder();
    const { summary } = await trained({ recipe: SMALL, data, out, rate: 0.01, seed: 7 });
    expect(filesOf(out)).toEqual(
      [
        ...['decoder.onnx', 'encoder.onnx', 'first-layer.png', 'manifest.json', 'recipe.json', 'run.jsonl'],
        ...['sheets/epoch-0001.png', 'sheets/epoch-0002.png', 'sheets/epoch-0003.png'],
      ].sort(),
    );
    const lines = linesOf(out);
    expect(lines[0]).toMatchObject({ kind: 'run', recipe: 'small', data: 'digits', rows: 320, seed: 7 });
    const steps = lines.filter(({ kind }) => kind === 'step');
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(steps.every(({ loss, rate, stage }) => (loss as number) > 0 && rate === 0.01 && stage === 1)).toBe(true);
    const epochs = lines.filter(({ kind }) => kind === 'epoch');
    expect(epochs.map(({ epoch, step, sheet }) => [epoch, step, sheet])).toEqual([
      [1, 10, 'sheets/epoch-0001.png'],
      [2, 20, 'sheets/epoch-0002.png'],
      [3, 30, 'sheets/epoch-0003.png'],
    ]);
    for (const [i, { loss }] of epochs.entries()) {
      const part = steps.slice(10 * i, 10 * i + 10);
      expect(loss).toBeCloseTo(part.reduce((sum, step) => sum + (step.loss as number), 0) / 10, 6);
    }
    expect(summary).toMatchObject({
      schema: 1,
      recipe: 'small',
      out,
      data: { name: 'digits', kind: 'idx', training: 320, validation: 0, test: 40, failures: [] },
      parameters: 784 * 16 + 16 + 16 * 4 + 4 + 4 * 16 + 16 + 16 * 784 + 784,
      codeSize: 4,
      batch: 32,
      seed: 7,
      epoch: 3,
      stages: [
        { name: 'whole network', steps: 30, losses: epochs.map(({ loss }) => expect.closeTo(loss as number, 6)) },
      ],
    });
    expect(summary.files.filter((name) => !name.endsWith('/')).sort()).toEqual(
      filesOf(out).filter((name) => !name.startsWith('sheets/')),
    );
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      schema: 1,
      recipe: { name: 'small', seed: 7, epochs: 3, schedule: { rate: 0.01 } },
      data: { fingerprint: summary.data.fingerprint },
      codeSize: 4,
      stages: summary.stages,
      testError: summary.testError,
    });
    for (const [name, hash] of Object.entries(manifest.sha256 as Record<string, string>)) {
      expect(
        createHash('sha256')
          .update(readFileSync(join(out, name)))
          .digest('hex'),
      ).toBe(hash);
    }
    expect(manifest.recipe).toEqual(JSON.parse(readFileSync(join(out, 'recipe.json'), 'utf8')));
    expect(lines.at(-1)).toMatchObject({ kind: 'end', testError: expect.closeTo(summary.testError!, 3) });
  });

  it('tells what happens, its summary last', async () => {
    const told = await trained({ recipe: SMALL, data, out: newFolder() });
    const phases = told.events.map(({ phase }) => phase);
    expect(phases.at(-1)).toBe('done');
    expect(phases.indexOf('stage')).toBeGreaterThan(phases.indexOf('data'));
    expect(phases.indexOf('test')).toBe(phases.length - 2);
    expect(eventsOf(told, 'epoch').map(({ epoch, epochs, sheet }) => [epoch, epochs, sheet])).toEqual([
      [1, 3, 'sheets/epoch-0001.png'],
      [2, 3, 'sheets/epoch-0002.png'],
      [3, 3, 'sheets/epoch-0003.png'],
    ]);
    expect(eventsOf(told, 'train').at(-1)).toMatchObject({ step: 30, steps: 30, epoch: 3, secondsLeft: 0 });
  });

  it('of one seed gives the same, of another something else', async () => {
    const outcomes = [];
    for (const seed of [1, 1, 2]) {
      const out = newFolder();
      await trained({ recipe: SMALL, data, out, seed });
      outcomes.push(outcomeOf(out));
    }
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[2]!.steps).not.toEqual(outcomes[0]!.steps);
  });

  it('draws lines of eight originals over their reconstructions', async () => {
    const out = newFolder();
    await trained({ recipe: SMALL, data, out, epochs: 1 });
    // 32 pictures of 28 pixels, three times as large, with gaps of 2 and of 10 between blocks.
    expect(await sheetSize(join(out, 'sheets/epoch-0001.png'))).toEqual({ width: 690, height: 714 });
    const few = await digits({ train: 64, test: 3 });
    const other = newFolder();
    await trained({ recipe: SMALL, data: few, out: other, epochs: 1 });
    expect(await sheetSize(join(other, 'sheets/epoch-0001.png'))).toEqual({ width: 260, height: 174 });
  });

  it('that takes noise away draws noisy, restored and clean, and measures both', async () => {
    const recipe = { ...SMALL, encoder: [{ kind: 'mask', probability: 0.25 }, ...SMALL.encoder] };
    const out = newFolder();
    const { summary } = await trained({ recipe, data, out, epochs: 1 });
    expect(await sheetSize(join(out, 'sheets/epoch-0001.png'))).toEqual({ width: 690, height: 1058 });
    expect(summary.denoising!.noisyError).toBeGreaterThan(10);
    expect(summary.denoising!.testError).toBeGreaterThan(0);
  });

  it('of a variational network draws pictures that were never there', async () => {
    const recipe: RecipeInput = {
      ...SMALL,
      encoder: [
        { kind: 'dense', units: 16, activation: 'relu' },
        { kind: 'gaussian', units: 2 },
      ],
      loss: [
        { kind: 'bce', reduction: 'sum' },
        { kind: 'kl', warmUp: 1 },
      ],
    };
    const out = newFolder();
    const { summary } = await trained({ recipe, data, out, epochs: 1 });
    expect(summary.files).toContain('samples.png');
    expect(await sheetSize(join(out, 'samples.png'))).toEqual({ width: 690, height: 690 });
    expect(linesOf(out)[1]).toMatchObject({ kind: 'step', bce: expect.any(Number), kl: expect.any(Number) });
  });

  it.each<[string, Pick<RecipeInput, 'input' | 'encoder'>, boolean]>([
    [
      'pooling before its first weights',
      {
        input: { shape: [1, 28, 28] },
        encoder: [{ kind: 'maxPool2d', kernel: 2 }, { kind: 'flatten' }, { kind: 'dense', units: 4 }],
      },
      false,
    ],
    [
      'convolutions',
      {
        input: { shape: [1, 28, 28] },
        encoder: [
          { kind: 'conv2d', filters: 2, kernel: 4, stride: 4 },
          { kind: 'flatten' },
          { kind: 'dense', units: 4 },
        ],
      },
      true,
    ],
  ])('of a network with %s draws what can be drawn', async (_, layers, hasFilters) => {
    const decoder = [
      { kind: 'dense', units: 784 },
      { kind: 'reshape', shape: [1, 28, 28] },
    ] as const;
    const out = newFolder();
    const { summary } = await trained({ recipe: { ...SMALL, ...layers, decoder }, data, out, epochs: 1 });
    expect(summary.files.includes('first-layer.png')).toBe(hasFilters);
    expect(filesOf(out)).toContain('sheets/epoch-0001.png');
  });

  it('on rows that are no pictures draws none', async () => {
    const folder = temporaryFolder();
    const values = Uint8Array.from({ length: 60 * 2 * 5 * 3 }, (_, i) => (i * 37) % 256);
    await writeIdxFile(join(folder, 'train-images-idx3-ubyte'), [60, 2, 5, 3], values);
    const out = newFolder();
    const recipe = { ...SMALL, input: { shape: [2, 5, 3] }, encoder: [{ kind: 'flatten' }, ...SMALL.encoder] };
    const told = await trained({ recipe, data: folder, out, epochs: 1 });
    expect(filesOf(out).filter((name) => name.endsWith('.png'))).toEqual([]);
    expect(eventsOf(told, 'notice')[0]!.text).toMatch(/no file for testing/);
  });

  it('stops early when validation gets no better, and keeps the best epoch', async () => {
    const out = newFolder();
    const recipe = { ...SMALL, epochs: 60, schedule: { kind: 'constant', rate: 0.05 } };
    const { summary } = await trained({ recipe: { ...recipe, validation: { share: 0.2, patience: 1 } }, data, out });
    const { validations, losses } = summary.stages[0]!;
    expect(validations.length).toBeLessThan(60);
    expect(losses).toHaveLength(validations.length);
    expect(summary.epoch).toBe(validations.length - 1);
    expect(Math.min(...validations)).toBe(validations[summary.epoch - 1]);
    expect(summary.data).toMatchObject({ training: 256, validation: 64 });
    const logged = linesOf(out).filter(({ kind }) => kind === 'epoch');
    expect(logged.map(({ validation }) => validation)).toEqual(validations.map((value) => expect.closeTo(value, 8)));
  });

  it('on more rows than fit into memory gives the same, and leaves no rows behind', async () => {
    const inMemory = newFolder();
    await trained({ recipe: SMALL, data, out: inMemory });
    const packed = join(await digits({ gzip: true }));
    for (const folder of [data, packed]) {
      const out = newFolder();
      await trained({ recipe: SMALL, data: folder, out, mostBytes: 1_000 });
      expect(outcomeOf(out).steps).toEqual(outcomeOf(inMemory).steps);
      expect(readdirSync(out)).not.toContain('rows');
    }
  });

  it('on pictures of a folder names those that cannot be read', async () => {
    const folder = temporaryFolder();
    for (let i = 0; i < 30; i++) write(folder, `${i % 2 ? 'odd' : 'even'}/${i}.png`, await picture(i));
    write(folder, 'odd/broken.png', 'no picture');
    const out = newFolder();
    const recipe = { ...SMALL, input: { shape: [3, 16, 16] }, encoder: [{ kind: 'flatten' }, ...SMALL.encoder] };
    const told = await trained({ recipe, data: folder, out, epochs: 1 });
    expect(told.summary.data).toMatchObject({ kind: 'pictures', failures: [{ path: 'odd/broken.png' }] });
    expect(eventsOf(told, 'notice').at(-1)!.text).toBe('1 file could not be read; the summary names it.');
    expect(filesOf(out)).toContain('sheets/epoch-0001.png');
  });

  it('of words keeps the vocabulary beside the networks, and draws nothing', async () => {
    const recipe = {
      ...SMALL,
      input: { shape: [60], values: 'words' },
      output: 'softmax',
      loss: [{ kind: 'multinomial' }],
    };
    const out = newFolder();
    const { summary } = await trained({ recipe, data: documents(20), out, epochs: 1 });
    expect(summary).toMatchObject({ data: { kind: 'documents' }, testLoss: expect.any(Number) });
    expect(summary.testError).toBeUndefined();
    expect(filesOf(out)).toEqual(
      ['decoder.onnx', 'encoder.onnx', 'manifest.json', 'recipe.json', 'run.jsonl', 'vocabulary.txt'].sort(),
    );
  });
});

describe('recipes()', () => {
  it('gives the named recipes with all defaults, each with a word about it, and each can be given back', async () => {
    const known = await recipes();
    expect(known.map(({ name }) => name)).toContain('mnist-mlp');
    for (const { about } of known) expect(about).toMatch(/\.$/);
    const small = { ...known.find(({ name }) => name === 'tied')!, name: 'mine', batch: 32 };
    const { summary } = await trained({ recipe: small, data, out: newFolder(), epochs: 1 });
    expect(summary.recipe).toBe('mine');
  });
});
