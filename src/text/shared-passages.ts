// Which words two texts have in common word for word, and where they stand: the explanation of a hit by verbatim reuse.
import { SHINGLE_WORDS } from './shingles.ts';
import { surfaceWords, WORD_WEIGHT } from './surface-words.ts';

/** A run of words that stands in both texts; offsets in UTF-16 code units. */
export interface SharedPassage {
  readonly startA: number;
  readonly endA: number;
  readonly startB: number;
  readonly endB: number;
}

export interface SharedPassagesOptions {
  /** The least number of words in a run; two Chinese, Japanese or Korean characters and four Thai letters count as one. @default 8 */
  readonly words?: number;
}

/** Places of one run of words that are tried; a text that repeats it more often is compared with its first places. */
const MOST_PLACES = 16;

/** A text's words, one a place. */
interface Words {
  readonly hashes: number[];
  readonly starts: number[];
  readonly ends: number[];
  readonly weights: number[];
}

/**
 * The longest runs of words that two texts share as they are written (case, punctuation and white space aside), in the
 * order of the second text, in which they do not overlap. What the first text repeats is found at one place of it. Time
 * and memory in proportion to both texts.
 *
 * @throws RangeError when `words` is not a whole number from 1 on
 */
export function sharedPassages(
  textA: string,
  textB: string,
  { words: least = SHINGLE_WORDS }: SharedPassagesOptions = {},
): SharedPassage[] {
  if (!(Number.isInteger(least) && least >= 1)) {
    throw new RangeError(`Expected a whole number from 1 on for words but received ${least}`);
  }
  const [a, b] = [wordsOf(textA), wordsOf(textB)];
  const places = placesOf(a, least * WORD_WEIGHT);
  const passages: SharedPassage[] = [];
  for (let at = 0; at < b.hashes.length; ) {
    const run = runFrom(b, at, least * WORD_WEIGHT);
    if (run === undefined) break;
    let length = 0;
    let place = -1;
    for (const candidate of places.get(run.hash) ?? []) {
      const found = commonLength(a, candidate, b, at);
      if (found > length) [length, place] = [found, candidate];
    }
    if (length < run.length) {
      at++;
      continue;
    }
    passages.push({
      startA: a.starts[place]!,
      endA: a.ends[place + length - 1]!,
      startB: b.starts[at]!,
      endB: b.ends[at + length - 1]!,
    });
    at += length;
  }
  return passages;
}

function wordsOf(text: string): Words {
  const words: Words = { hashes: [], starts: [], ends: [], weights: [] };
  surfaceWords(text, (hash, start, end, weight) => {
    words.hashes.push(hash);
    words.starts.push(start);
    words.ends.push(end);
    words.weights.push(weight);
  });
  return words;
}

/** For each run of words of the least weight, where it begins. */
function placesOf(words: Words, least: number): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (let at = 0; at < words.hashes.length; at++) {
    const run = runFrom(words, at, least);
    if (run === undefined) break;
    const known = places.get(run.hash);
    if (known === undefined) places.set(run.hash, [at]);
    else if (known.length < MOST_PLACES) known.push(at);
  }
  return places;
}

/** The shortest run of the least weight from a place on; undefined when the text ends before. */
function runFrom({ hashes, weights }: Words, at: number, least: number): { hash: number; length: number } | undefined {
  let hash = 0;
  let weight = 0;
  for (let i = at; i < hashes.length; i++) {
    hash = Math.imul(hash ^ hashes[i]!, 0x9e3779b1);
    hash ^= hash >>> 15;
    weight += weights[i]!;
    if (weight >= least) return { hash, length: i + 1 - at };
  }
  return undefined;
}

function commonLength(a: Words, fromA: number, b: Words, fromB: number): number {
  const most = Math.min(a.hashes.length - fromA, b.hashes.length - fromB);
  let length = 0;
  while (length < most && a.hashes[fromA + length] === b.hashes[fromB + length]) length++;
  return length;
}
