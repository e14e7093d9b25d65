import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decodeImage, decodeReduced, pipelineOf } from '../../src/image/decode.ts';
import { drawnPicture } from './drawn-picture.ts';
import { photoshopFile, quiteOkFile, radianceFile } from './picture-files.ts';

const fixtures: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'picture-files.json'), 'utf8'),
);
const noise = drawnPicture('noise', 40, 30);
const NAMES = ['heic', 'jp2', 'jxl', 'bmp palette', 'bmp alpha', 'tga runs', 'tga palette', 'ppm grey', 'ico'];
const FILES: readonly (readonly [name: string, file: Buffer])[] = [
  ...NAMES.map((name) => [name, Buffer.from(fixtures[name]!, 'base64')] as const),
  ['psd', photoshopFile(drawnPicture('noise', 8, 6))],
  ['qoi', quiteOkFile(drawnPicture('noise', 8, 6))],
  ['hdr', radianceFile(drawnPicture('noise', 8, 6))],
];

/** What becomes of it; anything but a picture or a refusal in words fails the test. */
async function outcome(name: string, bytes: Uint8Array): Promise<string> {
  try {
    const { width, height, rgb, partial } = await decodeImage(bytes);
    expect([name, rgb.length]).toEqual([name, width * height * 3]);
    return partial ? 'partial' : 'whole';
  } catch (error) {
    expect([name, (error as Error).name]).toEqual([name, 'SandglassError']);
    return (error as { code: string }).code;
  }
}

