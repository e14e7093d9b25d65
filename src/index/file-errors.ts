// Turns what the file system reports about a file of the index into the errors a user can act on.
import { SandglassError } from '../errors.ts';

/** `ENOSPC`, `EACCES`, …, when `thrown` has one. */
export function systemCode(thrown: unknown): string | undefined {
  if (!(typeof thrown === 'object' && thrown !== null && 'code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

// ENOENT is what Node says when folders cannot be made on a disk that is mounted read-only.
const NOT_WRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT']);

/** What to throw when writing `path` failed; anything unknown is returned as it came. */
export function writeError(thrown: unknown, path: string): unknown {
  const code = systemCode(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new SandglassError(
      'DISK_FULL',
      `The disk is full: ${path} cannot be written. Free some space and try again.`,
      {
        path,
        cause: thrown,
      },
    );
  }
  if (code !== undefined && NOT_WRITABLE.has(code)) {
    return new SandglassError(
      'INDEX_READ_ONLY',
      `${path} cannot be made or written (${code}); name an index directory that can be, with --index.`,
      { path, cause: thrown },
    );
  }
  return thrown;
}
