// Turns what SQLite reports into the errors a user can act on.
import { accessSync, constants, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { SandglassError } from '../errors.ts';

/** The SQLite result code of an error (`SQLITE_FULL`, …), or undefined when it did not come from SQLite. */
function sqliteCode(thrown: unknown): string | undefined {
  if (!(typeof thrown === 'object' && thrown !== null && 'code' in thrown)) return undefined;
  const { code } = thrown;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
}

/** True when no byte is left for this process on the disk that holds `file`. */
export function isDiskFull(file: string): boolean {
  try {
    return statfsSync(dirname(file)).bavail === 0;
  } catch {
    return false;
  }
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

export function diskFull(file: string, cause?: unknown): SandglassError {
  return new SandglassError(
    'DISK_FULL',
    `The disk that holds ${file} is full. What was stored before is kept; free some space and run the same command again.`,
    { path: file, cause },
  );
}

export function damagedCatalog(file: string, what: string, cause?: unknown): SandglassError {
  return new SandglassError(
    'INDEX_DAMAGED',
    `The catalog ${file} is damaged (${what}). See what is wrong with: sandglass verify – and save what can be read with: sandglass verify --repair`,
    { path: file, cause },
  );
}

/**
 * The {@link SandglassError} for an error of SQLite on `file`.
 *
 * A constraint that fails and an error that is not SQLite's are returned as they came: they are mistakes of the program.
 */
export function catalogError(thrown: unknown, file: string): unknown {
  const code = sqliteCode(thrown);
  if (code === undefined) return thrown;
  const what = thrown instanceof Error ? thrown.message : code;
  // Not every way to run out of space is SQLITE_FULL: growing the shared memory file has a code of its own.
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE') return diskFull(file, thrown);
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'SQLITE_IOERR_SHORT_READ') {
    return damagedCatalog(file, what, thrown);
  }
  const cannotOpen = code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CANTOPEN');
  if (code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM' || (cannotOpen && !isWritable(dirname(file)))) {
    return new SandglassError('INDEX_READ_ONLY', `The catalog ${file} cannot be written (${what}).`, {
      path: file,
      cause: thrown,
    });
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new SandglassError('INDEX_LOCKED', `Another process is writing the catalog ${file}; try again later.`, {
      path: file,
      cause: thrown,
    });
  }
  if (cannotOpen) {
    if (isDiskFull(file)) return diskFull(file, thrown);
    return new SandglassError('FILE_UNREADABLE', `The catalog ${file} cannot be opened or read (${what}).`, {
      path: file,
      cause: thrown,
    });
  }
  return thrown;
}
