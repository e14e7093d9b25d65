// The exact check of two documents: which words of one stand in the other, in the same order?
import { surfaceWords } from '../text/surface-words.ts';
import type { TextRelation, Verdict } from './relation.ts';

/** What was seen when two documents were laid side by side. */
export interface TextEvidence {
  /** The share of the first document's words that stand in the second, in runs of at least four words, and the other way round. */
  readonly ofFirst: number;
  readonly ofSecond: number;
  /** The same with every number taken for any other. */
  readonly withoutNumbers: number;
  /** The share of the numbers of the shorter document that the other has too; absent without numbers. */
  readonly numbers?: number;
  /** Words of each; characters of scripts without spaces count half or a quarter. */
  readonly words: readonly [first: number, second: number];
}

/** The score is the share of the shorter document that stands in the longer, less for a few words. */
export type TextVerdict = Verdict<TextRelation, TextEvidence>;

/** Words in a row that two documents do not share by accident so often that it would matter. */
const RUN = 4;
/** From so many shared words on a share counts in full. */
const ENOUGH_WORDS = 24;
/** And so many where there are no others: two documents of one word need not be the same. */
const ENOUGH_EQUAL_WORDS = 8;
/** Score from which two documents are versions of each other, where there are too few to find another (calibration.ts). */
export const TEXT_COPY_SCORE = 0.5;
const RELATED = 0.12;
/** The shorter one is a part of the longer when so much of it stands there, and it is clearly shorter. */
const CONTAINED = 0.8;
const CLEARLY_SHORTER = 0.8;
/** Versions of each other have at least this share of both in common; else one quotes the other. */
const QUOTED = 0.5;
/** One form filled in twice: all but the numbers agrees, and most numbers do not. */
const SAME_FORM = 0.8;
const OTHER_NUMBERS = 0.6;
const LEAST_NUMBERS = 3;

/** A document as a row of words. */
export interface TextSketch {
  /** A hash a word. */
  readonly words: Int32Array;
  /** The same with one hash for all words that hold a digit. */
  readonly withoutNumbers: Int32Array;
  readonly weights: Uint8Array;
  /** The sum of the weights, in words. */
  readonly length: number;
  readonly numbers: ReadonlyMap<number, number>;
}

const DIGIT = /\p{Nd}/u;
const ANY_NUMBER = 0x2545f491;
/** What surfaceWords says of a word between spaces. */
const WHOLE_WORD = 4;

export function textSketch(text: string): TextSketch {
  const words: number[] = [];
  const masked: number[] = [];
  const weights: number[] = [];
  const numbers = new Map<number, number>();
  surfaceWords(text, (hash, start, end, weight) => {
    const isNumber = DIGIT.test(text.slice(start, end));
    words.push(hash);
    masked.push(isNumber ? ANY_NUMBER : hash);
    weights.push(weight);
    if (isNumber) numbers.set(hash, (numbers.get(hash) ?? 0) + 1);
  });
  return {
    words: Int32Array.from(words),
    withoutNumbers: Int32Array.from(masked),
    weights: Uint8Array.from(weights),
    length: weights.reduce((sum, weight) => sum + weight, 0) / WHOLE_WORD,
    numbers,
  };
}

/** How two documents of different bytes are related, or that they are not. */
export function confirmTexts(a: TextSketch, b: TextSketch): TextVerdict {
  const ofFirst = coveredShare(a.words, b.words, a.weights);
  const ofSecond = coveredShare(b.words, a.words, b.weights);
  const shorterFirst = a.length <= b.length;
  const ofShorter = shorterFirst ? ofFirst : ofSecond;
  const shorter = shorterFirst ? a : b;
  const withoutNumbers = Math.min(
    coveredShare(a.withoutNumbers, b.withoutNumbers, a.weights),
    coveredShare(b.withoutNumbers, a.withoutNumbers, b.weights),
  );
  const numbers = sharedNumbers(shorter.numbers, (shorterFirst ? b : a).numbers);
  const evidence: TextEvidence = {
    ofFirst,
    ofSecond,
    withoutNumbers,
    ...(numbers === undefined ? {} : { numbers }),
    words: [Math.round(a.length), Math.round(b.length)],
  };
  if (shorter.length === 0) return { score: 0, ifCopy: 'related', evidence };
  if (sameWords(a, b))
    return { score: Math.min(1, shorter.length / ENOUGH_EQUAL_WORDS), ifCopy: 'same-text', evidence };
  const score = ofShorter * Math.min(1, (ofShorter * shorter.length) / ENOUGH_WORDS);
  if (withoutNumbers >= SAME_FORM && numbers !== undefined && numbers < OTHER_NUMBERS)
    return { score, ifCopy: 'template', ifNot: 'template', evidence };
  const isPart = ofShorter >= CONTAINED && shorter.length < CLEARLY_SHORTER * Math.max(a.length, b.length);
  // of a longer document only a part stands in the other: a quotation
  const ifCopy = isPart ? 'contains' : Math.min(ofFirst, ofSecond) >= QUOTED ? 'revision' : 'related';
  return { score, ifCopy, ...(score >= RELATED ? { ifNot: 'related' } : {}), evidence };
}

function sameWords(a: TextSketch, b: TextSketch): boolean {
  return a.words.length === b.words.length && a.words.every((word, i) => word === b.words[i]);
}

/** The share of `words` that lies in runs which `other` has too, by weight; of a shorter text, in the text as a whole. */
function coveredShare(words: Int32Array, other: Int32Array, weights: Uint8Array): number {
  const run = Math.min(RUN, words.length, other.length);
  if (run === 0) return 0;
  const known = new Set<number>();
  for (let at = 0; at + run <= other.length; at++) known.add(runHash(other, at, run));
  const covered = new Uint8Array(words.length);
  for (let at = 0; at + run <= words.length; at++)
    if (known.has(runHash(words, at, run))) covered.fill(1, at, at + run);
  let [sum, all] = [0, 0];
  for (let i = 0; i < words.length; i++) {
    all += weights[i]!;
    if (covered[i] === 1) sum += weights[i]!;
  }
  return sum / all;
}

function runHash(words: Int32Array, at: number, run: number): number {
  let hash = 0;
  for (let i = at; i < at + run; i++) {
    hash = Math.imul(hash ^ words[i]!, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

/** The share of some numbers, repeated ones counted again, that others have too; undefined for fewer than {@link LEAST_NUMBERS}. */
function sharedNumbers(some: ReadonlyMap<number, number>, others: ReadonlyMap<number, number>): number | undefined {
  let [all, shared] = [0, 0];
  for (const [number, count] of some) {
    all += count;
    shared += Math.min(count, others.get(number) ?? 0);
  }
  return all < LEAST_NUMBERS ? undefined : shared / all;
}
