// The named recipes: each learns on drawn digits, and each does what its kind is for.
import { describe, expect, it } from '@jest/globals';
import { SandglassError } from '../../../src/errors.ts';
import { openSession } from '../../../src/runtime/onnx-session.ts';
import { exportNetwork } from '../../../src/training/network/export-network.ts';
import type { Recipe, RecipeInput } from '../../../src/training/network/recipe.ts';
import { parseRecipe } from '../../../src/training/network/recipe.ts';
import { type TrainedNetwork, trainNetwork } from '../../../src/training/network/train-network.ts';
import { namedRecipe, RECIPE_NAMES, withOverrides } from '../../../src/training/recipes/auto-encoders.ts';
import { digits, rowsFor } from '../network/training-rows.ts';

const CPU = { device: 'cpu', threads: 1 } as const;
const ROWS = digits(256);

/** Codes of the first rows and what the decoder makes of `change`d ones. */
async function throughFiles(
  { recipe, network, values }: TrainedNetwork,
  count: number,
  change: (codes: Float32Array) => Float32Array = (codes) => codes,
) {
  const files = exportNetwork(recipe, network, values, { type: 'uint8', metadata: {} });
  const [encoder, decoder] = [await openSession(files.encoder, CPU), await openSession(files.decoder, CPU)];
  const rows = ROWS.resident.slice(0, count * 784);
  const { code } = await encoder.run({ rows: { data: rows, shape: [count, ...network.input] } });
  const codes = code!.data as Float32Array;
  const { reconstruction } = await decoder.run({ code: { data: change(codes), shape: code!.shape } });
  await encoder.release();
  await decoder.release();
  const made = reconstruction!.data as Float32Array;
  const squares = made.reduce((sum, value, i) => sum + (value - rows[i]! / 255) ** 2, 0);
  return { codes, error: squares / count };
}

/** The recipe with smaller layers, so that it learns within a test. */
function small(name: string, changes: Partial<RecipeInput>): Recipe {
  return parseRecipe({ ...namedRecipe(name)!, ...changes });
}

const RATE = { kind: 'constant', rate: 3e-3 } as const;

describe('a recipe', () => {
  it('that is not known is undefined', () => {
    expect(namedRecipe('mnist')).toBeUndefined();
  });

  it.each([
    [{ epochs: 0 }, 'for epochs but received 0'],
    [{ batch: 1.5 }, 'for batch but received 1.5'],
    [{ rate: 0 }, 'for schedule.rate but received 0'],
    [{ seed: -1 }, 'for seed but received -1'],
  ])('is not given %j', (overrides, sentence) => {
    const change = () => withOverrides(namedRecipe('mnist-mlp')!, overrides);
    expect(change).toThrow(SandglassError);
    expect(change).toThrow(sentence);
  });

  it('takes what replaces its own settings and keeps the others', () => {
    const recipe = namedRecipe('deep-mnist-2')!;
    const changed = withOverrides(recipe, { epochs: 3, batch: 8, rate: 0.5, seed: 9 });
    expect(changed).toEqual({ ...recipe, epochs: 3, batch: 8, seed: 9, schedule: { ...recipe.schedule, rate: 0.5 } });
  });

  it('has a name of its own and says what it is', () => {
    expect(new Set(RECIPE_NAMES).size).toBe(RECIPE_NAMES.length);
    for (const name of RECIPE_NAMES)
      expect([name, namedRecipe(name)!.about]).toEqual([name, expect.stringMatching(/\.$/)]);
  });
});

describe('the named recipe', () => {
  // The deep ones differ in their code only.
  it.each(RECIPE_NAMES.filter((name) => !/^deep-mnist-1|scratch/.test(name)))('%s learns', async (name) => {
    const recipe = namedRecipe(name)!;
    const short = {
      ...withOverrides(recipe, { epochs: 2, batch: 8 }),
      ...(recipe.pretraining === undefined ? {} : { pretraining: { epochs: 1 } }),
    };
    const { stages } = await trainNetwork(short, rowsFor(recipe, 48), CPU);
    const { losses } = stages.at(-1)!;
    const mean = (part: Float32Array) => part.reduce((sum, loss) => sum + loss, 0) / part.length;
    expect(mean(losses.slice(-3))).toBeLessThan(mean(losses.slice(0, 3)));
  });
});

describe('the sparse recipe', () => {
  it('leaves more units silent the more they cost', async () => {
    const silent = async (weight: number) => {
      const loss: RecipeInput['loss'] = [
        { kind: 'mse', reduction: 'sum' },
        { kind: 'l1', weight },
      ];
      const trained = await trainNetwork(small('sparse', { loss, epochs: 15, schedule: RATE }), ROWS, CPU);
      const { codes } = await throughFiles(trained, 64);
      return codes.filter((value) => value < 1e-3).length / codes.length;
    };
    expect(await silent(1)).toBeGreaterThan((await silent(0)) + 0.15);
  });
});

describe('the semantic-hash recipe', () => {
  it('drives units to their ends, so that bits lose less than without its noise', async () => {
    const loss = async (deviation: number) => {
      const encoder: RecipeInput['encoder'] = [
        { kind: 'dense', units: 64, activation: 'relu' },
        { kind: 'dense', units: 16 },
        { kind: 'noise', deviation },
        { kind: 'activation', activation: 'sigmoid' },
      ];
      const decoder: RecipeInput['decoder'] = [
        { kind: 'dense', units: 64, activation: 'relu' },
        { kind: 'dense', units: 784 },
      ];
      const recipe = small('semantic-hash', { encoder, decoder, epochs: 60, batch: 32, schedule: RATE });
      const trained = await trainNetwork(recipe, ROWS, CPU);
      const { error } = await throughFiles(trained, 64);
      const ofBits = await throughFiles(trained, 64, (codes) => codes.map((value) => (value > 0.5 ? 1 : 0)));
      return ofBits.error / error;
    };
    const [noisy, quiet] = [await loss(4), await loss(0)];
    expect(noisy).toBeLessThan(1.2);
    expect(quiet).toBeGreaterThan(noisy + 0.2);
  });
});

describe('the contractive recipe', () => {
  it('moves its codes less than the same network without the price', async () => {
    const movement = async (weight: number) => {
      const loss: RecipeInput['loss'] = [
        { kind: 'mse', reduction: 'sum' },
        { kind: 'contractive', weight },
      ];
      const recipe = small('contractive', { loss, epochs: 5, schedule: RATE });
      const { values } = await trainNetwork(recipe, ROWS, CPU);
      return values
        .find(({ name }) => name === 'encoder.0.weight')!
        .data.reduce((sum, value) => sum + value * value, 0);
    };
    expect(await movement(3)).toBeLessThan(0.9 * (await movement(0)));
  });
});
