// Drawn digits: the same ones for the same seed, all different, and told apart by their nearest neighbours.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DIGIT_SIDE, type DrawnDigits, drawDigits, writeIdx } from '../../src/lab/drawn-digits.ts';
import { everyRow, withDataSets } from '../data-sets/opened.ts';
import { makeWorld } from '../files/world.ts';

const PIXELS = DIGIT_SIDE * DIGIT_SIDE;

function nearestLabel(query: Uint8Array, { pixels, labels }: DrawnDigits): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < labels.length; i++) {
    let distance = 0;
    for (let at = 0; at < PIXELS && distance < least; at++) {
      const difference = query[at]! - pixels[i * PIXELS + at]!;
      distance += difference * difference;
    }
    if (distance < least) [best, least] = [labels[i]!, distance];
  }
  return best;
}

describe('Drawn digits', () => {
  it('are the same for the same seed, and a longer set begins like a shorter one', () => {
    const short = drawDigits({ count: 20, seed: 5 });
    const long = drawDigits({ count: 50, seed: 5 });
    expect(Buffer.from(long.pixels.subarray(0, 20 * PIXELS))).toEqual(Buffer.from(short.pixels));
    expect([...long.labels.subarray(0, 20)]).toEqual([...short.labels]);
    expect(Buffer.from(drawDigits({ count: 20, seed: 6 }).pixels)).not.toEqual(Buffer.from(short.pixels));
    expect(drawDigits({ count: 0, seed: 1 }).pixels).toHaveLength(0);
  });

  it('are white on black, within their margins, centred, and no two alike', () => {
    const { pixels, labels } = drawDigits({ count: 1_000, seed: 1 });
    expect(new Set(labels).size).toBe(10);
    const seen = new Set<string>();
    let ink = 0;
    for (let i = 0; i < 1_000; i++) {
      const picture = pixels.subarray(i * PIXELS, (i + 1) * PIXELS);
      seen.add(Buffer.from(picture).toString('base64'));
      let [mass, x, y, margin, brightest] = [0, 0, 0, 0, 0];
      for (let row = 0; row < DIGIT_SIDE; row++) {
        for (let column = 0; column < DIGIT_SIDE; column++) {
          const value = picture[row * DIGIT_SIDE + column]!;
          mass += value;
          if (value > brightest) brightest = value;
          x += value * column;
          y += value * row;
          const isMargin = row === 0 || column === 0 || row === DIGIT_SIDE - 1 || column === DIGIT_SIDE - 1;
          if (isMargin && value > margin) margin = value;
        }
      }
      expect(brightest).toBeGreaterThan(200);
      expect(margin).toBeLessThan(128);
      expect(Math.abs(x / mass - 13.5)).toBeLessThan(2);
      expect(Math.abs(y / mass - 13.5)).toBeLessThan(2);
      ink += mass;
    }
    expect(seen.size).toBe(1_000);
    expect(ink / (1_000 * PIXELS * 255)).toBeGreaterThan(0.1);
    expect(ink / (1_000 * PIXELS * 255)).toBeLessThan(0.17);
  });

  it('are told apart by the nearest of others', () => {
    const known = drawDigits({ count: 1_000, seed: 1 });
    const { pixels, labels } = drawDigits({ count: 100, seed: 2 });
    let right = 0;
    labels.forEach((label, i) => {
      if (nearestLabel(pixels.subarray(i * PIXELS, (i + 1) * PIXELS), known) === label) right++;
    });
    expect(right).toBeGreaterThan(90);
  });

  it.each([false, true])('come back from the IDX files they are written to (gzip: %s)', async (gzip) => {
    const world = makeWorld();
    const train = drawDigits({ count: 300, seed: 1 });
    const test = drawDigits({ count: 40, seed: 2 });
    try {
      await writeIdx(`${world.root}/digits`, { train, test, gzip });
      expect(readdirSync(`${world.root}/digits`)).toHaveLength(4);
      await withDataSets(`${world.root}/digits`, { shape: [784] }, async (data) => {
        expect(data.name).toBe('digits');
        expect(Buffer.from(await everyRow(data.train))).toEqual(Buffer.from(train.pixels));
        expect(Buffer.from(await everyRow(data.test))).toEqual(Buffer.from(test.pixels));
        expect(Buffer.from(data.train.labels!)).toEqual(Buffer.from(train.labels));
        expect(Buffer.from(data.test.labels!)).toEqual(Buffer.from(test.labels));
      });
    } finally {
      world.remove();
    }
  });
});
