// Verbatim reuse: a sample of a text's runs of words, the same sample wherever the same words stand.
import { surfaceWords, WORD_WEIGHT } from './surface-words.ts';

/** Raise it whenever the same text would give other hashes: stored ones of another version are of no use. */
export const SHINGLE_VERSION = 1;

/** Words in a shingle. */
export const SHINGLE_WORDS = 5;

/** One in so many shingles is kept. */
export const SHINGLE_SCALE = 4;

/** Hashes below it are kept. */
export const SHINGLE_LIMIT = 2 ** 32 / SHINGLE_SCALE;

/** A text with fewer kept shingles keeps its smallest hashes up to this many, so that a single line can be compared too. */
export const FEWEST_SHINGLES = 8;

const WINDOW_WEIGHT = SHINGLE_WORDS * WORD_WEIGHT;
/** Places for the words of a window: a power of two, above the most characters that a window can hold. */
const RING = 32;

const MULTIPLIER = 0x9e3779b1 | 0;

/**
 * The sampled hashes of a text's shingles – runs of {@link SHINGLE_WORDS} words as they are written (src/text/surface-words.ts) –
 * distinct and ascending. About a quarter as many as the text has words, 4 bytes each; none for a text without a word.
 *
 * Kept is every hash below a limit (FracMinHash: Irber et al., "Lightweight compositional analysis of metagenomes with
 * FracMinHash and minimum metagenome covers", 2022; Broder's mod-p sampling of 1997). What is kept of a passage does not depend
 * on what stands around it, nor on how long the text is; MinHash of a fixed size keeps fewer of a passage's shingles the longer the
 * text is, and estimates the resemblance of whole texts, which a passage hardly changes.
 *
 * Two texts of a million, each with 100 hashes, share a hash by chance with a probability of 1e-5 (100 · 100 / 2³⁰), two with 4e-11.
 */
export function shingleHashes(text: string): Uint32Array {
  const kept = new HashSample();
  const hashes = new Int32Array(RING);
  const weights = new Uint8Array(RING);
  let words = 0;
  let shingles = 0;
  surfaceWords(text, (hash, _start, _end, weight) => {
    hashes[words & (RING - 1)] = hash;
    weights[words & (RING - 1)] = weight;
    words++;
    let first = words;
    let sum = 0;
    while (first > 0 && sum < WINDOW_WEIGHT) sum += weights[--first & (RING - 1)]!;
    if (sum < WINDOW_WEIGHT) return;
    shingles++;
    kept.add(hashOfWords(hashes, first, words));
  });
  if (shingles === 0 && words > 0) kept.add(hashOfWords(hashes, 0, words));
  return kept.toHashes();
}

/** Murmur-like mixing of the words' hashes, in their order; 0 … 2³² − 1. */
function hashOfWords(hashes: Int32Array, first: number, end: number): number {
  let hash = 0;
  for (let i = first; i < end; i++) {
    hash = Math.imul(hash ^ hashes[i & (RING - 1)]!, MULTIPLIER);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The hashes below the limit, and the smallest of all where those are few. Its memory is that of the distinct ones. */
class HashSample {
  #kept = new Uint32Array(256);
  #size = 0;
  /** The smallest distinct hashes, ascending. */
  readonly #smallest: number[] = [];

  add(hash: number): void {
    if (hash < SHINGLE_LIMIT) {
      if (this.#size === this.#kept.length) this.#makeRoom();
      this.#kept[this.#size++] = hash;
    }
    const smallest = this.#smallest;
    if (smallest.length === FEWEST_SHINGLES && hash >= smallest[FEWEST_SHINGLES - 1]!) return;
    if (smallest.includes(hash)) return;
    smallest.push(hash);
    smallest.sort((a, b) => a - b);
    smallest.length = Math.min(smallest.length, FEWEST_SHINGLES);
  }

  toHashes(): Uint32Array {
    this.#compact();
    // those below the limit are all kept already when they are enough
    return this.#size < FEWEST_SHINGLES ? Uint32Array.from(this.#smallest) : this.#kept.slice(0, this.#size);
  }

  #makeRoom(): void {
    this.#compact();
    if (this.#size <= this.#kept.length / 2) return;
    const larger = new Uint32Array(2 * this.#kept.length);
    larger.set(this.#kept);
    this.#kept = larger;
  }

  #compact(): void {
    const sorted = this.#kept.subarray(0, this.#size).sort();
    let size = 0;
    for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[size++] = sorted[i]!;
    this.#size = size;
  }
}
