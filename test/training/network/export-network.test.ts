// What is exported is what was trained: encoder and decoder give the training graph's values, for any number of rows.
import { describe, expect, it } from '@jest/globals';
import { SandglassError } from '../../../src/errors.ts';
import { openSession } from '../../../src/runtime/onnx-session.ts';
import { openEvaluator, reconstruct } from '../../../src/training/network/evaluation.ts';
import { bitThreshold, type ExportedNetwork, exportNetwork } from '../../../src/training/network/export-network.ts';
import { foldBatchNorm } from '../../../src/training/network/fold.ts';
import { buildNetwork } from '../../../src/training/network/network.ts';
import { parseRecipe, type Recipe, type RecipeInput } from '../../../src/training/network/recipe.ts';
import { type TrainedNetwork, trainNetwork } from '../../../src/training/network/train-network.ts';
import { namedRecipe, RECIPE_NAMES, withOverrides } from '../../../src/training/recipes/auto-encoders.ts';
import { checkerMissing, checkModel } from '../onnx-checker.ts';
import { rowsFor } from './training-rows.ts';

const CPU = { device: 'cpu', threads: 1 } as const;
const METADATA = { recipe: 'a recipe', data: 'drawn', seed: '1' };

function exported({ recipe, network, values }: TrainedNetwork): ExportedNetwork {
  return exportNetwork(recipe, network, values, { type: 'uint8', metadata: METADATA });
}

/** Codes, bits and reconstructions of rows through the exported files. */
async function throughFiles({ encoder, decoder }: ExportedNetwork, rows: Uint8Array, shape: readonly number[]) {
  const there = await openSession(encoder, CPU);
  const back = await openSession(decoder, CPU);
  const coded = await there.run({ rows: { data: rows, shape } });
  const feeds = Object.fromEntries(back.inputs.map((name) => [name, coded[name]!]));
  const { reconstruction } = await back.run(feeds);
  await there.release();
  await back.release();
  return { code: coded.code!, bits: coded.bits, reconstruction: reconstruction!.data as Float32Array };
}

/** The largest difference between exported files and the graph that training evaluates, for 1, 3 and 7 rows. */
async function distanceFromTraining(trained: TrainedNetwork): Promise<number> {
  const { recipe, network, values } = trained;
  const files = exported(trained);
  const evaluator = await openEvaluator(recipe, network, { block: 4, device: 'cpu' });
  let worst = 0;
  for (const count of [1, 3, 7]) {
    const { resident } = rowsFor(recipe, count, 20 + count);
    const { code, reconstruction } = await throughFiles(files, resident, [count, ...network.input]);
    expect(code.shape).toEqual([count, code.data.length / count]);
    const expected = await reconstruct(evaluator, network, resident, values);
    expect(reconstruction.length).toBe(expected.length);
    expected.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(value - reconstruction[i]!));
    });
  }
  await evaluator.release();
  return worst;
}

/** Few steps of a recipe on a few rows. */
function trainABit(recipe: Recipe, rows = 24): Promise<TrainedNetwork> {
  const short = {
    ...withOverrides(recipe, { epochs: 1, batch: 8 }),
    ...(recipe.pretraining === undefined ? {} : { pretraining: { epochs: 1 } }),
  };
  return trainNetwork(short, rowsFor(short, rows), CPU);
}

const known = new Map<string, Promise<TrainedNetwork>>();

/** The named recipe, trained a bit once for all tests. */
function trainNamed(name: string): Promise<TrainedNetwork> {
  const trained = known.get(name) ?? trainABit(namedRecipe(name)!, 8);
  known.set(name, trained);
  return trained;
}

function recipeOf(shape: number[], rest: Pick<RecipeInput, 'encoder'> & Partial<RecipeInput>): Recipe {
  return parseRecipe({ name: 'mine', input: { shape }, ...rest });
}

