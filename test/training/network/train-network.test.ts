// Training of networks: what goes wrong is said with a code, and the same seed gives the same losses however it is done.
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SandglassError } from '../../../src/errors.ts';
import { exportNetwork } from '../../../src/training/network/export-network.ts';
import { parseRecipe, type Recipe, type RecipeInput } from '../../../src/training/network/recipe.ts';
import {
  type NetworkTrainingOptions,
  type TrainedNetwork,
  type TrainingRows,
  trainNetwork,
} from '../../../src/training/network/train-network.ts';
import { removeCheckpoints } from '../../../src/training/network/training-stage.ts';
import { NAMES } from '../../../src/training/program-names.ts';
import { readSafeTensors } from '../../../src/training/safetensors.ts';
import type { Parameter } from '../../../src/training/state.ts';
import { digits, rowsOf, streamed } from './training-rows.ts';

const CPU = { device: 'cpu', threads: 1 } as const;
const ROWS = digits(96);

const DENSE: RecipeInput['encoder'] = [
  { kind: 'dense', units: 12, activation: 'relu' },
  { kind: 'dense', units: 4 },
];

function recipeOf(rest: Partial<RecipeInput>): Recipe {
  return parseRecipe({ name: 'mine', input: { shape: [784] }, encoder: DENSE, batch: 16, epochs: 2, ...rest });
}

function train(recipe: Recipe, rows: TrainingRows = ROWS, options: NetworkTrainingOptions = {}) {
  return trainNetwork(recipe, rows, { ...CPU, ...options });
}

function lossesOf({ stages }: TrainedNetwork): number[][] {
  return stages.map(({ losses }) => [...losses]);
}

function valuesOf(values: readonly Parameter[]) {
  return Object.fromEntries(values.map(({ name, data }) => [name, [...data]]));
}

/** The code of the error that a training ends with, and its message. */
async function refusalOf(training: Promise<unknown>): Promise<[code: string, message: string]> {
  const thrown = await training.then(
    () => new Error('Expected the training to be refused'),
    (error: unknown) => error as SandglassError,
  );
  return ['code' in thrown ? thrown.code : '', thrown.message];
}

describe('a training that cannot be', () => {
  it('has no second row', async () => {
    const [code, message] = await refusalOf(train(recipeOf({}), digits(1)));
    expect([code, message]).toEqual([
      'TRAINING_TOO_SMALL',
      'Expected at least 2 rows to train on but 1 of 1 are left.',
    ]);
  });

  it('has too few rows beside those for validation', async () => {
    const [code, message] = await refusalOf(train(recipeOf({ validation: { share: 0.9 } }), digits(6)));
    expect(code).toBe('TRAINING_TOO_SMALL');
    expect(message).toContain('1 of 6 are left beside 5 for validation');
  });

  it('has no row for validation', async () => {
    const [code, message] = await refusalOf(train(recipeOf({ validation: { share: 0.1 } }), digits(6)));
    expect(code).toBe('TRAINING_TOO_SMALL');
    expect(message).toContain('Expected at least one row for validation but 0.1 of 6 rows are none');
  });

  it('has a learning rate at which it diverges', async () => {
    const recipe = recipeOf({
      output: 'identity',
      optimizer: { kind: 'sgd' },
      schedule: { kind: 'constant', rate: 1e9 },
      epochs: 20,
    });
    const [code, message] = await refusalOf(train(recipe));
    expect(code).toBe('TRAINING_DIVERGED');
    expect(message).toContain('the learning rate of 1.0e+9 is most likely too high');
  });

  it.each<[string, RecipeInput['encoder'], RecipeInput['decoder']]>([
    ['layers that are not dense', [{ kind: 'dense', units: 4 }, { kind: 'layerNorm' }], 'mirror'],
    ['a decoder of fewer layers', DENSE, [{ kind: 'dense', units: 784 }]],
    [
      'a decoder of more layers',
      DENSE,
      [
        { kind: 'dense', units: 4 },
        { kind: 'dense', units: 12 },
        { kind: 'dense', units: 784 },
      ],
    ],
  ])('asks for layer-wise pre-training of %s', async (_, encoder, decoder) => {
    const [code, message] = await refusalOf(train(recipeOf({ encoder, decoder, pretraining: { epochs: 1 } })));
    expect(code).toBe('RECIPE_INVALID');
    expect(message).toContain('Layer-wise pre-training of mine needs dense layers only');
  });

  it('is stopped before it began', async () => {
    const [code] = await refusalOf(train(recipeOf({}), ROWS, { signal: AbortSignal.abort() }));
    expect(code).toBe('ABORTED');
  });
});

