// The part of a document that answers a question, with the words that both have in common.
import type { Catalog } from '../index/catalog.ts';
import type { ItemRecord } from '../index/items.ts';
import type { PassageRecord } from '../index/passages.ts';
import type { WordMethods } from '../methods/words.ts';
import { termSpans } from '../text/term-spans.ts';
import type { TextFeature } from '../text/text-feature.ts';

/** A piece of text: where it begins and ends, in UTF-16 code units. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

export interface HitPassage extends TextSpan {
  /** The passage; of a document that has none, its whole text. `start` and `end` say where it stands in that. */
  readonly text: string;
  /** Where the words stand that it shares with the query, the weightiest ones; in `text`, in order, apart from each other. */
  readonly highlights: readonly TextSpan[];
}

/** Of shared words so many are highlighted: a long query shares hundreds with any document. */
const HIGHLIGHTED_WORDS = 20;

/**
 * A function that finds the passage of a hit: the one with the id it is given, or for 0 the one that shares most words.
 *
 * @param methods asked for when a hit shares so many words with the query that the weightiest are to be found
 */
export function passageFinder(
  catalog: Catalog,
  methods: () => WordMethods,
  query: TextFeature,
): (item: ItemRecord, passageId: number) => HitPassage | undefined {
  const asked = new Set(catalog.terms.ids(query.terms).values());
  return (item, passageId) => {
    const all = catalog.documents.text(item.id);
    if (all === undefined) return undefined;
    const passages = passageId === 0 ? catalog.passages.of(item.id) : [];
    const passage = passageId === 0 ? sharingMost(catalog, passages, asked) : catalog.passages.get(passageId);
    // A long document that shares no word, and no passage of it was found: nothing tells which part to show.
    if (passage === undefined && passages.length > 0) return undefined;
    const { start, end } = passage ?? { start: 0, end: all.length };
    const text = all.slice(start, end);
    const bag = passage === undefined ? catalog.terms.numbers(item.id) : catalog.passages.numbers(passage.id);
    // Only the words of shared terms are looked up: a document may have thousands of others.
    let shared = catalog.terms.words(bag?.ids.filter((id) => asked.has(id)) ?? []);
    if (shared.length > HIGHLIGHTED_WORDS) {
      const words = passage === undefined ? bagOfItem(catalog, item.id) : bagOfPassage(catalog, passage.id);
      if (words !== undefined) shared = heaviest(methods(), query, words);
    }
    const language = catalog.documents.get(item.id)?.language ?? 'und';
    const spans = termSpans(text, new Set(shared), { language });
    return { text, start, end, highlights: spans.map((span) => ({ start: span.start, end: span.end })) };
  };
}

function heaviest(methods: WordMethods, query: TextFeature, words: TextFeature): string[] {
  return methods
    .sharedWords(query, words)
    .slice(0, HIGHLIGHTED_WORDS)
    .map(({ term }) => term);
}

/** The bag of words of a stored document. */
export function bagOfItem(catalog: Catalog, itemId: number): TextFeature | undefined {
  const bag = catalog.terms.get(itemId);
  return bag && { kind: 'text', ...bag };
}

/** The bag of words of a stored passage. */
export function bagOfPassage(catalog: Catalog, passageId: number): TextFeature | undefined {
  const bag = catalog.passages.numbers(passageId);
  return bag && { kind: 'text', terms: catalog.terms.words(bag.ids), counts: bag.counts };
}

/** The passage with most of the words that were asked for, the first of equal ones. */
function sharingMost(
  catalog: Catalog,
  passages: readonly PassageRecord[],
  asked: ReadonlySet<number>,
): PassageRecord | undefined {
  let best: PassageRecord | undefined;
  let most = 0;
  for (const passage of passages) {
    const bag = catalog.passages.numbers(passage.id);
    let shared = 0;
    for (const id of bag?.ids ?? []) if (asked.has(id)) shared++;
    if (shared <= most) continue;
    most = shared;
    best = passage;
  }
  return best;
}
