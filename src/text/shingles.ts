// Verbatim reuse: a sample of a text's runs of words, the same sample wherever the same words stand.
import { surfaceWords, WORD_WEIGHT } from './surface-words.ts';

/** Words in a shingle. */
export const SHINGLE_WORDS = 8;

/** Of so many shingles in a row one is kept, at least. */
export const SHINGLE_WINDOW = 8;

/** A text with fewer kept shingles keeps its smallest hashes besides, up to this many: a single line can be compared too. */
export const FEWEST_SHINGLES = 8;

/** A run of words that two texts have in common from this length on has at least one hash in both. */
export const LEAST_REUSE = SHINGLE_WORDS + SHINGLE_WINDOW - 1;

const SHINGLE_WEIGHT = SHINGLE_WORDS * WORD_WEIGHT;
/** Places for the words of a shingle: a power of two, above the most characters that one can hold. */
const WORD_RING = 64;
/** Places for the shingles of a window: a power of two, from its size on. */
const SHINGLE_RING = 8;

/**
 * The sampled hashes of a text's shingles – runs of {@link SHINGLE_WORDS} words as they are written
 * (src/text/surface-words.ts) – distinct and ascending. Two in nine, on the average: 73 for a newsgroup post, 4 bytes each; none
 * for a text without a word. Takes memory in proportion to the distinct hashes.
 *
 * Kept is the smallest hash of every {@link SHINGLE_WINDOW} in a row (winnowing: Schleimer, Wilkerson & Aiken, "Winnowing:
 * Local Algorithms for Document Fingerprinting", SIGMOD 2003). What is kept of a passage depends on what stands around it only
 * at its ends, and not on how long the text is; and every passage of {@link LEAST_REUSE} words leaves something, one of 50
 * words at least five hashes. MinHash of a fixed size keeps the fewer of a passage the longer the text is. FracMinHash (Irber et
 * al. 2022), every hash below a limit, promises no passage anything: with as many hashes, passages of 50 words were found no more
 * often while several times as many other pairs shared as much.
 *
 * Chance plays no part: among a million texts of 73 hashes, one of 2³² hashes is met by chance 1.2 times a question, two in the
 * same text once in a million questions.
 */
export function shingleHashes(text: string): Uint32Array {
  const fingerprints = new Fingerprints();
  const hashes = new Int32Array(WORD_RING);
  const weights = new Uint8Array(WORD_RING);
  let words = 0;
  // the shingle that ends with the present word: where it begins, and what its words weigh
  let first = 0;
  let sum = 0;
  surfaceWords(text, (hash, _start, _end, weight) => {
    hashes[words % WORD_RING] = hash;
    weights[words % WORD_RING] = weight;
    words++;
    sum += weight;
    while (sum - weights[first % WORD_RING]! >= SHINGLE_WEIGHT) sum -= weights[first++ % WORD_RING]!;
    if (sum >= SHINGLE_WEIGHT) fingerprints.add(hashOfWords(hashes, first, words));
  });
  if (fingerprints.shingles === 0 && words > 0) fingerprints.add(hashOfWords(hashes, 0, words));
  return fingerprints.toHashes();
}

/** The words' hashes mixed in their order; 0 … 2³² − 1. The constants are those of MurmurHash3's 32 bits. */
function hashOfWords(hashes: Int32Array, first: number, end: number): number {
  let hash = 0;
  for (let i = first; i < end; i++) {
    hash = Math.imul(hash ^ hashes[i % WORD_RING]!, 0xcc9e2d51);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The smallest hash of every window, and the smallest of all where those are few. */
class Fingerprints {
  shingles = 0;
  #kept = new Uint32Array(256);
  #size = 0;
  readonly #window = new Uint32Array(SHINGLE_RING);
  /** Where the smallest hash of the window is, the last of equal ones: the fewest are kept then. */
  #smallestAt = -1;
  /** The smallest distinct hashes of all, ascending. */
  readonly #smallest: number[] = [];

  add(hash: number): void {
    const at = this.shingles++;
    this.#window[at % SHINGLE_RING] = hash;
    this.#noteSmallest(hash);
    if (at + 1 < SHINGLE_WINDOW) return;
    const first = at + 1 - SHINGLE_WINDOW;
    if (this.#smallestAt < first) {
      this.#smallestAt = first;
      for (let i = first + 1; i <= at; i++) if (this.#hash(i) <= this.#hash(this.#smallestAt)) this.#smallestAt = i;
    } else if (hash <= this.#hash(this.#smallestAt)) {
      this.#smallestAt = at;
    } else {
      return;
    }
    if (this.#size === this.#kept.length) this.#makeRoom();
    this.#kept[this.#size++] = this.#hash(this.#smallestAt);
  }

  toHashes(): Uint32Array {
    this.#compact();
    for (const hash of this.#smallest) {
      if (this.#size >= FEWEST_SHINGLES) break;
      if (!this.#kept.subarray(0, this.#size).includes(hash)) this.#kept[this.#size++] = hash;
    }
    return this.#kept.slice(0, this.#size).sort();
  }

  #hash(shingle: number): number {
    return this.#window[shingle % SHINGLE_RING]!;
  }

  #noteSmallest(hash: number): void {
    const smallest = this.#smallest;
    if (smallest.length === FEWEST_SHINGLES && hash >= smallest[FEWEST_SHINGLES - 1]!) return;
    if (smallest.includes(hash)) return;
    smallest.push(hash);
    smallest.sort((a, b) => a - b);
    smallest.length = Math.min(smallest.length, FEWEST_SHINGLES);
  }

  #makeRoom(): void {
    this.#compact();
    if (this.#size <= this.#kept.length / 2) return;
    const larger = new Uint32Array(2 * this.#kept.length);
    larger.set(this.#kept);
    this.#kept = larger;
  }

  /** Leaves out what is there twice. */
  #compact(): void {
    const sorted = this.#kept.subarray(0, this.#size).sort();
    let size = 0;
    for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[size++] = sorted[i]!;
    this.#size = size;
  }
}
