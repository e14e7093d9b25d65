// Where the terms of a question stand in a text, for highlighting.
import { normalisedWithOffsets } from './original-offsets.ts';
import { normaliseText, scanNormalised } from './scan-words.ts';
import { completeOptions, termsOfWord } from './word-terms.ts';

export interface TermSpan {
  /** UTF-16 offsets into the text as it was given. */
  readonly start: number;
  readonly end: number;
  readonly term: string;
}

/**
 * The words of a text whose terms are among `terms`, in order. A word that stands for several of them (a code identifier)
 * is one span, with the first; a Chinese word is not marked for one of its characters. Every word is looked at once: some megabytes a second.
 *
 * @param options `language`: the one the text's terms were made for
 */
export function termSpans(
  text: string,
  terms: ReadonlySet<string>,
  { language = 'und' }: { readonly language?: string } = {},
): TermSpan[] {
  if (terms.size === 0) return [];
  const options = completeOptions({ language, stopWords: false, pieces: false });
  const normal = normalisedWithOffsets(text, normaliseText);
  const found: { from: number; to: number; term: string }[] = [];
  const termOfWord = new Map<string, string | undefined>();
  scanNormalised(normal.text, (codes, from, to) => {
    const word = String.fromCharCode(...codes.subarray(from, to));
    if (!termOfWord.has(word))
      termOfWord.set(
        word,
        termsOfWord(word, options).find((term) => terms.has(term)),
      );
    const term = termOfWord.get(word);
    if (term !== undefined) found.push({ from, to, term });
  });
  return found.map(({ from, to, term }) => ({ ...normal.original(from, to), term }));
}
