// Brings the catalog to the present version, or says why it cannot be used.
import { SandglassError } from '../errors.ts';
import { APPLICATION_ID } from './catalog-schema.ts';

/** Numbers in the header of an SQLite file: whose it is, and of which version. */
export type HeaderField = 'application_id' | 'user_version';

/** What migration needs of an open database. */
export interface Migratable {
  readonly file: string;
  readonly readOnly: boolean;
  pragma(name: HeaderField): number;
  setPragma(name: HeaderField, value: number): void;
  exec(sql: string): void;
  /** One transaction that no other writer comes between. */
  exclusively(work: () => void): void;
  prepareRaw<Row extends readonly unknown[]>(sql: string): { get(): Row | undefined };
}

/** @param directory the index directory, for messages */
export function migrate(database: Migratable, directory: string, migrations: readonly string[]): void {
  const version = database.pragma('user_version');
  if (version > 0 && database.pragma('application_id') !== APPLICATION_ID) throw foreign(database.file);
  if (version > migrations.length) {
    throw new SandglassError(
      'INDEX_NEWER',
      `Expected a catalog of version ${migrations.length} or older but ${database.file} is of version ${version}; ` +
        'update Sandglass, or index into another directory with --index.',
      { path: database.file },
    );
  }
  if (version === migrations.length) return;
  if (database.readOnly) {
    if (version === 0) throw indexMissing(directory);
    throw new SandglassError(
      'INDEX_READ_ONLY',
      `The catalog ${database.file} is of the older version ${version} and was opened for reading only; ` +
        'run `sandglass index` once to upgrade it.',
      { path: database.file },
    );
  }
  database.exclusively(() => {
    // Another process may have upgraded it between the look above and this transaction.
    const now = database.pragma('user_version');
    if (now === 0 && hasTables(database)) throw foreign(database.file);
    for (const step of migrations.slice(now)) database.exec(step);
    database.setPragma('application_id', APPLICATION_ID);
    database.setPragma('user_version', migrations.length);
  });
}

export function indexMissing(directory: string): SandglassError {
  return new SandglassError(
    'INDEX_MISSING',
    `There is no index in ${directory}; make one with \`sandglass index <folder>\`.`,
    { path: directory },
  );
}

function foreign(file: string): SandglassError {
  return new SandglassError(
    'INDEX_DAMAGED',
    `${file} is a database of another program, not a catalog; name another index directory with --index.`,
    { path: file },
  );
}

function hasTables(database: Migratable): boolean {
  const row = database.prepareRaw<readonly [number]>('SELECT count(*) FROM sqlite_schema').get();
  return (row?.[0] ?? 0) > 0;
}
