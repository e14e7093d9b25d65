// The text of every document, with what the document says of itself.
import { inflateRawSync } from 'node:zlib';
import { damagedCatalog } from './catalog-errors.ts';
import type { Database, SqlValue } from './database.ts';

/** What is known of a document beside its words. */
export interface DocumentFacts {
  /** UTF-16 code units of the text. */
  readonly characters: number;
  /** ISO 639: `en`, `zh`, …; `und` when it cannot be told. */
  readonly language: string;
  readonly author?: string;
  /** ISO 8601, as precise as the document says. */
  readonly date?: string;
  readonly pages?: number;
  /** Version of the rules that its words, passages and shingles were made by. */
  readonly rules: number;
}

/** A document as it is stored. */
export interface NewDocument extends DocumentFacts {
  /** The text in UTF-8, compressed by raw deflate. */
  readonly deflated: Uint8Array;
}

const OPTIONAL = ['author', 'date', 'pages'] as const;
const FACTS = ['characters', 'language', ...OPTIONAL, 'rules'] as const;

interface FactsRow {
  readonly [column: string]: SqlValue;
}

export class DocumentTable {
  readonly #database: Database;
  /** {@link languages} of the catalog's generation; counting takes tens of milliseconds for a million documents. */
  #counted: { readonly generation: number; readonly languages: ReadonlyMap<string, number> } | undefined;

  constructor(database: Database) {
    this.#database = database;
    database.onRollback(() => {
      this.#counted = undefined;
    });
  }

  /** Stores the text of a document, in place of the one it had. */
  put(itemId: number, document: NewDocument): void {
    this.#counted = undefined;
    this.#database.write(() =>
      this.#database
        .prepare(`INSERT OR REPLACE INTO document (item_id, ${FACTS.join(', ')}, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
        .run(itemId, ...FACTS.map((column) => document[column] ?? null), document.deflated),
    );
  }

  /** What is known of a document; undefined when its text is not stored: it was indexed by a version that kept none. */
  get(itemId: number): DocumentFacts | undefined {
    const row = this.#database
      .prepare<FactsRow>(`SELECT ${FACTS.join(', ')} FROM document WHERE item_id = ?`)
      .get(itemId);
    if (row === undefined) return undefined;
    return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as DocumentFacts;
  }

  /** The text of a document; undefined when it is not stored. */
  text(itemId: number): string | undefined {
    const row = this.#database
      .prepareRaw<readonly [Uint8Array]>('SELECT text FROM document WHERE item_id = ?')
      .get(itemId);
    return row && this.#inflate(itemId, row[0]);
  }

  /**
   * Hands the text of every document to `visit`, or of those with these ids, in their order; ids without a text are left
   * out. One text is in memory at a time.
   */
  eachText(visit: (itemId: number, text: string) => void, ids?: Iterable<number>): void {
    if (ids === undefined) {
      this.#database
        .prepareRaw<readonly [number, Uint8Array]>('SELECT item_id, text FROM document ORDER BY item_id')
        .each(([itemId, deflated]) => visit(itemId, this.#inflate(itemId, deflated)));
      return;
    }
    for (const itemId of ids) {
      const text = this.text(itemId);
      if (text !== undefined) visit(itemId, text);
    }
  }

  /** Ids of documents whose words were made by other rules than those of version `rules`, rising, after `afterId`. */
  outdated(rules: number, limit = -1, afterId = 0): number[] {
    return this.#database
      .prepareRaw<readonly [number]>(
        'SELECT item_id FROM document WHERE (rules < ? OR rules > ?) AND item_id > ? ORDER BY item_id LIMIT ?',
      )
      .all(rules, rules, afterId, limit)
      .map(([id]) => id);
  }

  /** Notes that the words, passages and shingles of a document were made anew. */
  renew(itemId: number, language: string, rules: number): void {
    this.#counted = undefined;
    this.#database.write(() =>
      this.#database
        .prepare('UPDATE document SET language = ?, rules = ? WHERE item_id = ?')
        .run(language, rules, itemId),
    );
  }

  /** How many documents there are of each language. */
  languages(): ReadonlyMap<string, number> {
    return this.#database.read(() => {
      const generation = this.#database.prepareRaw<readonly [number]>('SELECT generation FROM identity').get()![0];
      if (this.#counted?.generation !== generation) {
        const rows = this.#database
          .prepareRaw<readonly [string, number]>('SELECT language, count(*) FROM document GROUP BY language')
          .all();
        this.#counted = { generation, languages: new Map(rows) };
      }
      return this.#counted.languages;
    });
  }

  #inflate(itemId: number, deflated: Uint8Array): string {
    try {
      return inflateRawSync(deflated).toString('utf8');
    } catch (thrown) {
      throw damagedCatalog(this.#database.file, `the text of item ${itemId} cannot be unpacked`, thrown);
    }
  }
}
