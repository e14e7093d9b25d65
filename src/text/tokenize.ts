// Text → terms, and terms → how often each occurs.
import { scanWords } from './scan-words.ts';
import type { TextFeature } from './text-feature.ts';
import { WordTable } from './word-table.ts';
import { completeOptions, type TokenizeOptions, termsOfWord } from './word-terms.ts';

export type { TokenizeOptions } from './word-terms.ts';

/** Raise it whenever the same text would give other terms: stored features of another version are computed anew. */
export const TOKENIZER_VERSION = 2;

/** The largest count a {@link TextFeature} holds. */
export const LARGEST_COUNT = 65_535;

/** Words remembered between documents; natural language has its tenth of a million common ones well before that. */
const REMEMBERED_WORDS = 200_000;

/** In {@link Tokenizer} a word stands for one term (its number), for none, or for several. */
const NO_TERM = -1;
/** `SEVERAL - i` stands for the i-th list of several terms. */
const SEVERAL = -2;

/** Distinct terms and how often each occurs. */
export interface Bag {
  readonly terms: readonly string[];
  readonly counts: Uint16Array;
}

/** A bag while its document is read. */
interface OpenBag {
  readonly document: number;
  /** The terms as numbers, and as texts. */
  readonly numbers: number[];
  readonly terms: string[];
  readonly counts: number[];
}

function finished({ terms, counts }: OpenBag): Bag {
  const capped = new Uint16Array(counts.length);
  for (let i = 0; i < counts.length; i++) capped[i] = Math.min(counts[i]!, LARGEST_COUNT);
  return { terms, counts: capped };
}

/**
 * Finds the terms of words, and remembers them: stemming costs a hundred times what looking up does. Words and terms are
 * numbers inside, with plain arrays beside them, because objects cost twice the time.
 */
class Tokenizer {
  readonly #options: Required<TokenizeOptions>;
  #words = new WordTable();
  /** For each word its term, {@link NO_TERM} or {@link SEVERAL}. */
  #termOfWord: number[] = [];
  #severalTerms: number[][] = [];
  #termNumbers = new Map<string, number>();
  /** For each term: its text, the last document it was seen in, and its place in that document's lists. */
  #texts: string[] = [];
  #lastDocuments: number[] = [];
  #places: number[] = [];
  #document = 0;

  constructor(options: Required<TokenizeOptions>) {
    this.#options = options;
  }

  list(text: string): string[] {
    const terms: string[] = [];
    this.#visit(text, (term) => terms.push(this.#texts[term]!));
    return terms;
  }

  count(text: string): Bag {
    const bag = this.#startBag();
    this.#visit(text, (term) => this.#addTo(bag, term));
    return finished(bag);
  }

  /** The bags of pieces of a text, and of all of them together: every word is looked up once. */
  countPieces(pieces: readonly string[]): { whole: Bag; bags: Bag[] } {
    const whole = this.#startBag();
    const bags = pieces.map((piece) => {
      const bag = this.#startBag();
      this.#visit(piece, (term) => this.#addTo(bag, term), false);
      return bag;
    });
    // Of the distinct terms of each piece, which are fewer than its words.
    for (const { numbers, counts } of bags) {
      for (const [i, term] of numbers.entries()) this.#addTo(whole, term, counts[i]);
    }
    const done = { whole: finished(whole), bags: bags.map(finished) };
    this.#forgetWhenMany();
    return done;
  }

  #startBag(): OpenBag {
    return { document: ++this.#document, numbers: [], terms: [], counts: [] };
  }

  #addTo({ document, numbers, terms, counts }: OpenBag, term: number, count: number = 1): void {
    if (this.#lastDocuments[term] === document) {
      counts[this.#places[term]!]! += count;
    } else {
      this.#lastDocuments[term] = document;
      this.#places[term] = terms.length;
      numbers.push(term);
      terms.push(this.#texts[term]!);
      counts.push(count);
    }
  }

  #visit(text: string, visit: (term: number) => void, mayForget: boolean = true): void {
    // only between documents: within one, forgetting a term would list it twice
    if (mayForget) this.#forgetWhenMany();
    scanWords(text, (codes, start, end) => {
      const word = this.#words.add(codes, start, end);
      const term = word < this.#termOfWord.length ? this.#termOfWord[word]! : this.#learn(codes, start, end);
      if (term >= 0) visit(term);
      else if (term <= SEVERAL) this.#severalTerms[SEVERAL - term]!.forEach(visit);
    });
  }

