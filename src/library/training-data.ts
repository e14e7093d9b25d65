// What an encoder learns from: the catalog's words or thumbnails, without the items that are held out for the check.

import { SandglassError } from '../errors.ts';
import { THUMBNAIL_SIDE } from '../image/image-feature.ts';
import type { Catalog } from '../index/catalog.ts';
import { chooseVocabulary, type Vocabulary } from '../text/vocabulary.ts';
import type { BagsOfWords } from '../training/bags-of-words.ts';
import type { Thumbnails } from '../training/recipes/image.ts';

/** Documents and pictures that an encoder learns from at most; more are drawn from by their content hash. */
const MOST_DOCUMENTS = 50_000;
const MOST_PICTURES = 10_000;

/** A thumbnail: three colours. */
const THUMBNAIL_BYTES = 3 * THUMBNAIL_SIDE * THUMBNAIL_SIDE;

/**
 * True for the tenth of all items that no encoder is trained on: they tell whether it beats the plain way. The choice
 * depends on the content alone, so that copies of a file are on the same side, in every index.
 */
export function isHeldOut(tie: number): boolean {
  return tie % 10 === 0;
}

/** The bags of words to learn from, over the vocabulary they give. @throws SandglassError TRAINING_TOO_SMALL */
export function wordsToLearn(catalog: Catalog): { vocabulary: Vocabulary; bags: BagsOfWords } {
  const matrix = catalog.terms.read();
  const rows = sampleRows(matrix.ties, MOST_DOCUMENTS);
  const { ids: termIds, words } = catalog.terms.vocabulary();
  const highest = termIds.at(-1) ?? 0;
  const documents = new Uint32Array(highest + 1);
  for (const row of rows)
    for (let at = matrix.indptr[row]!; at < matrix.indptr[row + 1]!; at++) documents[matrix.termIds[at]!]!++;
  const vocabulary = chooseVocabulary(
    words.map((word, i) => [word, documents[termIds[i]!]!] as const),
    rows.length,
  );
  const columnOf = new Int32Array(highest + 1).fill(-1);
  words.forEach((word, i) => {
    columnOf[termIds[i]!] = vocabulary.indexOf(word);
  });

  const indptr = new Uint32Array(rows.length + 1);
  const indices = new Uint32Array(matrix.termIds.length);
  const counts = new Uint16Array(matrix.termIds.length);
  let entries = 0;
  let kept = 0;
  for (const row of rows) {
    const before = entries;
    for (let at = matrix.indptr[row]!; at < matrix.indptr[row + 1]!; at++) {
      const column = columnOf[matrix.termIds[at]!]!;
      if (column < 0) continue;
      indices[entries] = column;
      counts[entries++] = matrix.counts[at]!;
    }
    // A document without a known word teaches nothing.
    if (entries > before) indptr[++kept] = entries;
  }
  if (kept < 2 || vocabulary.size < 2) {
    throw new SandglassError(
      'TRAINING_TOO_SMALL',
      `Expected documents that share words but received ${kept} with ${vocabulary.size} words in common.`,
    );
  }
  return {
    vocabulary,
    bags: {
      rows: kept,
      vocabularySize: vocabulary.size,
      indptr: indptr.slice(0, kept + 1),
      indices: indices.slice(0, entries),
      counts: counts.slice(0, entries),
    },
  };
}

/** The thumbnails to learn from. @throws SandglassError TRAINING_TOO_SMALL */
export function thumbnailsToLearn(catalog: Catalog): Thumbnails {
  const ties = new Map<number, number>();
  catalog.items.each(({ id, tie }) => ties.set(id, tie), 'image');
  const learnable = [...ties].filter(([, tie]) => !isHeldOut(tie));
  const chosen = new Set(lowestHashed(learnable, MOST_PICTURES).map(([id]) => id));
  const thumbnails = new Uint8Array(chosen.size * THUMBNAIL_BYTES);
  let rows = 0;
  for (let after = 0; ; ) {
    const some = catalog.thumbnails.read(1000, after);
    if (some.length === 0) break;
    for (const { itemId, planes } of some) if (chosen.has(itemId)) thumbnails.set(planes, rows++ * THUMBNAIL_BYTES);
    after = some.at(-1)!.itemId;
  }
  if (rows < 2) {
    throw new SandglassError('TRAINING_TOO_SMALL', `Expected at least 2 pictures to learn from but received ${rows}.`);
  }
  // Some may not be readable now; a copy is made only then.
  return { rows, thumbnails: rows === chosen.size ? thumbnails : thumbnails.slice(0, rows * THUMBNAIL_BYTES) };
}

/** The rows that are not held out, at most `most`, in their order. */
function sampleRows(ties: Uint32Array, most: number): number[] {
  const rows = Array.from(ties.keys()).filter((row) => !isHeldOut(ties[row]!));
  return lowestHashed(
    rows.map((row) => [row, ties[row]!] as const),
    most,
  )
    .map(([row]) => row)
    .sort((a, b) => a - b);
}

/** A sample by content hash: the same files give the same sample, whatever the order they were indexed in. */
function lowestHashed(entries: readonly (readonly [number, number])[], most: number): (readonly [number, number])[] {
  if (entries.length <= most) return [...entries];
  return [...entries].sort(([, a], [, b]) => a - b).slice(0, most);
}
