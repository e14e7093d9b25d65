// Recipes as data: a sentence for each mistake, defaults, and the schema that editors read.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { SandglassError } from '../../../src/errors.ts';
import { parseRecipe, recipeSchema } from '../../../src/training/network/recipe.ts';
import { namedRecipe, RECIPE_NAMES } from '../../../src/training/recipes/auto-encoders.ts';

const PLAIN = { name: 'mine', input: { shape: [16] }, encoder: [{ kind: 'dense', units: 4 }] };

/** What is said about a recipe that is written wrongly. */
function messageOf(recipe: unknown): string {
  try {
    parseRecipe(recipe, 'mine.json');
  } catch (thrown) {
    if (thrown instanceof SandglassError && thrown.code === 'RECIPE_INVALID') return thrown.message;
    throw thrown;
  }
  throw new Error('Expected the recipe to be refused');
}

const MISTAKES: readonly (readonly [what: string, recipe: unknown, sentence: string])[] = [
  ['no recipe at all', 7, 'mine.json has a mistake: expected an object but received 7.'],
  ['nothing', null, 'expected an object but received null'],
  ['no encoder', { name: 'mine', input: PLAIN.input }, 'expected a list for encoder but received nothing'],
  ['an empty encoder', { ...PLAIN, encoder: [] }, 'expected a list with a length of at least 1 for encoder'],
  [
    'an unknown layer',
    { ...PLAIN, encoder: [{ kind: 'dens', units: 4 }] },
    'expected "dense", "conv2d", "convTranspose2d", "gaussian", "layerNorm", "batchNorm", "maxPool2d", "unpool2d", "upsample", ' +
      '"flatten", "reshape", "activation", "mask", "noise" or "dropout" for encoder[0].kind but received "dens"',
  ],
  [
    'an unknown layer of the decoder',
    { ...PLAIN, decoder: [{ kind: 'dens', units: 16 }] },
    'for decoder[0].kind but received "dens"',
  ],
  ['a layer without a kind', { ...PLAIN, encoder: [{ units: 4 }] }, 'for encoder[0].kind but received {"units":4}'],
  [
    'a decoder that is none',
    { ...PLAIN, decoder: 'mirrored' },
    'expected "mirror", "tied" or a list of layers for decoder',
  ],
  ['an unknown key', { ...PLAIN, epoch: 3 }, '"epoch", which is not known'],
  [
    'an unknown key of a layer',
    { ...PLAIN, encoder: [{ kind: 'dense', units: 4, size: 4 }] },
    'encoder[0] has "size", which is not known',
  ],
  [
    'a code of size zero',
    { ...PLAIN, encoder: [{ kind: 'dense', units: 0 }] },
    'expected a number of at least 1 for encoder[0].units but received 0',
  ],
  [
    'half a unit',
    { ...PLAIN, encoder: [{ kind: 'dense', units: 2.5 }] },
    'expected a whole number for encoder[0].units but received 2.5',
  ],
  ['a number written as text', { ...PLAIN, batch: '64' }, 'expected a number for batch but received "64"'],
  [
    'values of another type',
    { ...PLAIN, input: { shape: [16], values: 'float32' } },
    'expected "pixels" or "words" for input.values but received "float32"',
  ],
  [
    'a shape of four sizes',
    { ...PLAIN, input: { shape: [1, 1, 4, 4] } },
    'a list with a length of at most 3 for input.shape',
  ],
  [
    'a kernel of three sizes',
    { ...PLAIN, encoder: [{ kind: 'conv2d', filters: 2, kernel: [1, 2, 3] }] },
    'expected a whole number or a pair of them for encoder[0].kernel but received [1,2,3]',
  ],
  [
    'a kernel of nothing',
    { ...PLAIN, encoder: [{ kind: 'conv2d', filters: 2, kernel: 0 }] },
    'expected a number of at least 1 for encoder[0].kernel but received 0',
  ],
  [
    'a probability of 1',
    { ...PLAIN, encoder: [{ kind: 'mask', probability: 1 }, ...PLAIN.encoder] },
    'expected a number below 1 for encoder[0].probability but received 1',
  ],
  [
    'a learning rate of 0',
    { ...PLAIN, schedule: { kind: 'constant', rate: 0 } },
    'expected a number above 0 for schedule.rate',
  ],
  [
    'an unknown optimizer',
    { ...PLAIN, optimizer: { kind: 'lion' } },
    'expected "sgd", "adam" or "adamw" for optimizer.kind but received "lion"',
  ],
  ['an unknown loss', { ...PLAIN, loss: [{ kind: 'mae' }] }, 'for loss[0].kind but received "mae"'],
  [
    'a name with blanks',
    { ...PLAIN, name: 'My recipe' },
    'expected small letters, digits and hyphens for name but received "My recipe"',
  ],
  [
    'bce without a sigmoid',
    { ...PLAIN, output: 'identity', loss: [{ kind: 'bce' }] },
    'loss[0]: bce compares probabilities: expected "output": "sigmoid" but received "identity"',
  ],
  [
    'multinomial without a softmax',
    { ...PLAIN, loss: [{ kind: 'multinomial' }] },
    'loss[0]: multinomial compares distributions: expected "output": "softmax" but received "sigmoid"',
  ],
  [
    'words that a sigmoid should give',
    { ...PLAIN, input: { shape: [16], values: 'words' } },
    'loss[0]: a sigmoid gives 0…1 and values of words go beyond',
  ],
  [
    'kl without a gaussian code',
    { ...PLAIN, loss: [{ kind: 'mse' }, { kind: 'kl' }] },
    'loss[1]: kl asks for an encoder that ends with a gaussian layer',
  ],
  [
    'infoNce without noise',
    { ...PLAIN, loss: [{ kind: 'mse' }, { kind: 'infoNce' }] },
    'loss[1]: infoNce compares two noisy views of a row: expected mask, noise or dropout in the encoder',
  ],
  [
    'contractive with batch norm',
    { ...PLAIN, encoder: [...PLAIN.encoder, { kind: 'batchNorm' }], loss: [{ kind: 'mse' }, { kind: 'contractive' }] },
    'loss[1]: contractive takes the gradient of a gradient, which batchNorm has none of',
  ],
  [
    'losses that teach the decoder nothing',
    { ...PLAIN, loss: [{ kind: 'mse', weight: 0 }, { kind: 'l1' }] },
    'loss: expected one of mse, bce, multinomial and cosine with a weight above 0',
  ],
  ['a loss named twice', { ...PLAIN, loss: [{ kind: 'mse' }, { kind: 'mse' }] }, 'loss[1]: mse is there already'],
  [
    'patience without validation',
    { ...PLAIN, validation: { patience: 3 } },
    'validation.patience: early stopping needs a validation share above 0',
  ],
];

