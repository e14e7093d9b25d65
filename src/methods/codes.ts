// `ae`: the cosine of two codes of an auto-encoder.
import type { Encoder } from '../encoders/encoder.ts';
import type { Feature } from '../features/feature.ts';
import { dotScores } from '../index/exact.ts';
import type { PairMethod } from './method.ts';
import type { SearchedCodes } from './searched-codes.ts';

export interface CodeMethodParts {
  readonly name: string;
  readonly encoder: Encoder;
  readonly codes: SearchedCodes;
}

/** Codes to rank by: one of length 1 a document or picture; all zeros when the encoder knows nothing of it. */
export function codeMethod({ name, encoder, codes }: CodeMethodParts): PairMethod<Float32Array> {
  return {
    ...codes,
    name,
    kind: encoder.kind,
    represent: (features) => codesOf(encoder, features),
    isEmpty: (code) => code.every((value) => value === 0),
    similarity: (a, b) => Math.min(1, dotScores(a, b)[0] ?? 0),
    distance: (score) => 1 - score,
  };
}

/** The code of each feature. */
export async function codesOf(
  encoder: Pick<Encoder, 'dimensions' | 'encode'>,
  features: readonly Feature[],
): Promise<Float32Array[]> {
  const { dimensions } = encoder;
  const all = await encoder.encode(features);
  return features.map((_, row) => all.subarray(row * dimensions, (row + 1) * dimensions));
}
