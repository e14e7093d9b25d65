// `ae-bits` and `lsa-itq`: codes of one bit a number, asked with the numbers of the query's code, or with its bits.
import type { Encoder } from '../encoders/encoder.ts';
import { hammingDistances } from '../index/hamming.ts';
import { packSigns, searchSigns, signScores } from '../index/sign-bits.ts';
import { topK } from '../index/top-k.ts';
import { codesOf } from './codes.ts';
import type { PairMethod, Ranking } from './method.ts';

export interface BitMethodParts {
  readonly name: string;
  readonly encoder: Pick<Encoder, 'kind' | 'dimensions' | 'encode'>;
  readonly items: Ranking;
  /** [items, ⌈dimensions / 8⌉] as packSigns (src/index/sign-bits.ts) makes them. */
  readonly bits: Uint8Array;
  /**
   * `numbers`: each number of the query's code counts as much as it is large (asymmetric: finds better at the same size);
   * `bits`: the share of equal bits less that of different ones (Hamming). @default 'numbers'
   */
  readonly askWith?: 'numbers' | 'bits';
}

/** Ranks by the agreement of signs, from −1 to 1. What is represented is the code itself; an item's bits are its signs. */
export function bitMethod({
  name,
  encoder,
  items,
  bits,
  askWith = 'numbers',
}: BitMethodParts): PairMethod<Float32Array> {
  const { dimensions } = encoder;
  const agreement = askWith === 'numbers' ? signScores : equalBits;
  return {
    name,
    kind: encoder.kind,
    bytesPerItem: Math.ceil(dimensions / 8),
    ...(askWith === 'numbers' ? { symmetric: false as const } : {}),
    items,
    represent: (features) => codesOf(encoder, features),
    isEmpty: (code) => code.every((value) => value === 0),
    similarity: (query, item) => agreement(packSigns(item, dimensions), query)[0]!,
    // Bits that differ, each counting as much as the query's number is large where it is asked with numbers.
    distance: (score) => ((1 - score) * dimensions) / 2,
    scores: (query) => agreement(bits, query),
    search(query, k, accept) {
      if (askWith === 'numbers') return searchSigns(bits, query, k, items, accept);
      return topK(equalBits(bits, query), k, items, accept);
    },
  };
}

/** 1 − 2 · (bits that differ) / (all bits) of every row; 0 where nothing is known of one of the two. */
function equalBits(bits: Uint8Array, query: Float32Array): Float32Array {
  const asked = packSigns(query, query.length);
  const distances = hammingDistances(bits, asked);
  const scores = new Float32Array(distances.length);
  const known = asked.some((byte) => byte !== 0);
  for (let row = 0; row < scores.length; row++) {
    scores[row] = known && isKnown(bits, row, asked.length) ? 1 - (2 * distances[row]!) / query.length : 0;
  }
  return scores;
}

function isKnown(bits: Uint8Array, row: number, bytes: number): boolean {
  for (let at = row * bytes; at < (row + 1) * bytes; at++) if (bits[at] !== 0) return true;
  return false;
}
