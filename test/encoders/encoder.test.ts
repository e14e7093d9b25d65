import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadEncoder } from '../../src/encoders/load-encoder.ts';
import { DECODER_MODEL, ENCODER_MODEL, MANIFEST, VOCABULARY } from '../../src/encoders/manifest.ts';
import type { Feature } from '../../src/features/feature.ts';
import { codeMethod } from '../../src/methods/codes.ts';
import { floatCodes } from '../../src/methods/searched-codes.ts';
import { exportModel } from '../../src/training/export.ts';
import { documentText, rejectionOf } from '../library/collection.ts';
import { itKeepsTheContract } from '../methods/conformance.ts';
import { drawn, ranking, text } from '../methods/features.ts';
import { type HeldFiles, imageEncoderFiles, textEncoderFiles } from './small-encoders.ts';

const documents = [0, 1, 2, 3, 4, 5].flatMap((i) =>
  ['sea', 'bread', 'chess'].map((topic) => text(documentText(topic, i))),
);
let textFiles: HeldFiles;
let imageFiles: HeldFiles;
let pictures: Awaited<ReturnType<typeof drawn>>[];

const ready = (async () => {
  pictures = await Promise.all(Array.from({ length: 20 }, (_, i) => drawn(i)));
  textFiles = await textEncoderFiles(documents);
  imageFiles = await imageEncoderFiles(pictures);
})();
beforeAll(() => ready);

const load = (files: HeldFiles) => loadEncoder(files, { device: 'cpu', where: 'a folder' });
const without = (files: HeldFiles, name: string): HeldFiles =>
  Object.fromEntries(Object.entries(files).filter(([each]) => each !== name));

/** The same files under a manifest that says something else of them. */
function claiming(files: HeldFiles, change: (manifest: Record<string, unknown>) => void): HeldFiles {
  const manifest = JSON.parse(new TextDecoder().decode(files[MANIFEST])) as Record<string, unknown>;
  change(manifest);
  return { ...files, [MANIFEST]: new TextEncoder().encode(JSON.stringify(manifest)) };
}

describe('An encoder that is not what it should be', () => {
  const cases: readonly (readonly [string, () => HeldFiles, RegExp])[] = [
    ['without a manifest', () => without(textFiles, MANIFEST), /has no manifest\.json/],
    ['with a manifest that is no JSON', () => ({ ...textFiles, [MANIFEST]: Buffer.from('{') }), /not JSON/],
    ['with a manifest that is no object', () => ({ ...textFiles, [MANIFEST]: Buffer.from('null') }), /manifest/],
    ['with a manifest of tomorrow', () => claiming(textFiles, (manifest) => (manifest.format = 99)), /format 99/],
    ['with a manifest that lacks the input', () => claiming(textFiles, (manifest) => delete manifest.input), /input/],
    ['with a manifest that lacks the sums', () => claiming(textFiles, (manifest) => delete manifest.sha256), /sha256/],
    ['without its model', () => without(textFiles, ENCODER_MODEL), /lacks encoder\.onnx/],
    ['without its words', () => without(textFiles, VOCABULARY), /lacks vocabulary\.txt/],
    [
      'with a model that was cut off',
      () => ({ ...textFiles, [ENCODER_MODEL]: textFiles[ENCODER_MODEL]!.subarray(0, 500) }),
      /damaged encoder\.onnx/,
    ],
    [
      'with the manifest of another',
      () => ({ ...textFiles, [MANIFEST]: imageFiles[MANIFEST]! }),
      /damaged encoder\.onnx/,
    ],
  ];
  it.each(cases)('(%s) is broken, which says what and what to do', async (_, files, what) => {
    const error = await rejectionOf(load(files()));
    expect(error.code).toBe('ENCODER_BROKEN');
    expect(error.message).toMatch(what);
    expect(error.message).toContain('sandglass index --train always');
  });

  it('is broken when its model is no model, though its sum is right', async () => {
    const model = Buffer.from('no model at all');
    const files = claiming({ ...textFiles, [ENCODER_MODEL]: model }, (manifest) => {
      manifest.sha256 = {
        ...(manifest.sha256 as object),
        [ENCODER_MODEL]: createHash('sha256').update(model).digest('hex'),
      };
    });
    expect((await rejectionOf(load(files))).code).toBe('ENCODER_BROKEN');
  });

  it('is of an earlier version when its model takes in something else', async () => {
    const model = exportModel({
      name: 'dense',
      input: { name: 'dense', type: 'float32', row: [4] },
      parameters: [],
      build: (dense) => ({ code: dense }),
    });
    const files = claiming({ ...textFiles, [ENCODER_MODEL]: model }, (manifest) => {
      manifest.sha256 = {
        ...(manifest.sha256 as object),
        [ENCODER_MODEL]: createHash('sha256').update(model).digest('hex'),
      };
    });
    const error = await rejectionOf(load(files));
    expect(error.code).toBe('ENCODER_MISMATCH');
    expect(error.message).toMatch(/takes dense, this version gives words and counts\. Train it again/);
  });

  it('is broken when its codes are of another length than it says', async () => {
    const encoder = await load(claiming(textFiles, (manifest) => (manifest.dimensions = 32)));
    expect((await rejectionOf(encoder.encode(documents.slice(0, 2)))).code).toBe('ENCODER_BROKEN');
    await encoder.release();
  });

  it('does not match when it was made for other words or thumbnails', async () => {
    const words = claiming(textFiles, (manifest) => ((manifest.input as { tokenizer: number }).tokenizer = 0));
    const side = claiming(imageFiles, (manifest) => ((manifest.input as { side: number }).side = 16));
    for (const files of [words, side]) expect((await rejectionOf(load(files))).code).toBe('ENCODER_MISMATCH');
  });
});

