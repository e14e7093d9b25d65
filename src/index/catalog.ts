// The catalog: the SQLite database that is the only truth of an index. The only importer of better-sqlite3.
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import Sqlite from 'better-sqlite3';
import { SandglassError } from '../errors.ts';
import { catalogError, damagedCatalog } from './catalog-errors.ts';
import { APPLICATION_ID, MIGRATIONS } from './catalog-schema.ts';
import { CodeTable } from './codes.ts';
import type { Database, SqlValue, Statement } from './database.ts';
import { EncoderTable } from './encoder-table.ts';
import { FailureTable } from './failures.ts';
import { ItemTable } from './items.ts';
import type { IndexLayout } from './layout.ts';
import { RootTable } from './roots.ts';
import { SettingTable } from './settings.ts';
import { TermTable } from './terms.ts';
import { ThumbnailTable } from './thumbnails.ts';

export interface CatalogOptions {
  /**
   * Open for reading only: works while another process writes, and in a directory that cannot be written.
   * @default false
   */
  readonly readOnly?: boolean;
  /** The steps of the schema; another list is for tests of migration. @default MIGRATIONS */
  readonly migrations?: readonly string[];
}

/** Milliseconds to wait for another process to end its transaction. */
const BUSY_TIMEOUT_MS = 5_000;
/** A code of 256 floats still lies whole in a page of this size; in SQLite's default of 4,096 it would be split in two. */
const PAGE_SIZE = 8_192;

/**
 * An open catalog. Every method is synchronous and throws {@link SandglassError}: `INDEX_MISSING`, `INDEX_NEWER`,
 * `INDEX_DAMAGED`, `INDEX_READ_ONLY`, `INDEX_LOCKED`, `DISK_FULL`. One process may write (see writer-lock.ts) while
 * others read.
 */
export class Catalog {
  readonly roots: RootTable;
  readonly items: ItemTable;
  readonly failures: FailureTable;
  readonly terms: TermTable;
  readonly thumbnails: ThumbnailTable;
  readonly encoders: EncoderTable;
  readonly codes: CodeTable;
  readonly settings: SettingTable;
  readonly #connection: Connection;

  private constructor(connection: Connection, layout: IndexLayout) {
    this.#connection = connection;
    this.roots = new RootTable(connection, dirname(layout.directory));
    this.failures = new FailureTable(connection);
    this.terms = new TermTable(connection);
    this.thumbnails = new ThumbnailTable(connection);
    this.encoders = new EncoderTable(connection);
    this.codes = new CodeTable(connection, this.encoders);
    this.items = new ItemTable(connection, this);
    this.settings = new SettingTable(connection);
  }

  /** Opens the catalog of an index directory; creates or upgrades it unless `readOnly`. */
  static open(layout: IndexLayout, options: CatalogOptions = {}): Catalog {
    const { readOnly = false, migrations = MIGRATIONS } = options;
    if (readOnly && !existsSync(layout.catalog)) throw indexMissing(layout.directory);
    const connection = new Connection(layout.catalog, readOnly);
    try {
      migrate(connection, layout, migrations);
      return new Catalog(connection, layout);
    } catch (thrown) {
      connection.close();
      throw catalogError(thrown, layout.catalog);
    }
  }

  get readOnly(): boolean {
    return this.#connection.readOnly;
  }

  /** Several changes in one transaction: all of them are stored, or none. */
  write<T>(work: () => T): T {
    return this.#connection.write(work);
  }

  /** Several reads of one state of the catalog, whatever others write meanwhile. */
  read<T>(work: () => T): T {
    return this.#connection.read(work);
  }

  /** A number that every write transaction raises: equal numbers mean an equal catalog. */
  generation(): number {
    const row = this.#connection.prepare<{ value: number }>('SELECT value FROM generation').get();
    return row?.value ?? 0;
  }

  /** What SQLite's own check of the file complains about; empty when it is whole. Reads the whole file. */
  check(): string[] {
    const rows = this.#connection.prepareRaw<readonly [string]>('PRAGMA quick_check').all();
    return rows.map(([line]) => line).filter((line) => line !== 'ok');
  }

