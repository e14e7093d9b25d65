// What an encoder is: features in, codes out; a code in, what the decoder remembers out.
import type { SandglassError } from '../errors.ts';
import type { Feature, Kind } from '../features/feature.ts';
import type { PictureSource } from '../image/picture-source.ts';
import type { Device } from '../runtime/onnx-session.ts';
import type { Vocabulary } from '../text/vocabulary.ts';
import type { EncoderManifest } from './manifest.ts';

export interface Encoder {
  readonly kind: Kind;
  readonly dimensions: number;
  /** True when a feature must carry its text: a sentence encoder reads it, and not its words. */
  readonly readsText: boolean;
  readonly manifest: EncoderManifest;
  /** True when the feature has nothing the encoder knows: its code is all zeros. */
  knowsNothingOf(feature: Feature): boolean;
  /** One code per feature, each of Euclidean length 1, or all zeros: [features × dimensions], row after row. */
  encode(features: readonly Feature[]): Promise<Float32Array>;
  /**
   * Of an encoder that looks at more of a picture than its thumbnail: the codes of many pictures, in their order. They are read
   * in threads while others are encoded, as fast as codes are taken; one that cannot be read fails alone. What such an encoder
   * is asked to {@link encode} must carry its source.
   */
  encodePictures?<S extends PictureSource>(
    sources: readonly S[],
    signal?: AbortSignal,
  ): AsyncGenerator<EncodedPicture<S>, void, undefined>;
  /**
   * What the decoder remembers of each feature: [features × words] log-probabilities, or [features × 3 × side × side] in 0…1.
   *
   * @throws SandglassError METHOD_UNAVAILABLE where there is no decoder
   */
  reconstruct(features: readonly Feature[]): Promise<Float32Array>;
  /** The words of a text encoder, in the order of the decoder's outputs. */
  readonly vocabulary?: Vocabulary;
  release(): Promise<void>;
}

/** A code of length 1, or why there is none. */
export type EncodedPicture<S> =
  | { readonly source: S; readonly code: Float32Array }
  | { readonly source: S; readonly error: SandglassError };

export interface LoadOptions {
  readonly device?: Device;
  /** Named in errors. @default 'the index' */
  readonly where?: string;
  /** The folder that the files lie in; sentence encoders are opened there, for their weights may be in files of their own. */
  readonly directory?: string;
}
