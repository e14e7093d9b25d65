// The bags of words in the catalog, as features again.
import type { Catalog } from '../index/catalog.ts';
import type { TextFeature } from '../text/text-feature.ts';

export interface StoredBags {
  /** The feature of a document; undefined when it has none. */
  get(itemId: number): TextFeature | undefined;
  /** Some documents, chosen by their content: the same for the same index. */
  sample(count: number): TextFeature[];
}

/** All documents at once: one pass over the catalog instead of a look-up for every word. */
export function storedBags(catalog: Catalog): StoredBags {
  const { ids, ties, indptr, termIds, counts } = catalog.terms.read();
  const wordOf = wordsById(catalog);
  const rowOf = new Map(Array.from(ids, (id, row) => [id, row]));
  const bagOf = (row: number): TextFeature => {
    const from = indptr[row]!;
    const to = indptr[row + 1]!;
    return {
      kind: 'text',
      terms: Array.from(termIds.subarray(from, to), (id) => wordOf[id]!),
      counts: counts.subarray(from, to),
    };
  };
  return {
    get(itemId) {
      const row = rowOf.get(itemId);
      return row === undefined ? undefined : bagOf(row);
    },
    sample: (count) =>
      Array.from(ids.keys())
        .sort((a, b) => ties[a]! - ties[b]!)
        .slice(0, count)
        .map(bagOf),
  };
}

/** Every word of the index, at the place of its id. */
function wordsById(catalog: Catalog): string[] {
  const { ids, words } = catalog.terms.vocabulary();
  const wordOf: string[] = [];
  words.forEach((word, i) => {
    wordOf[ids[i]!] = word;
  });
  return wordOf;
}
