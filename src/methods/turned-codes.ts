// `ae-turned`: as `ae`, but asked with the picture in every orientation and as a negative; the best score counts.
import type { Encoder } from '../encoders/encoder.ts';
import type { Feature } from '../features/feature.ts';
import { ofThumbnail } from '../image/image-feature.ts';
import { ORIENTATIONS, orientationsOf } from '../image/orientations.ts';
import { dotScores } from '../index/exact.ts';
import { topK } from '../index/top-k.ts';
import type { PairMethod } from './method.ts';
import { pictureOf } from './pixels.ts';
import type { SearchedCodes } from './searched-codes.ts';

export interface TurnedCodeMethodParts {
  readonly name: string;
  /** Of pictures. */
  readonly encoder: Pick<Encoder, 'dimensions' | 'encode'>;
  /** Asked once a variant. */
  readonly codes: SearchedCodes;
}

/** Each of the eight orientations, and its negative. */
const VARIANTS = 2 * ORIENTATIONS;

/**
 * A picture is represented by the codes of its sixteen variants, itself first, one after the other: [16 × dimensions]. A
 * question's variants are compared with an item as it lies.
 *
 * Keeping every picture in one canonical orientation instead would cost one question, but a cut or a turn by a few degrees
 * changes which one that is (scripts/measure-orientations.ts).
 */
export function turnedCodeMethod({ name, encoder, codes }: TurnedCodeMethodParts): PairMethod<Float32Array> {
  const { dimensions } = encoder;
  const { items } = codes;
  const variantsOf = (query: Float32Array) =>
    Array.from({ length: query.length / dimensions }, (_, i) => query.subarray(i * dimensions, (i + 1) * dimensions));
  const bestOf = (scoresOf: SearchedCodes['scores'], query: Float32Array): Float32Array => {
    const [first, ...others] = variantsOf(query).map(scoresOf) as [Float32Array, ...Float32Array[]];
    return first.map((score, row) => others.reduce((best, scores) => Math.max(best, scores[row]!), score));
  };
  return {
    ...codes,
    name,
    kind: 'image',
    symmetric: false,
    async represent(features: readonly Feature[]) {
      const all = await encoder.encode(features.flatMap(variantsOfFeature));
      const size = VARIANTS * dimensions;
      return features.map((_, row) => all.subarray(row * size, (row + 1) * size));
    },
    isEmpty: (query) => query.subarray(0, dimensions).every((value) => value === 0),
    similarity: (query, item) =>
      Math.min(1, bestOf((variant) => dotScores(item.subarray(0, dimensions), variant), query)[0] ?? 0),
    distance: (score) => 1 - score,
    scores: (query) => bestOf(codes.scores, query),
    search(query, k, accept, settings) {
      const best = new Map<number, { row: number; score: number }>();
      for (const variant of variantsOf(query)) {
        // The k best by their best variant are among the k best by that variant.
        for (const hit of codes.search(variant, k, accept, settings)) {
          if (hit.score > (best.get(hit.row)?.score ?? Number.NEGATIVE_INFINITY)) best.set(hit.row, hit);
        }
      }
      const found = [...best.values()];
      const ranking = {
        ids: Int32Array.from(found, ({ row }) => items.ids[row]!),
        ties: Uint32Array.from(found, ({ row }) => items.ties[row]!),
      };
      const scores = Float32Array.from(found, ({ score }) => score);
      return topK(scores, k, ranking).map(({ row, score }) => ({ row: found[row]!.row, score }));
    },
  };
}

function variantsOfFeature(feature: Feature): Feature[] {
  return orientationsOf(pictureOf(feature).thumbnail).map(ofThumbnail);
}
