// The frames of animations, pages of documents and pictures of collections, but for the first of each, which is the item itself.
import type { Database } from './database.ts';

export interface FrameRecord {
  readonly id: number;
  readonly itemId: number;
  /** Its place in the file, from 0, which is the item itself: the first one here is 1. */
  readonly ordinal: number;
}

const SELECT = 'SELECT id, item_id AS itemId, ordinal FROM frame';

export class FrameTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Stores which frames of a picture are kept, in place of those it had, whose codes go.
   *
   * @returns the ids, in the order of `frames`
   */
  put(itemId: number, frames: readonly Pick<FrameRecord, 'ordinal'>[]): number[] {
    return this.#database.write(() => {
      this.#database.prepare('DELETE FROM frame WHERE item_id = ?').run(itemId);
      const insert = this.#database.prepare('INSERT INTO frame (item_id, ordinal) VALUES (?, ?)');
      return frames.map(({ ordinal }) => insert.run(itemId, ordinal).lastId);
    });
  }

  get(id: number): FrameRecord | undefined {
    return this.#database.prepare<FrameRecord>(`${SELECT} WHERE id = ?`).get(id);
  }

  /** The frames of a picture that are kept, in order. */
  of(itemId: number): FrameRecord[] {
    return this.#database.prepare<FrameRecord>(`${SELECT} WHERE item_id = ? ORDER BY ordinal`).all(itemId);
  }

  count(): number {
    return this.#database.prepareRaw<readonly [number]>('SELECT count(*) FROM frame').get()?.[0] ?? 0;
  }

  /** Forgets some frames; unknown ids are no error. */
  remove(ids: Iterable<number>): void {
    const remove = this.#database.prepare('DELETE FROM frame WHERE id = ?');
    this.#database.write(() => {
      for (const id of ids) remove.run(id);
    });
  }

  /** Forgets all of them: every picture is its first frame again. */
  clear(): void {
    this.#database.write(() => {
      this.#database.prepare('DELETE FROM frame').run();
      this.#database.prepare('UPDATE item SET frame_limit = NULL WHERE frame_limit IS NOT NULL').run();
    });
  }
}
