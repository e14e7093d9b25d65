// Seeded damage to documents, for the benchmark that needs no labels: who finds the original of a damaged copy?
import { type Random, randomInteger, shuffled } from './random.ts';
import { joinPieces, wordPieces } from './text-pieces.ts';

export interface TextCorruption {
  readonly name: string;
  /** True for the kind of noise that training uses; results on the others, held out, are reported apart. */
  readonly seen: boolean;
  /** The damaged copy: same text and same random numbers, same copy. Text without words stays as it is. */
  apply(text: string, random: Random): string;
  /** What stands in the index in place of the whole document, where finding the whole would be too easy. */
  readonly against?: (text: string) => string;
}

const EXCERPT_WORDS = 50;
const TYPO_SHARE = 0.2;

/** Words that stand around many documents and say nothing about them. */
const BOILERPLATE = [
  'This message and any attachments are confidential and intended only for the addressee.',
  'If you are not the intended recipient please notify the sender and delete it.',
  'All rights reserved. No part of this document may be reproduced without written permission.',
  'Click here to unsubscribe, change your preferences or read our privacy policy and terms of service.',
  'Sent from my telephone. Please consider the environment before printing this page.',
];

export const TEXT_CORRUPTIONS: readonly TextCorruption[] = [
  { name: 'drop-30', seen: true, apply: (text, random) => dropWords(text, 0.3, random) },
  { name: 'drop-60', seen: true, apply: (text, random) => dropWords(text, 0.6, random) },
  { name: 'half', seen: false, apply: (text) => halvesOf(text)[0], against: (text) => halvesOf(text)[1] },
  { name: 'excerpt-50', seen: false, apply: excerpt },
  { name: 'typos-20', seen: false, apply: typos },
  { name: 'shuffled', seen: false, apply: shuffledWords },
  { name: 'boilerplate', seen: false, apply: withBoilerplate },
];

/** The first and the second half of a text's words. */
export function halvesOf(text: string): [first: string, second: string] {
  const words = wordPieces(text);
  const middle = Math.ceil(words.length / 2);
  return [joinPieces(words.slice(0, middle)), joinPieces(words.slice(middle))];
}

function dropWords(text: string, share: number, random: Random): string {
  const words = wordPieces(text);
  const kept = words.filter(() => random() >= share);
  // a copy of nothing could not be asked for
  return kept.length > 0 ? joinPieces(kept) : (words[0] ?? text);
}

function excerpt(text: string, random: Random): string {
  const words = wordPieces(text);
  const start = randomInteger(random, Math.max(1, words.length - EXCERPT_WORDS + 1));
  return joinPieces(words.slice(start, start + EXCERPT_WORDS));
}

function typos(text: string, random: Random): string {
  return joinPieces(wordPieces(text).map((word) => (random() < TYPO_SHARE ? typo(word, random) : word)));
}

/** Two neighbouring characters swapped, or one left out; a single character stays. */
function typo(word: string, random: Random): string {
  const characters = Array.from(word);
  if (characters.length < 2) return word;
  const at = randomInteger(random, characters.length - 1);
  const [here, next] = [characters[at]!, characters[at + 1]!];
  characters.splice(at, 2, ...(random() < 0.5 ? [next, here] : [here]));
  return characters.join('');
}

/** Every word still there, in another order and another case: nothing a bag of words should mind. */
function shuffledWords(text: string, random: Random): string {
  const words = shuffled(wordPieces(text), random);
  return joinPieces(words.map((word) => (random() < 0.5 ? word.toUpperCase() : word.toLowerCase())));
}

/** A third of the text comes twice, and two sentences of {@link BOILERPLATE} stand around it. */
function withBoilerplate(text: string, random: Random): string {
  const words = wordPieces(text);
  const length = Math.ceil(words.length / 3);
  const start = randomInteger(random, words.length - length + 1);
  const [before, after] = shuffled(BOILERPLATE, random) as [string, string];
  return [before, text, joinPieces(words.slice(start, start + length)), after].join('\n');
}
