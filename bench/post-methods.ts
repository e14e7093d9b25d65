// Every method over a collection of posts that is held in memory, made of the parts that an index makes them of.

import { packSigns } from '../dist/index/sign-bits.js';
import { bitMethod } from '../dist/methods/bits.js';
import { cascadeMethod } from '../dist/methods/cascade.js';
import { codeMethod } from '../dist/methods/codes.js';
import { hybridMethod } from '../dist/methods/hybrid.js';
import type { Method, Ranking } from '../dist/methods/method.js';
import { minhashMethod } from '../dist/methods/minhash.js';
import { floatCodes } from '../dist/methods/searched-codes.js';
import { type WordMethods, wordMethods } from '../dist/methods/words.js';
import { shingleHashes } from '../dist/text/shingles.js';
import type { TextFeature } from '../dist/text/text-feature.js';
import { countTerms } from '../dist/text/tokenize.js';
import type { PostEncoders } from './post-encoders.ts';

/** A post as an index knows it: its words, and its text. */
export function featureOf(text: string): TextFeature {
  return { ...countTerms(text, { language: 'en' }), language: 'en', text };
}

/** @param ties by which equal scores are ordered, one a text */
export async function methodsOver(
  texts: readonly string[],
  ties: Uint32Array,
  encoders: PostEncoders,
): Promise<Method[]> {
  const items: Ranking = { ids: Int32Array.from(texts, (_, row) => row + 1), ties };
  const features = texts.map(featureOf);
  const { bow, tfidf, bm25 } = wordsOver(features, items);
  const codesOf = async (name: 'ae' | 'lsa') =>
    codeMethod({
      name,
      encoder: encoders[name],
      codes: floatCodes(await encoders[name].encode(features), items, encoders[name].dimensions),
    });
  const ae = await codesOf('ae');
  const bits = packSigns(await encoders.ae.encode(features), encoders.ae.dimensions);
  return [
    bow,
    tfidf,
    bm25,
    minhashOver(texts, items),
    await codesOf('lsa'),
    ae,
    bitMethod({ name: 'ae-bits', encoder: encoders.ae, items, bits }),
    hybridMethod(tfidf, ae),
    cascadeMethod(tfidf, ae),
  ];
}

export function minhashOver(texts: readonly string[], items: Ranking): Method {
  const rows = texts.map(shingleHashes);
  return minhashMethod({ ...items, ...concatenated(rows) });
}

function wordsOver(features: readonly TextFeature[], items: Ranking): WordMethods {
  const numbers = new Map<string, number>();
  for (const { terms } of features) for (const term of terms) if (!numbers.has(term)) numbers.set(term, numbers.size);
  const words = [...numbers.keys()];
  const rows = features.map(({ terms, counts }) =>
    terms.map((term, i) => [numbers.get(term)!, counts[i]!] as const).sort(([a], [b]) => a - b),
  );
  const { indptr, hashes: termIds } = concatenated(rows.map((row) => Uint32Array.from(row, ([number]) => number)));
  const counts = Uint16Array.from(rows.flat(), ([, count]) => count);
  return wordMethods(
    { ...items, indptr, termIds, counts },
    {
      ids: (asked) =>
        new Map([...asked].flatMap((word) => (numbers.has(word) ? [[word, numbers.get(word)!] as const] : []))),
      words: (asked) => asked.map((number) => words[number]!),
    },
  );
}

function concatenated(rows: readonly Uint32Array[]): { indptr: Uint32Array; hashes: Uint32Array } {
  const indptr = new Uint32Array(rows.length + 1);
  for (const [row, { length }] of rows.entries()) indptr[row + 1] = indptr[row]! + length;
  const hashes = new Uint32Array(indptr.at(-1)!);
  for (const [row, values] of rows.entries()) hashes.set(values, indptr[row]!);
  return { indptr, hashes };
}
