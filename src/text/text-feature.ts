// The feature of a document: its bag of words.

export interface TextFeature {
  readonly kind: 'text';
  /** Distinct terms of the document, in no particular order. */
  readonly terms: readonly string[];
  /** How often each term occurs, capped at 65,535; as long as `terms`. */
  readonly counts: Uint16Array;
  /** The language its terms were made for: `en`, `de`, `zh`, …, or `und` when it could not be told. */
  readonly language?: string;
  /** The text itself, for encoders that read sentences; bags of words that were stored come without it. */
  readonly text?: string;
  /** True for words that are asked with: some sentence encoders tell questions from documents. */
  readonly question?: boolean;
}
