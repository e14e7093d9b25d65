// All that an index keeps of a text beside the text itself: its words, its passages with theirs, its shingles.
import { type PassageSpan, splitPassages } from './passages.ts';
import { shingleHashes } from './shingles.ts';
import type { TextFeature } from './text-feature.ts';
import { countPieces, countTerms, TOKENIZER_VERSION } from './tokenize.ts';

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
  const spans = splitPassages(text);
  return { ...bagsOf(text, spans, language), shingles: shingleHashes(text) };
}

/** The words are read once, passage by passage, unless one stands across the end of a passage or there are only stop words. */
function bagsOf(
  text: string,
  spans: readonly PassageSpan[],
  language: string,
): Pick<TextParts, 'feature' | 'passages'> {
  if (spans.length === 0) return { feature: wordsOf(text, language), passages: [] };
  const pieces = spans.map(({ start, end }) => text.slice(start, end));
  const { whole, bags } = countPieces(pieces, { language });
  const passages = spans.map((span, i) => ({ ...span, ...bags[i]! }));
  const isWhole = whole.terms.length > 0 && spans.every(({ start }, i) => i === 0 || endsWord(text, start - 1));
  const feature = isWhole ? ({ kind: 'text', ...whole, language, text } as const) : wordsOf(text, language);
  return { feature, passages };
}

/** White space, or a full stop of Chinese and Japanese: whatever stands on either side is read alike with it and without. */
const WORD_END = /[^\S\ufeff]|\u3002/;

function endsWord(text: string, at: number): boolean {
  return WORD_END.test(text[at]!);
}

/** The bag of words of a text, with its language and the text itself. */
export function wordsOf(text: string, language: string): TextFeature {
  return { ...countTerms(text, { language }), text };
}