describe('An encoder', () => {
  it.each([
    ['text', () => [textFiles, documents] as const],
    ['image', () => [imageFiles, pictures] as const],
  ])('of %s gives codes of length 1, the same for one feature as for many', async (kind, given) => {
    const [files, features] = given();
    const encoder = await load(files);
    expect(encoder.kind).toBe(kind);
    expect(encoder.dimensions).toBe(16);
    // More than go through the network at once.
    const many = Array.from({ length: 300 }, (_, i) => features[i % features.length]!) as Feature[];
    const codes = await encoder.encode(many);
    expect(codes).toHaveLength(300 * 16);
    for (const row of [0, 1, 127, 128, 299]) {
      const code = codes.subarray(row * 16, (row + 1) * 16);
      expect(Math.hypot(...code)).toBeCloseTo(1, 5);
      const alone = await encoder.encode([many[row]!]);
      code.forEach((value, i) => {
        expect(alone[i]).toBeCloseTo(value, 4);
      });
    }
    expect(await encoder.encode([])).toHaveLength(0);
    await encoder.release();
  });

  it('gives all zeros to a document of which it knows no word', async () => {
    const encoder = await load(textFiles);
    const codes = await encoder.encode([documents[0]!, text('xylophone'), text('')]);
    expect(codes.subarray(0, 16).some((value) => value !== 0)).toBe(true);
    expect(codes.subarray(16).every((value) => value === 0)).toBe(true);
    expect([documents[0]!, text('xylophone')].map((feature) => encoder.knowsNothingOf(feature))).toEqual([false, true]);
    await encoder.release();
  });

  it('says by its decoder what it remembers: how likely each word is, or a picture', async () => {
    const ofText = await load(textFiles);
    const words = ofText.vocabulary!.size;
    const likely = await ofText.reconstruct(documents.slice(0, 2));
    expect(likely).toHaveLength(2 * words);
    expect(likely.subarray(0, words).reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 3);
    await ofText.release();

    const ofImages = await load(imageFiles);
    const remembered = await ofImages.reconstruct(pictures.slice(0, 2));
    expect(remembered.length % 6).toBe(0);
    expect(remembered.every((value) => value >= 0 && value <= 1)).toBe(true);
    await ofImages.release();
  });

  it('works without its decoder until the decoder is asked', async () => {
    const files = claiming(without(textFiles, DECODER_MODEL), (manifest) => {
      delete (manifest.sha256 as Record<string, string>)[DECODER_MODEL];
    });
    const encoder = await load(files);
    expect(await encoder.encode([documents[0]!])).toHaveLength(16);
    expect((await rejectionOf(encoder.reconstruct([documents[0]!]))).message).toContain(DECODER_MODEL);
    await encoder.release();
  });

  it('refuses features of the other kind', async () => {
    const encoder = await load(textFiles);
    await expect(encoder.encode([pictures[0]!])).rejects.toThrow(TypeError);
    await encoder.release();
  });
});

itKeepsTheContract('ae', async () => {
  await ready;
  const encoder = await load(textFiles);
  const rows = documents.slice(0, 9);
  return {
    method: codeMethod({
      name: 'ae',
      encoder,
      codes: floatCodes(await encoder.encode(rows), ranking(rows.length), encoder.dimensions),
    }),
    rows,
    queries: documents.slice(9, 12),
    empty: text('xylophone'),
  };
});
