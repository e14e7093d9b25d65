// The bags of words in the catalog, as features again; with their texts where an encoder reads these.
import type { Catalog } from '../index/catalog.ts';
import type { NumberedBag } from '../index/terms.ts';
import type { TextFeature } from '../text/text-feature.ts';

export interface StoredBags {
  /** The feature of a document; undefined when it has none. */
  get(itemId: number): TextFeature | undefined;
  /** The feature of a passage of a document. */
  ofPassage(passageId: number): TextFeature | undefined;
  /** Some documents, chosen by their content: the same for the same index. */
  sample(count: number): TextFeature[];
}

export interface StoredBagsOptions {
  /** Features come with their text, and those without one are left out. @default false */
  readonly withText?: boolean;
}

/** Bags are read one by one; what is held in memory is the words of the index. */
export function storedBags(catalog: Catalog, { withText = false }: StoredBagsOptions = {}): StoredBags {
  const wordOf = wordsById(catalog);
  const textOf = rememberingLast((itemId) => catalog.documents.text(itemId));
  const feature = (bag: NumberedBag | undefined, itemId: number, span?: { start: number; end: number }) => {
    const text = withText ? textOf(itemId) : undefined;
    if (bag === undefined || (withText && text === undefined)) return undefined;
    return {
      kind: 'text',
      terms: Array.from(bag.ids, (id) => wordOf[id]!),
      counts: bag.counts,
      ...(text === undefined ? {} : { text: text.slice(span?.start, span?.end) }),
    } as const;
  };
  const get = (itemId: number) => feature(catalog.terms.numbers(itemId), itemId);
  return {
    get,
    ofPassage(passageId) {
      const passage = catalog.passages.get(passageId);
      return passage && feature(catalog.passages.numbers(passageId), passage.itemId, passage);
    },
    sample: (count) =>
      catalog.items
        .lowestTies('text', count)
        .map(get)
        .filter((bag) => bag !== undefined),
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

/** Passages of one document come one after the other. */
function rememberingLast<Result>(work: (id: number) => Result): (id: number) => Result {
  let last: { readonly id: number; readonly result: Result } | undefined;
  return (id) => {
    if (last?.id !== id) last = { id, result: work(id) };
    return last.result;
  };
}
