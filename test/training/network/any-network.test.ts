// Any recipe whose layers fit can be built, trained and exported.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exportNetwork } from '../../../src/training/network/export-network.ts';
import { parseRecipe, type Recipe, type RecipeInput } from '../../../src/training/network/recipe.ts';
import { trainNetwork } from '../../../src/training/network/train-network.ts';
import { Random } from '../../../src/training/random.ts';
import { rowsOf } from './training-rows.ts';

type Layer = RecipeInput['encoder'][number];

const activation = fc.constantFrom('identity', 'relu', 'leakyRelu', 'sigmoid', 'tanh', 'softplus');
const between = fc.constantFrom<Layer | undefined>(
  undefined,
  { kind: 'batchNorm' },
  { kind: 'layerNorm' },
  { kind: 'dropout', probability: 0.2 },
  { kind: 'noise', deviation: 0.1 },
);

const dense = fc
  .tuple(fc.integer({ min: 1, max: 9 }), activation, fc.boolean(), between)
  .map(([units, through, bias, next]): Layer[] => [
    { kind: 'dense', units, activation: through, bias },
    ...(next === undefined ? [] : [next]),
  ]);

const convolution = fc
  .record({
    filters: fc.constantFrom(2, 4),
    kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 })),
    padding: fc.integer({ min: 0, max: 1 }),
    dilation: fc.integer({ min: 1, max: 2 }),
    groups: fc.constantFrom(1, 2),
    bias: fc.boolean(),
    activation,
  })
  .chain((layer) =>
    between.map((next): Layer[] => [{ kind: 'conv2d', ...layer }, ...(next === undefined ? [] : [next])]),
  );

const pooling = fc.constantFrom<Layer[]>(
  [],
  [{ kind: 'maxPool2d', kernel: 1 }],
  [{ kind: 'maxPool2d', kernel: 2, padding: 1, name: 'pool' }],
  [{ kind: 'maxPool2d', kernel: [2, 1], stride: 1, name: 'pool' }],
);

const loss = fc.constantFrom<NonNullable<RecipeInput['loss']>>(
  [{ kind: 'mse' }],
  [
    { kind: 'bce', reduction: 'sum' },
    { kind: 'l1', weight: 0.1 },
  ],
  [{ kind: 'mse' }, { kind: 'cosine', warmUp: 1 }],
);
const decoder = fc.constantFrom('mirror' as const, 'tied' as const);
const optimizer = fc.constantFrom('sgd' as const, 'adam' as const, 'adamw' as const);

function recipes(shape: number[], encoders: fc.Arbitrary<Layer[]>): fc.Arbitrary<Recipe> {
  return fc.record({ encoder: encoders, loss, decoder, optimizer }).map(({ optimizer: kind, ...rest }) =>
    parseRecipe({
      name: 'any',
      input: { shape },
      ...rest,
      optimizer: { kind },
      clipNorm: 1,
      batch: 4,
      epochs: 1,
      schedule: { kind: 'constant', rate: 1e-3 },
    }),
  );
}

const HEIGHT = 9;
const WIDTH = 8;
const flat = recipes(
  [12],
  fc.array(dense, { minLength: 1, maxLength: 3 }).map((layers) => layers.flat()),
);
const pictures = recipes(
  [2, HEIGHT, WIDTH],
  fc.tuple(convolution, pooling, dense).map(([layers, pool, end]) => [...layers, ...pool, { kind: 'flatten' }, ...end]),
);

async function trainAndExport(recipe: Recipe): Promise<void> {
  const rows = 8;
  const width = recipe.input.shape.reduce((product, size) => product * size, 1);
  const random = new Random(1);
  const data = Uint8Array.from({ length: rows * width }, () => random.integer(256));
  const trained = await trainNetwork(recipe, rowsOf(data, rows), { device: 'cpu', threads: 1 });
  expect(trained.stages[0]!.losses).toHaveLength(2);
  const files = exportNetwork(recipe, trained.network, trained.values, { type: 'uint8', metadata: {} });
  expect(files.encoder.length * files.decoder.length).toBeGreaterThan(0);
}

describe('any network', () => {
  it('of dense layers and norms trains and is exported', () =>
    fc.assert(fc.asyncProperty(flat, trainAndExport), { numRuns: 12, seed: 4 }));

  it('of a convolution, pooling and a dense layer trains and is exported', () =>
    fc.assert(fc.asyncProperty(pictures, trainAndExport), { numRuns: 16, seed: 5 }));
});
