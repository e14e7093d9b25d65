// Sheets: every pixel where it belongs, and a sentence for shapes that do not fit.
import { describe, expect, test } from '@jest/globals';
import { decodeImage } from '../../src/image/decode.ts';
import { drawFilters, drawSheet } from '../../src/lab/sheet.ts';

const GAP = 2;
const BLOCK_GAP = 10;
const GAP_GREY = 128;

async function pixels(png: Uint8Array) {
  const { width, height, rgb } = await decodeImage(png);
  return {
    width,
    height,
    at: (x: number, y: number) => [...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)],
  };
}

describe('drawSheet', () => {
  const one = { label: 'original', pictures: new Uint8Array(4) };

  test('refuses a shape that is no picture’s', async () => {
    await expect(drawSheet([one], { shape: [2, 2, 1] })).rejects.toThrow(
      new RangeError(
        'Expected the shape of a picture, [height, width], [1, height, width] or [3, height, width], but received [2, 2, 1].',
      ),
    );
    await expect(drawSheet([one], { shape: [4] })).rejects.toThrow('but received [4].');
    await expect(drawSheet([one], { shape: [0, 4] })).rejects.toThrow('but received [0, 4].');
  });

  test('refuses no bands, parts of pictures, and bands that differ in number', async () => {
    await expect(drawSheet([], { shape: [2, 2] })).rejects.toThrow('Expected at least one band of pictures');
    await expect(drawSheet([{ label: 'noisy', pictures: new Uint8Array(5) }], { shape: [2, 2] })).rejects.toThrow(
      'Expected whole pictures of 2 × 2 in band noisy but received 5 values.',
    );
    const two = { label: 'restored', pictures: new Uint8Array(8) };
    await expect(drawSheet([one, two], { shape: [2, 2] })).rejects.toThrow(
      'Expected 1 pictures in band restored, as in original, but received 2.',
    );
    await expect(drawSheet([one], { shape: [2, 2], columns: 0 })).rejects.toThrow(RangeError);
  });

  test('puts each band under the one before and begins a new block after a full line', async () => {
    const original = Uint8Array.from({ length: 10 }, (_, i) => i * 10);
    const restored = Uint8Array.from({ length: 10 }, (_, i) => 200 + i);
    const bands = [
      { label: 'original', pictures: original },
      { label: 'restored', pictures: restored },
    ];
    const { width, height, at } = await pixels(await drawSheet(bands, { shape: [1, 1], columns: 8, scale: 3 }));
    const step = 3 + GAP;
    expect(width).toBe(8 * step + GAP);
    expect(height).toBe(4 * step + GAP + BLOCK_GAP - GAP);
    const secondBlock = 2 * step + BLOCK_GAP - GAP;
    for (let i = 0; i < 10; i++) {
      const x = GAP + (i % 8) * step;
      const y = GAP + (i < 8 ? 0 : secondBlock);
      for (const inside of [0, 2]) {
        expect(at(x + inside, y + inside)).toEqual([i * 10, i * 10, i * 10]);
        expect(at(x + inside, y + step + inside)).toEqual([200 + i, 200 + i, 200 + i]);
      }
    }
    for (const [x, y] of [
      [0, 0],
      [GAP + 3, GAP],
      [GAP + 2 * step, GAP + secondBlock],
    ] as const) {
      expect(at(x, y)).toEqual([GAP_GREY, GAP_GREY, GAP_GREY]);
    }
  });

  test('takes floats from 0 to 1 and cuts off what is beyond', async () => {
    const pictures = Float32Array.of(-1, 0.5, 1, 7, Number.NaN, 0);
    const { at, width } = await pixels(
      await drawSheet([{ label: 'restored', pictures }], { shape: [1, 1, 6], scale: 1 }),
    );
    expect(width).toBe(6 + 2 * GAP);
    expect(Array.from({ length: 6 }, (_, x) => at(GAP + x, GAP)[0])).toEqual([0, 128, 255, 255, 0, 0]);
  });

  test('draws planes of red, green and blue', async () => {
    const pictures = Uint8Array.of(255, 0, 0, 128, 10, 20);
    const { at } = await pixels(await drawSheet([{ label: 'colour', pictures }], { shape: [3, 1, 2], scale: 1 }));
    expect(at(GAP, GAP)).toEqual([255, 0, 10]);
    expect(at(GAP + 1, GAP)).toEqual([0, 128, 20]);
  });

  test('enlarges digits three times and leaves larger pictures as they are', async () => {
    const digit = [{ label: 'digit', pictures: new Uint8Array(28 * 28) }];
    const photo = [{ label: 'photo', pictures: new Uint8Array(3 * 64 * 64) }];
    expect(await pixels(await drawSheet(digit, { shape: [28, 28] }))).toMatchObject({ width: 3 * 28 + 2 * GAP });
    expect(await pixels(await drawSheet(photo, { shape: [3, 64, 64] }))).toMatchObject({ width: 64 + 2 * GAP });
  });
});

describe('drawFilters', () => {
  test('refuses weights that do not belong to the input', async () => {
    await expect(drawFilters(new Float32Array(5), { shape: [2, 3] })).rejects.toThrow(
      'Expected weights of 2 × 3 but received 5 values.',
    );
    await expect(drawFilters(new Float32Array(6), { shape: [2, 3], input: [2, 2] })).rejects.toThrow(
      'Expected weights [4, units] or [filters, channels, height, width] but received 2 × 3.',
    );
  });

  test('draws a tile for each column of a dense layer, zero as grey', async () => {
    const weights = Float32Array.of(2, 0, -1, 0.5); // Two inputs, two units: (2, -1) and (0, 0.5).
    const { at } = await pixels(await drawFilters(weights, { shape: [2, 2], input: [1, 2], scale: 1 }));
    expect([at(GAP, GAP)[0], at(GAP + 1, GAP)[0]]).toEqual([255, 64]);
    const next = GAP + 2 + GAP;
    expect([at(next, GAP)[0], at(next + 1, GAP)[0]]).toEqual([128, 255]);
  });

  test('draws kernels over three channels in colour and others channel by channel', async () => {
    const kernels = Float32Array.of(1, 0, -1, 0, 0, 0);
    const colour = await pixels(await drawFilters(kernels, { shape: [2, 3, 1, 1], scale: 1 }));
    expect(colour.at(GAP, GAP)).toEqual([255, 128, 0]);
    const grey = await pixels(await drawFilters(kernels, { shape: [3, 2, 1, 1], scale: 1 }));
    expect(grey.width).toBe(6 * (1 + GAP) + GAP);
  });

  test('stops at the most that is asked for', async () => {
    const { width } = await pixels(
      await drawFilters(new Float32Array(40), { shape: [4, 10], input: [2, 2], most: 3, scale: 1 }),
    );
    expect(width).toBe(3 * (2 + GAP) + GAP);
  });
});
