// `ae-turned`: as `ae`, but asked with the picture in every orientation and as a negative; the best score counts.
import type { Encoder } from '../encoders/encoder.ts';
import type { Feature } from '../features/feature.ts';
import { ofThumbnail } from '../image/image-feature.ts';
import { ORIENTATIONS, orientationsOf } from '../image/orientations.ts';
import { dotScores, searchDot, searchRows } from '../index/exact.ts';
import { topK } from '../index/top-k.ts';
import type { PairMethod, Ranking } from './method.ts';
import { pictureOf } from './pixels.ts';
import { type SearchedGraph, searchGraph } from './search-graph.ts';

export interface TurnedCodeMethodParts {
  readonly name: string;
  /** Of pictures. */
  readonly encoder: Pick<Encoder, 'dimensions' | 'encode'>;
  readonly items: Ranking;
  /** [items × dimensions], each row of length 1 or all zeros. */
  readonly codes: Float32Array;
  /** Asked once a variant instead of all codes, where every item may be a hit. */
  readonly graph?: SearchedGraph;
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
export function turnedCodeMethod({
  name,
  encoder,
  items,
  codes,
  graph,
}: TurnedCodeMethodParts): PairMethod<Float32Array> {
  const { dimensions } = encoder;
  const variantsOf = (query: Float32Array) =>
    Array.from({ length: query.length / dimensions }, (_, i) => query.subarray(i * dimensions, (i + 1) * dimensions));
  const bestOf = (rows: Float32Array, query: Float32Array): Float32Array => {
    const [first, ...others] = variantsOf(query).map((variant) => dotScores(rows, variant)) as [
      Float32Array,
      ...Float32Array[],
    ];
    return first.map((score, row) => others.reduce((best, scores) => Math.max(best, scores[row]!), score));
  };
  return {
    name,
    kind: 'image',
    bytesPerItem: dimensions * Float32Array.BYTES_PER_ELEMENT,
    ...(graph ? { approximate: true } : {}),
    symmetric: false,
    items,
    async represent(features: readonly Feature[]) {
      const all = await encoder.encode(features.flatMap(variantsOfFeature));
      const size = VARIANTS * dimensions;
      return features.map((_, row) => all.subarray(row * size, (row + 1) * size));
    },
    isEmpty: (query) => query.subarray(0, dimensions).every((value) => value === 0),
    similarity: (query, item) => Math.min(1, bestOf(item.subarray(0, dimensions), query)[0] ?? 0),
    distance: (score) => 1 - score,
    scores: (query) => bestOf(codes, query),
    search(query, k, accept, settings) {
      const best = new Map<number, { row: number; score: number }>();
      for (const variant of variantsOf(query)) {
        const rows = graph && searchGraph(graph, variant, k, accept, settings);
        // The k best by their best variant are among the k best by that variant.
        const hits = rows ? searchRows(codes, variant, rows, k, items) : searchDot(codes, variant, k, items, accept);
        for (const hit of hits) {
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
