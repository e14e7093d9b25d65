// Noise: its distributions, that draws and steps are independent, and that it depends on seed, step and draw only.
import { describe, expect, it } from '@jest/globals';
import { addGaussianNoise, dropout, maskInputs } from '../../src/training/corruption.ts';
import { noiseTables, noiseWindows } from '../../src/training/noise.ts';
import { numbers } from './graph/run-graph.ts';
import { runWithNoise } from './run-noise.ts';

const WIDTH = 20_000;
const ones = { data: new Float32Array(WIDTH).fill(1), shape: [WIDTH] };

const draw = (seed: number, step: number) =>
  runWithNoise({ ones }, { seed, step }, (noise, inputs) => ({
    uniform: noise.uniform([WIDTH]),
    normal: noise.normal([WIDTH]),
    again: noise.normal([WIDTH]),
    masked: maskInputs(noise, inputs.ones!, 0.8),
    dropped: dropout(noise, inputs.ones!, 0.8),
    noisy: addGaussianNoise(noise, inputs.ones!, 0.3),
  }));
const drawn = draw(5, 0);

function moments(list: readonly number[]) {
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  const power = (n: number) => list.reduce((sum, value) => sum + (value - mean) ** n, 0) / list.length;
  const variance = power(2);
  return { mean, variance, skewness: power(3) / variance ** 1.5, kurtosis: power(4) / variance ** 2 };
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [moments(a).mean, moments(b).mean];
  const covariance = a.reduce((sum, value, i) => sum + (value - meanA) * (b[i]! - meanB), 0) / a.length;
  return covariance / Math.sqrt(moments(a).variance * moments(b).variance);
}

/** Four standard errors of a mean of `WIDTH` numbers of variance 1. */
const CLOSE = 4 / Math.sqrt(WIDTH);

describe('uniform noise', () => {
  it('lies in 0 ≤ x < 1, with the mean and the variance it should have', async () => {
    const list = numbers((await drawn).uniform);
    expect(list.every((value) => value >= 0 && value < 1)).toBe(true);
    const { mean, variance } = moments(list);
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(CLOSE * Math.sqrt(1 / 12));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(CLOSE / 10);
  });

  it('fills a hundred bins evenly: chi squared with 99 degrees of freedom is below 160', async () => {
    const bins = new Array<number>(100).fill(0);
    for (const value of numbers((await drawn).uniform)) bins[Math.floor(value * 100)]!++;
    const expected = WIDTH / 100;
    expect(bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(160);
  });
});

describe('normal noise', () => {
  it('has mean 0, variance 1, no skewness and the kurtosis 3', async () => {
    const { mean, variance, skewness, kurtosis } = moments(numbers((await drawn).normal));
    expect(Math.abs(mean)).toBeLessThan(CLOSE);
    expect(Math.abs(variance - 1)).toBeLessThan(CLOSE * Math.SQRT2);
    expect(Math.abs(skewness)).toBeLessThan(CLOSE * Math.sqrt(6));
    expect(Math.abs(kurtosis - 3)).toBeLessThan(CLOSE * Math.sqrt(24));
  });
});

describe('draws', () => {
  it('of one step, and of one step and the next, are not correlated, place by place or shifted by one', async () => {
    const [now, later] = [await drawn, await draw(5, 1)];
    const [a, b, c] = [numbers(now.normal), numbers(now.again), numbers(later.normal)];
    const uniform = [numbers(now.uniform), numbers(later.uniform)] as const;
    const shifted = [a.slice(1), a.slice(0, -1)] as const;
    for (const [one, other] of [[a, b], [a, c], [b, c], uniform, shifted, [uniform[0], a]] as const) {
      expect(Math.abs(correlation(one, other))).toBeLessThan(CLOSE);
    }
  });

  it('are others at each step and of each seed, and the same for the same', async () => {
    const [first, later, other, again] = [await drawn, await draw(5, 1), await draw(6, 0), await draw(5, 0)];
    for (const name of ['uniform', 'normal', 'masked', 'noisy']) {
      expect(numbers(again[name])).toEqual(numbers(first[name]));
      expect(numbers(later[name])).not.toEqual(numbers(first[name]));
      expect(numbers(other[name])).not.toEqual(numbers(first[name]));
    }
  });

  it('begin where seed, step and draw say, however steps are cut into chunks', () => {
    const draws = [
      { distribution: 'uniform', count: 100 },
      { distribution: 'normal', count: 2 ** 19 },
    ] as const;
    const starts = (first: number, count: number) => numbers(Object.values(noiseWindows(draws, 3, first, count))[0]);
    expect([...starts(0, 3), ...starts(3, 4)]).toEqual(starts(0, 7));
    expect(new Set(starts(0, 500)).size).toBeGreaterThan(1990);
  });

  it('stay within tables that are four times as long as the largest of them, and as short as 2^20', () => {
    const draws = [
      { distribution: 'uniform', count: 100 },
      { distribution: 'normal', count: 300_000 },
    ] as const;
    const tables = noiseTables(draws, 1);
    expect(Object.fromEntries(Object.entries(tables).map(([name, { shape }]) => [name, shape]))).toEqual({
      'noise-table/uniform': [2 ** 20],
      'noise-table/normal': [2 ** 21],
    });
    const starts = numbers(Object.values(noiseWindows(draws, 1, 0, 200))[0]);
    for (let i = 0; i < starts.length; i += 4) {
      const [a, b, c, d] = starts.slice(i, i + 4) as [number, number, number, number];
      expect(a + 100 <= 2 ** 19 && b >= 2 ** 19 && b + 100 <= 2 ** 20).toBe(true);
      expect(c + 300_000 <= 2 ** 20 && d >= 2 ** 20 && d + 300_000 <= 2 ** 21).toBe(true);
    }
  });

  it('need no tables where there are none', () => {
    expect(noiseTables([], 1)).toEqual({});
    expect(noiseWindows([], 1, 0, 5)).toEqual({});
  });
});

describe('corruption', () => {
  it('masks, drops and blurs as much as was asked for', async () => {
    const { masked, dropped, noisy } = await drawn;
    expect(new Set(numbers(masked))).toEqual(new Set([0, 1]));
    expect(moments(numbers(masked)).mean).toBeCloseTo(0.2, 1);
    expect(new Set(numbers(dropped)).size).toBe(2);
    expect(moments(numbers(dropped)).mean).toBeCloseTo(1, 1);
    expect(moments(numbers(noisy)).mean).toBeCloseTo(1, 2);
    expect(Math.sqrt(moments(numbers(noisy)).variance)).toBeCloseTo(0.3, 2);
  });

  it('of nothing is nothing', async () => {
    const { same } = await runWithNoise({ ones }, { seed: 1, step: 0 }, (noise, inputs) => ({
      same: addGaussianNoise(noise, dropout(noise, maskInputs(noise, inputs.ones!, 0), 0), 0),
    }));
    expect(new Set(numbers(same))).toEqual(new Set([1]));
  });
});
