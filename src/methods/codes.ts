// `ae`: the cosine of two codes of an auto-encoder, exact or through an HNSW graph.
import type { Encoder } from '../encoders/encoder.ts';
import type { Feature } from '../features/feature.ts';
import { dotScores, searchDot, searchRows } from '../index/exact.ts';
import type { PairMethod, Ranking, Scored } from './method.ts';
import { type SearchedGraph, searchGraph } from './search-graph.ts';

export interface CodeMethodParts {
  readonly name: string;
  readonly encoder: Encoder;
  readonly items: Ranking;
  /** [items × dimensions], each row of length 1 or all zeros. */
  readonly codes: Float32Array;
  /** Asked instead of all codes where every item may be a hit. Its recall is known (src/index/hnsw.ts). */
  readonly graph?: SearchedGraph;
}

/** Codes to rank by: one of length 1 a document or picture; all zeros when the encoder knows nothing of it. */
export function codeMethod({ name, encoder, items, codes, graph }: CodeMethodParts): PairMethod<Float32Array> {
  const { dimensions } = encoder;
  return {
    name,
    kind: encoder.kind,
    bytesPerItem: dimensions * Float32Array.BYTES_PER_ELEMENT,
    ...(graph ? { approximate: true } : {}),
    items,
    represent: (features) => codesOf(encoder, features),
    isEmpty: (code) => code.every((value) => value === 0),
    similarity: (a, b) => Math.min(1, dotScores(a, b)[0] ?? 0),
    distance: (score) => 1 - score,
    scores: (query) => dotScores(codes, query),
    search(query, k, accept, settings): Scored[] {
      const rows = graph && searchGraph(graph, query, k, accept, settings);
      return rows ? searchRows(codes, query, rows, k, items) : searchDot(codes, query, k, items, accept);
    },
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
