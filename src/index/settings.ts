// Decisions that belong to the index itself, for example its default method and the figures that chose it.
import type { Database } from './database.ts';
import { storedJson } from './stored-json.ts';

export class SettingTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The value stored under `key`, as {@link set} was given it; the caller says what it is. */
  get<T>(key: string): T | undefined {
    const row = this.#database.prepare<{ value: string }>('SELECT value FROM setting WHERE key = ?').get(key);
    return row === undefined ? undefined : storedJson<T>(row.value, `the setting ${key}`, this.#database.file);
  }

  /** Stores anything that JSON can say; `undefined` removes the key. */
  set(key: string, value: unknown): void {
    const json = JSON.stringify(value) as string | undefined;
    this.#database.write(() => {
      if (json === undefined) this.#database.prepare('DELETE FROM setting WHERE key = ?').run(key);
      else this.#database.prepare('INSERT OR REPLACE INTO setting VALUES (?, ?)').run(key, json);
    });
  }
}