describe('odd rows', () => {
  it('fewer than a batch are one batch', async () => {
    const { batch, stages } = await train(recipeOf({ batch: 64 }), digits(5));
    expect([batch, stages[0]!.stepsPerEpoch, stages[0]!.losses.length]).toEqual([5, 1, 2]);
  });

  it('all of one value, with batch norm, train and are exported', async () => {
    const recipe = recipeOf({ encoder: [{ kind: 'dense', units: 6 }, { kind: 'batchNorm' }, { kind: 'layerNorm' }] });
    const trained = await train(recipe, rowsOf(new Uint8Array(20 * 784).fill(9), 20));
    expect(lossesOf(trained).flat().every(Number.isFinite)).toBe(true);
    expect(() => exportNetwork(recipe, trained.network, trained.values, { type: 'uint8', metadata: {} })).not.toThrow();
  });

  it.each(['multinomial', 'cosine'] as const)('documents without a known word train with %s', async (kind) => {
    const recipe = recipeOf({ input: { shape: [784], values: 'words' }, output: 'softmax', loss: [{ kind }] });
    const trained = await train(recipe, rowsOf(new Uint8Array(20 * 784), 20));
    expect(lossesOf(trained).flat().every(Number.isFinite)).toBe(true);
  });
});

describe('the same seed', () => {
  const recipe = recipeOf({
    encoder: [
      { kind: 'mask', probability: 0.2 },
      ...DENSE.slice(0, 1),
      { kind: 'batchNorm' },
      { kind: 'gaussian', units: 4 },
    ],
    loss: [{ kind: 'mse' }, { kind: 'kl', weight: 0.01, warmUp: 1 }],
  });

  it('gives the same losses and values, and another gives others', async () => {
    const [once, again] = [await train(recipe), await train(recipe)];
    expect(lossesOf(again)).toEqual(lossesOf(once));
    expect(valuesOf(again.values)).toEqual(valuesOf(once.values));
    expect(lossesOf(await train({ ...recipe, seed: 2 }))).not.toEqual(lossesOf(once));
  });

  it('gives the same whether the runtime holds the rows or they are streamed', async () => {
    expect(lossesOf(await train(recipe, streamed(ROWS)))).toEqual(lossesOf(await train(recipe)));
  });
});

describe('a loss that warms up', () => {
  it('grows in a straight line and then stays', async () => {
    const reports: Record<string, number>[] = [];
    const recipe = recipeOf({
      encoder: [{ kind: 'gaussian', units: 4 }],
      loss: [{ kind: 'mse' }, { kind: 'kl', weight: 3, warmUp: 0.5 }],
    });
    await train(recipe, ROWS, {
      onSteps: (_, { first, losses, metrics }) => {
        losses.forEach((loss, i) => {
          reports[first + i] = { loss, mse: metrics.mse![i]!, kl: metrics.kl![i]! };
        });
      },
    });
    const weights = reports.map(({ loss, mse, kl }) => (loss! - mse!) / kl!);
    for (const [step, weight] of [0, 1, 2, 3, 3, 3].entries()) expect(weights[step]).toBeCloseTo(weight, 3);
  });
});

describe('early stopping', () => {
  it("gives the best epoch's values, when that many epochs were no better", async () => {
    const recipe = recipeOf({
      epochs: 60,
      schedule: { kind: 'constant', rate: 0.03 },
      validation: { share: 0.25, patience: 2 },
    });
    const rows = digits(40);
    const trained = await train(recipe, rows);
    const { validations, losses } = trained.stages[0]!;
    const best = Math.min(...validations);
    expect(trained.epoch).toBe(validations.indexOf(best) + 1);
    expect(validations).toHaveLength(trained.epoch + 2);
    expect(losses).toHaveLength(validations.length);
    expect([trained.trainingRows, trained.validationRows]).toEqual([30, 10]);
    // A training of just so many epochs ends with the same values.
    const again = await train({ ...recipe, epochs: trained.epoch }, rows);
    expect(valuesOf(again.values)).toEqual(valuesOf(trained.values));
  });
});

