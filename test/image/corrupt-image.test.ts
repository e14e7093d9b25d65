import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../src/compare/random.ts';
import { imageFeature } from '../../src/image/compute-feature.ts';
import { IMAGE_CORRUPTIONS } from '../../src/image/corrupt-image.ts';
import { decodeImage, type Picture, pipelineOf } from '../../src/image/decode.ts';
import { previewOf } from '../../src/image/preview.ts';
import { drawnPicture } from './drawn-picture.ts';

const original = drawnPicture('down', 160, 120);
const lively = drawnPicture('noise', 160, 120);

const corruption = (name: string) => IMAGE_CORRUPTIONS.find((one) => one.name === name)!;

async function copyOf(name: string, picture: Picture = original, seed = 1): Promise<Picture> {
  return decodeImage(await corruption(name).apply(picture, seededRandom(seed)));
}

function meanOf({ rgb }: Picture): number {
  return rgb.reduce((sum, value) => sum + value, 0) / rgb.length;
}

describe('the table of corruptions', () => {
  it('holds out at least a third of the kinds, geometric ones and every codec among them', () => {
    const heldOut = IMAGE_CORRUPTIONS.filter(({ seen }) => !seen);
    expect(heldOut.length).toBeGreaterThanOrEqual(IMAGE_CORRUPTIONS.length / 3);
    expect(heldOut.filter(({ family }) => family === 'geometric').length).toBeGreaterThanOrEqual(3);
    expect(new Set(heldOut.map(({ family }) => family)).size).toBe(4);
  });

  it('has no name twice', () => {
    expect(new Set(IMAGE_CORRUPTIONS.map(({ name }) => name)).size).toBe(IMAGE_CORRUPTIONS.length);
  });
});

describe.each(IMAGE_CORRUPTIONS.map(({ name }) => name))('%s', (name) => {
  it('refuses what is no picture, with a reason', async () => {
    const text = Buffer.from('no picture at all, only words');
    await expect(corruption(name).apply(text, seededRandom(1))).rejects.toMatchObject({ code: 'KIND_UNSUPPORTED' });
  });

  it('gives the same copy for the same random numbers, of a file as of its pixels', async () => {
    const file = await pipelineOf(original).png().toBuffer();
    const copies = await Promise.all([original, file].map((from) => corruption(name).apply(from, seededRandom(3))));
    expect(Buffer.compare(copies[0]!, copies[1]!)).toBe(0);
  });

  it('changes the picture, and the copy is a picture', async () => {
    const before = await imageFeature(await pipelineOf(lively).jpeg({ quality: 92 }).toBuffer());
    const after = await imageFeature(await corruption(name).apply(lively, seededRandom(1)));
    expect(after.feature.thumbnail).not.toEqual(before.feature.thumbnail);
  });

  it('copes with a picture of one pixel and with a strip', async () => {
    for (const [width, height] of [
      [1, 1],
      [2, 90],
    ] as const) {
      const copy = await copyOf(name, drawnPicture('noise', width, height));
      expect(Math.min(copy.width, copy.height)).toBeGreaterThanOrEqual(1);
    }
  });
});

describe('what a corruption does', () => {
  it('crops to the share of each side that its name says, at a random place', async () => {
    expect(await copyOf('crop-80')).toMatchObject({ width: 128, height: 96 });
    expect(await copyOf('crop-60')).toMatchObject({ width: 96, height: 72 });
    const places = await Promise.all([1, 2, 3].map((seed) => copyOf('crop-60', original, seed)));
    expect(new Set(places.map(({ rgb }) => rgb[0])).size).toBeGreaterThan(1);
  });

  it('grows the frame of a turned, sheared, framed or pasted picture', async () => {
    for (const name of ['rotate-5', 'rotate-25', 'border', 'pasted']) {
      const { width, height } = await copyOf(name);
      expect([name, width > 160 && height > 120]).toEqual([name, true]);
    }
    const { width, height } = await copyOf('shear');
    expect(width + height).toBeGreaterThan(280);
  });

  it('lightens or darkens by chance', async () => {
    const means = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (seed) => meanOf(await copyOf('gamma', original, seed))),
    );
    expect(means.some((mean) => mean > meanOf(original) + 10)).toBe(true);
    expect(means.some((mean) => mean < meanOf(original) - 10)).toBe(true);
  });

  it('writes letters without any font', async () => {
    const { rgb } = await copyOf('text', drawnPicture('flat', 160, 120));
    expect(rgb.filter((value) => value > 240).length).toBeGreaterThan(1000);
    expect(rgb.filter((value) => value < 20).length).toBeGreaterThan(1000);
  });

  it('keeps the middle line of a picture seen from the side, and fills the corners', async () => {
    const { rgb, width } = await copyOf('perspective', drawnPicture('flat', 160, 120));
    const red = (x: number, y: number) => rgb[(y * width + x) * 3]!;
    for (const x of [4, 80, 155]) expect(Math.abs(red(x, 60) - 120)).toBeLessThan(6);
    const corners = [red(1, 1), red(158, 1)];
    expect(corners.filter((value) => Math.abs(value - 120) > 60)).toHaveLength(1);
  });
});

describe('a bent and a stamped copy', () => {
  const { flat, noise } = { flat: drawnPicture('flat', 160, 120), noise: drawnPicture('noise', 160, 120) };

  it('keeps the middle as through a lens, and fills the corners', async () => {
    const { rgb, width } = await copyOf('lens', flat);
    const red = (x: number, y: number) => rgb[(y * width + x) * 3]!;
    expect(Math.abs(red(80, 60) - 120)).toBeLessThan(6);
    expect(Math.abs(red(0, 0) - 120)).toBeGreaterThan(60);
  });

  it('shines through a watermark everywhere', async () => {
    const { rgb } = await copyOf('watermark', flat);
    expect(rgb.filter((value) => Math.abs(value - 120) > 30).length).toBeGreaterThan(2000);
    expect(rgb.filter((value) => value > 245 || value < 10).length).toBeLessThan(rgb.length / 10);
    expect((await copyOf('watermark', noise)).rgb).not.toEqual(noise.rgb);
  });
});

describe('a preview', () => {
  it('is a JPEG of at most 160 pixels a side', async () => {
    const preview = await previewOf(
      await pipelineOf(drawnPicture('noise', 320, 200))
        .png()
        .toBuffer(),
    );
    expect(await decodeImage(preview)).toMatchObject({ format: 'jpeg', width: 160, height: 100 });
  });

  it('does not enlarge', async () => {
    const preview = await previewOf(
      await pipelineOf(drawnPicture('noise', 30, 20))
        .png()
        .toBuffer(),
    );
    expect(await decodeImage(preview)).toMatchObject({ width: 30, height: 20 });
  });
});
