// What an item of the catalog says of itself, where it is a document.
import type { Catalog } from '../index/catalog.ts';
import type { ItemRecord } from '../index/items.ts';
import { present } from '../present.ts';

/** What a document says of itself, as far as it does. */
export interface DocumentFacts {
  readonly title?: string;
  readonly author?: string;
  /** ISO 8601, as precise as the document says. */
  readonly date?: string;
  /** ISO 639; `und` when it cannot be told. */
  readonly language?: string;
  readonly pages?: number;
  readonly words?: number;
  /** The beginning of the document. */
  readonly snippet?: string;
}

export function documentFacts({ documents }: Catalog, { id, title, snippet, words, kind }: ItemRecord): DocumentFacts {
  const { author, date, language, pages } = (kind === 'text' && documents.get(id)) || {};
  return present({ title, author, date, language, pages, words, snippet });
}
