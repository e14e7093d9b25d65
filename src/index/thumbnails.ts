// Thumbnails of pictures that wait for an encoder; deleted once they have their code.
import type { Database } from './database.ts';

export interface PendingThumbnail {
  readonly itemId: number;
  /** [3, 64, 64] bytes: red plane, green plane, blue plane. */
  readonly planes: Uint8Array;
}

export class ThumbnailTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  put(itemId: number, planes: Uint8Array): void {
    this.#database.write(() =>
      this.#database.prepare('INSERT OR REPLACE INTO thumbnail VALUES (?, ?)').run(itemId, planes),
    );
  }

  count(): number {
    return this.#database.prepare<{ n: number }>('SELECT count(*) AS n FROM thumbnail').get()?.n ?? 0;
  }

  /** Up to `limit` thumbnails in order of item, after `afterId`: read them batch by batch. */
  read(limit: number, afterId = 0): PendingThumbnail[] {
    return this.#database
      .prepare<PendingThumbnail>(
        'SELECT item_id AS itemId, planes FROM thumbnail WHERE item_id > ? ORDER BY item_id LIMIT ?',
      )
      .all(afterId, limit);
  }

  remove(itemIds: Iterable<number>): void {
    const remove = this.#database.prepare('DELETE FROM thumbnail WHERE item_id = ?');
    this.#database.write(() => {
      for (const id of itemIds) remove.run(id);
    });
  }
}
