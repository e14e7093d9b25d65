// The catalog: the SQLite database that is the only truth of an index. The only importer of better-sqlite3.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { SandglassError } from '../errors.ts';
import { catalogError } from './catalog-errors.ts';
import { type HeaderField, indexMissing, type Migratable, migrate } from './catalog-migration.ts';
import { MIGRATIONS } from './catalog-schema.ts';
import { CodeTable } from './codes.ts';
import type { Database, SqlValue, Statement } from './database.ts';
import { DecisionTable } from './decisions.ts';
import { DocumentTable } from './documents.ts';
import { EncoderTable } from './encoder-table.ts';
import { FailureTable } from './failures.ts';
import { FrameTable } from './frames.ts';
import { GuardedStatement } from './guarded-statement.ts';
import { ItemTable } from './items.ts';
import type { Kind } from './kind.ts';
import type { IndexLayout } from './layout.ts';
import { PassageTable } from './passages.ts';
import { RootTable } from './roots.ts';
import { SettingTable } from './settings.ts';
import { ShingleTable } from './shingles.ts';
import { TermTable } from './terms.ts';
import { ThumbnailTable } from './thumbnails.ts';

export interface CatalogOptions {
  /**
   * Open for reading only: works while another process writes, and in a directory that cannot be written.
   * @default false
   */
  readonly readOnly?: boolean;
  /**
   * All that is read, from opening to closing, is of one state of the catalog, whatever others write meanwhile. For reading
   * only.
   * @default false
   */
  readonly snapshot?: boolean;
  /** The steps of the schema; another list is for tests of migration. @default MIGRATIONS */
  readonly migrations?: readonly string[];
}

