// All that an index keeps of a text beside the text itself: its words, its passages with theirs, its shingles.
import { type PassageSpan, splitPassages } from './passages.ts';
import { shingleHashes } from './shingles.ts';
import type { TextFeature } from './text-feature.ts';
import { countTerms, TOKENIZER_VERSION } from './tokenize.ts';

/** Raise it whenever the same text would give other passages or shingles. */
const PARTS_VERSION = 1;

/** Differs whenever the same text would give other words, passages or shingles: stored ones of another version are made anew. */
export const TEXT_RULES = TOKENIZER_VERSION * 1_000 + PARTS_VERSION;

/** A passage and its bag of words. */
export interface TextPassage extends PassageSpan {
  readonly terms: readonly string[];
  readonly counts: Uint16Array;
}

export interface TextParts {
  /** The bag of words of the whole, with the text. */
  readonly feature: TextFeature;
  /** None when the text is one passage. */
  readonly passages: readonly TextPassage[];
  /** Sampled hashes of runs of words; distinct, rising. */
  readonly shingles: Uint32Array;
}

/** @param language ISO 639; decides how words are found and shortened */
export function textParts(text: string, language: string): TextParts {
  return {
    feature: wordsOf(text, language),
    passages: splitPassages(text).map(({ start, end }) => {
      const { terms, counts } = wordsOf(text.slice(start, end), language);
      return { start, end, terms, counts };
    }),
    shingles: shingleHashes(text),
  };
}

/** The bag of words of a text, with its language and the text itself. */
export function wordsOf(text: string, language: string): TextFeature {
  return { ...countTerms(text, { language }), text };
}
