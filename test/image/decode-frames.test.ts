import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { decodeImage, decodeReduced, frameCount, type Picture, pipelineOf } from '../../src/image/decode.ts';
import { decodeFrames, type InnerFrame } from '../../src/image/decode-frames.ts';
import { longAnimation } from './long-animation.ts';

const COLOURS = [
  [250, 0, 0],
  [0, 250, 0],
  [0, 0, 250],
] as const;
const HEIC_FRAMES = Buffer.from(
  JSON.parse(readFileSync(join(import.meta.dirname, 'picture-files.json'), 'utf8'))['heic frames'],
  'base64',
);

function plain([red, green, blue]: readonly [number, number, number]): Picture {
  const rgb = new Uint8Array(32 * 24 * 3);
  for (let at = 0; at < rgb.length; at += 3) rgb.set([red, green, blue], at);
  return { width: 32, height: 24, rgb };
}

/** One file of three frames or pages. */
async function joined(format: 'gif' | 'webp' | 'tiff'): Promise<Buffer> {
  const pages = await Promise.all(COLOURS.map((colour) => pipelineOf(plain(colour)).png().toBuffer()));
  return sharp(pages, { join: { animated: true } })
    .toFormat(format)
    .toBuffer();
}

/** Of the first pixel from this colour, the channel farthest off. */
function distance(rgb: Uint8Array, colour: readonly number[]): number {
  return Math.max(...colour.map((value, channel) => Math.abs(rgb[channel]! - value)));
}

describe('a frame that the file does not have', () => {
  it('is a mistake of the caller', async () => {
    const file = await joined('gif');
    for (const frame of [3, -1, 0.5, Number.NaN]) {
      await expect(decodeImage(file, { frame })).rejects.toThrow(RangeError);
    }
    const still = await pipelineOf(plain([1, 2, 3]))
      .jpeg()
      .toBuffer();
    await expect(decodeImage(still, { frame: 1 })).rejects.toThrow('Expected a frame below 1 but received 1.');
  });
});

describe('a file of several frames or pages', () => {
  it.each(['gif', 'webp', 'tiff'] as const)('gives the first, or any on request: %s', async (format) => {
    const file = await joined(format);
    expect(await frameCount(file)).toBe(3);
    expect((await decodeImage(file)).rgb).toEqual((await decodeImage(file, { frame: 0 })).rgb);
    for (const [frame, colour] of COLOURS.entries()) {
      const { rgb, width, height } = await decodeReduced(file, { frame });
      expect([width, height]).toEqual([32, 24]);
      expect(distance(rgb, colour)).toBeLessThan(12);
    }
  });

  it('may be a HEIC', async () => {
    expect(await frameCount(HEIC_FRAMES)).toBe(3);
    for (const [frame, colour] of COLOURS.entries()) {
      const { rgb } = await decodeImage(HEIC_FRAMES, { frame });
      expect(distance(rgb, colour)).toBeLessThan(12);
    }
  });

  it('is as good with ten thousand of them', async () => {
    const file = longAnimation(10_000);
    expect(await frameCount(file)).toBe(10_000);
    expect([...(await decodeImage(file)).rgb.subarray(0, 3)]).toEqual([0, 0, 0]);
    expect([...(await decodeImage(file, { frame: 9_999 })).rgb.subarray(0, 3)]).toEqual([255, 255, 255]);
  });
});

describe('a still picture', () => {
  it.each(['jpeg', 'png', 'avif'] as const)('has one frame: %s', async (format) => {
    expect(
      await frameCount(
        await pipelineOf(plain([9, 9, 9]))
          .toFormat(format)
          .toBuffer(),
      ),
    ).toBe(1);
  });

  it('has one in every other format too', async () => {
    expect(await frameCount(Buffer.concat([Buffer.from('P6\n1 1\n255\n'), Buffer.alloc(3)]))).toBe(1);
    await expect(frameCount(new Uint8Array())).rejects.toMatchObject({ code: 'FILE_EMPTY' });
    await expect(frameCount(Buffer.from('no picture'))).rejects.toMatchObject({ code: 'KIND_UNSUPPORTED' });
  });
});

/** All further frames of a file, as far as they are kept. */
async function innerFrames(file: Uint8Array, most = 64): Promise<InnerFrame[]> {
  const found: InnerFrame[] = [];
  for await (const frame of decodeFrames(file, await decodeReduced(file), most)) found.push(frame);
  return found;
}

