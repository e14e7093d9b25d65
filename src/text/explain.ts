// Why are two documents alike? The words they share, and what each adds to the score.
import type { KnownWords } from './known-words.ts';
import { scanWords } from './scan-words.ts';
import type { TextFeature } from './text-feature.ts';
import { type Weighting, weigh } from './weighting.ts';
import { completeOptions, termsOfWord } from './word-terms.ts';

export interface SharedWord {
  /** The term as it is counted: lower case, a word as its stem. {@link surfaceForms} has readable words. */
  readonly term: string;
  /** How often it occurs in the first and in the second document. */
  readonly counts: readonly [first: number, second: number];
  /** What it adds to the cosine; the weights of all shared words sum to it. */
  readonly weight: number;
}

/**
 * The shared words of two documents, the one that adds most to their cosine first (equal ones by their code units). What a
 * Chinese character or a pair of Korean syllables adds is told with a shared word that it is a piece of, where there is one.
 */
export function sharedWords(
  first: TextFeature,
  second: TextFeature,
  vocabulary: KnownWords,
  weighting: Weighting,
): SharedWord[] {
  const [countsA, countsB] = [vocabulary.toCounts(first), vocabulary.toCounts(second)];
  const [a, b] = [weigh(weighting, countsA), weigh(weighting, countsB)];
  const shared: SharedWord[] = [];
  for (let i = 0, j = 0; i < a.indices.length && j < b.indices.length; ) {
    const difference = a.indices[i]! - b.indices[j]!;
    if (difference === 0) {
      shared.push({
        term: vocabulary.wordAt(a.indices[i]!),
        counts: [countsA.counts[i]!, countsB.counts[j]!],
        weight: a.values[i]! * b.values[j]!,
      });
    }
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  return withoutPieces(shared).sort((x, y) => y.weight - x.weight || (x.term < y.term ? -1 : 1));
}

const PIECE = /^(?:\p{Script=Han}|\p{Script=Hangul}{2})$/u;

function withoutPieces(shared: readonly SharedWord[]): SharedWord[] {
  const words = shared.filter(({ term }) => !PIECE.test(term));
  const added = new Map<string, number>();
  const alone = shared.filter(({ term, weight }) => {
    if (!PIECE.test(term)) return false;
    const word = words.find((other) => other.term.includes(term));
    if (word) added.set(word.term, (added.get(word.term) ?? 0) + weight);
    return word === undefined;
  });
  return [...words.map((word) => ({ ...word, weight: word.weight + (added.get(word.term) ?? 0) })), ...alone];
}

/**
 * The first `count` of some terms, told without pieces: a Chinese character or a pair of Korean syllables that is a part of a
 * word among the first ones is not named beside it.
 */
export function firstWholeWords(terms: readonly string[], count: number): string[] {
  // as many again may be pieces of words that come later
  const first = terms.slice(0, 2 * count);
  const words = first.filter((term) => !PIECE.test(term));
  return first.filter((term) => !PIECE.test(term) || !words.some((word) => word.includes(term))).slice(0, count);
}

/**
 * For each of the terms that a text has, the word it is most often written as there, lower case ("movi" → "movies").
 *
 * @param language the one the text's terms were made for
 */
export function surfaceForms(text: string, terms: Iterable<string>, language: string = 'und'): Map<string, string> {
  const wanted = new Set(terms);
  const options = completeOptions({ language, stopWords: false, identifiers: false, pieces: false });
  const uses = new Map<string, number>();
  scanWords(text, (codes, start, end) => {
    const word = String.fromCharCode(...codes.subarray(start, end)).toLowerCase();
    uses.set(word, (uses.get(word) ?? 0) + 1);
  });
  const forms = new Map<string, string>();
  for (const [word, count] of uses) {
    const term = termsOfWord(word, options)[0];
    if (term === undefined || !wanted.has(term)) continue;
    const present = forms.get(term);
    if (present === undefined || count > uses.get(present)!) forms.set(term, word);
  }
  return forms;
}
