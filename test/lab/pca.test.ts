// PCA: against scikit-learn on a small matrix, against the published errors on MNIST.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fitPca, WIDEST_PCA } from '../../src/lab/pca.ts';
import { MNIST_ABSENT, readMnist } from './mnist.ts';

const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'pca-reference.json'), 'utf8')) as {
  width: number;
  size: number;
  rows: number[][];
  mean: number[];
  components: number[][];
  explainedVariance: number[];
  codes: number[][];
  decoded: number[][];
};
const { width, size } = reference;
const rows = Float32Array.from(reference.rows.flat());
const fit = () => fitPca(rows, reference.rows.length, width);

describe('fitPca', () => {
  it('refuses numbers that are not as many rows as promised', async () => {
    await expect(fitPca(new Float32Array(10), 3, 4)).rejects.toThrow(
      new RangeError('Expected 3 rows of 4 numbers for PCA but received 10 numbers'),
    );
  });

  it('refuses a single row', async () => {
    await expect(fitPca(new Float32Array(4), 1, 4)).rejects.toMatchObject({ code: 'TRAINING_TOO_SMALL' });
  });

  it('refuses rows whose decomposition would take too long', async () => {
    const wide = WIDEST_PCA + 1;
    await expect(fitPca(new Float32Array(2 * wide), 2, wide)).rejects.toThrow(/at most 2048 numbers for PCA/);
  });

  it('refuses rows that hold NaN', async () => {
    await expect(fitPca(Float32Array.of(1, 2, Number.NaN, 4), 2, 2)).rejects.toThrow(/finite numbers for PCA/);
  });

  it('stops when asked to', async () => {
    await expect(fitPca(rows, 40, width, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('refuses a code longer than a row', async () => {
    const pca = await fit();
    expect(() => pca.encode(rows, width + 1)).toThrow('Expected a code size from 1 to 12 for PCA but received 13');
    expect(() => pca.decode(new Float32Array(0), 0)).toThrow(
      'Expected a code size from 1 to 12 for PCA but received 0',
    );
  });

  it("finds scikit-learn's mean, variances and components", async () => {
    const pca = await fit();
    expectClose(pca.mean, reference.mean, 1e-6);
    expectClose(pca.explainedVariance, reference.explainedVariance, 1e-4);
    // The last components are noise with nearly equal variances; the first five are what the data was made of.
    expectClose(pca.components.subarray(0, 5 * width), reference.components.slice(0, 5).flat(), 1e-4);
  });

  it("encodes and decodes to scikit-learn's numbers", async () => {
    const pca = await fit();
    const codes = pca.encode(rows, size);
    expectClose(codes, reference.codes.flat(), 1e-4);
    expectClose(pca.decode(codes, size), reference.decoded.flat(), 1e-4);
  });

  it('gives rows back whole when no component is left out', async () => {
    const pca = await fit();
    expectClose(pca.decode(pca.encode(rows, width), width), [...rows], 1e-4);
  });

  it('finds components of length 1 at right angles', async () => {
    const { components } = await fit();
    for (let a = 0; a < width; a++) {
      for (let b = 0; b < width; b++) {
        let product = 0;
        for (let i = 0; i < width; i++) product += components[a * width + i]! * components[b * width + i]!;
        expect(product).toBeCloseTo(a === b ? 1 : 0, 5);
      }
    }
  });

  it('reads bytes as shades from 0 to 1', async () => {
    const bytes = Uint8Array.from({ length: 60 }, (_, i) => (i * 37) % 256);
    const shades = Float32Array.from(bytes, (byte) => byte / 255);
    const [ofBytes, ofShades] = [await fitPca(bytes, 12, 5), await fitPca(shades, 12, 5)];
    expectClose(ofBytes.explainedVariance, [...ofShades.explainedVariance], 1e-4);
    expectClose(ofBytes.encode(bytes, 2), [...ofShades.encode(shades, 2)], 1e-4);
  });

  it('finds no variance in rows that are all alike, and gives them back', async () => {
    const same = new Float32Array(30).fill(0.25);
    const pca = await fitPca(same, 10, 3);
    expect([...pca.explainedVariance]).toEqual([0, 0, 0]);
    expect(pca.decode(pca.encode(same, 2), 2)).toEqual(same);
  });

  const onMnist = MNIST_ABSENT === undefined ? it : it.skip;
  onMnist(`leaves the published errors on the test digits of MNIST (${MNIST_ABSENT ?? 'present'})`, async () => {
    const { pixels } = readMnist('t10k');
    const train = readMnist('train').pixels;
    const pca = await fitPca(train, train.length / 784, 784);
    // scikit-learn's PCA, float64; 13.87 is also what Hinton and Salakhutdinov (2006) report for 30 components.
    for (const [k, published] of [
      [2, 43.64488141639831],
      [10, 26.713871815860184],
      [16, 21.058475916476812],
      [30, 13.866266012767923],
    ] as const) {
      const decoded = pca.decode(pca.encode(pixels, k), k);
      let error = 0;
      for (let i = 0; i < decoded.length; i++) error += (pixels[i]! / 255 - decoded[i]!) ** 2;
      expect(Math.abs(error / 10_000 / published - 1)).toBeLessThan(1e-4);
    }
  });
});

/** Every number within `tolerance` of the largest expected one. */
function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThanOrEqual(tolerance * largest);
  }
}
