// The second half of tokenizing: from a word as it is written to the terms it counts as.
import { rulesForWord } from './language-rules.ts';
import { LONGEST_WORD } from './scan-words.ts';

export interface TokenizeOptions {
  /** The language of the text, as `detectLanguage` says it. @default 'und': read as English */
  readonly language?: string;
  /** Words are reduced to their stems, in languages that have a stemmer. @default true */
  readonly stem?: boolean;
  /** Stop words, single letters and single digits are left out – unless nothing would be left. @default true */
  readonly stopWords?: boolean;
  /** Code identifiers (camelCase, snake_case) count as a whole and as their parts. @default true */
  readonly identifiers?: boolean;
  /** Accents are taken off letters that are not letters of their own in the language. @default true */
  readonly fold?: boolean;
}

/** Numbers of more digits (prices, dates run together, ids) are left out: they are names of one thing, not words. */
const LONGEST_NUMBER = 4;
/** A longer mix of letters and digits is a hash, a key or encoded data. */
const LONGEST_WITH_DIGITS = 16;

const ONLY_DIGITS = /^\p{N}+$/u;
const HAS_DIGIT = /\p{N}/u;
const IDENTIFIER = /_|\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u;
const IDENTIFIER_SEAMS = /_+|(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;

/** The terms of one word as it is written: none (a stop word, a long number), one, or for identifiers several. */
export function termsOfWord(word: string, options: Required<TokenizeOptions>): string[] {
  const bare = word.startsWith('_') || word.endsWith('_') ? word.replace(/^_+|_+$/g, '') : word;
  const terms: string[] = [];
  addTerm(terms, bare, options);
  if (options.identifiers && IDENTIFIER.test(bare)) {
    for (const part of bare.split(IDENTIFIER_SEAMS)) if (part.length > 1) addTerm(terms, part, options);
  }
  return terms;
}

function addTerm(terms: string[], word: string, options: Required<TokenizeOptions>): void {
  const rules = rulesForWord(word, options.language);
  const lower = rules.lowerCase(word);
  if (!isTerm(lower) || (options.stopWords && rules.isStopWord(lower))) return;
  const stemmed = options.stem ? rules.stem(lower) : lower;
  const term = options.fold ? rules.fold(stemmed) : stemmed;
  if (term.length > 0) terms.push(term);
}

function isTerm(term: string): boolean {
  if (term.length === 0 || term.length > LONGEST_WORD) return false;
  if (term.length <= LONGEST_NUMBER || !HAS_DIGIT.test(term)) return true;
  return term.length <= LONGEST_WITH_DIGITS && !ONLY_DIGITS.test(term);
}

/** Every option, with its default where it is left out. A language that cannot be told is read as English. */
export function completeOptions(options: TokenizeOptions): Required<TokenizeOptions> {
  const { language = 'und', stem = true, stopWords = true, identifiers = true, fold = true } = options;
  return { language: language === 'und' ? 'en' : language, stem, stopWords, identifiers, fold };
}