describe('a network with a weight that is not finite', () => {
  it('is not exported', () => {
    const recipe = recipeOf([4], { encoder: [{ kind: 'dense', units: 2 }] });
    const network = buildNetwork(recipe);
    const values = Object.entries(network.parameters).map(([name, { shape }]) => ({
      name,
      shape,
      data: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(Number.NaN),
    }));
    const refused = () => exportNetwork(recipe, network, values, { type: 'uint8', metadata: {} });
    expect(refused).toThrow(SandglassError);
    expect(refused).toThrow('Expected finite weights but encoder.0.weight holds NaN or infinity.');
  });
});

describe('the exported files of the named recipe', () => {
  it.each(RECIPE_NAMES)('%s give what training evaluates, within 1e-5', async (name) => {
    expect(await distanceFromTraining(await trainNamed(name))).toBeLessThan(1e-5);
  });
});

const NORM = { kind: 'batchNorm' } as const;
const RELU = { kind: 'activation', activation: 'relu' } as const;

/** Where batch norm stands, and how many of its layers are left when it was folded. */
const FOLDED: readonly (readonly [what: string, left: number, recipe: Recipe])[] = [
  [
    'behind dense layers',
    0,
    recipeOf([784], {
      encoder: [{ kind: 'dense', units: 12, bias: false }, NORM, RELU, { kind: 'dense', units: 4 }, NORM],
      decoder: [{ kind: 'dense', units: 12 }, NORM, RELU, { kind: 'dense', units: 784 }],
    }),
  ],
  [
    'behind convolutions in groups and their transposes',
    0,
    recipeOf([2, 14, 28], {
      encoder: [
        { kind: 'conv2d', filters: 6, kernel: 3, stride: 2, padding: 1, groups: 2 },
        NORM,
        RELU,
        { kind: 'conv2d', filters: 3, kernel: 2, bias: false },
        NORM,
      ],
      decoder: [
        { kind: 'convTranspose2d', filters: 6, kernel: 2, groups: 3 },
        NORM,
        RELU,
        { kind: 'convTranspose2d', filters: 2, kernel: 3, stride: 2, padding: 1, outputPadding: 1, groups: 2 },
        NORM,
      ],
    }),
  ],
  [
    'twice in a row',
    0,
    recipeOf([784], { encoder: [{ kind: 'dense', units: 6 }, NORM, NORM], decoder: [{ kind: 'dense', units: 784 }] }),
  ],
  [
    'behind an activation, dropout and as the first layer',
    4,
    recipeOf([784], {
      encoder: [
        NORM,
        { kind: 'dense', units: 12, activation: 'tanh' },
        NORM,
        { kind: 'dense', units: 4 },
        { kind: 'dropout', probability: 0.2 },
        NORM,
      ],
      decoder: [NORM, { kind: 'dense', units: 784 }],
    }),
  ],
  [
    'with tied weights',
    1,
    recipeOf([1, 28, 28], {
      encoder: [
        { kind: 'conv2d', filters: 3, kernel: 4, stride: 4 },
        NORM,
        RELU,
        { kind: 'flatten' },
        { kind: 'dense', units: 4 },
      ],
      decoder: 'tied',
    }),
  ],
];

describe('batch norm', () => {
  it.each(FOLDED)('%s is folded where it can be (%i left), and gives the same', async (_, left, recipe) => {
    const trained = await trainABit({ ...recipe, schedule: { kind: 'constant', rate: 0.05, warmUp: 0 } }, 32);
    const { network, values } = trained;
    const shared = recipe.decoder === 'tied';
    const layers = [network.encoder, network.decoder].flatMap((part) => foldBatchNorm(part, values, shared).layers);
    expect(layers.filter(({ kind }) => kind === 'batchNorm')).toHaveLength(left);
    expect(await distanceFromTraining(trained)).toBeLessThan(1e-5);
  });
});

