// An imported picture encoder at work: picture files in, codes out.
import { join } from 'node:path';
import { SandglassError, throwIfAborted } from '../errors.ts';
import type { Feature } from '../features/feature.ts';
import type { PictureSource } from '../image/picture-source.ts';
import type { EncodedPicture, Encoder, LoadOptions } from './encoder.ts';
import { framedPictures } from './framed-pictures.ts';
import { ENCODER_MODEL, type EncoderManifest } from './manifest.ts';
import type { PictureInput } from './picture-input.ts';
import { openPictureModel, type PictureModel, pictureVectors } from './picture-model.ts';
import { toUnitLength } from './unit-length.ts';

/**
 * Opens an imported picture encoder, whose files were checked against its manifest.
 *
 * @throws SandglassError ENCODER_BROKEN, DEVICE_UNAVAILABLE
 */
export async function openPictureEncoder(
  manifest: EncoderManifest,
  { device = 'auto', where = 'the index', directory }: LoadOptions,
): Promise<Encoder> {
  const { dimensions } = manifest;
  if (manifest.input.feature !== 'picture' || directory === undefined)
    throw new TypeError('Expected a picture encoder and the folder it lies in');
  const input: PictureInput = manifest.input;
  const model = await asBroken(where, () => openPictureModel(join(directory, ENCODER_MODEL), device));

  async function* encodePictures<S extends PictureSource>(
    sources: readonly S[],
    signal?: AbortSignal,
  ): AsyncGenerator<EncodedPicture<S>, void, undefined> {
    let waiting: { source: S; pixels: Uint8Array }[] = [];
    const encoded = async (): Promise<EncodedPicture<S>[]> => {
      throwIfAborted(signal, 'Encoding pictures was stopped.');
      const batch = waiting;
      waiting = [];
      const codes = await codesOf(
        model,
        input,
        batch.map(({ pixels }) => pixels),
        { dimensions, where },
      );
      return batch.map(({ source }, row) => ({
        source,
        code: codes.subarray(row * dimensions, (row + 1) * dimensions),
      }));
    };
    for await (const { source, framed } of framedPictures(sources, input, signal ? { signal } : {})) {
      if (framed instanceof Uint8Array) waiting.push({ source, pixels: framed });
      else {
        yield* await encoded();
        yield { source, error: new SandglassError(framed.code, framed.message, { path: source.path }) };
      }
      if (waiting.length === input.batch) yield* await encoded();
    }
    yield* await encoded();
  }

  return {
    kind: manifest.kind,
    dimensions,
    readsText: false,
    manifest,
    knowsNothingOf: () => false,
    encodePictures,
    async encode(features) {
      const codes = new Float32Array(features.length * dimensions);
      let row = 0;
      for await (const encoded of encodePictures(features.map(sourceOf))) {
        if ('error' in encoded) throw encoded.error;
        codes.set(encoded.code, row++ * dimensions);
      }
      return codes;
    },
    async reconstruct() {
      throw new SandglassError('METHOD_UNAVAILABLE', `The encoder in ${where} was imported without a decoder.`);
    },
    release: () => model.release(),
  };
}

/**
 * @param pictures framed, at most as many as go through the network at once
 * @returns [pictures × dimensions], each of length 1
 */
async function codesOf(
  model: PictureModel,
  input: PictureInput,
  pictures: readonly Uint8Array[],
  { dimensions, where }: { readonly dimensions: number; readonly where: string },
): Promise<Float32Array> {
  if (pictures.length === 0) return new Float32Array();
  const result = (await asBroken(where, () => model.run(pictures, input)))[input.output];
  const codes = result && pictureVectors(result, pictures.length, input.pooling, input.layout);
  if (codes?.length !== pictures.length * dimensions) {
    throw new SandglassError(
      'ENCODER_BROKEN',
      `The encoder in ${where} gave ${input.output} of shape ${result?.shape}, expected ${dimensions} numbers for each of ${pictures.length} pictures.`,
      { path: where },
    );
  }
  for (let row = 0; row < pictures.length; row++)
    toUnitLength(codes.subarray(row * dimensions, (row + 1) * dimensions), where);
  return codes;
}

function sourceOf(feature: Feature): PictureSource {
  if (feature.kind !== 'image') throw new TypeError(`Expected image features but received ${feature.kind}`);
  if (feature.source === undefined)
    throw new TypeError('Expected a feature with the source of its pixels but received only what was made of them');
  return feature.source;
}

/** It could be opened and run when it was imported. */
async function asBroken<Result>(where: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof SandglassError) || cause.code !== 'ENCODER_UNFIT') throw cause;
    throw new SandglassError('ENCODER_BROKEN', cause.message, { path: where, cause });
  }
}
