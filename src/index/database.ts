// What the tables of the catalog need of a database: prepared statements and transactions, with our errors.

export type SqlValue = string | number | bigint | Uint8Array | null;

/** A prepared statement. `Row` is what one result row looks like: an object by column name, or a tuple after `raw()`. */
export interface Statement<Row> {
  run(...values: SqlValue[]): { readonly changes: number; readonly lastId: number };
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): Row[];
  /** Hands every row to `visit`, one at a time, so that a large result is never held whole. */
  each(visit: (row: Row) => void, ...values: SqlValue[]): void;
}

/** One open catalog, as its tables see it. Everything thrown is a SandglassError or a programmer's mistake. */
export interface Database {
  /** The catalog file, for messages. */
  readonly file: string;
  readonly readOnly: boolean;
  /** Rows as objects keyed by column name; prepared once for each text. */
  prepare<Row = unknown>(sql: string): Statement<Row>;
  /** Rows as arrays in column order: for large reads. */
  prepareRaw<Row extends readonly unknown[] = readonly unknown[]>(sql: string): Statement<Row>;
  /**
   * Runs `work` in one transaction: all of it is stored, or none. Inside another transaction it is a part of that one.
   * Each transaction raises the catalog's generation.
   */
  write<T>(work: () => T): T;
  /** Runs `work`, which only reads, on one state of the catalog, whatever others write meanwhile. */
  read<T>(work: () => T): T;
  /** Calls `forget` whenever a transaction was rolled back, or another process has written, so that what was remembered can be dropped. */
  onRollback(forget: () => void): void;
}
