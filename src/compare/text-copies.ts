// Damaged copies of documents for the label-free protocol.

import type { TextCorruption } from '../text/corrupt-text.ts';
import type { TextFeature } from '../text/text-feature.ts';
import type { CopyKind } from './label-free.ts';

/** Where the documents come from. */
export interface TextSource {
  /** The whole text of an indexed document. */
  read(id: number): Promise<string>;
  /** The feature of a text, exactly as indexing computes it. */
  feature(text: string): TextFeature | Promise<TextFeature>;
}

const SNIPPET_LENGTH = 300;

/**
 * One kind of copy for each corruption. A copy without a known word, or whose stand-in has none, does not apply.
 * Documents are read once for all kinds when these are asked for together, as the protocol does.
 */
export function textCopyKinds(corruptions: readonly TextCorruption[], source: TextSource): CopyKind[] {
  const underWay = new Map<number, Promise<string>>();
  const read = (id: number): Promise<string> => {
    const text = underWay.get(id) ?? source.read(id);
    underWay.set(id, text);
    const forget = () => underWay.delete(id);
    text.then(forget, forget);
    return text;
  };
  return corruptions.map(
    ({ name, seen, apply, against }): CopyKind => ({
      name,
      seen,
      async copy({ id }, random) {
        const text = await read(id);
        const damaged = apply(text, random);
        const feature = await source.feature(damaged);
        if (feature.terms.length === 0) return undefined;
        const preview = () => Promise.resolve({ snippet: damaged.slice(0, SNIPPET_LENGTH) });
        if (against === undefined) return { feature, preview };
        const standIn = await source.feature(against(text));
        return standIn.terms.length === 0 ? undefined : { feature, standIn, preview };
      },
    }),
  );
}
