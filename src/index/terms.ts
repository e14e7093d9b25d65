// The words of the index and the bag of words of every document.
import { readBlobs } from './blob-column.ts';
import { damagedCatalog } from './catalog-errors.ts';
import type { Database, Statement } from './database.ts';
import { decodeTermsInto, encodeTerms, TermBlobError } from './term-codec.ts';

/** Distinct words with how often each occurs; the shape of a text feature. */
export interface BagOfWords {
  readonly terms: readonly string[];
  /** 1 … 65,535; as long as `terms`. */
  readonly counts: ArrayLike<number>;
}

/** A bag of words with the ids of its terms, rising. */
export interface NumberedBag {
  readonly ids: Uint32Array;
  readonly counts: Uint16Array;
}

/**
 * The bags of words of all documents, in compressed rows: document `r` has the terms
 * `termIds[indptr[r]] … termIds[indptr[r + 1] - 1]`, rising, with `counts` beside them.
 */
export interface TermMatrix {
  /** Item ids, rising. */
  readonly ids: Int32Array;
  /** Tie keys, equal scores are ordered by them. */
  readonly ties: Uint32Array;
  readonly indptr: Uint32Array;
  readonly termIds: Uint32Array;
  readonly counts: Uint16Array;
}

/** Counts are below this. */
const COUNT_LIMIT = 2 ** 16;
/** Words remembered while writing, so that common ones are not looked up for every document. */
const REMEMBERED_WORDS = 500_000;

export class TermTable {
  readonly #database: Database;
  readonly #idOfWord = new Map<string, number>();
  readonly #find: Statement<readonly [number]>;
  readonly #insert: Statement<unknown>;

  constructor(database: Database) {
    this.#database = database;
    this.#find = database.prepareRaw('SELECT id FROM term WHERE word = ?');
    this.#insert = database.prepare('INSERT INTO term (word) VALUES (?) ON CONFLICT (word) DO NOTHING');
    database.onRollback(() => this.#idOfWord.clear());
  }

  /** Stores the bag of words of a document, in place of the one it had. */
  put(itemId: number, bag: BagOfWords): void {
    this.#database.write(() => {
      const { pairs, blob } = this.encode(bag);
      this.#database
        .prepare('INSERT OR REPLACE INTO item_terms (item_id, pairs, terms) VALUES (?, ?, ?)')
        .run(itemId, pairs, blob);
    });
  }

  /**
   * A bag of words as it is stored, of a document or of a passage; words that are new get their ids. For use inside a
   * transaction.
   */
  encode(bag: BagOfWords): { readonly pairs: number; readonly blob: Uint8Array } {
    checkBag(bag);
    const size = bag.terms.length;
    // Id and count in one number: a sort without a comparison function is ten times as fast.
    const pairs = new Float64Array(size);
    for (let i = 0; i < size; i++) pairs[i] = this.#idFor(bag.terms[i]!) * COUNT_LIMIT + bag.counts[i]!;
    pairs.sort();
    const ids = new Uint32Array(size);
    const counts = new Uint16Array(size);
    for (let i = 0; i < size; i++) {
      ids[i] = Math.floor(pairs[i]! / COUNT_LIMIT);
      counts[i] = pairs[i]! % COUNT_LIMIT;
    }
    return { pairs: size, blob: encodeTerms(ids, counts) };
  }

  /** The bag of words of one document, terms in the order of their ids; undefined when none is stored. */
  get(itemId: number): { terms: string[]; counts: Uint16Array } | undefined {
    const bag = this.numbers(itemId);
    return bag && { terms: this.words(bag.ids), counts: bag.counts };
  }

  /** As {@link get}, with the ids of the terms in their place. */
  numbers(itemId: number): NumberedBag | undefined {
    const row = this.#database
      .prepareRaw<readonly [number, Uint8Array]>('SELECT pairs, terms FROM item_terms WHERE item_id = ?')
      .get(itemId);
    return row && this.decodeOne(`item ${itemId}`, ...row);
  }

  /** A stored bag by itself. */
  decodeOne(whose: string, pairs: number, blob: Uint8Array): NumberedBag {
    const ids = new Uint32Array(pairs);
    const counts = new Uint16Array(pairs);
    const read = this.decode(whose, blob, ids, counts, 0);
    return { ids: ids.subarray(0, read), counts: counts.subarray(0, read) };
  }

  /** The bags of words of all documents. */
  read(): TermMatrix {
    const { keys: _, ...matrix } = readBags(this.#database, this, [WHOLE_DOCUMENTS]);
    return matrix;
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

  /**
   * Removes the words that no document and no passage has any more.
   *
   * @returns how many
   */
  removeUnused(): number {
    return this.#database.write(() => {
      const { ids } = this.vocabulary();
      const used = new Uint8Array((ids.at(-1) ?? 0) + 1);
      for (const { table, key } of [WHOLE_DOCUMENTS, PASSAGES_OF_WORDS]) {
        readBlobs(this.#database, { table, blob: 'terms', key, condition: 'true' }, [], (piece) => {
          // A pair takes two bytes at least.
          const termIds = new Uint32Array(piece.bytes.length >> 1);
          const counts = new Uint16Array(piece.bytes.length >> 1);
          let start = 0;
          let at = 0;
          for (const [i, length] of piece.lengths.entries()) {
            const blob = piece.bytes.subarray(start, start + length);
            at = this.decode(`item ${piece.ids[i]}`, blob, termIds, counts, at);
            start += length;
          }
          for (const id of termIds.subarray(0, at)) used[id] = 1;
        });
      }
      const remove = this.#database.prepare('DELETE FROM term WHERE id = ?');
      let removed = 0;
      for (const id of ids) {
        if (used[id] === 1) continue;
        remove.run(id);
        removed++;
      }
      this.#idOfWord.clear();
      return removed;
    });
  }

  #idFor(word: string): number {
    let id = this.#idOfWord.get(word);
    if (id === undefined) {
      const { changes, lastId } = this.#insert.run(word);
      id = changes === 1 ? lastId : this.#find.get(word)![0];
      if (this.#idOfWord.size >= REMEMBERED_WORDS) this.#idOfWord.clear();
      this.#idOfWord.set(word, id);
    }
    return id;
  }

  /**
   * Reads a stored bag into `ids` and `counts` from position `at` on.
   *
   * @param whose named in the error
   * @returns the position after the last pair
   */
  decode(whose: string, blob: Uint8Array, ids: Uint32Array, counts: Uint16Array, at: number): number {
    try {
      return decodeTermsInto(blob, ids, counts, at);
    } catch (thrown) {
      if (!(thrown instanceof TermBlobError)) throw thrown;
      throw damagedCatalog(this.#database.file, `the words of ${whose}: ${thrown.message}`, thrown);
    }
  }
}

