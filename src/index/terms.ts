// The words of the index and the bag of words of every document.
import { damagedCatalog } from './catalog-errors.ts';
import type { Database, Statement } from './database.ts';
import { decodeTermsInto, encodeTerms, TermBlobError } from './term-codec.ts';

/** Distinct words with how often each occurs; the shape of a text feature. */
export interface BagOfWords {
  readonly terms: readonly string[];
  /** 1 … 65,535; as long as `terms`. */
  readonly counts: ArrayLike<number>;
}

/**
 * The bags of words of all documents, in compressed rows: document `r` has the terms
 * `termIds[indptr[r]] … termIds[indptr[r + 1] - 1]`, rising, with `counts` beside them.
 */
export interface TermMatrix {
  /** Item ids, rising. */
  readonly ids: Int32Array;
  /** Tie keys, see {@link Ranked}. */
  readonly ties: Uint32Array;
  readonly indptr: Uint32Array;
  readonly termIds: Uint32Array;
  readonly counts: Uint16Array;
}

/** Words remembered while writing, so that common ones are not looked up for every document. */
const REMEMBERED_WORDS = 500_000;

export class TermTable {
  readonly #database: Database;
  readonly #idOfWord = new Map<string, number>();
  readonly #find: Statement<readonly [number]>;

  constructor(database: Database) {
    this.#database = database;
    this.#find = database.prepareRaw('SELECT id FROM term WHERE word = ?');
    database.onRollback(() => this.#idOfWord.clear());
  }

  /** Stores the bag of words of a document, in place of the one it had. */
  put(itemId: number, bag: BagOfWords): void {
    if (bag.terms.length !== bag.counts.length) {
      throw new RangeError(`Expected as many counts as terms (${bag.terms.length}) but received ${bag.counts.length}`);
    }
    this.#database.write(() => {
      const ids = bag.terms.map((word) => this.#idFor(word));
      const order = Uint32Array.from(ids.keys()).sort((a, b) => ids[a]! - ids[b]!);
      const blob = encodeTerms(
        Uint32Array.from(order, (i) => ids[i]!),
        Uint32Array.from(order, (i) => bag.counts[i]!),
      );
      this.#database
        .prepare('INSERT OR REPLACE INTO item_terms (item_id, pairs, terms) VALUES (?, ?, ?)')
        .run(itemId, order.length, blob);
    });
  }

  /** The bag of words of one document, terms in the order of their ids; undefined when none is stored. */
  get(itemId: number): { terms: string[]; counts: Uint16Array } | undefined {
    const row = this.#database
      .prepareRaw<readonly [number, Uint8Array]>('SELECT pairs, terms FROM item_terms WHERE item_id = ?')
      .get(itemId);
    if (row === undefined) return undefined;
    const ids = new Uint32Array(row[0]);
    const counts = new Uint16Array(row[0]);
    this.#decode(itemId, row[1], ids, counts, 0, row[0]);
    return { terms: this.words(ids), counts };
  }

  /** The bags of words of all documents. */
  read(): TermMatrix {
    return this.#database.read(() => {
      const [documents, pairs] = this.#database
        .prepareRaw<readonly [number, number]>('SELECT count(*), coalesce(sum(pairs), 0) FROM item_terms')
        .get() ?? [0, 0];
      const ids = new Int32Array(documents);
      const ties = new Uint32Array(documents);
      const indptr = new Uint32Array(documents + 1);
      const termIds = new Uint32Array(pairs);
      const counts = new Uint16Array(pairs);
      let row = 0;
      let at = 0;
      this.#database
        .prepareRaw<readonly [number, number, number, Uint8Array]>(
          `SELECT item_terms.item_id, item.tie, item_terms.pairs, item_terms.terms
           FROM item_terms JOIN item ON item.id = item_terms.item_id ORDER BY item_terms.item_id`,
        )
        .each(([id, tie, expected, blob]) => {
          this.#decode(id, blob, termIds, counts, at, expected);
          at += expected;
          ids[row] = id;
          ties[row] = tie;
          row += 1;
          indptr[row] = at;
        });
      return { ids, ties, indptr, termIds, counts };
    });
  }

  /** The ids of words; words that no document has are left out. */
  ids(words: Iterable<string>): Map<string, number> {
    const found = new Map<string, number>();
    for (const word of words) {
      const row = this.#find.get(word);
      if (row !== undefined) found.set(word, row[0]);
    }
    return found;
  }

  /** The words of ids, in their order. */
  words(ids: ArrayLike<number>): string[] {
    const find = this.#database.prepareRaw<readonly [string]>('SELECT word FROM term WHERE id = ?');
    return Array.from(ids, (id) => {
      const row = find.get(id);
      if (row === undefined) throw damagedCatalog(this.#database.file, `the word with id ${id} is missing`);
      return row[0];
    });
  }

  /** Every word; `words[i]` has the id `ids[i]`. */
  vocabulary(): { ids: Int32Array; words: string[] } {
    const rows = this.#database.prepareRaw<readonly [number, string]>('SELECT id, word FROM term ORDER BY id').all();
    return { ids: Int32Array.from(rows, (row) => row[0]), words: rows.map((row) => row[1]) };
  }

  #idFor(word: string): number {
    let id = this.#idOfWord.get(word);
    if (id === undefined) {
      id = this.#find.get(word)?.[0] ?? this.#database.prepare('INSERT INTO term (word) VALUES (?)').run(word).lastId;
      if (this.#idOfWord.size >= REMEMBERED_WORDS) this.#idOfWord.clear();
      this.#idOfWord.set(word, id);
    }
    return id;
  }

  #decode(itemId: number, blob: Uint8Array, ids: Uint32Array, counts: Uint16Array, at: number, pairs: number): void {
    let end: number;
    try {
      end = decodeTermsInto(blob, ids, counts, at);
    } catch (thrown) {
      if (!(thrown instanceof TermBlobError)) throw thrown;
      throw damagedCatalog(this.#database.file, `the words of item ${itemId}: ${thrown.message}`, thrown);
    }
    if (end !== at + pairs) {
      throw damagedCatalog(this.#database.file, `the words of item ${itemId}: ${end - at} terms instead of ${pairs}`);
    }
  }
}
