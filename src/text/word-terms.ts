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
  /**
   * Words of Chinese characters count as a whole and as their characters, Korean ones as a whole and as their pairs of
   * syllables: there, words have no fixed bounds, or particles attached. @default true
   */
  readonly pieces?: boolean;
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
const ABOVE_LATIN = /^[\u1100-\uffff]/;
const CHINESE = /^\p{Script=Han}+$/u;
const KOREAN = /^\p{Script=Hangul}+$/u;

/** The terms of one word as it is written: none (a stop word, a long number), one, or for identifiers several. */
export function termsOfWord(word: string, options: Required<TokenizeOptions>): string[] {
  const bare = word.startsWith('_') || word.endsWith('_') ? word.replace(/^_+|_+$/g, '') : word;
  const terms: string[] = [];
  addTerm(terms, bare, options);
  if (options.identifiers && IDENTIFIER.test(bare)) {
    for (const part of bare.split(IDENTIFIER_SEAMS)) if (part.length > 1) addTerm(terms, part, options);
  }
  if (options.pieces && ABOVE_LATIN.test(bare)) {
    const length = CHINESE.test(bare) ? 1 : KOREAN.test(bare) ? 2 : 0;
    if (length > 0) for (const piece of piecesOf(bare, length)) addTerm(terms, piece, options);
  }
  return terms;
}

/** Every run of `length` characters of a longer word; each once. */
function piecesOf(word: string, length: number): Set<string> {
  const characters = Array.from(word);
  const pieces = new Set<string>();
  if (characters.length <= length) return pieces;
  for (let i = 0; i + length <= characters.length; i++) pieces.add(characters.slice(i, i + length).join(''));
  return pieces;
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
  const { language = 'und', stem = true, stopWords = true, identifiers = true, pieces = true, fold = true } = options;
  return { language: language === 'und' ? 'en' : language, stem, stopWords, identifiers, pieces, fold };
}
