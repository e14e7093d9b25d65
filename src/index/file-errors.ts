// Turns what the file system reports about a file of the index into the errors a user can act on.
import { SandglassError } from '../errors.ts';
import { errnoOf, isNoSpace } from '../output-error.ts';

// ENOENT is what Node says when folders cannot be made on a disk that is mounted read-only.
const NOT_WRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT']);

/** What to throw when writing `path` failed; anything unknown is returned as it came. */
export function writeError(thrown: unknown, path: string): unknown {
  const code = errnoOf(thrown);
  if (isNoSpace(thrown)) {
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