/** Milliseconds to wait for another process to end its transaction. */
const BUSY_TIMEOUT_MS = 5_000;
/** A code of 256 floats still lies whole in a page of this size; in SQLite's default of 4,096 it would be split in two. */
const PAGE_SIZE = 8_192;
/** Pages copied before other work of this process has its turn. */
const PAGES_PER_STEP = 2_000;

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
  readonly documents: DocumentTable;
  readonly passages: PassageTable;
  readonly shingles: ShingleTable;
  readonly thumbnails: ThumbnailTable;
  readonly frames: FrameTable;
  /** Thumbnails of frames; ids are those of frames. */
  readonly frameThumbnails: ThumbnailTable;
  readonly encoders: EncoderTable;
  readonly codes: CodeTable;
  /** Codes of passages; ids are those of passages. */
  readonly passageCodes: CodeTable;
  /** Codes of frames; ids are those of frames. */
  readonly frameCodes: CodeTable;
  readonly decisions: DecisionTable;
  readonly settings: SettingTable;
  /** Random, made with the catalog: tells it from every other one. */
  readonly id: string;
  /** The database itself: for the files of this room that look at it as a whole. */
  readonly database: Database;
  readonly #connection: Connection;

  private constructor(connection: Connection, layout: IndexLayout) {
    this.#connection = connection;
    this.database = connection;
    this.id = connection.prepareRaw<readonly [string]>('SELECT id FROM identity').get()?.[0] ?? '';
    const files = { layout, catalogId: this.id };
    this.roots = new RootTable(connection, dirname(layout.directory));
    this.failures = new FailureTable(connection);
    this.terms = new TermTable(connection);
    this.documents = new DocumentTable(connection);
    this.passages = new PassageTable(connection, this.terms);
    this.shingles = new ShingleTable(connection);
    this.thumbnails = new ThumbnailTable(connection);
    this.frames = new FrameTable(connection);
    this.frameThumbnails = new ThumbnailTable(connection, 'frames');
    this.encoders = new EncoderTable(connection);
    this.codes = new CodeTable(connection, this.encoders, files);
    this.passageCodes = new CodeTable(connection, this.encoders, files, 'passages');
    this.frameCodes = new CodeTable(connection, this.encoders, files, 'frames');
    this.items = new ItemTable(connection, this);
    this.decisions = new DecisionTable(connection);
    this.settings = new SettingTable(connection);
  }

  /** Opens the catalog of an index directory; creates or upgrades it unless `readOnly`. */
  static open(layout: IndexLayout, options: CatalogOptions = {}): Catalog {
    const { snapshot = false, readOnly = snapshot, migrations = MIGRATIONS } = options;
    if (readOnly && !existsSync(layout.catalog)) throw indexMissing(layout.directory);
    const connection = new Connection(layout.catalog, readOnly);
    try {
      migrate(connection, layout.directory, migrations);
      if (snapshot) connection.hold();
      return new Catalog(connection, layout);
    } catch (thrown) {
      connection.close();
      throw catalogError(thrown, layout.catalog);
    }
  }

  get readOnly(): boolean {
    return this.#connection.readOnly;
  }

  /** The codes of what items of a kind are made of: passages of documents, frames of pictures. */
  partCodes(kind: Kind): CodeTable {
    return kind === 'text' ? this.passageCodes : this.frameCodes;
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
    return this.#connection.prepareRaw<readonly [number]>('SELECT generation FROM identity').get()?.[0] ?? 0;
  }

  /** Gives the catalog another name, {@link id} when it is opened again: that of a copy that goes its own way. */
  renewIdentity(): void {
    this.write(() => this.#connection.prepare('UPDATE identity SET id = lower(hex(randomblob(16)))').run());
  }

  /** What SQLite's own check of the file complains about; empty when it is whole. Reads the whole file. */
  check(): string[] {
    const rows = this.#connection.prepareRaw<readonly [string]>('PRAGMA integrity_check').all();
    return rows.map(([line]) => line).filter((line) => line !== 'ok');
  }

  /**
   * Copies the catalog into a new file, page by page, without blocking; of one state when this one is a snapshot.
   *
   * @param onProgress gets the share that is copied, 0 … 1; what it throws stops the copy
   */
  copyTo(file: string, onProgress: (share: number) => void = () => {}): Promise<void> {
    return this.#connection.copyTo(file, onProgress);
  }

  /**
   * Runs `work` so that SQLite overwrites what is deleted meanwhile with zeros. What {@link compact} then leaves is free of it.
   */
  erasing<T>(work: () => T): T {
    this.#connection.exec('PRAGMA secure_delete = ON');
    try {
      return work();
    } finally {
      this.#connection.exec('PRAGMA secure_delete = OFF');
    }
  }

  /**
   * Writes the file anew without the space that deleted rows left, and empties the write-ahead log. Takes as much free space as
   * the catalog is large, twice over, for a while; all or nothing.
   *
   * @throws SandglassError DISK_FULL
   */
  compact(): void {
    this.#connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#connection.exec('VACUUM');
    this.#connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
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

/** better-sqlite3 behind our {@link Database}: settings, the cache of statements, transactions, errors. */
class Connection implements Database, Migratable {
  readonly file: string;
  readonly readOnly: boolean;
  readonly #sqlite: Sqlite.Database;
  readonly #statements = new Map<string, Statement<never>>();
  readonly #forget: (() => void)[] = [];
  /** The generation that this connection wrote last. */
  #written: number | undefined;

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
      statement = this.#guarded(() => {
        const prepared = this.#sqlite.prepare<SqlValue[], unknown>(sql);
        return new GuardedStatement(raw ? prepared.raw() : prepared, this.file);
      });
      this.#statements.set(key, statement as Statement<never>);
    }
    return statement;
  }

  write<T>(work: () => T): T {
    if (this.#sqlite.inTransaction) return work();
    const transaction = this.#sqlite.transaction(() => {
      // What was remembered is of the state that this connection knew: another process may have removed it since.
      const [before] = this.prepareRaw<readonly [number]>('SELECT generation FROM identity').get() ?? [0];
      if (before !== this.#written) this.#forgetAll();
      const result = work();
      this.prepare('UPDATE identity SET generation = generation + 1').run();
      return { result, generation: before + 1 };
    });
    try {
      const { result, generation } = transaction.immediate();
      this.#written = generation;
      return result;
    } catch (thrown) {
      this.#forgetAll();
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

  /** Begins to read and does not end: every later read is of this state. */
  hold(): void {
    this.exec('BEGIN');
    this.prepareRaw('SELECT generation FROM identity').get();
  }

  async copyTo(file: string, onProgress: (share: number) => void): Promise<void> {
    try {
      await this.#sqlite.backup(file, {
        progress: ({ totalPages, remainingPages }) => {
          onProgress(totalPages === 0 ? 1 : 1 - remainingPages / totalPages);
          return PAGES_PER_STEP;
        },
      });
    } catch (thrown) {
      throw catalogError(thrown, file);
    }
  }

  #forgetAll(): void {
    for (const forget of this.#forget) forget();
  }

  pragma(name: HeaderField): number {
    return this.#guarded(() => Number(this.#sqlite.pragma(name, { simple: true })));
  }

  setPragma(name: HeaderField, value: number): void {
    this.#guarded(() => this.#sqlite.pragma(`${name} = ${value}`));
  }

  exec(sql: string): void {
    this.#guarded(() => this.#sqlite.exec(sql));
  }

  exclusively(work: () => void): void {
    this.#guarded(() => this.#sqlite.transaction(work).immediate());
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
    // Of macOS alone, where fsync leaves the data in the disk's own memory.
    sqlite.pragma('fullfsync = ON');
    sqlite.pragma('checkpoint_fullfsync = ON');
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
    // A directory that cannot be written has no place for the files that readers and writers of a write-ahead log share.
    return openCopy(file);
  }
}

/** Opens a copy of a database in memory: for a directory that cannot be written, where it cannot change either. */
function openCopy(file: string): Sqlite.Database {
  const bytes = readFileSync(file);
  // "File format" 2 asks for a write-ahead log, 1 for none (SQLite's file format, 1.3.3); nothing waits in the log.
  bytes.fill(1, 18, 20);
  return new Sqlite(bytes, { readonly: true });
}

function isCannotOpen(thrown: unknown): boolean {
  // By its code, not its class: a native module keeps the class of the first context that loaded it.
  const code = (thrown as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^SQLITE_(CANTOPEN|READONLY)/.test(code);
}

/** True when no committed change still waits in the write-ahead log, where the copy would lack it. */
function hasNothingPending(file: string): boolean {
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0;
}
