import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { imageFeature } from '../../src/image/compute-feature.ts';
import { decodeImage, decodeReduced, type Picture, pipelineOf } from '../../src/image/decode.ts';
import { drawnPicture } from './drawn-picture.ts';

const noise = drawnPicture('noise', 120, 80);
const WHITE = [255, 255, 255];

/** A PNG whose header promises this size. */
function pngHeader(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(typed), 4);
    return Buffer.concat([frame.subarray(0, 4), typed, frame.subarray(4)]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', size),
    chunk('IDAT', Buffer.from([0x78, 0x9c, 3, 0, 0, 0, 0, 1])),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const svg = (attributes: string, content = '') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${content}</svg>`);

function colourAt({ rgb, width }: Picture, x: number, y: number): number[] {
  return [...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

/** Left half red, right half blue. */
function halves(width: number, height: number): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < rgb.length; at += 3) rgb[at % (width * 3) < width * 1.5 ? at : at + 2] = 255;
  return { width, height, rgb };
}

/** A GIF of these frames. */
async function animate(frames: readonly Picture[]): Promise<Buffer> {
  const files = await Promise.all(frames.map((frame) => pipelineOf(frame).png().toBuffer()));
  return sharp(files, { join: { animated: true } })
    .gif()
    .toBuffer();
}

describe('a file that is no readable picture', () => {
  it('is refused as empty when it has no bytes', async () => {
    await expect(decodeImage(new Uint8Array())).rejects.toMatchObject({ code: 'FILE_EMPTY' });
  });

  it('is refused as unsupported when it is text by the name of a picture', async () => {
    const text = Buffer.from('This is a letter, not a picture.\n'.repeat(40));
    await expect(decodeImage(text)).rejects.toMatchObject({
      code: 'KIND_UNSUPPORTED',
      message: expect.stringContaining('Expected a JPEG, PNG'),
    });
  });

  it('is refused when its size is zero', async () => {
    await expect(decodeImage(pngHeader(0, 0))).rejects.toMatchObject({ code: 'IMAGE_BROKEN' });
    await expect(decodeImage(svg('width="0" height="0"'))).rejects.toMatchObject({
      code: 'IMAGE_BROKEN',
      message: expect.stringContaining('size is 0'),
    });
  });

  it('is refused before decoding when it promises 30,000 × 30,000 pixels, whatever the format', async () => {
    for (const bomb of [pngHeader(30_000, 30_000), svg('width="30000" height="30000"')]) {
      await expect(decodeReduced(bomb)).rejects.toMatchObject({
        code: 'IMAGE_TOO_LARGE',
        message: expect.stringContaining('30000 × 30000 (900 megapixels)'),
      });
    }
  });

  it('is refused when it has more pixels than the caller allows', async () => {
    const file = await pipelineOf(noise).jpeg().toBuffer();
    await expect(decodeImage(file, { maxPixels: 1000 })).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
    await expect(decodeImage(file, { maxPixels: 120 * 80 })).resolves.toMatchObject({ width: 120 });
  });

  it('is refused when hardly any of its pixels are there', async () => {
    const file = await pipelineOf(noise).jpeg().toBuffer();
    const header = file.subarray(0, file.indexOf(Buffer.from([0xff, 0xda])) + 14);
    await expect(decodeImage(header)).rejects.toMatchObject({
      code: 'IMAGE_BROKEN',
      message: expect.stringContaining('ends before a usable part'),
    });
    await expect(decodeImage(file.subarray(0, 40))).rejects.toMatchObject({ code: 'IMAGE_BROKEN' });
  });
});

describe('a damaged picture', () => {
  it.each(['jpeg', 'png'] as const)('gives its usable part when a %s is cut short', async (format) => {
    const file = await pipelineOf(noise).toFormat(format).toBuffer();
    const whole = await decodeImage(file);
    const part = await decodeImage(file.subarray(0, file.length * 0.6));
    expect(whole.partial).toBe(false);
    expect(part).toMatchObject({ partial: true, width: 120, height: 80 });
    const top = 120 * 3 * 16;
    expect(Buffer.compare(part.rgb.subarray(0, top), whole.rgb.subarray(0, top))).toBe(0);
    expect(await imageFeature(file.subarray(0, file.length * 0.6))).toMatchObject({ partial: true });
  });
});

describe('a hostile SVG', () => {
  it('cannot show a file from the disk', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sandglass-svg-'));
    try {
      const secret = join(folder, 'secret.png');
      await writeFile(
        secret,
        await pipelineOf(drawnPicture('flat', 40, 40))
          .png()
          .toBuffer(),
      );
      const link = pathToFileURL(secret).href;
      const image = svg('width="40" height="40"', `<image href="${link}" width="40" height="40"/>`);
      expect(colourAt(await decodeImage(image), 20, 20)).toEqual(WHITE);
      const entity = Buffer.from(
        `<!DOCTYPE svg [<!ENTITY x SYSTEM "${link}">]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&x;</text></svg>`,
      );
      await decodeImage(entity).catch((error) => expect(error).toMatchObject({ code: 'IMAGE_BROKEN' }));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('ends soon when its entities multiply a billion times', async () => {
    const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join('');
    const bomb = `<!DOCTYPE svg [<!ENTITY e0 "boom">${entities}]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&e9;</text></svg>`;
    await expect(decodeImage(Buffer.from(bomb))).rejects.toMatchObject({ name: 'SandglassError' });
  });
});

describe('decoding', () => {
  it.each(['png', 'webp', 'gif', 'tiff', 'avif', 'jpeg'] as const)('reads %s', async (format) => {
    const file = await pipelineOf(halves(64, 48)).toFormat(format).toBuffer();
    const picture = await decodeImage(file);
    expect(picture).toMatchObject({ format, width: 64, height: 48, fullWidth: 64, fullHeight: 48, partial: false });
    const [red, , blue] = colourAt(picture, 5, 5);
    expect(red).toBeGreaterThan(230);
    expect(blue).toBeLessThan(25);
  });

  it('reads SVG', async () => {
    const file = svg('width="20" height="10"', '<rect width="10" height="10" fill="#f00"/>');
    const picture = await decodeImage(file);
    expect(picture).toMatchObject({ format: 'svg', width: 20, height: 10 });
    expect(colourAt(picture, 2, 5)).toEqual([255, 0, 0]);
  });

  it('turns a picture upright by its EXIF orientation', async () => {
    for (const [width, height] of [
      [64, 48],
      [2000, 1500],
    ] as const) {
      const file = await pipelineOf(halves(width, height)).withMetadata({ orientation: 6 }).jpeg().toBuffer();
      const picture = await decodeReduced(file);
      expect(picture).toMatchObject({ fullWidth: height, fullHeight: width });
      expect(picture.height).toBeGreaterThan(picture.width);
      expect(colourAt(picture, picture.width >> 1, 3)[0]).toBeGreaterThan(230);
      expect(colourAt(picture, picture.width >> 1, picture.height - 3)[2]).toBeGreaterThan(230);
    }
  });

  it('lays transparency over white', async () => {
    const file = await pipelineOf(noise).ensureAlpha(0).png().toBuffer();
    expect(colourAt(await decodeImage(file), 50, 50)).toEqual(WHITE);
  });

  it('reads grey, 16-bit and CMYK pictures as 8-bit RGB', async () => {
    const files = await Promise.all([
      pipelineOf(noise).toColourspace('b-w').png().toBuffer(),
      pipelineOf(noise).toColourspace('rgb16').png().toBuffer(),
      pipelineOf(noise).toColourspace('cmyk').jpeg().toBuffer(),
    ]);
    for (const file of files) {
      const { rgb } = await decodeImage(file);
      expect(rgb).toHaveLength(120 * 80 * 3);
    }
  });

  it('takes the first frame of an animation', async () => {
    const animation = await animate([halves(32, 32), drawnPicture('flat', 32, 32)]);
    expect((await sharp(animation).metadata()).pages).toBe(2);
    const picture = await decodeImage(animation);
    expect(picture).toMatchObject({ width: 32, height: 32, format: 'gif' });
    expect(colourAt(picture, 5, 5)).toEqual([255, 0, 0]);
  });

  it('reduces large pictures, panoramas and strips, and leaves small ones whole', async () => {
    const sizes = [
      { width: 1000, height: 1000, long: 1000 },
      { width: 3000, height: 2400, long: 333 },
      { width: 2000, height: 1500, long: 400 },
      { width: 9000, height: 300, long: 4096 },
      { width: 20, height: 60_000, long: 4096 },
    ];
    for (const { width, height, long } of sizes) {
      const file = await pipelineOf(halves(width, height)).jpeg().toBuffer();
      const picture = await decodeReduced(file);
      expect(Math.max(picture.width, picture.height)).toBe(long);
      expect(picture).toMatchObject({ fullWidth: width, fullHeight: height });
      expect(await imageFeature(file)).toMatchObject({ width, height, format: 'jpeg' });
    }
  });

  it('gives the same feature for the same file every time', async () => {
    const file = await pipelineOf(drawnPicture('noise', 300, 200))
      .jpeg()
      .toBuffer();
    const first = await imageFeature(file);
    await imageFeature(await pipelineOf(noise).png().toBuffer());
    expect(await imageFeature(file)).toEqual(first);
  });
});

describe('the feature of a tiny or extreme picture', () => {
  it.each([
    [1, 1],
    [1, 300],
    [300, 1],
    [63, 65],
    [3, 2],
  ])('of %i × %i has every part', async (width, height) => {
    const { feature } = await imageFeature(
      await pipelineOf(drawnPicture('flat', width, height))
        .png()
        .toBuffer(),
    );
    expect(feature.thumbnail).toHaveLength(3 * 64 * 64);
    expect([feature.thumbnail[0], feature.thumbnail[4096], feature.thumbnail[8192]]).toEqual([120, 60, 200]);
    expect([...feature.pixels.subarray(189)]).toEqual([120, 60, 200]);
    expect(feature.phash).toHaveLength(8);
    expect(feature.dhash).toHaveLength(8);
  });
});
