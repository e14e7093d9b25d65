// An encoder that was trained here, at work: word counts or thumbnails in, codes out; a code in, what the decoder remembers out.
import { SandglassError } from '../errors.ts';
import type { Feature } from '../features/feature.ts';
import { THUMBNAIL_SIDE } from '../image/image-feature.ts';
import { type OnnxSession, openSession } from '../runtime/onnx-session.ts';
import { TOKENIZER_VERSION } from '../text/tokenize.ts';
import { Vocabulary } from '../text/vocabulary.ts';
import type { Encoder, LoadOptions } from './encoder.ts';
import { DECODER_MODEL, ENCODER_MODEL, type EncoderFiles, type EncoderManifest, VOCABULARY } from './manifest.ts';
import { toUnitLength } from './unit-length.ts';

/** Features that go through the network in one run. */
const BATCH = 128;

/**
 * Opens an encoder from its files, which were checked against the manifest. The decoder is opened on first use.
 *
 * @throws SandglassError ENCODER_BROKEN, DEVICE_UNAVAILABLE, or ENCODER_MISMATCH when it was made for another tokenizer.
 */
export async function openFeatureEncoder(
  manifest: EncoderManifest,
  files: EncoderFiles,
  { device = 'auto', where = 'the index' }: LoadOptions,
): Promise<Encoder> {
  const fill = fillerOf(manifest, files, where);
  // Encoders work beside the threads that read files, or for one question.
  const options = { device, spinning: false };
  const session = await openSession(modelOf(files, ENCODER_MODEL) ?? new Uint8Array(), options);
  let decoder: Promise<OnnxSession> | undefined;
  const [input] = session.inputs;
  const [output] = session.outputs;
  if (!input || !output)
    throw new SandglassError('ENCODER_BROKEN', `The encoder in ${where} has no input or no output.`, { path: where });

  const rawCodes = async (features: readonly Feature[]): Promise<Float32Array> => {
    const codes = new Float32Array(features.length * manifest.dimensions);
    for (let from = 0; from < features.length; from += BATCH) {
      const batch = features.slice(from, from + BATCH);
      const result = (await session.run({ [input]: fill.batch(batch) }))[output];
      if (result?.data.length !== batch.length * manifest.dimensions) {
        throw new SandglassError(
          'ENCODER_BROKEN',
          `The encoder in ${where} gave codes of shape ${result?.shape}, expected ${batch.length} × ${manifest.dimensions}.`,
        );
      }
      codes.set(result.data as Float32Array, from * manifest.dimensions);
    }
    return codes;
  };
  const decode = async (codes: Float32Array): Promise<Float32Array> => {
    const model = modelOf(files, DECODER_MODEL);
    if (!model)
      throw new SandglassError('ENCODER_BROKEN', `The encoder in ${where} has no ${DECODER_MODEL}.`, { path: where });
    decoder ??= openSession(model, options);
    const opened = await decoder;
    const [from = ''] = opened.inputs;
    const [to = ''] = opened.outputs;
    const shape = [codes.length / manifest.dimensions, manifest.dimensions];
    const result = await opened.run({ [from]: { data: codes, shape } });
    return result[to]?.data as Float32Array;
  };

  return {
    kind: manifest.kind,
    dimensions: manifest.dimensions,
    manifest,
    readsText: false,
    ...(fill.vocabulary ? { vocabulary: fill.vocabulary } : {}),
    knowsNothingOf: fill.isEmpty,
    async encode(features) {
      const codes = await rawCodes(features);
      features.forEach((feature, row) => {
        const code = codes.subarray(row * manifest.dimensions, (row + 1) * manifest.dimensions);
        if (fill.isEmpty(feature)) code.fill(0);
        else toUnitLength(code, where);
      });
      return codes;
    },
    // The decoder was trained on codes as the encoder gives them, before their length is made 1.
    reconstruct: async (features) => decode(await rawCodes(features)),
    async release() {
      await session.release();
      await (await decoder)?.release();
    },
  };
}

/** The bytes of a model, or the path of a large one. */
function modelOf(files: EncoderFiles, name: string): Uint8Array | string | undefined {
  const file = files[name];
  return file && 'path' in file ? file.path : file;
}

function fillerOf(manifest: EncoderManifest, files: EncoderFiles, where: string): Filler {
  switch (manifest.input.feature) {
    case 'bag-of-words':
      return wordCounts(manifest.input, files, where);
    case 'thumbnail':
      return thumbnails(manifest.input.side);
    default:
      throw new TypeError(`Expected an encoder of features but received one of ${manifest.input.feature}`);
  }
}

/** How features of one sort become the network's input. */
interface Filler {
  batch(features: readonly Feature[]): { data: Float32Array | Uint8Array; shape: number[] };
  isEmpty(feature: Feature): boolean;
  readonly vocabulary?: Vocabulary;
}

function wordCounts(
  { tokenizer }: Extract<EncoderManifest['input'], { feature: 'bag-of-words' }>,
  files: EncoderFiles,
  where: string,
): Filler {
  if (tokenizer !== TOKENIZER_VERSION) {
    throw new SandglassError(
      'ENCODER_MISMATCH',
      `The text encoder was trained with tokenizer ${tokenizer}, this version has ${TOKENIZER_VERSION}. Train it again with: sandglass index --train always`,
    );
  }
  const words = files[VOCABULARY];
  if (!words || 'path' in words)
    throw new SandglassError('ENCODER_BROKEN', `The encoder in ${where} has no ${VOCABULARY}.`, { path: where });
  const vocabulary = Vocabulary.parse(new TextDecoder().decode(words));
  return {
    vocabulary,
    batch(features) {
      const data = new Float32Array(features.length * vocabulary.size);
      features.forEach((feature, row) => {
        if (feature.kind !== 'text') throw new TypeError(`Expected text features but received ${feature.kind}`);
        vocabulary.toDenseCounts(feature, data.subarray(row * vocabulary.size, (row + 1) * vocabulary.size));
      });
      return { data, shape: [features.length, vocabulary.size] };
    },
    isEmpty: (feature) => feature.kind === 'text' && !feature.terms.some((term) => vocabulary.indexOf(term) >= 0),
  };
}

function thumbnails(side: number): Filler {
  if (side !== THUMBNAIL_SIDE) {
    throw new SandglassError(
      'ENCODER_MISMATCH',
      `The image encoder takes ${side} × ${side} pictures, this version makes ${THUMBNAIL_SIDE} × ${THUMBNAIL_SIDE}.`,
    );
  }
  const size = 3 * side * side;
  return {
    batch(features) {
      const data = new Uint8Array(features.length * size);
      features.forEach((feature, row) => {
        if (feature.kind !== 'image') throw new TypeError(`Expected image features but received ${feature.kind}`);
        data.set(feature.thumbnail, row * size);
      });
      return { data, shape: [features.length, 3, side, side] };
    },
    isEmpty: () => false,
  };
}