  close(): void {
    this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Takes an exclusive lock on a small SQLite file that holds nothing else; the operating system drops it when the process
 * ends, however it ends. Within one process, too, only one caller gets it.
 *
 * @returns a function that lets go, or undefined when another holds it
 */
export function tryExclusiveLock(file: string): (() => void) | undefined {
  let database: Sqlite.Database | undefined;
  try {
    database = new Sqlite(file, { timeout: 0 });
    const held = database;
    held.exec('BEGIN EXCLUSIVE');
    return () => {
      held.close();
    };
  } catch (thrown) {
    database?.close();
    const error = catalogError(thrown, file);
    if (error instanceof SandglassError && error.code === 'INDEX_LOCKED') return undefined;
    throw error;
  }
}

function indexMissing(directory: string): SandglassError {
  return new SandglassError(
    'INDEX_MISSING',
    `There is no index in ${directory}; make one with \`sandglass index <folder>\`.`,
    { path: directory },
  );
}

/** Brings the catalog to the present version, or says why it cannot be used. */
function migrate(connection: Connection, layout: IndexLayout, migrations: readonly string[]): void {
  const version = connection.pragma('user_version');
  if (version > 0 && connection.pragma('application_id') !== APPLICATION_ID) {
    throw damagedCatalog(layout.catalog, 'it is a database of another program');
  }
  if (version > migrations.length) {
    throw new SandglassError(
      'INDEX_NEWER',
      `Expected a catalog of version ${migrations.length} or older but ${layout.catalog} is of version ${version}; ` +
        'update Sandglass, or index into another directory with --index.',
      { path: layout.catalog },
    );
  }
  if (version === migrations.length) return;
  if (connection.readOnly) {
    if (version === 0) throw indexMissing(layout.directory);
    throw new SandglassError(
      'INDEX_READ_ONLY',
      `The catalog ${layout.catalog} is of the older version ${version} and was opened for reading only; ` +
        'run `sandglass index` once to upgrade it.',
      { path: layout.catalog },
    );
  }
  connection.upgrade(version, migrations);
}

/** better-sqlite3 behind our {@link Database}: settings, the cache of statements, transactions, errors. */
class Connection implements Database {
  readonly file: string;
  readonly readOnly: boolean;
  readonly #sqlite: Sqlite.Database;
  readonly #statements = new Map<string, Statement<never>>();
  readonly #forget: (() => void)[] = [];

  constructor(file: string, readOnly: boolean) {
    this.file = file;
    this.readOnly = readOnly;
    try {
      this.#sqlite = readOnly ? openForReading(file) : openForWriting(file);
    } catch (thrown) {
      throw catalogError(thrown, file);
    }
  }

  prepare<Row>(sql: string): Statement<Row> {
    return this.#statement(sql, false) as Statement<Row>;
  }

  prepareRaw<Row extends readonly unknown[]>(sql: string): Statement<Row> {
    return this.#statement(sql, true) as unknown as Statement<Row>;
  }

  #statement(sql: string, raw: boolean): Statement<unknown> {
    const key = raw ? `raw ${sql}` : sql;
    let statement = this.#statements.get(key) as Statement<unknown> | undefined;
    if (statement === undefined) {
      statement = this.#guarded(() => new GuardedStatement(this.#sqlite.prepare(sql), raw, this.file));
      this.#statements.set(key, statement as Statement<never>);
    }
    return statement;
  }

  write<T>(work: () => T): T {
    if (this.#sqlite.inTransaction) return work();
    const transaction = this.#sqlite.transaction(() => {
      const result = work();
      this.prepare('UPDATE generation SET value = value + 1').run();
      return result;
    });
    try {
      return transaction.immediate();
    } catch (thrown) {
      for (const forget of this.#forget) forget();
      throw catalogError(thrown, this.file);
    }
  }

  read<T>(work: () => T): T {
    if (this.#sqlite.inTransaction) return work();
    return this.#guarded(() => this.#sqlite.transaction(work).deferred());
  }

  onRollback(forget: () => void): void {
    this.#forget.push(forget);
  }

  pragma(name: 'user_version' | 'application_id'): number {
    return this.#guarded(() => Number(this.#sqlite.pragma(name, { simple: true })));
  }

  upgrade(from: number, migrations: readonly string[]): void {
    const sqlite = this.#sqlite;
    const upgrade = sqlite.transaction(() => {
      // Another process may have upgraded it between our look and our lock.
      const version = Math.max(from, this.pragma('user_version'));
      const foreign = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'").get();
      if (version === 0 && foreign !== undefined) {
        throw damagedCatalog(this.file, 'it is a database of another program');
      }
      for (const step of migrations.slice(version)) sqlite.exec(step);
      sqlite.pragma(`application_id = ${APPLICATION_ID}`);
      sqlite.pragma(`user_version = ${migrations.length}`);
    });
    this.#guarded(() => upgrade.immediate());
  }

  close(): void {
    this.#statements.clear();
    this.#sqlite.close();
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      throw catalogError(thrown, this.file);
    }
  }
}

function openForWriting(file: string): Sqlite.Database {
  const sqlite = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    sqlite.pragma(`page_size = ${PAGE_SIZE}`);
    sqlite.pragma('journal_mode = WAL');
    // FULL, not NORMAL: files derived from the codes (HNSW) are known by a revision number, and a commit that a power cut
    // takes back would let the same number name other codes. The price is one fsync a batch.
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    return sqlite;
  } catch (thrown) {
    sqlite.close();
    throw thrown;
  }
}

function openForReading(file: string): Sqlite.Database {
  const sqlite = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    sqlite.pragma('user_version');
    return sqlite;
  } catch (thrown) {
    sqlite.close();
    if (!(isCannotOpen(thrown) && hasNothingPending(file))) throw thrown;
    // A directory that cannot be written has no place for the files that readers and writers share. Nobody can write
    // there, so the database may be read as one that never changes.
    return new Sqlite(`${pathToFileURL(file).href}?immutable=1`, { readonly: true });
  }
}

function isCannotOpen(thrown: unknown): boolean {
  if (!(thrown instanceof Sqlite.SqliteError)) return false;
  return thrown.code.startsWith('SQLITE_CANTOPEN') || thrown.code.startsWith('SQLITE_READONLY');
}

/** True when no committed change still waits in the write-ahead log, where an immutable reader would not see it. */
function hasNothingPending(file: string): boolean {
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0;
}

class GuardedStatement<Row> implements Statement<Row> {
  readonly #statement: Sqlite.Statement<SqlValue[], Row>;
  readonly #file: string;

  constructor(statement: Sqlite.Statement, raw: boolean, file: string) {
    this.#statement = (raw ? statement.raw() : statement) as Sqlite.Statement<SqlValue[], Row>;
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
