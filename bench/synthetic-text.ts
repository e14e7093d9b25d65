// Documents of made-up words that are as unevenly common as those of a language are once stop words are taken out.
import type { Random } from '../dist/training/random.js';

/** How many words there are to draw from. */
const WORDS = 500_000;
/** Zipf's law begins after so many words, which stop lists take: the commonest left is one word in a hundred. */
const COMMONEST = 10;

const RANGE = Math.log((WORDS + COMMONEST) / COMMONEST);

export interface SyntheticBag {
  /** Numbers of the words, rising. */
  readonly ids: Uint32Array;
  readonly counts: Uint16Array;
}

/** `words` words in the order they are drawn, as a text. */
export function syntheticText(random: Random, words: number): string {
  return Array.from({ length: words }, () => syntheticWord(draw(random))).join(' ');
}

/** `words` draws, each of the n-th commonest word with a probability as 1 / (n + 10) (Zipf and Mandelbrot). */
export function syntheticBag(random: Random, words: number): SyntheticBag {
  const drawn = new Uint32Array(words);
  for (let i = 0; i < words; i++) drawn[i] = draw(random);
  drawn.sort();
  const ids = new Uint32Array(words);
  const counts = new Uint16Array(words);
  let distinct = 0;
  for (const [i, id] of drawn.entries()) {
    if (i === 0 || id !== drawn[i - 1]) ids[distinct++] = id;
    counts[distinct - 1]!++;
  }
  return { ids: ids.slice(0, distinct), counts: counts.slice(0, distinct) };
}

function draw(random: Random): number {
  return Math.floor(COMMONEST * (Math.exp(random.uniform() * RANGE) - 1));
}

export function syntheticWord(id: number): string {
  return `w${id}`;
}
