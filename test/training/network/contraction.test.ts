// The contractive penalty: an estimate with one random direction a row, against the whole derivative.
import { describe, expect, it } from '@jest/globals';
import { buildNetwork } from '../../../src/training/network/network.ts';
import { parseRecipe } from '../../../src/training/network/recipe.ts';
import { lossTerms } from '../../../src/training/network/training-graph.ts';
import { Random } from '../../../src/training/random.ts';
import { runWithNoise } from '../run-noise.ts';

const INPUTS = 5;
const UNITS = 4;
const DRAWS = 20_000;

const recipe = parseRecipe({
  name: 'mine',
  input: { shape: [INPUTS] },
  encoder: [{ kind: 'dense', units: UNITS, activation: 'sigmoid' }],
  loss: [{ kind: 'mse' }, { kind: 'contractive' }],
});

/** [inputs, units] and one row, far enough from 0 for units that differ. */
const random = new Random(3);
const weights = Float32Array.from({ length: INPUTS * UNITS }, () => random.normal());
const bias = Float32Array.from({ length: UNITS }, () => random.normal());
const row = Float32Array.from({ length: INPUTS }, () => random.uniform());

/** ∂code/∂input, [units][inputs]: h(1 − h)·W of a sigmoid layer. */
function derivative(): number[][] {
  return Array.from({ length: UNITS }, (_, unit) => {
    let sum = bias[unit]!;
    row.forEach((value, i) => {
      sum += value * weights[i * UNITS + unit]!;
    });
    const code = 1 / (1 + Math.exp(-sum));
    return Array.from(row, (_, i) => code * (1 - code) * weights[i * UNITS + unit]!);
  });
}

describe('the contractive penalty of one sigmoid layer', () => {
  it('is Σ (h(1 − h))² Σ W² on average, as far as so many draws can tell', async () => {
    const network = buildNetwork(recipe);
    const rows = new Float32Array(DRAWS * INPUTS);
    for (let draw = 0; draw < DRAWS; draw++) rows.set(row, draw * INPUTS);
    const values = Object.fromEntries(
      Object.entries(network.parameters).map(([name, { shape }]) => {
        const given = { 'encoder.0.weight': weights, 'encoder.0.bias': bias }[name];
        return [name, { data: given ?? new Float32Array(shape.reduce((a, b) => a * b, 1)), shape }];
      }),
    );
    const feeds = { rows: { data: rows, shape: [DRAWS, INPUTS] }, ...values };
    const { penalty } = await runWithNoise(feeds, { seed: 1, step: 0 }, (noise, { rows: clean, ...tensors }) => {
      const training = { noise, buffers: new Map(), divergences: [] };
      const terms = lossTerms(recipe, network, clean!, { values: tensors, switches: new Map(), training });
      return { penalty: terms[1]!.loss };
    });
    const jacobian = derivative();
    const exact = jacobian.flat().reduce((sum, slope) => sum + slope * slope, 0);
    // The variance of ‖vᵀJ‖² for normal v is 2 tr((JJᵀ)²).
    const products = jacobian.flatMap((a) => jacobian.map((b) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)));
    const variance = 2 * products.reduce((sum, product) => sum + product * product, 0);
    const standardError = Math.sqrt(variance / DRAWS);
    expect(Math.abs(Number(penalty!.data[0]) - exact)).toBeLessThan(3 * standardError);
    expect(standardError).toBeLessThan(0.02 * exact);
  });
});
