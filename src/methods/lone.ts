// The methods that can score a pair without any index.
import type { Kind } from '../features/feature.ts';
import { hashMethod } from './hashes.ts';
import type { PairMethod } from './method.ts';
import { pixelMethod } from './pixels.ts';
import { pairCosine } from './words.ts';

const NOBODY = { ids: new Int32Array(), ties: new Uint32Array() };
const NOTHING = new Uint8Array();

/** `tfidf` and `ae` are not among them: how rare a word is, and what a code means, is learned from a folder. */
export function loneMethods(kind: Kind): PairMethod[] {
  if (kind === 'text') return [pairCosine()];
  return [
    hashMethod('phash', NOBODY, NOTHING, NOTHING),
    hashMethod('dhash', NOBODY, NOTHING, NOTHING),
    pixelMethod(NOBODY, NOTHING),
  ];
}
