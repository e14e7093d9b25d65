// What the operating system's refusals mean for one file or folder.
import { type ErrorCode, SandglassError } from '../errors.ts';
import { errnoOf } from '../output-error.ts';

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'FILE_VANISHED',
  ENOTDIR: 'FILE_VANISHED',
  EISDIR: 'FILE_NOT_REGULAR',
  ENXIO: 'FILE_NOT_REGULAR',
};

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not there (a folder on its path is a file)',
  EISDIR: 'is a folder',
  ENXIO: 'is a socket or a device',
  EACCES: 'may not be read: permission denied',
  EPERM: 'may not be read: operation not permitted',
  ELOOP: 'is a chain of links that never ends',
  ENAMETOOLONG: 'has a path that is too long for this system',
  EMFILE: 'could not be opened: too many files are open',
  ENFILE: 'could not be opened: too many files are open',
  EIO: 'could not be read: input/output error',
};

/** The error for `path` that `thrown`, an error of node:fs, stands for. `what` names the thing in the message. */
export function fileError(thrown: unknown, path: string, what = 'The file'): SandglassError {
  const errno = errnoOf(thrown) ?? '';
  const sentence =
    SENTENCES[errno] ?? `could not be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  return new SandglassError(CODES[errno] ?? 'FILE_UNREADABLE', `${what} ${sentence}.`, { path, cause: thrown });
}
