import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { imageFeature } from '../../src/image/compute-feature.ts';
import { decodeImage, decodeReduced, type Picture, pipelineOf } from '../../src/image/decode.ts';
import { drawnPicture } from './drawn-picture.ts';
import { photoshopFile, quiteOkFile, radianceFile } from './picture-files.ts';

/** Written by other programs' libraries, see scripts/fixtures/picture-files.py. */
const files: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'picture-files.json'), 'utf8'),
);
const fileOf = (name: string) => Buffer.from(files[name]!, 'base64');

/** Of the middles of the four quarters, in reading order. */
function quarters({ rgb, width, height }: Picture): number[][] {
  return [1, 3].flatMap((y) =>
    [1, 3].map((x) => {
      const at = (Math.floor((height * y) / 4) * width + Math.floor((width * x) / 4)) * 3;
      return [...rgb.subarray(at, at + 3)];
    }),
  );
}

function expectColours(picture: Picture, expected: readonly (readonly number[])[], tolerance = 3): void {
  const differences = quarters(picture).map((colour, i) =>
    Math.max(...colour.map((value, channel) => Math.abs(value - expected[i]![channel]!))),
  );
  expect({ found: quarters(picture), far: Math.max(...differences) > tolerance }).toMatchObject({ far: false });
}

const RED = [255, 0, 0];
const GREEN = [0, 255, 0];
const BLUE = [0, 0, 255];
const WHITE = [255, 255, 255];
const GREY = [76, 149, 29, 255].map((value) => [value, value, value]);
const DRAWN = [RED, GREEN, BLUE, WHITE];

describe('a picture in a format beyond the common ones', () => {
  it.each([
    ['heic', 'heic'],
    ['jp2', 'jp2'],
    ['jp2', 'jp2 codestream'],
    ['jxl', 'jxl'],
    ['bmp', 'bmp'],
    ['bmp', 'bmp palette'],
    ['tga', 'tga'],
    ['tga', 'tga runs'],
    ['tga', 'tga top down'],
    ['tga', 'tga palette'],
    ['ppm', 'ppm'],
  ] as const)('has its colours: %s (%s)', async (format, name) => {
    const picture = await decodeImage(fileOf(name));
    expect(picture).toMatchObject({ format, width: 24, height: 16, fullWidth: 24, fullHeight: 16, partial: false });
    expectColours(picture, DRAWN);
  });

  it.each(['jp2 16-bit grey', 'bmp grey', 'tga grey', 'tga grey alpha runs', 'ppm grey', 'ppm 16-bit grey'])(
    'is grey where it is: %s',
    async (name) => {
      expectColours(await decodeImage(fileOf(name)), GREY);
    },
  );

  it('is black and white where it is', async () => {
    const black = [0, 0, 0];
    expectColours(await decodeImage(fileOf('ppm black and white')), [black, WHITE, black, WHITE]);
  });

  it.each(['heic alpha', 'jp2 alpha', 'jxl alpha', 'bmp alpha', 'tga alpha', 'ico', 'ico bitmaps'])(
    'is laid over white where it is transparent: %s',
    async (name) => {
      expectColours(await decodeImage(fileOf(name)), DRAWN);
    },
  );

  it('is turned upright as the file says', async () => {
    const picture = await decodeImage(fileOf('heic turned'));
    expect(picture).toMatchObject({ width: 16, height: 24, fullWidth: 16, fullHeight: 24 });
    expectColours(picture, [BLUE, RED, WHITE, GREEN]);
  });

  it('has its colour profile applied', async () => {
    expectColours(await decodeImage(fileOf('heic profile')), [GREEN, RED, BLUE, WHITE], 6);
  });

  it('is the largest of an icon', async () => {
    for (const name of ['ico', 'ico bitmaps']) {
      expect(await decodeImage(fileOf(name))).toMatchObject({ format: 'ico', width: 32, height: 32 });
    }
  });

  it('is what Photoshop put together, whatever the layers', async () => {
    const drawn = await decodeImage(fileOf('bmp'));
    const picture = await decodeImage(photoshopFile(drawn));
    expect(picture).toMatchObject({ format: 'psd', width: 24, height: 16 });
    expectColours(picture, DRAWN);
  });

  it('may be a QOI or a Radiance HDR', async () => {
    const drawn = await decodeImage(fileOf('bmp'));
    for (const [format, file] of [
      ['qoi', quiteOkFile(drawn)],
      ['hdr', radianceFile(drawn)],
    ] as const) {
      const picture = await decodeImage(file);
      expect(picture).toMatchObject({ format, width: 24, height: 16, partial: false });
      expectColours(picture, DRAWN);
    }
  });

  it('is reduced like any other, and has a feature', async () => {
    const drawn = drawnPicture('noise', 1500, 1200);
    const header = Buffer.from('P6\n1500 1200\n255\n');
    const file = Buffer.concat([header, drawn.rgb]);
    const reduced = await decodeReduced(file);
    expect(reduced).toMatchObject({ fullWidth: 1500, fullHeight: 1200 });
    expect(Math.min(reduced.width, reduced.height)).toBeGreaterThanOrEqual(256);
    expect(reduced.width).toBeLessThan(1500);
    expect(await imageFeature(file)).toMatchObject({ format: 'ppm', width: 1500, height: 1200, partial: false });
    expect(Buffer.compare((await decodeImage(file)).rgb, drawn.rgb)).toBe(0);
  });

  it('is the same whatever is decoded beside it', async () => {
    const names = ['heic', 'jp2', 'bmp', 'tga', 'ico', 'jxl'];
    const alone: Picture[] = [];
    for (const name of names) alone.push(await decodeImage(fileOf(name)));
    expect(await Promise.all(names.map((name) => decodeImage(fileOf(name))))).toEqual(alone);
  });
});

