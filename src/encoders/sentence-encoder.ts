// A sentence encoder at work: texts in, codes out. Long documents are read passage by passage.
import { join } from 'node:path';
import { SandglassError } from '../errors.ts';
import type { Feature } from '../features/feature.ts';
import type { Device } from '../runtime/onnx-session.ts';
import type { Encoder, LoadOptions } from './encoder.ts';
import { readTokenizer, type SubwordTokenizer } from './hugging-face-tokenizer.ts';
import {
  ENCODER_MODEL,
  type EncoderFiles,
  type EncoderManifest,
  type SentenceInput,
  TOKENIZER,
  TOKENIZER_CONFIG,
} from './manifest.ts';
import { openSentenceModel, type SentenceModel } from './sentence-model.ts';
import { batchesOf, passagesOf } from './token-passages.ts';
import { toUnitLength } from './unit-length.ts';

/**
 * Opens an imported sentence encoder.
 *
 * @param files checked against the manifest
 * @throws SandglassError ENCODER_BROKEN, DEVICE_UNAVAILABLE
 */
export async function openSentenceEncoder(
  manifest: EncoderManifest,
  files: EncoderFiles,
  { device = 'auto', where = 'the index', directory }: LoadOptions,
): Promise<Encoder> {
  const { input } = manifest;
  if (input.feature !== 'text' || directory === undefined)
    throw new TypeError('Expected a sentence encoder and the folder it lies in');
  const tokenizer = storedTokenizer(files, where);
  const model = await storedModel(join(directory, ENCODER_MODEL), tokenizer, device, where);
  return {
    kind: manifest.kind,
    dimensions: manifest.dimensions,
    readsText: true,
    manifest,
    knowsNothingOf: (feature) => textOf(feature).trim() === '',
    encode: (features) => encodeTexts({ model, tokenizer, input, dimensions: manifest.dimensions, where }, features),
    async reconstruct() {
      throw new SandglassError('METHOD_UNAVAILABLE', `The encoder in ${where} was imported without a decoder.`);
    },
    release: () => model.release(),
  };
}

function storedTokenizer(files: EncoderFiles, where: string): SubwordTokenizer {
  const text = (name: string): string | undefined => {
    const file = files[name];
    return file && !('path' in file) ? new TextDecoder().decode(file) : undefined;
  };
  try {
    return readTokenizer(text(TOKENIZER) ?? '', text(TOKENIZER_CONFIG) ?? '{}');
  } catch (cause) {
    throw new SandglassError(
      'ENCODER_BROKEN',
      `The ${TOKENIZER} of the encoder in ${where} cannot be used: ${(cause as Error).message}. Import it again.`,
      { path: where, cause },
    );
  }
}

/** It could be opened when it was imported. */
async function storedModel(
  path: string,
  { padding }: SubwordTokenizer,
  device: Device,
  where: string,
): Promise<SentenceModel> {
  try {
    return await openSentenceModel(path, padding, device);
  } catch (cause) {
    if (!(cause instanceof SandglassError) || cause.code !== 'ENCODER_UNFIT') throw cause;
    throw new SandglassError('ENCODER_BROKEN', cause.message, { path: where, cause });
  }
}

interface Parts {
  readonly model: SentenceModel;
  readonly tokenizer: SubwordTokenizer;
  readonly input: SentenceInput;
  readonly dimensions: number;
  readonly where: string;
}

/** The code of a text of several passages is the mean of theirs, weighted by their tokens, made length 1. */
async function encodeTexts(
  { model, tokenizer, input, dimensions, where }: Parts,
  features: readonly Feature[],
): Promise<Float32Array> {
  // A passage that several features have, as a document and its own passages do, goes through the network once.
  const passages: number[][] = [];
  const owners: number[][] = [];
  const places = new Map<string, number>();
  features.forEach((feature, row) => {
    const prefix = feature.kind === 'text' && feature.question ? input.queryPrefix : input.documentPrefix;
    for (const passage of passagesOf(tokenizer, textOf(feature), prefix, input.maxTokens)) {
      const key = passage.join();
      const place = places.get(key) ?? passages.push(passage) - 1;
      places.set(key, place);
      owners[place] = [...(owners[place] ?? []), row];
    }
  });
  const codes = new Float32Array(features.length * dimensions);
  for (const batch of batchesOf(passages, model.rows)) {
    const vectors = await model.vectors(
      batch.map((place) => passages[place]!),
      input.output,
      input.pooling,
    );
    if (vectors.length !== batch.length * dimensions) {
      throw new SandglassError(
        'ENCODER_BROKEN',
        `The encoder in ${where} gave codes of ${vectors.length / batch.length} numbers, expected ${dimensions}.`,
        { path: where },
      );
    }
    batch.forEach((place, i) => {
      const vector = vectors.subarray(i * dimensions, (i + 1) * dimensions);
      if (input.normalize) toUnitLength(vector, where);
      const weight = passages[place]!.length;
      for (const row of owners[place]!) {
        for (let d = 0; d < dimensions; d++) codes[row * dimensions + d]! += weight * vector[d]!;
      }
    });
  }
  for (let row = 0; row < features.length; row++) {
    toUnitLength(codes.subarray(row * dimensions, (row + 1) * dimensions), where);
  }
  return codes;
}

function textOf(feature: Feature): string {
  if (feature.kind !== 'text') throw new TypeError(`Expected text features but received ${feature.kind}`);
  if (feature.text === undefined) throw new TypeError('Expected a feature with its text but received only its words');
  return feature.text;
}