/** Where the bags of whole documents are kept. */
export const WHOLE_DOCUMENTS: BagPlace = { table: 'item_terms', key: 'item_id' };

const PASSAGES_OF_WORDS: BagPlace = { table: 'passage', key: 'id' };

/** Where bags of words are kept; `key` tells the rows apart. */
export interface BagPlace {
  readonly table: 'item_terms' | 'passage';
  readonly key: 'item_id' | 'id';
}

/** The bags of words of all rows of some tables, table after table, each in order of its key. */
export function readBags(
  database: Database,
  terms: TermTable,
  places: readonly BagPlace[],
): TermMatrix & { readonly keys: Int32Array } {
  return database.read(() => {
    const sizes = places.map(({ table }) =>
      database.prepareRaw<readonly [number, number]>(`SELECT count(*), coalesce(sum(pairs), 0) FROM ${table}`).get(),
    );
    const rows = sizes.reduce((sum, size) => sum + size![0], 0);
    const pairs = sizes.reduce((sum, size) => sum + size![1], 0);
    const keys = new Int32Array(rows);
    const ids = new Int32Array(rows);
    const ties = new Uint32Array(rows);
    const indptr = new Uint32Array(rows + 1);
    const termIds = new Uint32Array(pairs);
    const counts = new Uint16Array(pairs);
    let row = 0;
    let at = 0;
    for (const { table, key } of places) {
      readBlobs(database, { table, blob: 'terms', key, condition: 'true' }, [], (piece) => {
        keys.set(piece.keys, row);
        ids.set(piece.ids, row);
        ties.set(piece.ties, row);
        let start = 0;
        for (let i = 0; i < piece.ids.length; i++) {
          const end = start + piece.lengths[i]!;
          at = terms.decode(`item ${piece.ids[i]}`, piece.bytes.subarray(start, end), termIds, counts, at);
          start = end;
          row += 1;
          indptr[row] = at;
        }
      });
    }
    if (at !== pairs) throw damagedCatalog(database.file, `${at} words of items instead of ${pairs}`);
    return { keys, ids, ties, indptr, termIds, counts };
  });
}

function checkBag(bag: BagOfWords): void {
  if (bag.terms.length !== bag.counts.length) {
    throw new RangeError(`Expected as many counts as terms (${bag.terms.length}) but received ${bag.counts.length}`);
  }
  for (let i = 0; i < bag.counts.length; i++) {
    const count = bag.counts[i]!;
    if (Number.isInteger(count) && count > 0 && count < COUNT_LIMIT) continue;
    throw new RangeError(`Expected a count from 1 to ${COUNT_LIMIT - 1} but received ${count}`);
  }
}
