// The ways to rank that bench/text.ts compares: plain words, LSA with and without ITQ, and the text recipe.
import { Bm25Index } from '../dist/text/bm25.js';
import { LexicalIndex } from '../dist/text/lexical-index.js';
import { postingsOf } from '../dist/text/postings.js';
import { fitLsa } from '../dist/training/recipes/lsa.js';
import { trainText } from '../dist/training/recipes/text.js';
import type { TextRecipeOptions } from '../dist/training/recipes/text-settings.js';
import { encodeDocuments } from '../dist/training/text-network.js';
import { asBags, type CountedSet } from './text-bags.ts';
import { products, type Scores, signs } from './text-precision.ts';

const ON_CPU = { device: 'cpu' } as const;

/** Cosine of counts, cosine of log-TF-IDF, BM25: every query against every document. */
export function plainScores({ vocabulary, database, queries }: CountedSet): Readonly<Record<string, () => Scores>> {
  const postings = postingsOf(database.counts);
  const ofWords = (name: 'bow' | 'tfidf') => {
    const index = new LexicalIndex(name, vocabulary, postings);
    return mapped(queries.features, (feature) => index.scores(index.represent(feature)));
  };
  return {
    bow: () => ofWords('bow'),
    tfidf: () => ofWords('tfidf'),
    bm25: () => {
      const index = new Bm25Index(vocabulary, postings);
      return mapped(queries.features, (feature) => index.scores(index.represent(feature)));
    },
  };
}

function* mapped<From, To>(values: Iterable<From>, change: (value: From) => To): Generator<To> {
  for (const value of values) yield change(value);
}

/** Codes of both parts, each of length 1 (of no word: zeros), and what they cost. */
export interface Codes {
  readonly size: number;
  readonly database: Float32Array;
  readonly queries: Float32Array;
  readonly trainingSeconds: number;
  readonly encodingSeconds: number;
}

export async function textCodes(counted: CountedSet, options: TextRecipeOptions): Promise<Codes> {
  const bags = asBags(counted.database.counts);
  const trained = await trainText(bags, { ...ON_CPU, ...options }, { onProgress: showProgress });
  return encodeBoth(counted, trained.encoder, trained.codeSize, trained.seconds);
}

function showProgress({ step, steps, loss }: { step: number; steps: number; loss: number }): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${step}/${steps} ${loss.toFixed(3)} `);
}

/** LSA of a size, and its first directions as bits (ITQ). */
export async function lsaCodes(counted: CountedSet, size: number, seed: number): Promise<{ lsa: Codes; itq?: Codes }> {
  const { lsa, itq } = await fitLsa(asBags(counted.database.counts), { codeSize: size, bits: size, seed });
  return {
    lsa: await encodeBoth(counted, lsa.encoder, lsa.codeSize, lsa.seconds),
    ...(itq === undefined ? {} : { itq: await encodeBoth(counted, itq.encoder, itq.codeSize, itq.seconds) }),
  };
}

async function encodeBoth(
  { database, queries }: CountedSet,
  encoder: Uint8Array,
  size: number,
  trainingSeconds: number,
): Promise<Codes> {
  const started = performance.now();
  const codesOf = async (counts: CountedSet['database']['counts']) => {
    const codes = await encodeDocuments(encoder, asBags(counts), size, ON_CPU);
    for (let row = 0; row < counts.rows; row++)
      if (counts.offsets[row] === counts.offsets[row + 1]) codes.fill(0, row * size, (row + 1) * size);
    return codes;
  };
  const codes = { database: await codesOf(database.counts), queries: await codesOf(queries.counts) };
  return { size, ...codes, trainingSeconds, encodingSeconds: (performance.now() - started) / 1000 };
}

export function floatScores({ queries, database, size }: Codes): Scores {
  return products(queries, database, size);
}

/** Symmetric: bits against bits, by Hamming distance. */
export function bitScores({ queries, database, size }: Codes): Scores {
  return products(signs(queries), signs(database), size);
}

/** Asymmetric: the query's numbers against bits. */
export function floatOnBitScores({ queries, database, size }: Codes): Scores {
  return products(queries, signs(database), size);
}
