// The words an encoder or a baseline knows: which, in what order, and how common each is.
import { createHash } from 'node:crypto';
import { SandglassError } from '../errors.ts';
import type { KnownWords } from './known-words.ts';
import { sortedCounts, type TermCounts } from './term-counts.ts';
import type { TextFeature } from './text-feature.ts';
import { TOKENIZER_VERSION } from './tokenize.ts';

export interface VocabularyOptions {
  /** Words in fewer documents are left out. @default 3 */
  readonly minDocuments?: number;
  /** Words in a larger share of the documents (0…1) are left out. @default 0.8 */
  readonly maxShare?: number;
  /** At most so many words are taken, the commonest. @default 10_000 */
  readonly size?: number;
}

export interface VocabularyStatistics {
  /** In how many documents each word occurs; as long as the words. */
  readonly documentFrequencies: ArrayLike<number>;
  /** The number of documents that were counted. */
  readonly documents: number;
}

const HEADER = 'sandglass-vocabulary';
const FORMAT = 1;

/** An ordered list of distinct words with their document frequencies. Immutable. */
export class Vocabulary implements KnownWords {
  readonly words: readonly string[];
  /** In how many documents each word occurred when the vocabulary was chosen; zeros when it was given by hand. */
  readonly documentFrequencies: Uint32Array;
  /** How many documents were counted then. */
  readonly documents: number;
  /** The {@link TOKENIZER_VERSION} its words were made by. */
  readonly tokenizer: number;
  readonly #places = new Map<string, number>();
  #hash: string | undefined;

  /** @throws {RangeError} for a word that comes twice, or statistics of another length. */
  constructor(words: readonly string[], statistics?: VocabularyStatistics, tokenizer: number = TOKENIZER_VERSION) {
    this.words = words;
    this.documentFrequencies = Uint32Array.from(statistics?.documentFrequencies ?? new Uint32Array(words.length));
    this.documents = statistics?.documents ?? 0;
    this.tokenizer = tokenizer;
    if (this.documentFrequencies.length !== words.length) {
      throw new RangeError(
        `Expected ${words.length} document frequencies but received ${this.documentFrequencies.length}.`,
      );
    }
    for (const [place, word] of words.entries()) {
      if (this.#places.has(word)) throw new RangeError(`Expected distinct words but "${word}" comes twice.`);
      this.#places.set(word, place);
    }
  }

  get size(): number {
    return this.words.length;
  }

  /** SHA-256 of {@link serialise}, in hexadecimal: two vocabularies with the same hash give the same vectors. */
  get hash(): string {
    this.#hash ??= createHash('sha256').update(this.serialise()).digest('hex');
    return this.#hash;
  }

  wordAt(place: number): string {
    return this.words[place]!;
  }

  /** The place of a word, or -1. */
  indexOf(word: string): number {
    return this.#places.get(word) ?? -1;
  }

  /** The known words of a document, by ascending place. Empty when it has none. */
  toCounts({ terms, counts }: TextFeature): TermCounts {
    return sortedCounts(terms.length, (i) => ({ place: this.#places.get(terms[i]!), count: counts[i]! }));
  }

  /** Share of a document's words (each as often as it occurs) that are known, 0…1; 0 for an empty document. */
  knownShare(feature: TextFeature): number {
    let known = 0;
    let all = 0;
    for (const [i, term] of feature.terms.entries()) {
      const count = feature.counts[i]!;
      all += count;
      if (this.#places.has(term)) known += count;
    }
    return all === 0 ? 0 : known / all;
  }

  /** A header line, then one line a word: the word, a tab, its document frequency. */
  serialise(): string {
    const header = [HEADER, FORMAT, `tokenizer=${this.tokenizer}`, `documents=${this.documents}`, `words=${this.size}`];
    const lines = this.words.map((word, i) => `${word}\t${this.documentFrequencies[i]}`);
    return `${[header.join('\t'), ...lines].join('\n')}\n`;
  }

  /** @throws {SandglassError} ENCODER_BROKEN when the text is not what {@link serialise} writes. */
  static parse(serialised: string, path?: string): Vocabulary {
    const broken = (what: string) =>
      new SandglassError(
        'ENCODER_BROKEN',
        `Expected a vocabulary${path === undefined ? '' : ` in ${path}`} but ${what}; train or import the encoder again.`,
        path === undefined ? {} : { path },
      );
    const lines = serialised.split('\n');
    const header = /^sandglass-vocabulary\t(\d+)\ttokenizer=(\d+)\tdocuments=(\d+)\twords=(\d+)$/.exec(lines[0]!);
    if (header === null) throw broken('its first line is not a vocabulary header');
    const [format, tokenizer, documents, size] = header.slice(1).map(Number) as [number, number, number, number];
    if (format !== FORMAT) throw broken(`its format is ${format}, not ${FORMAT}`);
    if (lines.length !== size + 2 || lines.at(-1) !== '') {
      throw broken(`it has ${lines.length - 2} whole lines of words, not ${size}`);
    }
    const words: string[] = [];
    const documentFrequencies = new Uint32Array(size);
    for (let i = 0; i < size; i++) {
      const line = /^([^\t]+)\t(\d{1,9})$/.exec(lines[i + 1]!);
      if (line === null) throw broken(`line ${i + 2} is not a word and a number`);
      words.push(line[1]!);
      documentFrequencies[i] = Number(line[2]);
    }
    try {
      return new Vocabulary(words, { documentFrequencies, documents }, tokenizer);
    } catch (thrown) {
      if (thrown instanceof RangeError) throw broken(thrown.message);
      throw thrown;
    }
  }
}

/**
 * Chooses a vocabulary by document frequency: not the rare words (nothing to learn from), not those that nearly every
 * document has (nothing to tell apart), of the rest the commonest. Commonest first; equally common ones by their code
 * units, so that the same documents always give the same vocabulary. May be empty: for a handful of documents the
 * defaults are too strict, ask with `minDocuments: 1, maxShare: 1`.
 *
 * @param frequencies each distinct term with the number of documents it occurs in
 * @param documents the number of all documents
 */
export function chooseVocabulary(
  frequencies: Iterable<readonly [term: string, documents: number]>,
  documents: number,
  options: VocabularyOptions = {},
): Vocabulary {
  const { minDocuments = 3, maxShare = 0.8, size = 10_000 } = options;
  const most = maxShare * documents;
  const chosen = Array.from(frequencies)
    .filter(([, frequency]) => frequency >= minDocuments && frequency <= most)
    .sort(([a, fa], [b, fb]) => fb - fa || (a < b ? -1 : 1))
    .slice(0, size);
  return new Vocabulary(
    chosen.map(([term]) => term),
    { documentFrequencies: chosen.map(([, frequency]) => frequency), documents },
  );
}

/** In how many of the documents each term occurs: what {@link chooseVocabulary} asks for. */
export function documentFrequencies(features: Iterable<TextFeature>): Map<string, number> {
  const frequencies = new Map<string, number>();
  for (const { terms } of features) for (const term of terms) frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
  return frequencies;
}
