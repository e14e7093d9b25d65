// What an imported picture encoder makes of pixels: every number worked out by hand, and the same as another program's.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { Encoder } from '../../src/encoders/encoder.ts';
import { framed } from '../../src/encoders/frame-picture.ts';
import { halfOf, ofHalf } from '../../src/encoders/half-floats.ts';
import { type EncoderOptions, readEncoderFolder } from '../../src/encoders/import-folder.ts';
import { loadEncoder } from '../../src/encoders/load-encoder.ts';
import { ENCODER_MODEL, type EncoderFiles } from '../../src/encoders/manifest.ts';
import type { PictureFrame } from '../../src/encoders/picture-input.ts';
import { tensorMaker } from '../../src/encoders/picture-tensor.ts';
import { SandglassError } from '../../src/errors.ts';
import { ofThumbnail } from '../../src/image/image-feature.ts';
import type { Picture } from '../../src/image/picture.ts';
import type { PictureSource } from '../../src/image/picture-source.ts';
import { pillowResize, type ResizeKernel } from '../../src/image/pillow-resize.ts';
import { drawnPicture } from '../image/drawn-picture.ts';
import { type PictureModelDescription, pictureModel, writePictureFolder } from './picture-models.ts';

let folder: string;
let made = 0;
const opened: Encoder[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandglass-picture-encoder-'));
});
afterAll(async () => {
  for (const encoder of opened) await encoder.release();
  rmSync(folder, { recursive: true, force: true });
});

async function encoder(description: PictureModelDescription, options: EncoderOptions = {}): Promise<Encoder> {
  const model = writePictureFolder(join(folder, `model-${made++}`), pictureModel(description));
  const { files } = await readEncoderFolder(model, options, 'cpu');
  const stored = join(model, ENCODER_MODEL);
  writeFileSync(stored, readFileSync(join(model, 'model.onnx')));
  const held: EncoderFiles = { ...files, [ENCODER_MODEL]: readFileSync(stored) };
  const loaded = await loadEncoder(held, { device: 'cpu', where: model, directory: model });
  opened.push(loaded);
  return loaded;
}

/** Red, green, blue and white: two pixels in two lines. */
const FOUR: Picture = {
  width: 2,
  height: 2,
  rgb: Uint8Array.of(...[255, 0, 0], ...[0, 255, 0], ...[0, 0, 255], ...[255, 255, 255]),
};

const png = ({ rgb, width, height }: Picture) =>
  sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
const inMemory = async (picture: Picture): Promise<PictureSource> => ({ path: 'four.png', bytes: await png(picture) });
const featureOf = (source: PictureSource) => ({ ...ofThumbnail(new Uint8Array()), source });

/** A file of the folder, with its hash. */
function written(name: string, bytes: Uint8Array) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return { path, hash: createHash('sha256').update(bytes).digest('hex') };
}

