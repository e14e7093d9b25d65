// Hashes of runs of words, sampled: what verbatim reuse is found by.
import { readBlobs } from './blob-column.ts';
import { damagedCatalog } from './catalog-errors.ts';
import type { Database } from './database.ts';
import { decodeShinglesInto, encodeShingles, ShingleBlobError } from './shingle-codec.ts';

/** The shingles of all documents: document `r` has `hashes[indptr[r]] … hashes[indptr[r + 1] - 1]`, rising. */
export interface ShingleMatrix {
  /** Item ids, rising. */
  readonly ids: Int32Array;
  /** Tie keys, equal scores are ordered by them. */
  readonly ties: Uint32Array;
  readonly indptr: Uint32Array;
  readonly hashes: Uint32Array;
}

export class ShingleTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Stores the shingles of a document, in place of those it had.
   *
   * @param hashes distinct, in rising order
   */
  put(itemId: number, hashes: Uint32Array): void {
    const blob = encodeShingles(hashes);
    this.#database.write(() =>
      this.#database
        .prepare('INSERT OR REPLACE INTO shingle (item_id, size, hashes) VALUES (?, ?, ?)')
        .run(itemId, hashes.length, blob),
    );
  }

  /** The shingles of one document; undefined when none are stored. */
  get(itemId: number): Uint32Array | undefined {
    const row = this.#database
      .prepareRaw<readonly [number, Uint8Array]>('SELECT size, hashes FROM shingle WHERE item_id = ?')
      .get(itemId);
    if (row === undefined) return undefined;
    const hashes = new Uint32Array(row[0]);
    return hashes.subarray(0, this.#decode(itemId, row[1], hashes, 0));
  }

  /** The shingles of all documents. */
  read(): ShingleMatrix {
    return this.#database.read(() => {
      const [documents, size] = this.#database
        .prepareRaw<readonly [number, number]>('SELECT count(*), coalesce(sum(size), 0) FROM shingle')
        .get() ?? [0, 0];
      const ids = new Int32Array(documents);
      const ties = new Uint32Array(documents);
      const indptr = new Uint32Array(documents + 1);
      const hashes = new Uint32Array(size);
      let row = 0;
      let at = 0;
      readBlobs(this.#database, { table: 'shingle', blob: 'hashes', condition: 'true' }, [], (piece) => {
        ids.set(piece.ids, row);
        ties.set(piece.ties, row);
        let start = 0;
        for (let i = 0; i < piece.ids.length; i++) {
          const end = start + piece.lengths[i]!;
          at = this.#decode(piece.ids[i]!, piece.bytes.subarray(start, end), hashes, at);
          start = end;
          row += 1;
          indptr[row] = at;
        }
      });
      if (at !== size) throw damagedCatalog(this.#database.file, `${at} shingles of items instead of ${size}`);
      return { ids, ties, indptr, hashes };
    });
  }

  #decode(itemId: number, blob: Uint8Array, hashes: Uint32Array, at: number): number {
    try {
      return decodeShinglesInto(blob, hashes, at);
    } catch (thrown) {
      if (!(thrown instanceof ShingleBlobError)) throw thrown;
      throw damagedCatalog(this.#database.file, `the shingles of item ${itemId}: ${thrown.message}`, thrown);
    }
  }
}
