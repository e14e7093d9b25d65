// Corruption of pictures: what is drawn, and what each number does to a picture.
import { describe, expect, it } from '@jest/globals';
import { corruptPictures, drawCorruption } from '../../src/training/image-corruption.ts';
import { Random } from '../../src/training/random.ts';
import { expectClose, numbers } from './graph/run-graph.ts';
import { runWithNoise } from './run-noise.ts';

const SIDE = 8;
const PIXELS = 3 * SIDE * SIDE;
const random = new Random(21);
const picture = Float32Array.from({ length: PIXELS }, () => random.between(0.1, 0.9));
const other = Float32Array.from({ length: PIXELS }, () => random.between(0.1, 0.9));

const IDENTITY = [1, 0, 0, 0, 1, 0];
const MIRROR = [-1, 0, 0, 0, 1, 0];
const TWICE_AS_FAR = [2, 0, 0, 0, 2, 0];
/** No fill but the other picture, and the tones as they are. */
const PLAIN = { black: 0, white: 0, gain: 1, contrast: 1, saturation: 1, blur: 0, noise: 0 };
const NO_RECTANGLES = Array.from({ length: 21 }, () => 0);
const NO_WRITING = Array.from({ length: 12 }, () => 0);

async function corrupt(
  matrix: number[],
  tones: Partial<typeof PLAIN> = {},
  rectangles = NO_RECTANGLES,
  writing = NO_WRITING,
) {
  const shape = [1, 3, SIDE, SIDE];
  const tone = Object.values({ ...PLAIN, ...tones });
  const feeds = {
    picture: { data: picture, shape },
    other: { data: other, shape },
    matrices: { data: Float32Array.from(matrix), shape: [1, 2, 3] },
    tones: { data: Float32Array.from(tone), shape: [1, tone.length] },
    rectangles: { data: Float32Array.from(rectangles), shape: [1, rectangles.length] },
    writing: { data: Float32Array.from(writing), shape: [1, writing.length] },
  };
  const { corrupted } = await runWithNoise(feeds, { seed: 5, step: 0 }, (noise, inputs) => ({
    corrupted: corruptPictures(noise, inputs.picture!, inputs.other!, {
      matrices: inputs.matrices!,
      tones: inputs.tones!,
      rectangles: inputs.rectangles!,
      writing: inputs.writing!,
    }),
  }));
  return numbers(corrupted);
}

const at = (pixels: ArrayLike<number>, colour: number, y: number, x: number) => pixels[(colour * SIDE + y) * SIDE + x]!;

