// Words, passages and shingles of stored texts, made anew where a version of other rules has made them. No file is read.
import { setImmediate as untilIdle } from 'node:timers/promises';
import { throwIfAborted } from '../errors.ts';
import type { Catalog } from '../index/catalog.ts';
import { detectLanguage } from '../text/language.ts';
import { TEXT_RULES, textParts } from '../text/text-parts.ts';

/** Documents of one transaction: so many, or so many characters. */
const BATCH_DOCUMENTS = 256;
const BATCH_CHARACTERS = 4_000_000;

export interface RenewOptions {
  readonly signal: AbortSignal;
  onStart(total: number): void;
  onRenewed(count: number): void;
}

/**
 * Brings every document of other rules than {@link TEXT_RULES} up to date, in small transactions: an interrupted run goes on
 * where it stopped.
 *
 * @throws SandglassError ABORTED, DISK_FULL, INDEX_DAMAGED
 */
export async function renewTexts(catalog: Catalog, { signal, onStart, onRenewed }: RenewOptions): Promise<void> {
  const ids = catalog.documents.outdated(TEXT_RULES);
  if (ids.length > 0) onStart(ids.length);
  for (let from = 0; from < ids.length; ) {
    throwIfAborted(signal, 'Stopped while counting words anew; the next run goes on from here.');
    const batch: number[] = [];
    for (
      let characters = 0;
      from < ids.length && batch.length < BATCH_DOCUMENTS && characters < BATCH_CHARACTERS;
      from++
    ) {
      batch.push(ids[from]!);
      characters += catalog.documents.get(ids[from]!)?.characters ?? 0;
    }
    catalog.write(() => {
      for (const id of batch) renewText(catalog, id);
    });
    onRenewed(batch.length);
    await untilIdle();
  }
}

/** Makes the words, passages and shingles of one document anew; for use inside a transaction. */
export function renewText(catalog: Catalog, id: number): void {
  const facts = catalog.documents.get(id);
  const text = catalog.documents.text(id);
  if (facts === undefined || text === undefined) return;
  // What was found out before is believed, unless the text clearly says otherwise by now.
  const language = detectLanguage(text, facts.language);
  const { feature, passages, shingles } = textParts(text, language);
  catalog.terms.put(id, feature);
  catalog.passages.put(id, passages);
  catalog.shingles.put(id, shingles);
  catalog.documents.renew(id, language, TEXT_RULES);
}
