// A prepared statement whose errors are ours.
import { catalogError } from './catalog-errors.ts';
import type { SqlValue, Statement } from './database.ts';

/** What is used of a statement of better-sqlite3. */
export interface DriverStatement<Row> {
  run(...values: SqlValue[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): Row[];
  iterate(...values: SqlValue[]): IterableIterator<Row>;
}

export class GuardedStatement<Row> implements Statement<Row> {
  readonly #statement: DriverStatement<Row>;
  readonly #file: string;

  constructor(statement: DriverStatement<Row>, file: string) {
    this.#statement = statement;
    this.#file = file;
  }

  run(...values: SqlValue[]): { changes: number; lastId: number } {
    try {
      const { changes, lastInsertRowid } = this.#statement.run(...values);
      return { changes, lastId: Number(lastInsertRowid) };
    } catch (thrown) {
      throw catalogError(thrown, this.#file);
    }
  }

  get(...values: SqlValue[]): Row | undefined {
    try {
      return this.#statement.get(...values);
    } catch (thrown) {
      throw catalogError(thrown, this.#file);
    }
  }

  all(...values: SqlValue[]): Row[] {
    try {
      return this.#statement.all(...values);
    } catch (thrown) {
      throw catalogError(thrown, this.#file);
    }
  }

  each(visit: (row: Row) => void, ...values: SqlValue[]): void {
    try {
      for (const row of this.#statement.iterate(...values)) visit(row);
    } catch (thrown) {
      throw catalogError(thrown, this.#file);
    }
  }
}