/** Parameters in a checkpoint, by name. */
async function parametersIn(file: string): Promise<Record<string, number[]>> {
  const { tensors } = await readSafeTensors(file);
  const prefix = `state/${NAMES.parameter('')}`;
  return Object.fromEntries(
    Object.entries(tensors).flatMap(([name, { data }]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), Array.from(data as Float32Array)]] : [],
    ),
  );
}

describe('layer-wise pre-training', () => {
  const SIGMOID: RecipeInput['encoder'] = [
    { kind: 'dense', units: 12, activation: 'sigmoid' },
    { kind: 'dense', units: 8, activation: 'sigmoid' },
    { kind: 'dense', units: 4, activation: 'sigmoid' },
  ];
  const recipe = recipeOf({ encoder: SIGMOID, pretraining: { epochs: 2, rate: 0.01 } });
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandglass-stages-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('trains one layer after the other, each to give back what those below make', async () => {
    const seen: string[] = [];
    const trained = await train(recipe, ROWS, { onStage: ({ name, steps }) => seen.push(`${name}, ${steps}`) });
    expect(seen).toEqual(['layer 1 of 3, 12', 'layer 2 of 3, 12', 'layer 3 of 3, 12', 'whole network, 12']);
    for (const { losses, name } of trained.stages) expect([name, losses.at(-1)! < losses[0]!]).toEqual([name, true]);
  });

  it('changes one layer and its mirror in each stage, and hands the whole network what they became', async () => {
    const stop = new AbortController();
    // Stopped when the last stage begins: the checkpoints of the stages before are there.
    const [code] = await refusalOf(
      train(recipe, ROWS, {
        checkpoints: folder,
        signal: stop.signal,
        onStage: ({ stage }) => stage === 4 && stop.abort(),
      }),
    );
    expect(code).toBe('ABORTED');
    const stages = await Promise.all(
      [1, 2, 3].map((stage) => parametersIn(join(folder, `checkpoint-${stage}.safetensors`))),
    );
    expect(stages.map((stage) => Object.keys(stage).sort())).toEqual(
      [
        ['encoder.0', 'decoder.2'],
        ['encoder.1', 'decoder.1'],
        ['encoder.2', 'decoder.0'],
      ].map((layers) => layers.flatMap((layer) => [`${layer}.bias`, `${layer}.weight`]).sort()),
    );
    // A rate too small to change anything shows what the whole network begins with.
    const still = await train({ ...recipe, schedule: { ...recipe.schedule, rate: 1e-20 } });
    expect(valuesOf(still.values)).toEqual(Object.assign({}, ...stages));
  });

  it('interrupted in its second stage goes on to the same losses, without doing the first again', async () => {
    const checkpoints = join(folder, 'resumed');
    await mkdir(checkpoints);
    const unbroken = await train(recipe);
    const stop = new AbortController();
    const [code] = await refusalOf(
      train(recipe, ROWS, {
        checkpoints,
        signal: stop.signal,
        onSteps: ({ stage }, { first }) => stage === 2 && first > 0 && stop.abort(),
      }),
    );
    expect(code).toBe('ABORTED');
    const resumed: number[][] = [];
    const stepped = new Set<number>();
    const trained = await train(recipe, ROWS, {
      checkpoints,
      onResume: ({ stage }, step) => resumed.push([stage, step]),
      onSteps: ({ stage }) => stepped.add(stage),
    });
    expect(lossesOf(trained)).toEqual(lossesOf(unbroken));
    expect(valuesOf(trained.values)).toEqual(valuesOf(unbroken.values));
    expect(resumed).toHaveLength(1);
    expect(resumed[0]![0]).toBe(2);
    expect([...stepped]).toEqual([2, 3, 4]);
    await removeCheckpoints(4, checkpoints);
    expect(await readdir(checkpoints)).toEqual([]);
  });
});

describe('after each epoch', () => {
  it('any number of rows can be reconstructed as the network stands', async () => {
    const sizes: number[] = [];
    const trained = await train(recipeOf({ epochs: 1 }), ROWS, {
      afterEpoch: async ({ reconstruct, epoch, loss }) => {
        expect([epoch, loss > 0]).toEqual([1, true]);
        const made = await reconstruct!(ROWS.resident.subarray(0, 3 * 784));
        sizes.push(made.length);
      },
    });
    expect(sizes).toEqual([3 * 784]);
    expect(trained.epoch).toBe(1);
  });
});
