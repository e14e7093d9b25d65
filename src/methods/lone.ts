// The methods that can score a pair without any index.
import type { Kind } from '../features/feature.ts';
import { PICTURE_CODES } from '../image/picture-codes.ts';
import type { PairMethod } from './method.ts';
import { pictureMethod } from './pictures.ts';
import { pairCosine } from './words.ts';

const NOBODY = { ids: new Int32Array(), ties: new Uint32Array() };
const NOTHING = new Uint8Array();

/** `tfidf` and `ae` are not among them: how rare a word is, and what a code means, is learned from a folder. */
export function loneMethods(kind: Kind): PairMethod[] {
  if (kind === 'text') return [pairCosine()];
  return PICTURE_CODES.map((code) => pictureMethod(code, NOBODY, NOTHING, NOTHING));
}