describe('All frames of a file', () => {
  it('are only the first where no more are wanted, or there are no more', async () => {
    expect(await innerFrames(await joined('gif'), 1)).toEqual([]);
    expect(
      await innerFrames(
        await pipelineOf(plain([1, 2, 3]))
          .png()
          .toBuffer(),
      ),
    ).toEqual([]);
  });

  it.each(['gif', 'webp', 'tiff'] as const)('are those that single requests give: %s', async (format) => {
    const file = await joined(format);
    const frames = await innerFrames(file);
    expect(frames.map(({ ordinal }) => ordinal)).toEqual([1, 2]);
    for (const { ordinal, picture } of frames) {
      const { width, height, rgb } = await decodeReduced(file, { frame: ordinal });
      expect(picture.rgb.length).toBe(rgb.length);
      expect(picture).toMatchObject({ width, height });
      expect(Buffer.compare(picture.rgb, rgb)).toBe(0);
    }
    expect((await innerFrames(file, 2)).map(({ ordinal }) => ordinal)).toEqual([1]);
  });

  it('may be those of a HEIC', async () => {
    const frames = await innerFrames(HEIC_FRAMES);
    expect(frames.map(({ picture }, i) => distance(picture.rgb, COLOURS[i + 1]!) < 12)).toEqual([true, true]);
  });

  it('may be pages of different sizes, each with its own limit', async () => {
    const small = await pipelineOf(plain([9, 9, 9]))
      .tiff()
      .toBuffer();
    const large = await sharp({ create: { width: 1600, height: 1200, channels: 3, background: '#fa0000' } })
      .tiff({ compression: 'deflate' })
      .toBuffer();
    const file = withPage(small, large);
    expect(await frameCount(file)).toBe(2);
    const [page] = await innerFrames(file);
    // reduced as a picture of its own
    expect(page!.picture).toMatchObject({ width: 533, height: 400 });
    expect(await decodeReduced(file, { frame: 1 })).toMatchObject({ fullWidth: 1600, fullHeight: 1200, frames: 2 });
    await expect(decodeReduced(file, { frame: 1, maxPixels: 1e6 })).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });

  it('of ten thousand are 64, evenly spread', async () => {
    const frames = await innerFrames(longAnimation(10_000));
    expect(frames).toHaveLength(63);
    expect(frames.every(({ ordinal, picture }) => picture.rgb[0] === 255 * (ordinal % 2))).toBe(true);
  });

  it('of a file that is cut short are those that are there', async () => {
    const file = longAnimation(100);
    expect((await decodeImage(file)).partial).toBe(false);
    expect(await decodeImage(file.subarray(0, file.length / 2))).toMatchObject({ partial: true });
    const frames = await innerFrames(file.subarray(0, file.length / 2));
    expect(frames.length).toBeGreaterThan(40);
    expect(frames.length).toBeLessThan(64);
    const pages = await joined('tiff');
    expect((await innerFrames(Buffer.concat([pages, Buffer.alloc(9)]))).length).toBe(2);
  });
});

/** Puts the page of one TIFF (little-endian, its directory at its end) behind that of another. */
function withPage(first: Buffer, second: Buffer): Buffer {
  const all = Buffer.concat([first, Buffer.alloc(first.length % 2), second]);
  const base = all.length - second.length;
  let directory = first.readUInt32LE(4);
  directory += 2 + 12 * first.readUInt16LE(directory);
  const added = base + second.readUInt32LE(4);
  all.writeUInt32LE(added, directory);
  // every place in the second file is as far from the beginning of the whole as the first is long
  const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
  for (let i = 0; i < all.readUInt16LE(added); i++) {
    const entry = added + 2 + 12 * i;
    const [tag, type, count] = [all.readUInt16LE(entry), all.readUInt16LE(entry + 2), all.readUInt32LE(entry + 4)];
    const isPlace = tag === 273 || tag === 324;
    const bytes = SIZES[type]! * count;
    if (bytes <= 4) {
      if (isPlace) all.writeUInt32LE(all.readUInt32LE(entry + 8) + base, entry + 8);
      continue;
    }
    const at = all.readUInt32LE(entry + 8) + base;
    all.writeUInt32LE(at, entry + 8);
    if (isPlace) for (let n = 0; n < count; n++) all.writeUInt32LE(all.readUInt32LE(at + 4 * n) + base, at + 4 * n);
  }
  return all;
}