  #learn(codes: Uint16Array, start: number, end: number): number {
    const terms = termsOfWord(String.fromCharCode(...codes.subarray(start, end)), this.#options);
    const numbers = terms.map((term) => this.#numberOf(term));
    let entry = numbers[0] ?? NO_TERM;
    if (numbers.length > 1) entry = SEVERAL - (this.#severalTerms.push(numbers) - 1);
    this.#termOfWord.push(entry);
    return entry;
  }

  #numberOf(term: string): number {
    let number = this.#termNumbers.get(term);
    if (number === undefined) {
      number = this.#texts.push(term) - 1;
      this.#termNumbers.set(term, number);
      this.#lastDocuments.push(0);
      this.#places.push(0);
    }
    return number;
  }

  #forgetWhenMany(): void {
    if (this.#words.size <= REMEMBERED_WORDS) return;
    this.#words = new WordTable();
    this.#termOfWord = [];
    this.#severalTerms = [];
    this.#termNumbers = new Map();
    this.#texts = [];
    this.#lastDocuments = [];
    this.#places = [];
  }
}

const tokenizers = new Map<string, Tokenizer>();

function tokenizerFor(options: TokenizeOptions): Tokenizer {
  const complete = completeOptions(options);
  const { language, stem, stopWords, identifiers, pieces, fold } = complete;
  const key = `${language} ${stem} ${stopWords} ${identifiers} ${pieces} ${fold}`;
  let tokenizer = tokenizers.get(key);
  if (tokenizer === undefined) {
    tokenizer = new Tokenizer(complete);
    tokenizers.set(key, tokenizer);
  }
  return tokenizer;
}

/** A text that is all stop words ("to be or not to be", "The Who") is about them: it keeps its words. */
function withStopWords(options: TokenizeOptions): Tokenizer | undefined {
  return options.stopWords === false ? undefined : tokenizerFor({ ...options, stopWords: false });
}

/**
 * The terms of a text, in order: NFKC, lower case, words of letters and digits in any script (Chinese, Japanese and Thai
 * are segmented), stems of words in languages that have a stemmer, stop words left out, code identifiers with their
 * parts, numbers of up to four digits, of URLs the host and path. A text that has stop words only keeps them. Never
 * fails, whatever the string holds.
 */
export function tokenize(text: string, options: TokenizeOptions = {}): string[] {
  const terms = tokenizerFor(options).list(text);
  return terms.length > 0 ? terms : (withStopWords(options)?.list(text) ?? terms);
}

/**
 * The bag of words of a text: the distinct terms of {@link tokenize} in order of their first use, and their counts. With
 * the language they were made for, where one is given.
 */
export function countTerms(text: string, options: TokenizeOptions = {}): TextFeature {
  const bag = orStopWords(tokenizerFor(options).count(text), text, options);
  return { kind: 'text', ...bag, ...(options.language === undefined ? {} : { language: options.language }) };
}

/**
 * {@link countTerms} of the pieces of a text, and of all of them together, which is the bag of the text where no word
 * reaches from one piece into the next.
 */
export function countPieces(pieces: readonly string[], options: TokenizeOptions = {}): { whole: Bag; bags: Bag[] } {
  const { whole, bags } = tokenizerFor(options).countPieces(pieces);
  return { whole, bags: bags.map((bag, i) => orStopWords(bag, pieces[i]!, options)) };
}

function orStopWords(bag: Bag, text: string, options: TokenizeOptions): Bag {
  return bag.terms.length > 0 ? bag : (withStopWords(options)?.count(text) ?? bag);
}
