// The terms of a question, where documents of several languages may answer: a few words do not tell their language.
import { classOfCodePoint, SEGMENTED } from './characters.ts';
import { voteByFunctionWords } from './function-words.ts';
import { languageByScript, UNDETERMINED } from './language.ts';
import { letterVariants } from './letter-variants.ts';
import { scanWords } from './scan-words.ts';
import type { TextFeature } from './text-feature.ts';
import { LARGEST_COUNT } from './tokenize.ts';
import { completeOptions, termsOfWord } from './word-terms.ts';

/** What cannot be told is read as English. */
const DEFAULT_LANGUAGE = 'en';

/** So many little words of a language in a question, and it is in that language. */
const DECIDING_HITS = 2;

/**
 * The bag of words of a question that is asked of documents in several languages. Each word gets the terms that the index
 * knows it by: as a word of the question's language where that shows, else as a word of any of the index's languages; with
 * its own letters where it was typed without ("malmo"), and, of Chinese, in pieces where the whole is not known. Words
 * that the index knows by no term keep the term of the likeliest language. Stop words are left out unless nothing else is
 * there, and, where the language does not show, unless the index knows them as words of another of its languages.
 *
 * Loads no language model.
 *
 * @param languages of the index's documents, the commonest first, as `detectLanguage` says them
 * @param knows whether a term is in the index
 */
export function queryTerms(
  text: string,
  languages: Iterable<string>,
  knows: (term: string) => boolean,
): TextFeature & { readonly language: string } {
  const candidates = [...new Set(Array.from(languages, (code) => (code === UNDETERMINED ? DEFAULT_LANGUAGE : code)))];
  if (candidates.length === 0) candidates.push(DEFAULT_LANGUAGE);
  const { language, sure } = languageOfQuestion(text, candidates);
  const words: string[] = [];
  scanWords(text, (codes, start, end) => words.push(String.fromCharCode(...codes.subarray(start, end))));
  const hasContent = words.some((word) => termsOfWord(word, completeOptions({ language })).length > 0);
  const terms = words.flatMap((word) => termsOf(word, language, sure, candidates, knows, hasContent));
  return { ...bagOf(terms), language };
}

function languageOfQuestion(text: string, candidates: readonly string[]): { language: string; sure: boolean } {
  const byScript = languageByScript(text);
  if (byScript !== undefined) return { language: byScript, sure: true };
  const votes = voteByFunctionWords(text).languages;
  const best = votes.find((vote) => candidates.includes(vote.language));
  const foreign = votes[0];
  const [language, hits] =
    foreign && foreign.hits > (best?.hits ?? 0)
      ? [foreign.language, foreign.hits]
      : [best?.language ?? candidates[0]!, best?.hits ?? 0];
  if (hits >= DECIDING_HITS) return { language, sure: true };
  const likeliest = best?.language ?? candidates[0]!;
  return { language: likeliest, sure: candidates.length === 1 };
}

function termsOf(
  word: string,
  language: string,
  sure: boolean,
  candidates: readonly string[],
  knows: (term: string) => boolean,
  stopWords: boolean,
): readonly string[] {
  const own = termsOfWord(word, completeOptions({ language, stopWords }));
  if (isSegmented(word) && own.length > 0 && !knows(own[0]!)) {
    const found = new Set([...knownPieces(word, knows), ...own.filter(knows)]);
    return found.size > 0 ? [...found] : own;
  }
  const others = candidates.filter((candidate) => candidate !== language);
  const known = own.filter(knows);
  if (sure && (known.length > 0 || own.length === 0)) return known;
  const inOthers = others.flatMap((other) =>
    termsOfWord(word, completeOptions({ language: other, stopWords })).filter(knows),
  );
  const found = new Set([...known, ...inOthers]);
  if (found.size === 0 && own.length > 0)
    for (const term of meantBy(word, [language, ...others], knows)) found.add(term);
  return found.size > 0 ? [...found] : own;
}

/** Known terms that a word, not known as it is typed, may be meant as. */
function meantBy(word: string, languages: readonly string[], knows: (term: string) => boolean): string[] {
  return languages.flatMap((language) =>
    letterVariants(word.toLowerCase(), language)
      .flatMap((variant) => termsOfWord(variant, completeOptions({ language })))
      .filter(knows),
  );
}

function isSegmented(word: string): boolean {
  return classOfCodePoint(word.codePointAt(0)!) === SEGMENTED;
}

/** The longest known words that stand in a word, from left to right. */
function knownPieces(word: string, knows: (term: string) => boolean): string[] {
  const characters = Array.from(word);
  const pieces: string[] = [];
  for (let from = 0; from < characters.length; ) {
    let to = characters.length;
    while (to > from && !knows(characters.slice(from, to).join(''))) to--;
    if (to > from) pieces.push(characters.slice(from, to).join(''));
    from = Math.max(to, from + 1);
  }
  return pieces;
}

function bagOf(all: readonly string[]): { kind: 'text'; terms: string[]; counts: Uint16Array } {
  const numbers = new Map<string, number>();
  for (const term of all) numbers.set(term, Math.min((numbers.get(term) ?? 0) + 1, LARGEST_COUNT));
  return { kind: 'text', terms: [...numbers.keys()], counts: Uint16Array.from(numbers.values()) };
}
