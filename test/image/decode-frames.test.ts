import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { decodeImage, decodeReduced, frameCount, type Picture, pipelineOf } from '../../src/image/decode.ts';

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

/** A GIF of so many frames of 8 × 8, each all black or all white, written byte by byte. */
function longAnimation(frames: number): Buffer {
  const head = Buffer.from('GIF89a\x08\0\x08\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  // codes of three bits; the table is begun anew at every pixel, so that they never grow
  const frame = (index: number) => {
    // last bits first: end, then for each pixel its colour before the sign to begin anew
    const codes = `101${(index === 0 ? '000100' : '001100').repeat(64)}`;
    const bits = codes.padStart(Math.ceil(codes.length / 8) * 8, '0');
    const bytes = (bits.match(/.{8}/g) ?? []).reverse().map((byte) => Number.parseInt(byte, 2));
    return Buffer.concat([
      Buffer.from('\x21\xf9\x04\0\x02\0\0\0\x2c\0\0\0\0\x08\0\x08\0\0\x02', 'latin1'),
      Buffer.from([bytes.length, ...bytes, 0]),
    ]);
  };
  const both = [frame(0), frame(1)];
  return Buffer.concat([head, ...Array.from({ length: frames }, (_, i) => both[i % 2]!), Buffer.from(';')]);
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