/** Numbers from 0 to below 1, the same every time. */
function* seeded(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

describe('a file that is cut short', () => {
  it.each(FILES)('at every tenth byte is a part or a refusal: %s', async (name, file) => {
    const seen = new Set<string>();
    for (let length = 1; length < file.length; length += 10) seen.add(await outcome(name, file.subarray(0, length)));
    expect([...seen].every((one) => ['whole', 'partial', 'IMAGE_BROKEN', 'KIND_UNSUPPORTED'].includes(one))).toBe(true);
    expect(await outcome(name, file)).toBe('whole');
  });

  it.each([
    ['BMP', pipelined('bmp')],
    ['TGA', pipelined('tga')],
    ['PPM', Buffer.concat([Buffer.from('P6\n40 30\n255\n'), noise.rgb])],
    ['QOI', quiteOkFile(noise)],
  ])('gives what there is of a %s, and says so', async (_, file) => {
    const whole = await decodeImage(file);
    const part = await decodeImage(file.subarray(0, Math.round(file.length * 0.7)));
    expect(part).toMatchObject({ partial: true, width: whole.width, height: whole.height });
    const same = part.rgb.filter((value, at) => value === whole.rgb[at]).length / whole.rgb.length;
    expect(same).toBeGreaterThan(0.6);
    await expect(decodeImage(file.subarray(0, Math.round(file.length * 0.15)))).rejects.toMatchObject({
      code: 'IMAGE_BROKEN',
    });
  });
});

describe('a file with wrong bytes in it', () => {
  it.each(FILES)('is a picture or a refusal: %s', async (name, file) => {
    const random = seeded(7);
    for (let round = 0; round < 25; round++) {
      const damaged = Buffer.from(file);
      for (let i = 0; i < 3; i++) {
        damaged[Math.floor(random.next().value * Math.min(file.length, 200))] = Math.floor(random.next().value * 256);
      }
      await outcome(`${name}, ${round}`, damaged);
    }
    expect(await outcome(name, file)).toBe('whole');
  });
});

describe('a size that is extreme', () => {
  const bmp = (width: number, height: number) => {
    const head = Buffer.alloc(54);
    head.write('BM', 'latin1');
    head.writeUInt32LE(54, 10);
    head.writeUInt32LE(40, 14);
    head.writeInt32LE(width, 18);
    head.writeInt32LE(height, 22);
    head.writeUInt16LE(1, 26);
    head.writeUInt16LE(24, 28);
    return Buffer.concat([head, Buffer.alloc(Math.min(1e5, Math.ceil((width * 3) / 4) * 4 * Math.abs(height)))]);
  };
  const tga = (width: number, height: number) => {
    const head = Buffer.alloc(18);
    head[2] = 2;
    head.writeUInt16LE(width, 12);
    head.writeUInt16LE(height, 14);
    head[16] = 24;
    return Buffer.concat([head, Buffer.alloc(Math.min(1e5, width * height * 3))]);
  };
  const ppm = (width: number, height: number) =>
    Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), Buffer.alloc(Math.min(1e5, width * height * 3))]);
  const qoi = (width: number, height: number) => {
    const file = quiteOkFile({ width: 1, height: 1, rgb: new Uint8Array(3) });
    file.writeUInt32BE(width, 4);
    file.writeUInt32BE(height, 8);
    return file;
  };
  const psd = (width: number, height: number) => {
    const file = photoshopFile({ width: 1, height: 1, rgb: new Uint8Array(3) });
    file.writeUInt32BE(height, 14);
    file.writeUInt32BE(width, 18);
    return file;
  };

  it.each([
    ['BMP', bmp],
    ['TGA', tga],
    ['PPM', ppm],
    ['QOI', qoi],
    ['PSD', psd],
  ])('of 30,000 × 30,000 is refused before a pixel is read: %s', async (_, file) => {
    await expect(decodeReduced(file(30_000, 30_000))).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: expect.stringContaining('30000 × 30000'),
    });
    await expect(decodeReduced(file(20, 20), { maxPixels: 100 })).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });

  it.each([
    ['BMP', bmp],
    ['PPM', ppm],
    ['QOI', qoi],
    ['PSD', psd],
  ])('of zero is refused: %s', async (_, file) => {
    await expect(decodeImage(file(0, 10))).rejects.toMatchObject({ code: 'IMAGE_BROKEN' });
    await expect(decodeImage(file(10, 0))).rejects.toMatchObject({ code: 'IMAGE_BROKEN' });
  });

  it.each([
    ['BMP', bmp],
    ['TGA', tga],
    ['PPM', ppm],
  ])('of one pixel, or one row of ten thousand, is read: %s', async (_, file) => {
    for (const [width, height] of [
      [1, 1],
      [1, 10_000],
      [10_000, 1],
    ] as const) {
      expect(await decodeImage(file(width, height))).toMatchObject({ width, height, partial: false });
    }
  });

  it('leaves the next picture as it is', async () => {
    const file = await pipelineOf(noise).png().toBuffer();
    await decodeReduced(bmp(30_000, 30_000)).catch(() => undefined);
    expect(Buffer.compare((await decodeImage(file)).rgb, noise.rgb)).toBe(0);
  });
});

/** The drawing as a file without compression, bottom row first. */
function pipelined(format: 'bmp' | 'tga'): Buffer {
  const { width, height, rgb } = noise;
  const rows = Array.from({ length: height }, (_, y) => {
    const row = Buffer.from(rgb.subarray((height - 1 - y) * width * 3, (height - y) * width * 3));
    for (let at = 0; at < row.length; at += 3) [row[at], row[at + 2]] = [row[at + 2]!, row[at]!];
    return row;
  });
  const head = Buffer.alloc(format === 'bmp' ? 54 : 18);
  if (format === 'bmp') {
    head.write('BM', 'latin1');
    head.writeUInt32LE(54 + width * height * 3, 2);
    head.writeUInt32LE(54, 10);
    head.writeUInt32LE(40, 14);
    head.writeInt32LE(width, 18);
    head.writeInt32LE(height, 22);
    head.writeUInt16LE(1, 26);
    head.writeUInt16LE(24, 28);
  } else {
    head[2] = 2;
    head.writeUInt16LE(width, 12);
    head.writeUInt16LE(height, 14);
    head[16] = 24;
  }
  return Buffer.concat([head, ...rows]);
}