describe('a recipe with a mistake', () => {
  it.each(MISTAKES)('is told of %s', (_, recipe, sentence) => {
    expect(messageOf(recipe)).toContain(sentence);
  });

  it('is told of all its mistakes at once', () => {
    const message = messageOf({ ...PLAIN, encoder: [{ kind: 'dense', units: 0 }, { kind: 'foo' }], epochs: 0 });
    expect(message).toContain('has 3 mistakes: ');
    for (const place of ['encoder[0].units', 'encoder[1].kind', 'epochs']) expect(message).toContain(place);
  });
});

describe('a recipe', () => {
  it('has its defaults filled in', () => {
    expect(parseRecipe(PLAIN)).toEqual({
      name: 'mine',
      input: { shape: [16], values: 'pixels' },
      encoder: [{ kind: 'dense', units: 4, bias: true, activation: 'identity' }],
      decoder: 'mirror',
      output: 'sigmoid',
      bits: false,
      loss: [{ kind: 'mse', reduction: 'mean', weight: 1, warmUp: 0 }],
      optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
      schedule: { kind: 'constant', rate: 1e-3, warmUp: 0 },
      batch: 64,
      epochs: 20,
      seed: 1234,
      validation: { share: 0 },
    });
  });

  it.each(RECIPE_NAMES)('named %s is the same after it was printed as JSON and read back', (name) => {
    const recipe = namedRecipe(name)!;
    expect(parseRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
  });

  it('may name the schema it is written by', () => {
    const named = { ...PLAIN, $schema: '../docs/recipe.schema.json' };
    expect(parseRecipe(named).name).toBe('mine');
  });
});

describe('docs/recipe.schema.json', () => {
  it('says what a recipe may hold; remake it with UPDATE_SCHEMA=1', async () => {
    const file = new URL('../../../docs/recipe.schema.json', import.meta.url);
    const schema = { title: 'A recipe of Sandglass', ...z.toJSONSchema(recipeSchema, { io: 'input', reused: 'ref' }) };
    if (process.env.UPDATE_SCHEMA === '1') {
      const { writeFileSync } = await import('node:fs');
      writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
    }
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)));
  });
});
