// Results on their way between threads: a list of words is one string there, which costs a tenth.
import type { ExtractedText, ExtractResult } from './extract-result.ts';

export interface PackedText extends Omit<ExtractedText, 'feature'> {
  /** The terms, one a line: a term holds no line break. */
  readonly terms: string;
  readonly counts: Uint16Array;
}

export type PackedResult = Exclude<ExtractResult, ExtractedText> | PackedText;

export function packResult(result: ExtractResult): PackedResult {
  if (result.status !== 'ok' || result.kind !== 'text') return result;
  const { feature, ...rest } = result;
  return { ...rest, terms: feature.terms.join('\n'), counts: ownBuffer(feature.counts) };
}

export function unpackResult(packed: PackedResult): ExtractResult {
  if (packed.status !== 'ok' || packed.kind !== 'text') return packed;
  const { terms, counts, ...rest } = packed;
  return { ...rest, feature: { kind: 'text', terms: terms === '' ? [] : terms.split('\n'), counts } };
}

/** A view into a larger buffer would take all of it along. */
function ownBuffer(counts: Uint16Array): Uint16Array {
  return counts.byteLength === counts.buffer.byteLength ? counts : counts.slice();
}