describe("a camera's raw file", () => {
  const NEF = { orientation: 274, subDirectories: 330, photometric: 262 };

  /** A TIFF of one directory that says how it was held, refers to one of sensor data, and holds these JPEGs. */
  function rawFile(orientation: number, jpegs: readonly Buffer[]): Buffer {
    const head = Buffer.alloc(64);
    head.write('II*\0', 'latin1');
    head.writeUInt32LE(8, 4);
    const entry = (at: number, tag: number, value: number) => {
      head.writeUInt16LE(tag, at);
      head.writeUInt16LE(4, at + 2);
      head.writeUInt32LE(1, at + 4);
      head.writeUInt32LE(value, at + 8);
    };
    head.writeUInt16LE(2, 8);
    entry(10, NEF.orientation, orientation);
    entry(22, NEF.subDirectories, 40);
    head.writeUInt16LE(1, 40);
    entry(42, NEF.photometric, 32_803);
    return Buffer.concat([head, ...jpegs, Buffer.from('sensor data'.repeat(50))]);
  }

  const jpegOf = (width: number, height: number) =>
    pipelineOf({ ...drawnPicture('flat', width, height) })
      .jpeg()
      .toBuffer();

  it('gives the largest of its previews', async () => {
    const file = rawFile(1, [await jpegOf(16, 12), await jpegOf(64, 48), await jpegOf(32, 24)]);
    expect(await decodeImage(file)).toMatchObject({ format: 'raw', width: 64, height: 48, partial: false });
  });

  it('is turned upright, by itself or by its preview, but not by both', async () => {
    const plain = rawFile(6, [await jpegOf(64, 48)]);
    expect(await decodeImage(plain)).toMatchObject({ width: 48, height: 64, fullWidth: 48, fullHeight: 64 });
    const tagged = await sharp(await jpegOf(64, 48))
      .withMetadata({ orientation: 8 })
      .jpeg()
      .toBuffer();
    expect(await decodeImage(rawFile(8, [tagged]))).toMatchObject({ width: 48, height: 64 });
  });

  it('is refused when there is no preview and its data are none', async () => {
    await expect(decodeImage(rawFile(1, []))).rejects.toMatchObject({ name: 'SandglassError' });
  });

  it('of Fuji and Canon is known by its beginning', async () => {
    const jpeg = await jpegOf(64, 48);
    const fuji = Buffer.concat([Buffer.from('FUJIFILMCCD-RAW 0201'.padEnd(160, '\0'), 'latin1'), jpeg]);
    const canon = Buffer.concat([Buffer.from('\0\0\0\x18ftypcrx \0\0\0\x01crx isom', 'latin1'), jpeg]);
    for (const file of [fuji, canon]) expect(await decodeImage(file)).toMatchObject({ format: 'raw', width: 64 });
  });
});
