// Thumbnails of pictures, and of their frames, that wait for an encoder; deleted once they have their code.
import type { Database } from './database.ts';

export interface PendingThumbnail {
  readonly itemId: number;
  /** [3, 64, 64] bytes: red plane, green plane, blue plane. */
  readonly planes: Uint8Array;
}

const PLACES = {
  items: { table: 'thumbnail', key: 'item_id' },
  frames: { table: 'frame_thumbnail', key: 'frame_id' },
} as const;

/** The thumbnails of items, or those of frames; what follows says "item" for either. */
export class ThumbnailTable {
  readonly #database: Database;
  readonly #place: (typeof PLACES)[keyof typeof PLACES];

  constructor(database: Database, of: keyof typeof PLACES = 'items') {
    this.#database = database;
    this.#place = PLACES[of];
  }

  put(itemId: number, planes: Uint8Array): void {
    this.#database.write(() =>
      this.#database.prepare(`INSERT OR REPLACE INTO ${this.#place.table} VALUES (?, ?)`).run(itemId, planes),
    );
  }

  count(): number {
    return this.#database.prepare<{ n: number }>(`SELECT count(*) AS n FROM ${this.#place.table}`).get()?.n ?? 0;
  }

  /** Up to `limit` thumbnails in order of item, after `afterId`: read them batch by batch. */
  read(limit: number, afterId = 0): PendingThumbnail[] {
    const { table, key } = this.#place;
    return this.#database
      .prepare<PendingThumbnail>(
        `SELECT ${key} AS itemId, planes FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ?`,
      )
      .all(afterId, limit);
  }

  remove(itemIds: Iterable<number>): void {
    const { table, key } = this.#place;
    const remove = this.#database.prepare(`DELETE FROM ${table} WHERE ${key} = ?`);
    this.#database.write(() => {
      for (const id of itemIds) remove.run(id);
    });
  }
}
