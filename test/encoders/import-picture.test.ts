// Picture encoders that somebody brings: what is wrong with them is said; how they want their pictures is found.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type EncoderOptions, readEncoderFolder } from '../../src/encoders/import-folder.ts';
import type { PictureInput } from '../../src/encoders/picture-input.ts';
import { SandglassError } from '../../src/errors.ts';
import { type PictureModelDescription, pictureModel, writePictureFolder } from './picture-models.ts';

const parent = mkdtempSync(join(tmpdir(), 'sandglass-picture-encoders-'));
let folder: string;
let made = 0;

beforeEach(() => {
  folder = join(parent, `model-${made++}`);
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const written = (description: PictureModelDescription = {}, files: Readonly<Record<string, unknown>> = {}) =>
  writePictureFolder(folder, pictureModel(description), files);
const read = (options: EncoderOptions = {}, target = folder) => readEncoderFolder(target, options, 'cpu');
const input = async (options?: EncoderOptions) => (await read(options)).manifest.input as PictureInput;

async function refusal(work: Promise<unknown>, code = 'ENCODER_UNFIT'): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SandglassError);
  expect((error as SandglassError).code).toBe(code);
  return (error as Error).message;
}

const OPEN = ['n', 'c', 'h', 'w'] as const;
const config = (content: object) => ({ 'preprocessor_config.json': content });
/** What every processor of Hugging Face writes. */
const COMMON = { do_rescale: true, rescale_factor: 1 / 255, do_normalize: true, image_mean: [0.5, 0.5, 0.5] };

describe('A model that cannot look at pictures is refused:', () => {
  it.each<[string, PictureModelDescription, Readonly<Record<string, unknown>>, EncoderOptions, RegExp]>([
    [
      'neither texts nor pictures go in',
      { inputs: ['samples'], shape: ['n', 'd'] },
      {},
      {},
      /takes samples float32 \[n, d\]; expected input_ids .* or one input of pictures/,
    ],
    [
      'sounds go in',
      { inputs: ['input_values'], shape: ['n', 'd'] },
      config({ feature_size: 1 }),
      {},
      /takes input_values float32 \[n, d\]; expected one input of pictures/,
    ],
    ['two pictures go in', { inputs: ['left', 'right'] }, {}, {}, /takes left .*, right /],
    ['of no three colours', { shape: ['n', 1, 2, 2] }, {}, {}, /takes \[n, 1, 2, 2\]; expected pictures of 3 colours/],
    ['colours elsewhere', {}, {}, { inputLayout: 'NHWC' }, /\[n, 3, 2, 2\], where NHWC has no 3 colours/],
    ['numbers of another type', { type: 'int32' }, {}, {}, /takes pixel_values as int32; expected float32/],
    ['another side', {}, {}, { side: 4 }, /takes pictures of 2 × 2, and 4 × 4 was asked for/],
    [
      'outputs of unknown names',
      { ending: 'two unknown' },
      {},
      {},
      /first \[1, 12\], second .*choose one with --output/,
    ],
    ['no such output', {}, {}, { output: 'in' }, /outputs out \[1, 12\]; expected in among them/],
    ['outputs that are no floats', { ending: 'whole numbers' }, {}, {}, /outputs out .*expected one of floats/],
    ['the first vector of a map', { ending: 'map' }, {}, { pooling: 'cls' }, /is a map.*--pooling mean/],
    ['numbers that are not finite', { ending: 'nan' }, {}, {}, /not finite/],
    ['nothing but zeros', { ending: 'zeros' }, {}, {}, /nothing but zeros/],
    ['the same for all', { ending: 'constant' }, {}, {}, /two pictures that have nothing in common the same code/],
    [
      'vectors of changing length',
      { ending: 'as many numbers as bright pixels' },
      {},
      { mean: 0, std: 1 },
      /vectors of \d+ numbers for one picture and of \d+ for another/,
    ],
    [
      'a setting that is not JSON',
      {},
      { 'preprocessor_config.json': '{' },
      {},
      /preprocessor_config\.json that is not JSON/,
    ],
    [
      'a size of another kind',
      { shape: OPEN },
      config({ size: { longest_edge: 512 } }),
      {},
      /has the size .*longest_edge.*--side and --fit/,
    ],
    [
      'a way of its own',
      { shape: OPEN },
      config({ size: { height: 256, width: 256 }, do_center_crop: true, crop_size: 224 }),
      {},
      /stretches to 256 × 256 and cuts 224 × 224/,
    ],
  ])('%s', async (_, description, files, options, message) => {
    written(description, files);
    expect(await refusal(read(options))).toMatch(message);
  });

  it('texts and pictures go in at once', async () => {
    written({ inputs: ['pixel_values', 'input_ids'], shape: ['n', 3, 2, 2] });
    expect(await refusal(read())).toMatch(/takes pixel_values .*, input_ids/);
  });

  it.each<[string, PictureModelDescription, EncoderOptions, RegExp]>([
    ['of texts', {}, { queryPrefix: 'q: ' }, /no queryPrefix for .*: it is a picture encoder/],
    ['scale 0', {}, { scale: 0 }, /a number other than 0 for scale but received 0/],
    ['four means', {}, { mean: [1, 2, 3, 4] }, /for mean but received \[1,2,3,4\]/],
    ['a deviation of 0', {}, { std: [1, 0, 1] }, /for std but received \[1,0,1\]/],
    ['half a pixel', { shape: OPEN }, { side: 0.5 }, /for side but received 0\.5/],
    ['a smaller edge than what is cut out', { shape: OPEN }, { side: 8, resize: 4 }, /at least 8 for resize/],
    ['an edge where nothing is cut', { shape: OPEN }, { side: 8, resize: 9, fit: 'pad' }, /no resize with fit pad/],
    ['a mean of bytes', { type: 'uint8' }, { mean: 0.5 }, /no mean: the model takes bytes/],
  ])('an option that cannot be (%s)', async (_, description, options, message) => {
    written(description);
    expect(await refusal(read(options), 'SETTING_INVALID')).toMatch(message);
  });

  it('options of pictures for a sentence encoder, or a model chosen twice', async () => {
    written({ inputs: ['input_ids'], shape: ['n', 'd'] });
    expect(await refusal(read({ channels: 'bgr' }), 'SETTING_INVALID')).toMatch(/it is a sentence encoder/);
    expect(await refusal(read({ model: 'x.onnx' }, join(folder, 'model.onnx')), 'SETTING_INVALID')).toMatch(/no model/);
  });
});

