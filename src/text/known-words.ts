// The words an index knows, each at a place: what weighting and explaining ask of them.
import { sortedCounts, type TermCounts } from './term-counts.ts';
import type { TextFeature } from './text-feature.ts';

export interface KnownWords {
  /** Places go from 0 to below this. */
  readonly size: number;
  /** In how many documents the word of each place occurs. */
  readonly documentFrequencies: Uint32Array;
  /** How many documents were counted. */
  readonly documents: number;
  /** The known words of a document, by ascending place. Empty when it has none. */
  toCounts(feature: TextFeature): TermCounts;
  wordAt(place: number): string;
}

/** A register of words, asked for a few at a time. */
export interface WordRegister {
  /** The numbers of those of the words that are registered. */
  ids(words: Iterable<string>): ReadonlyMap<string, number>;
  words(ids: readonly number[]): readonly string[];
}

/**
 * The words of a register as {@link KnownWords}, their numbers being the places. One question needs a few of them:
 * reading all would take longer than answering.
 */
export class RegisteredWords implements KnownWords {
  readonly documentFrequencies: Uint32Array;
  readonly documents: number;
  readonly #register: WordRegister;

  /** @param documentFrequencies by number; words with higher numbers came later, and are not known */
  constructor(register: WordRegister, documentFrequencies: Uint32Array, documents: number) {
    this.#register = register;
    this.documentFrequencies = documentFrequencies;
    this.documents = documents;
  }

  get size(): number {
    return this.documentFrequencies.length;
  }

  toCounts({ terms, counts }: TextFeature): TermCounts {
    const ids = this.#register.ids(terms);
    return sortedCounts(terms.length, (i) => ({ place: this.#known(ids.get(terms[i]!)), count: counts[i]! }));
  }

  wordAt(place: number): string {
    return this.#register.words([place])[0]!;
  }

  #known(id: number | undefined): number | undefined {
    return id !== undefined && id < this.size ? id : undefined;
  }
}
