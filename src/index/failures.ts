// The files that could not be indexed, and why: shown to the user, and tried again when they change.
import type { Database } from './database.ts';

export interface FailureRecord {
  readonly rootId: number;
  /** Relative to the root, with '/'. */
  readonly path: string;
  /** Bytes, when reading failed. */
  readonly size: number;
  /** Milliseconds since 1970, when reading failed. */
  readonly mtimeMs: number;
  /** A code of errors.ts. */
  readonly code: string;
  readonly message: string;
  /** When it happened, in milliseconds since 1970. */
  readonly at: number;
}

export class FailureTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Stores failures; one of the same path is replaced. */
  put(failures: readonly FailureRecord[]): void {
    const put = this.#database.prepare('INSERT OR REPLACE INTO failure VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#database.write(() => {
      for (const { rootId, path, size, mtimeMs, code, message, at } of failures) {
        put.run(rootId, path, size, mtimeMs, code, message, at);
      }
    });
  }

  /** Forgets the failures of these paths; paths without one are no error. */
  clear(rootId: number, paths: Iterable<string>): void {
    const clear = this.#database.prepare('DELETE FROM failure WHERE root_id = ? AND path = ?');
    this.#database.write(() => {
      for (const path of paths) clear.run(rootId, path);
    });
  }

  /** All failures, or those of one root, by path. */
  list(rootId?: number): FailureRecord[] {
    const columns = 'root_id AS rootId, path, size, mtime AS mtimeMs, code, message, at';
    if (rootId === undefined) {
      return this.#database.prepare<FailureRecord>(`SELECT ${columns} FROM failure ORDER BY root_id, path`).all();
    }
    return this.#database
      .prepare<FailureRecord>(`SELECT ${columns} FROM failure WHERE root_id = ? ORDER BY path`)
      .all(rootId);
  }
}