describe('How a model wants its pictures', () => {
  it('is what the user says', async () => {
    written({ shape: OPEN }, config({ ...COMMON, size: 8, image_std: [1, 1, 1], resample: 3 }));
    const given: EncoderOptions = {
      inputLayout: 'NHWC',
      side: [6, 4],
      fit: 'pad',
      kernel: 'box',
      scale: 1,
      channels: 'bgr',
      mean: [103, 116, 123],
      std: 2,
      output: 'out',
    };
    expect(await input(given)).toEqual({
      ...{
        feature: 'picture',
        layout: 'NHWC',
        type: 'float32',
        channels: 'bgr',
        side: [6, 4],
        fit: 'pad',
        kernel: 'box',
      },
      ...{ scale: 1, mean: [103, 116, 123], std: [2, 2, 2], output: 'out', pooling: 'none', batch: 8 },
    });
  });

  it.each<[string, object, Partial<PictureInput>]>([
    [
      'as of CLIP',
      { size: { shortest_edge: 8 }, do_center_crop: true, crop_size: { height: 8, width: 8 }, resample: 3 },
      { side: [8, 8], fit: 'crop', kernel: 'bicubic' },
    ],
    ['as of older CLIP', { size: 8, do_center_crop: true, crop_size: 8, resample: 3 }, { side: [8, 8], fit: 'crop' }],
    [
      'as of DINOv2',
      { size: { shortest_edge: 10 }, do_center_crop: true, crop_size: { height: 8, width: 8 }, resample: 3 },
      { side: [8, 8], fit: 'crop', resize: 10 },
    ],
    ['as of ViT', { size: { height: 8, width: 8 }, resample: 2 }, { side: [8, 8], fit: 'stretch', kernel: 'bilinear' }],
    ['as of ConvNeXT', { size: { shortest_edge: 7 }, crop_pct: 0.875 }, { side: [7, 7], fit: 'crop', resize: 8 }],
    [
      'as of MobileViT',
      {
        size: { shortest_edge: 9 },
        do_center_crop: true,
        crop_size: 8,
        do_normalize: false,
        do_flip_channel_order: true,
      },
      { channels: 'bgr', mean: [0, 0, 0], std: [1, 1, 1], resize: 9 },
    ],
    ['bytes not scaled', { size: 8, do_rescale: false }, { scale: 1, fit: 'stretch' }],
  ])('is what preprocessor_config.json says (%s)', async (_, content, expected) => {
    written({ shape: OPEN }, config({ ...COMMON, image_std: 0.25, ...content }));
    const found = await read();
    expect(found.manifest.input).toMatchObject({
      ...{ scale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
      ...expected,
    });
    expect('resize' in expected).toBe('resize' in found.manifest.input);
    expect(found.said).toEqual([]);
  });

  it('is what the model takes, where that is another side than the files say', async () => {
    written({}, config({ ...COMMON, image_std: 1, size: 8 }));
    const { manifest, said } = await read();
    expect(manifest.input).toMatchObject({ side: [2, 2], layout: 'NCHW' });
    expect(said).toEqual([expect.stringContaining('says 8 × 8 pixels, and the model takes 2 × 2')]);
  });

  it.each<[string, PictureModelDescription, Partial<PictureInput>]>([
    ['its 3 in the second place', { shape: [1, 3, 3, 4] }, { layout: 'NCHW', side: [3, 4], batch: 1 }],
    ['its 3 in the last place', { shape: ['n', 5, 4, 3] }, { layout: 'NHWC', side: [5, 4], batch: 8 }],
    ['a name of an axis', { shape: ['n', 2, 2, 'channels'] }, { layout: 'NHWC', side: [2, 2] }],
    ['its number of pictures', { shape: [4, 3, 2, 2] }, { batch: 4 }],
    ['its bytes', { shape: ['n', 2, 2, 3], type: 'uint8' }, { type: 'uint8', scale: 1, std: [1, 1, 1] }],
    ['its half floats', { type: 'float16' }, { type: 'float16', scale: 1 / 255 }],
  ])('is told by the model (%s)', async (_, description, expected) => {
    written(description);
    expect(await input()).toMatchObject(expected);
  });

  it('is the usual one where nobody says anything, which is said', async () => {
    written({ shape: OPEN, ending: 'means' });
    const { manifest, said } = await read();
    expect(manifest.input).toEqual({
      ...{ feature: 'picture', layout: 'NCHW', type: 'float32', channels: 'rgb', side: [224, 224], fit: 'crop' },
      ...{ kernel: 'bilinear', scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
      ...{ output: 'out', pooling: 'none', batch: 8 },
    });
    expect(said).toEqual([expect.stringContaining('224 × 224'), expect.stringContaining("ImageNet's mean")]);
  });

  it('knows which output is meant, and how its vectors become one', async () => {
    written({ ending: 'two known' });
    expect(await input()).toMatchObject({ output: 'image_embeds', pooling: 'none' });
    expect(await input({ output: 'last_hidden_state' })).toMatchObject({ output: 'last_hidden_state', pooling: 'cls' });
    expect(await input({ output: 'last_hidden_state', pooling: 'mean' })).toMatchObject({ pooling: 'mean' });
    written({ ending: 'map' });
    expect(await input()).toMatchObject({ output: 'out', pooling: 'mean' });
    expect((await read()).manifest.dimensions).toBe(3);
  });

  it('one picture at a time, where a model takes no two, or where they change one another', async () => {
    written({ ending: 'all pictures together' });
    expect(await input()).toMatchObject({ batch: 1 });
    written({ ending: 'each less the mean of all' });
    expect(await input()).toMatchObject({ batch: 1 });
  });
});

describe('A picture encoder', () => {
  it('may be an ONNX file by itself, with what lies beside it, or above a folder of that name', async () => {
    written({ shape: OPEN }, config({ ...COMMON, image_std: 1, size: 8 }));
    expect((await read({}, join(folder, 'model.onnx'))).manifest.input).toMatchObject({ side: [8, 8] });
    writePictureFolder(folder, pictureModel({ shape: OPEN }), {}, 'onnx/small.onnx');
    expect((await read({}, join(folder, 'onnx/small.onnx'))).manifest.input).toMatchObject({ side: [8, 8] });
  });

  it('is that part of a model for texts and pictures which looks at pictures', async () => {
    const files = { ...config({ ...COMMON, image_std: 1, size: 8 }), 'tokenizer.json': {} };
    writePictureFolder(folder, pictureModel({ inputs: ['input_ids', 'pixel_values'] }), files, 'onnx/model.onnx');
    writePictureFolder(folder, pictureModel({ shape: OPEN }), {}, 'onnx/vision_model.onnx');
    expect(await input()).toMatchObject({ feature: 'picture', side: [8, 8] });
  });

  it('has its model alone in its manifest', async () => {
    written();
    const { manifest } = await read();
    expect(manifest).toMatchObject({ kind: 'image', dimensions: 12 });
    expect(Object.keys(manifest.sha256)).toEqual(['encoder.onnx']);
  });
});