describe('an exported encoder', () => {
  it('corrupts nothing and draws nothing: the same rows give the same codes', async () => {
    const recipe = recipeOf([784], {
      encoder: [
        { kind: 'mask', probability: 0.5 },
        { kind: 'noise', deviation: 1 },
        { kind: 'dense', units: 16, activation: 'relu' },
        { kind: 'dropout', probability: 0.5 },
        { kind: 'gaussian', units: 4 },
      ],
      loss: [{ kind: 'mse' }, { kind: 'kl', warmUp: 1 }],
    });
    const files = exported(await trainABit(recipe, 8));
    const { resident } = rowsFor(recipe, 2, 4);
    const rows = new Uint8Array(4 * 784);
    rows.set(resident);
    rows.set(resident, 2 * 784);
    const { code } = await throughFiles(files, rows, [4, 784]);
    expect(code.data.slice(0, 8)).toEqual(code.data.slice(8));
  });

  it('gives the bits of its codes', async () => {
    const recipe = namedRecipe('semantic-hash')!;
    const { resident } = rowsFor(recipe, 9, 5);
    const { code, bits } = await throughFiles(exported(await trainNamed('semantic-hash')), resident, [9, 784]);
    expect(bits!.shape).toEqual([9, 64]);
    expect(Array.from(bits!.data, Number)).toEqual(
      Array.from(code.data as Float32Array, (value) => (value > 0.5 ? 1 : 0)),
    );
  });

  it.each([
    ['a sigmoid', [{ kind: 'dense', units: 2, activation: 'sigmoid' }, { kind: 'flatten' }], 0.5],
    ['a softplus', [{ kind: 'dense', units: 2, activation: 'softplus' }], Math.LN2],
    [
      'tanh',
      [
        { kind: 'dense', units: 2, activation: 'tanh' },
        { kind: 'noise', deviation: 1 },
      ],
      0,
    ],
    ['a layer norm behind a sigmoid', [{ kind: 'dense', units: 2, activation: 'sigmoid' }, { kind: 'layerNorm' }], 0],
    [
      'a gaussian behind a sigmoid',
      [
        { kind: 'dense', units: 2, activation: 'sigmoid' },
        { kind: 'gaussian', units: 2 },
      ],
      0,
    ],
  ] as const)('cuts codes of %s to bits where 0 was before', (_, encoder, threshold) => {
    expect(bitThreshold(recipeOf([4], { encoder: [...encoder] }))).toBe(threshold);
  });

  it('of a convolutional network hands over the switches its decoder asks for', async () => {
    const files = exported(await trainNamed('cnn'));
    const encoder = await openSession(files.encoder, CPU);
    const decoder = await openSession(files.decoder, CPU);
    expect([encoder.outputs, decoder.inputs]).toEqual([
      ['code', 'switches.pool'],
      ['code', 'switches.pool'],
    ]);
    await encoder.release();
    await decoder.release();
  });
});

describe('a variational decoder', () => {
  it('makes rows of codes that are drawn', async () => {
    const files = exported(await trainNamed('vae'));
    const decoder = await openSession(files.decoder, CPU);
    const code = { data: Float32Array.from({ length: 5 * 16 }, (_, i) => Math.sin(i)), shape: [5, 16] };
    const { reconstruction } = await decoder.run({ code });
    expect(reconstruction!.shape).toEqual([5, 784]);
    expect((reconstruction!.data as Float32Array).every((value) => value >= 0 && value <= 1)).toBe(true);
    await decoder.release();
  });
});

describe('the exported files', () => {
  const missing = checkerMissing();
  (missing === undefined ? it : it.skip)('are good ONNX, as onnx.checker sees it', async () => {
    for (const name of ['cnn', 'vae', 'semantic-hash', 'words']) {
      const { encoder, decoder } = exported(await trainNamed(name));
      checkModel(encoder);
      checkModel(decoder);
    }
  });

  it('say what made them', async () => {
    const { encoder, decoder } = exported(await trainNamed('tied'));
    for (const file of [encoder, decoder]) {
      const text = Buffer.from(file).toString('latin1');
      for (const [key, value] of Object.entries(METADATA)) {
        expect(text).toContain(key);
        expect(text).toContain(value);
      }
    }
  });
});
