// Are the words, passages and shingles in the catalog those of the texts beside them? They are made again and compared.
import { setImmediate as untilIdle } from 'node:timers/promises';
import type { Catalog } from '../index/catalog.ts';
import type { CatalogFinding } from '../index/catalog-check.ts';
import type { BagOfWords } from '../index/terms.ts';
import { TEXT_RULES, textParts } from '../text/text-parts.ts';

const BATCH = 64;

/**
 * The documents whose words, passages or shingles are not those of their texts; those that other rules have made are not
 * looked at.
 *
 * @param found documents that are known to be damaged are left out
 */
export async function comparePartsOfTexts(
  catalog: Catalog,
  found: readonly CatalogFinding[],
  step: (what: string) => void,
): Promise<CatalogFinding | undefined> {
  const bad = new Set(found.filter(({ encoderId }) => encoderId === undefined).flatMap(({ keys }) => keys));
  const ids = catalog.database
    .prepareRaw<readonly [number]>('SELECT item_id FROM document WHERE rules = ? ORDER BY item_id')
    .all(TEXT_RULES)
    .map(([id]) => id);
  const wrong: number[] = [];
  for (const [i, id] of ids.entries()) {
    if (i % BATCH === 0) {
      step(`words of texts, counted again: ${i}/${ids.length}`);
      await untilIdle();
    }
    if (!bad.has(id) && !isMadeOfItsText(catalog, id)) wrong.push(id);
  }
  return wrong.length === 0
    ? undefined
    : { fault: 'WORDS_DAMAGED', keys: wrong, detail: 'they are not those of the text' };
}

function isMadeOfItsText(catalog: Catalog, id: number): boolean {
  const { language } = catalog.documents.get(id)!;
  const { feature, passages, shingles } = textParts(catalog.documents.text(id)!, language);
  if (!sameBag(feature, catalog.terms.get(id))) return false;
  if (!sameNumbers(shingles, catalog.shingles.get(id) ?? [])) return false;
  const stored = catalog.passages.of(id);
  return (
    stored.length === passages.length &&
    passages.every((passage, i) => {
      const { id: passageId, start, end } = stored[i]!;
      const bag = catalog.passages.numbers(passageId)!;
      const words = { terms: catalog.terms.words(bag.ids), counts: bag.counts };
      return start === passage.start && end === passage.end && sameBag(passage, words);
    })
  );
}

function sameBag(a: BagOfWords, b: BagOfWords | undefined): boolean {
  if (b === undefined || a.terms.length !== b.terms.length) return false;
  const counts = new Map(a.terms.map((term, i) => [term, a.counts[i]]));
  return b.terms.every((term, i) => counts.get(term) === b.counts[i]);
}

function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.from(a).every((number, i) => number === b[i]);
}
