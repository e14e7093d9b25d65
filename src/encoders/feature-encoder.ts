// An encoder that was trained here, at work: word counts or pixels in, codes out; a code in, what the decoder remembers out.
import { SandglassError } from '../errors.ts';
import type { Feature } from '../features/feature.ts';
import { interleavedOf } from '../image/cell-average.ts';
import { fitPicture, pictureLayout } from '../image/fit-picture.ts';
import { isFlatThumbnail } from '../image/flat.ts';
import { THUMBNAIL_SIDE } from '../image/image-feature.ts';
import type { NumericTensor } from '../runtime/numeric-tensor.ts';
import { type OnnxSession, openSession } from '../runtime/onnx-session.ts';
import { paddedBatches, putRows } from '../runtime/padded-rows.ts';
import { TOKENIZER_VERSION } from '../text/tokenize.ts';
import { Vocabulary } from '../text/vocabulary.ts';
import type { Encoder, LoadOptions } from './encoder.ts';
import { DECODER_MODEL, ENCODER_MODEL, type EncoderFiles, type EncoderManifest, VOCABULARY } from './manifest.ts';
import { toUnitLength } from './unit-length.ts';

/** Pictures that go through the network in one run. */
const BATCH = 128;
/** The output of encoders that give bits beside the code. */
const BITS = 'bits';

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
  const { dimensions } = manifest;
  const fill = fillerOf(manifest, files, where);
  // Encoders work beside the threads that read files, or for one question.
  const options = { device, spinning: false };
  const session = await openSession(modelOf(files, ENCODER_MODEL) ?? new Uint8Array(), options);
  let decoder: Promise<OnnxSession> | undefined;
  const [output] = session.outputs;
  if (!output) throw new SandglassError('ENCODER_BROKEN', `The encoder in ${where} has no output.`, { path: where });
  if ([...session.inputs].sort().join() !== [...fill.inputs].sort().join()) {
    await session.release();
    throw new SandglassError(
      'ENCODER_MISMATCH',
      `The encoder in ${where} takes ${session.inputs.join(' and ')}, this version gives ${fill.inputs.join(' and ')}. Train it again with: sandglass index --train always`,
    );
  }

  const rawCodes = async (features: readonly Feature[]): Promise<Float32Array> => {
    const codes = new Float32Array(features.length * dimensions);
    for (const { rows, feeds } of fill.batches(features)) {
      const result = (await session.run(feeds))[manifest.bits ? BITS : output];
      if (result?.data.length !== rows.length * dimensions) {
        throw new SandglassError(
          'ENCODER_BROKEN',
          `The encoder in ${where} gave codes of shape ${result?.shape}, expected ${rows.length} × ${dimensions}.`,
        );
      }
      const values = manifest.bits ? signsOf(result.data as Uint8Array) : (result.data as Float32Array);
      putRows(codes, { rows }, values, dimensions);
    }
    return codes;
  };
  const openDecoder = (): Promise<OnnxSession> => {
    const model = modelOf(files, DECODER_MODEL);
    if (!model)
      throw new SandglassError('ENCODER_BROKEN', `The encoder in ${where} has no ${DECODER_MODEL}.`, { path: where });
    decoder ??= openSession(model, options);
    return decoder;
  };

  return {
    kind: manifest.kind,
    dimensions,
    manifest,
    readsText: false,
    ...(fill.vocabulary ? { vocabulary: fill.vocabulary } : {}),
    knowsNothingOf: fill.isEmpty,
    async encode(features) {
      const codes = await rawCodes(features);
      features.forEach((feature, row) => {
        const code = codes.subarray(row * dimensions, (row + 1) * dimensions);
        if (fill.isEmpty(feature)) code.fill(0);
        else toUnitLength(code, where);
      });
      return codes;
    },
    async reconstruct(features) {
      const opened = await openDecoder();
      const [to = ''] = opened.outputs;
      let remembered: Float32Array | undefined;
      for (const { rows, feeds } of fill.batches(features)) {
        const given = await session.run(feeds);
        // Codes as the encoder gives them, before their length is made 1, and where the maxima of pooling layers were.
        const wanted = Object.fromEntries(opened.inputs.map((name) => [name, given[name] as NumericTensor]));
        const values = (await opened.run(wanted))[to]?.data as Float32Array;
        const width = values.length / rows.length;
        remembered ??= new Float32Array(features.length * width);
        putRows(remembered, { rows }, values, width);
      }
      return remembered ?? new Float32Array();
    },
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
    case 'pixels':
      return pixels(manifest.input.shape);
    default:
      throw new TypeError(`Expected an encoder of features but received one of ${manifest.input.feature}`);
  }
}

/** What goes through the network in one run. */
interface Batch {
  /** Which of the features these are. */
  readonly rows: readonly number[];
  readonly feeds: Readonly<Record<string, NumericTensor>>;
}

/** How features of one sort become the network's input. */
interface Filler {
  /** The names of the network's inputs. */
  readonly inputs: readonly string[];
  batches(features: readonly Feature[]): Iterable<Batch>;
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
    inputs: ['words', 'counts'],
    *batches(features) {
      const bags = features.map((feature) => {
        if (feature.kind !== 'text') throw new TypeError(`Expected text features but received ${feature.kind}`);
        return vocabulary.toCounts(feature);
      });
      for (const { rows, columns, counts } of paddedBatches(bags)) yield { rows, feeds: { words: columns, counts } };
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
  return bytesOf('thumbnail', [3, side, side], (thumbnail) => thumbnail);
}

/** Thumbnails averaged once more, to pixels of a row's shape. */
function pixels(shape: readonly number[]): Filler {
  const layout = pictureLayout(shape);
  if (layout === undefined || Math.max(layout.height, layout.width) > THUMBNAIL_SIDE) {
    throw new SandglassError(
      'ENCODER_MISMATCH',
      `The image encoder takes rows of the shape ${shape.join(' × ')}; expected a square number of greys, or 1 or 3 × height × width, of at most ${THUMBNAIL_SIDE} × ${THUMBNAIL_SIDE} pixels.`,
    );
  }
  return bytesOf('rows', shape, (thumbnail) =>
    fitPicture({ rgb: interleavedOf(thumbnail), width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE }, layout),
  );
}

/** An input of bytes, made of each picture's thumbnail. */
function bytesOf(input: string, shape: readonly number[], ofThumbnail: (planes: Uint8Array) => Uint8Array): Filler {
  const size = shape.reduce((product, length) => product * length, 1);
  return {
    inputs: [input],
    *batches(features) {
      for (let from = 0; from < features.length; from += BATCH) {
        const batch = features.slice(from, from + BATCH);
        const data = new Uint8Array(batch.length * size);
        batch.forEach((feature, row) => {
          if (feature.kind !== 'image') throw new TypeError(`Expected image features but received ${feature.kind}`);
          data.set(ofThumbnail(feature.thumbnail), row * size);
        });
        yield {
          rows: batch.map((_, row) => from + row),
          feeds: { [input]: { data, shape: [batch.length, ...shape] } },
        };
      }
    },
    isEmpty: (feature) => feature.kind === 'image' && isFlatThumbnail(feature.thumbnail),
  };
}

/** Bits as numbers whose signs they are. */
function signsOf(bits: Uint8Array): Float32Array {
  return Float32Array.from(bits, (bit) => 2 * bit - 1);
}
