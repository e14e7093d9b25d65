// What an index keeps of a document, made where it is read, so that the thread that stores has nothing to work out.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { TextFeature } from '../text/text-feature.ts';
import type { TextParts, TextPassage } from '../text/text-parts.ts';

export interface KeptText {
  /** The text in UTF-8, compressed by raw deflate. */
  readonly deflated: Uint8Array;
  /** UTF-16 code units of the text. */
  readonly characters: number;
  readonly passages: readonly TextPassage[];
  /** Distinct, rising. */
  readonly shingles: Uint32Array;
}

/**
 * Of zlib's nine: 6, its own choice, takes half as long again as 4 for long texts that are 3 % smaller; for short ones, where
 * most of the time goes into preparing, all are alike (posts of 20 Newsgroups, together and one by one).
 */
const DEFLATE_LEVEL = 4;

export function keepText({ feature: { text = '' }, passages, shingles }: TextParts): KeptText {
  return { deflated: deflateRawSync(text, { level: DEFLATE_LEVEL }), characters: text.length, passages, shingles };
}

/** A feature with its text, which does not come with it from another thread. */
export function withText(feature: TextFeature, kept: KeptText | undefined): TextFeature {
  if (feature.text !== undefined || kept === undefined) return feature;
  return { ...feature, text: inflateRawSync(kept.deflated).toString('utf8') };
}