describe('a corrupted picture', () => {
  it('is the picture itself when nothing was drawn', async () => {
    expectClose(await corrupt(IDENTITY), [...picture], 1e-6);
  });

  it('is mirrored by a matrix that mirrors', async () => {
    const mirrored = await corrupt(MIRROR);
    expect(at(mirrored, 1, 2, 0)).toBeCloseTo(at(picture, 1, 2, SIDE - 1), 5);
    expect(at(mirrored, 2, 7, 3)).toBeCloseTo(at(picture, 2, 7, SIDE - 4), 5);
  });

  it('shows black, white or another picture beside itself when it became smaller', async () => {
    expect(at(await corrupt(TWICE_AS_FAR, { black: 1 }), 0, 0, 0)).toBe(0);
    expect(at(await corrupt(TWICE_AS_FAR, { white: 1 }), 0, 0, 0)).toBe(1);
    const pasted = await corrupt(TWICE_AS_FAR);
    expect(at(pasted, 0, 0, 0)).toBeCloseTo(at(other, 0, 0, 0), 5);
    const middle = [0, 1].flatMap((y) => [0, 1].map((x) => at(picture, 1, 2 * 2 + y, 2 * 2 + x)));
    expect(at(pasted, 1, 4, 4)).toBeCloseTo(middle.reduce((sum, value) => sum + value) / 4, 5);
  });

  it('has its brightness, contrast and saturation changed and stays within 0 and 1', async () => {
    const dark = await corrupt(IDENTITY, { gain: 0.5 });
    expect(at(dark, 0, 3, 3)).toBeCloseTo(at(picture, 0, 3, 3) / 2, 5);
    const flat = await corrupt(IDENTITY, { contrast: 0 });
    expectClose(
      flat,
      Array.from(flat, () => picture.reduce((sum, value) => sum + value) / PIXELS),
      1e-5,
    );
    const grey = await corrupt(IDENTITY, { saturation: 0 });
    const mean = (at(picture, 0, 5, 1) + at(picture, 1, 5, 1) + at(picture, 2, 5, 1)) / 3;
    for (const colour of [0, 1, 2]) expect(at(grey, colour, 5, 1)).toBeCloseTo(mean, 5);
    const glaring = await corrupt(IDENTITY, { gain: 5, contrast: 3 });
    expect(Math.min(...glaring)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...glaring)).toBeLessThanOrEqual(1);
  });

  it('loses detail when blurred and differs everywhere when noisy', async () => {
    const rough = (pixels: readonly number[]) =>
      pixels.reduce((sum, value, i) => (i % SIDE === 0 ? sum : sum + Math.abs(value - pixels[i - 1]!)), 0);
    expect(rough(await corrupt(IDENTITY, { blur: 1 }))).toBeLessThan(rough([...picture]) / 2);
    const noisy = await corrupt(IDENTITY, { noise: 0.01 });
    expect(noisy.filter((value, i) => value === picture[i])).toHaveLength(0);
  });

  it('is painted over by rectangles, the later ones on top', async () => {
    const left = [0.25, 0.5, 0.5, 1, 0.1, 0.2, 0.3];
    const corner = [0, 0, 0.5, 0.5, 1, 1, 1];
    const painted = await corrupt(IDENTITY, {}, [...left, ...corner, ...NO_RECTANGLES.slice(0, 7)]);
    expect(at(painted, 2, 6, 1)).toBeCloseTo(0.3, 5);
    expect(at(painted, 2, 1, 1)).toBe(1);
    expect(at(painted, 2, 6, 6)).toBeCloseTo(at(picture, 2, 6, 6), 5);
  });
});

describe('a picture that is written over', () => {
  /** A line over the upper half, all of its width; ink 0.9, paper 0.1. */
  const line = (paper: number) => [0, 0, 1, 0.5, 1, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1, paper];
  const upper = (pixels: readonly number[]) => pixels.slice(0, 3 * SIDE);

  it('shows ink and itself where there is no paper, and nothing of it elsewhere', async () => {
    const written = await corrupt(IDENTITY, {}, NO_RECTANGLES, line(0));
    const ink = upper(written).filter((value) => Math.abs(value - 0.9) < 1e-6);
    expect(ink.length).toBeGreaterThan(4);
    expect(ink.length).toBeLessThan(20);
    upper(written).forEach((value, i) => {
      if (!ink.includes(value)) expect(value).toBeCloseTo(picture[i]!, 5);
    });
    expectClose(written.slice(4 * SIDE, SIDE * SIDE), [...picture.slice(4 * SIDE, SIDE * SIDE)], 1e-6);
  });

  it('shows ink and paper alone where there is paper', async () => {
    const written = await corrupt(IDENTITY, {}, NO_RECTANGLES, line(1));
    for (const value of upper(written))
      expect(Math.min(Math.abs(value - 0.9), Math.abs(value - 0.1))).toBeLessThan(1e-6);
  });
});

describe('drawing corruption', () => {
  it('gives the same for the same seed, however the steps are cut into chunks', () => {
    const whole = drawCorruption(new Random(7), 3, 4);
    const inParts = new Random(7);
    const first = drawCorruption(inParts, 1, 4);
    const rest = drawCorruption(inParts, 2, 4);
    for (const name of ['matrices', 'tones', 'rectangles', 'writing'] as const) {
      expect([...first[name].data, ...rest[name].data]).toEqual([...whole[name].data]);
    }
  });

  it('shears some pictures, and most not', () => {
    const { matrices } = drawCorruption(new Random(9), 1, 500);
    const at = (row: number, i: number) => Number(matrices.data[row * 6 + i]);
    // Without shear the two axes of a picture stay at right angles.
    const sheared = Array.from({ length: 500 }, (_, row) => at(row, 0) * at(row, 1) + at(row, 3) * at(row, 4)).filter(
      (product) => Math.abs(product) > 1e-5,
    );
    expect(sheared.length).toBeGreaterThan(100);
    expect(sheared.length).toBeLessThan(200);
  });
});