function unit(values: readonly number[]): number[] {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

async function codeOf(description: PictureModelDescription, options: EncoderOptions, picture = FOUR) {
  const one = await encoder(description, options);
  return [...(await one.encode([featureOf(await inMemory(picture))]))];
}

function expectAlike(code: readonly number[], expected: readonly number[]): void {
  expect(code).toHaveLength(expected.length);
  for (const [i, value] of unit(expected).entries()) expect(code[i]).toBeCloseTo(value, 5);
}

describe('The numbers of a network', () => {
  const mean = [0.5, 0.25, 0.125];
  const std = [0.5, 0.25, 2];

  it('are bytes scaled, less the mean, by the deviation, colour by colour: NCHW', async () => {
    const one = (values: readonly number[], channel: number) =>
      values.map((value) => (value - mean[channel]!) / std[channel]!);
    const expected = [...one([1, 0, 0, 1], 0), ...one([0, 1, 0, 1], 1), ...one([0, 0, 1, 1], 2)];
    expectAlike(await codeOf({}, { mean, std }), expected);
  });

  it('are bytes as they are where it takes bytes: NHWC', async () => {
    expectAlike(await codeOf({ shape: ['n', 2, 2, 3], type: 'uint8' }, {}), [...FOUR.rgb]);
  });

  it('are in the order of its colours, the mean too', async () => {
    const expected = [0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1].map(
      (value, i) => (255 * value - [100, 110, 120][i % 3]!) / 1,
    );
    const options = { channels: 'bgr', scale: 1, mean: [100, 110, 120], std: 1 } as const;
    expectAlike(await codeOf({ shape: ['n', 2, 2, 3] }, options), expected);
  });

  it('may be half floats', async () => {
    expectAlike(
      await codeOf({ type: 'float16' }, { mean: 0, std: 0.5 }),
      [1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1].map((value) => value * 2),
    );
    for (const [value, bits] of [
      [1, 0x3c00],
      [-2, 0xc000],
      [65504, 0x7bff],
      [1e6, 0x7c00],
      [2 ** -24, 0x0001],
      [2 ** -26, 0x0000],
      [1 / 3, 0x3555],
      [1 + 2 ** -11, 0x3c00],
      [1 + 3 * 2 ** -11, 0x3c02],
      [0, 0],
    ] as const) {
      expect(halfOf(value)).toBe(bits);
    }
    const all = Array.from({ length: 0x7c00 }, (_, bits) => bits);
    expect(all.map(ofHalf).map(halfOf)).toEqual(all);
    expect(ofHalf(0xfc00)).toBe(Number.NEGATIVE_INFINITY);
    expect(ofHalf(0x7e00)).toBeNaN();
  });

  it('are rounded once, from double precision', () => {
    const frame: PictureFrame = { side: [1, 1], fit: 'stretch', kernel: 'bilinear' };
    const make = tensorMaker({
      ...{ ...frame, layout: 'NCHW', type: 'float32', channels: 'rgb', scale: 1 / 255 },
      ...{ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    });
    const { data, shape } = make([Uint8Array.of(7, 200, 255)], 2);
    expect(shape).toEqual([2, 3, 1, 1]);
    const expected = [(7 / 255 - 0.485) / 0.229, (200 / 255 - 0.456) / 0.224, (1 - 0.406) / 0.225, 0, 0, 0];
    expect([...(data as Float32Array)]).toEqual(expected.map(Math.fround));
  });
});

describe('The vectors of parts', () => {
  const plain = { mean: 0, std: 1 };
  // A part is a line of a colour, of two pixels.
  it.each<[string, PictureModelDescription, EncoderOptions, number[]]>([
    ['the first one', { ending: 'tokens' }, { pooling: 'cls' }, [1, 0]],
    ['their mean', { ending: 'tokens' }, { pooling: 'mean' }, [2, 4]],
    ['the mean of a map, planes of colours', { ending: 'map' }, {}, [1, 1, 1]],
    ['of a map, colours of pixels', { ending: 'map', shape: ['n', 2, 2, 3] }, {}, [1, 1, 1]],
    ['the largest of each number', { ending: 'map' }, { pooling: 'max' }, [1, 1, 1]],
  ])('become one: %s', async (_, description, options, expected) => {
    expectAlike(await codeOf(description, { ...plain, ...options }), expected);
  });
});

describe('A picture of another shape', () => {
  // 4 × 2 pixels: columns of 0, 60, 120 and 180.
  const wide: Picture = {
    width: 4,
    height: 2,
    rgb: Uint8Array.from({ length: 24 }, (_, i) => (Math.floor(i / 3) % 4) * 60),
  };
  const tall: Picture = {
    width: 2,
    height: 4,
    rgb: Uint8Array.from({ length: 24 }, (_, i) => Math.floor(i / 6) * 60),
  };
  const reds = (pixels: Uint8Array) => [...pixels].filter((_, i) => i % 3 === 0);
  const frame = (picture: Picture, fit: PictureFrame['fit'], further: Partial<PictureFrame> = {}) =>
    reds(framed(picture, { side: [2, 2], fit, kernel: 'box', ...further }));

  it('is stretched: neighbours averaged', () => {
    expect(frame(wide, 'stretch')).toEqual([30, 150, 30, 150]);
    expect(frame(tall, 'stretch')).toEqual([30, 30, 150, 150]);
  });

  it('is cut: the middle of it', () => {
    expect(frame(wide, 'crop')).toEqual([60, 120, 60, 120]);
    expect(frame(tall, 'crop')).toEqual([60, 60, 120, 120]);
  });

  it('is laid on black', () => {
    expect(frame(wide, 'pad', { side: [4, 4] })).toEqual([
      ...Array(4).fill(0),
      ...Array(2).fill([0, 60, 120, 180]).flat(),
      ...Array(4).fill(0),
    ]);
    expect(frame(tall, 'pad', { side: [4, 4] })).toEqual([0, 60, 120, 180].flatMap((value) => [0, value, value, 0]));
  });

  it('is resized by its shorter edge, and the middle cut out', () => {
    const nearest = { kernel: 'nearest', resize: 4 } as const;
    // 8 × 4: every pixel twice.
    expect(frame(wide, 'crop', nearest)).toEqual([60, 120, 60, 120]);
    expect(frame(wide, 'crop', { ...nearest, side: [4, 4] })).toEqual(Array(4).fill([60, 60, 120, 120]).flat());
  });

  it('comes to a side that is no square', () => {
    const side = [1, 4] as const;
    expect(frame(wide, 'crop', { side })).toEqual([0, 60, 120, 180]);
    expect(frame(tall, 'crop', { side, kernel: 'nearest' })).toEqual(Array(4).fill(60));
    expect(frame(wide, 'pad', { side })).toEqual([0, 30, 150, 0]);
  });

  it('never comes to nothing', () => {
    const line: Picture = { width: 500, height: 1, rgb: new Uint8Array(1500).fill(9) };
    expect(frame(line, 'pad')).toEqual([9, 9, 0, 0]);
    expect(frame(line, 'crop')).toEqual([9, 9, 9, 9]);
    const endless: Picture = { width: 2_000_000, height: 1, rgb: new Uint8Array(6_000_000).fill(9) };
    expect(framed(endless, { side: [224, 224], fit: 'crop', kernel: 'bicubic' })).toEqual(
      new Uint8Array(150_528).fill(9),
    );
  });
});

describe('Pictures that cannot be read', () => {
  it('fail alone, in their place, whether few or many', async () => {
    const whole = await png(FOUR);
    const good = written('good.png', whole);
    const changed = { ...written('changed.png', whole), hash: '0'.repeat(64) };
    const broken = written('broken.png', Buffer.from('no picture at all'));
    const absent = { path: join(folder, 'absent.png'), hash: good.hash };
    const some: PictureSource[] = [good, changed, broken, absent, good];
    const many = [...some, ...Array<PictureSource>(12).fill(good)];
    const seeing = await encoder({}, { mean: 0.5, std: 0.5 });
    for (const sources of [some, many]) {
      const found = [];
      for await (const result of seeing.encodePictures!(sources))
        found.push(
          'error' in result ? `${result.error.code} ${result.error.path === result.source.path}` : result.code.length,
        );
      expect(found).toEqual([
        ...[12, 'FILE_CHANGED true', 'KIND_UNSUPPORTED true', 'FILE_VANISHED true', 12],
        ...Array(sources.length - some.length).fill(12),
      ]);
    }
    await expect(seeing.encode([featureOf(absent)])).rejects.toMatchObject({ code: 'FILE_VANISHED' });
    await expect(seeing.encode([ofThumbnail(new Uint8Array())])).rejects.toThrow(TypeError);
    await expect(seeing.reconstruct([])).rejects.toMatchObject({ code: 'METHOD_UNAVAILABLE' });
  });

  it('stop where the reading is stopped', async () => {
    const stop = new AbortController();
    const good = written('again.png', await png(FOUR));
    const seeing = await encoder({}, { mean: 0.5, std: 0.5 });
    const work = (async () => {
      for await (const _ of seeing.encodePictures!(Array(60).fill(good), stop.signal)) stop.abort();
    })();
    await expect(work).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(work).rejects.toBeInstanceOf(SandglassError);
  });
});

describe('A reference', () => {
  const reference = JSON.parse(readFileSync(new URL('./picture-references.json', import.meta.url), 'utf8')) as {
    readonly kernels: Readonly<Record<ResizeKernel, Readonly<Record<string, string>>>>;
  };

  it.each(Object.keys(reference.kernels) as ResizeKernel[])('resizes as Pillow does: %s', (kernel) => {
    for (const [sizes, expected] of Object.entries(reference.kernels[kernel])) {
      const [width, height, outWidth, outHeight] = sizes.split('x').map(Number) as [number, number, number, number];
      const { rgb } = pillowResize(drawnPicture('noise', width, height), outWidth, outHeight, kernel);
      expect([sizes, createHash('sha256').update(rgb).digest('hex')]).toEqual([sizes, expected]);
    }
  });
});
