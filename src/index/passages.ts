// The passages of long documents: where each stands in the text, and its bag of words.
import type { Database } from './database.ts';
import {
  type BagOfWords,
  type BagPlace,
  type NumberedBag,
  readBags,
  type TermMatrix,
  type TermTable,
  WHOLE_DOCUMENTS,
} from './terms.ts';

export interface PassageRecord {
  readonly id: number;
  readonly itemId: number;
  /** Its place among the passages of its document, from 0. */
  readonly ordinal: number;
  /** Where it begins and ends in the text of its document, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

export interface NewPassage extends BagOfWords {
  readonly start: number;
  readonly end: number;
}

/** Bags of words of passages; `ids` has the item of each row. */
export interface PassageMatrix extends TermMatrix {
  /** Passage ids; 0 for a whole document. */
  readonly parts: Int32Array;
}

const PASSAGES: BagPlace = { table: 'passage', key: 'id' };

const SELECT = 'SELECT id, item_id AS itemId, ordinal, begins AS start, ends AS "end" FROM passage';

export class PassageTable {
  readonly #database: Database;
  readonly #terms: TermTable;

  constructor(database: Database, terms: TermTable) {
    this.#database = database;
    this.#terms = terms;
  }

  /**
   * Stores the passages of a document, in place of those it had. Where they stand at the same places they keep their ids,
   * and with them their codes: only their words are replaced.
   *
   * @returns the ids, in the order of `passages`
   */
  put(itemId: number, passages: readonly NewPassage[]): number[] {
    return this.#database.write(() => {
      const former = this.of(itemId);
      const same =
        former.length === passages.length &&
        former.every(({ start, end }, i) => start === passages[i]!.start && end === passages[i]!.end);
      if (!same) this.#database.prepare('DELETE FROM passage WHERE item_id = ?').run(itemId);
      return passages.map(({ start, end, ...bag }, ordinal) => {
        const { pairs, blob } = this.#terms.encode(bag);
        if (same) {
          const { id } = former[ordinal]!;
          this.#database.prepare('UPDATE passage SET pairs = ?, terms = ? WHERE id = ?').run(pairs, blob, id);
          return id;
        }
        return this.#database
          .prepare('INSERT INTO passage (item_id, ordinal, begins, ends, pairs, terms) VALUES (?, ?, ?, ?, ?, ?)')
          .run(itemId, ordinal, start, end, pairs, blob).lastId;
      });
    });
  }

  get(id: number): PassageRecord | undefined {
    return this.#database.prepare<PassageRecord>(`${SELECT} WHERE id = ?`).get(id);
  }

  /** The passages of a document, in order. */
  of(itemId: number): PassageRecord[] {
    return this.#database.prepare<PassageRecord>(`${SELECT} WHERE item_id = ? ORDER BY ordinal`).all(itemId);
  }

  /** The bag of words of a passage, with the ids of its terms. */
  numbers(id: number): NumberedBag | undefined {
    const row = this.#database
      .prepareRaw<readonly [number, Uint8Array]>('SELECT pairs, terms FROM passage WHERE id = ?')
      .get(id);
    return row && this.#terms.decodeOne(`passage ${id}`, ...row);
  }

  count(): number {
    return this.#database.prepareRaw<readonly [number]>('SELECT count(*) FROM passage').get()?.[0] ?? 0;
  }

  /** The bags of words of all passages. */
  read(): PassageMatrix {
    const { keys, ...matrix } = readBags(this.#database, this.#terms, [PASSAGES]);
    return { ...matrix, parts: keys };
  }

  /** The bags of words of all documents, whose `parts` are 0, followed by those of all passages. */
  readWithDocuments(): PassageMatrix {
    return this.#database.read(() => {
      const passages = this.count();
      const { keys, ...matrix } = readBags(this.#database, this.#terms, [WHOLE_DOCUMENTS, PASSAGES]);
      return { ...matrix, parts: keys.fill(0, 0, keys.length - passages) };
    });
  }
}
