// Each named recipe for pictures, trained on a folder and imported into its index: a method as any other.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runTrain } from '../../src/lab/train-run.ts';
import type { Sandglass, TrainSummary } from '../../src/sandglass.ts';
import { RECIPE_NAMES } from '../../src/training/recipes/auto-encoders.ts';
import { add, cleanUp, documents, opened, pictures, rejectionOf, temporaryFolder } from './collection.ts';

const PICTURES = 24;
const OF_PICTURES = RECIPE_NAMES.filter((name) => name !== 'words');
/** Numbers that tell so few pictures apart that another one may be as near. */
const TWO_NUMBERS = 'deep-mnist-2';

const before = process.env.SANDGLASS_MODELS;
let folder: string;
let index: Sandglass;

beforeAll(async () => {
  process.env.SANDGLASS_MODELS = '';
  folder = await pictures(PICTURES);
  index = await opened(temporaryFolder(), { create: true });
});
afterAll(async () => {
  process.env.SANDGLASS_MODELS = before;
  await cleanUp();
});

function trained(recipe: string | object, data = folder): Promise<TrainSummary> {
  const out = join(temporaryFolder(), 'out');
  return runTrain({ recipe, data, out, epochs: 1, batch: 12, threads: 1, device: 'cpu' }, () => undefined);
}

async function imported(from: string, name: string) {
  for await (const event of index.importEncoder(from, { name })) if (event.phase === 'done') return event.summary;
  throw new Error('Importing ended without a summary.');
}

describe('A training that is no encoder of an index', () => {
  it('is refused, and what is one is named: words as they are counted', async () => {
    const { out } = await trained('words', documents());
    const error = await rejectionOf(imported(out, 'words'));
    expect(error).toMatchObject({ code: 'ENCODER_UNFIT', message: expect.stringContaining('--recipe text') });
  });

  it('is refused where it sees more than the thumbnails that are kept', async () => {
    const large = {
      name: 'large',
      input: { shape: [1, 80, 80] },
      encoder: [{ kind: 'flatten' }, { kind: 'dense', units: 4 }],
    };
    const error = await rejectionOf(imported((await trained(large)).out, 'large'));
    expect(error).toMatchObject({ code: 'ENCODER_MISMATCH', message: expect.stringContaining('at most 64 × 64') });
  });

  it('is refused when its files were changed', async () => {
    const { out } = await trained('mnist-mlp');
    writeFileSync(join(out, 'encoder.onnx'), 'no model');
    expect((await rejectionOf(imported(out, 'changed'))).code).toBe('ENCODER_UNFIT');
  });
});

describe('A recipe for pictures', () => {
  const summaries = new Map<string, TrainSummary>();

  beforeAll(async () => {
    for (const recipe of OF_PICTURES) {
      const summary = await trained(recipe);
      summaries.set(recipe, summary);
      await imported(summary.out, recipe);
    }
    await add(index, folder);
  }, 120_000);

  it.each(OF_PICTURES)('(%s) gives an encoder that answers in an index', async (recipe) => {
    const { codeSize, data } = summaries.get(recipe)!;
    const form = recipe === 'semantic-hash' ? 'bits' : 'float32';
    const encoder = index.encoders().find(({ name }) => name === recipe);
    expect(encoder).toMatchObject({ kind: 'image', state: 'active', dimensions: codeSize, form });
    expect(encoder).toMatchObject({ codes: PICTURES, trainedOn: data.training, figures: { loss: expect.any(Number) } });
    const { hits } = await index.query({ file: join(folder, '3.png') }, { method: recipe, k: 3 });
    expect(hits[0]!.score).toBeCloseTo(1);
    if (form === 'float32' && recipe !== TWO_NUMBERS) expect(hits[0]!.path).toBe(join(folder, '3.png'));
  });

  it('stands beside the others in a comparison', async () => {
    const methods = ['mnist-mlp', 'denoise-mask', 'cnn', 'semantic-hash', 'pictures', 'phash'];
    const { report } = await index.compare({ kind: 'image', methods, sample: 4 });
    expect(report.methods.map(({ method }) => method).sort()).toEqual(methods.sort());
  });
});
