// Reads one regular file whole, and nothing that only looks like one.
import { hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { SandglassError } from '../errors.ts';
import { fileError } from './file-error.ts';

export interface FileContent {
  readonly bytes: Uint8Array;
  /** Lower-case hexadecimal SHA-256 of `bytes`. */
  readonly hash: string;
  /** Bytes; equals `bytes.length` unless the file has no size of its own (/proc). */
  readonly size: number;
  /** Milliseconds since 1970, with the fraction that the file system gives; of the content that was read. */
  readonly mtimeMs: number;
}

/**
 * Looks at the beginning of a file (its first {@link HEAD_BYTES} at most, valid only during the call) before the rest
 * is read; returns how many bytes the whole file may have, or undefined to have it left alone.
 */
export type Admit = (head: Uint8Array, size: number) => number | undefined;

/** How much of a file {@link Admit} sees. */
export const HEAD_BYTES = 65_536;

// A pipe that is opened with O_NONBLOCK answers at once instead of waiting for a writer; Windows has neither.
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

const ATTEMPTS = 2;

const head = Buffer.allocUnsafe(HEAD_BYTES);

/**
 * The content of the regular file at `path` (a link is followed) and its SHA-256; undefined when `admit` left it alone.
 * Synchronous, which is several times
 * as fast for small files: meant for worker threads and single files.
 *
 * @throws SandglassError FILE_VANISHED, FILE_UNREADABLE, FILE_NOT_REGULAR, FILE_TOO_LARGE (nothing beyond the head was
 * read), FILE_CHANGED (twice in a row, size or time were different after reading than before)
 */
export function readRegularFile(path: string, admit: Admit): FileContent | undefined {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const content = readOnce(path, admit);
    if (content !== 'changed') return content;
  }
  throw new SandglassError('FILE_CHANGED', 'The file kept changing while it was read; it is tried again next time.', {
    path,
  });
}

/**
 * A regular file however large.
 *
 * @throws SandglassError as {@link readRegularFile}, but for FILE_TOO_LARGE
 */
export function readWholeFile(path: string): FileContent {
  return readRegularFile(path, () => Number.MAX_SAFE_INTEGER)!;
}

function readOnce(path: string, admit: Admit): FileContent | undefined | 'changed' {
  return guarded(path, () => {
    // Some devices act on being opened, so they are told apart before.
    expectRegular(statSync(path), path);
    const fd = openSync(path, OPEN_FLAGS);
    try {
      const before = fstatSync(fd);
      expectRegular(before, path);
      const headLength = fill(fd, head, 0);
      const limit = admit(head.subarray(0, headLength), before.size);
      if (limit === undefined) return undefined;
      if (before.size > limit) throw tooLarge(path, before.size, limit);

      const bytes = new Uint8Array(Math.max(before.size, headLength));
      bytes.set(head.subarray(0, headLength));
      const length =
        headLength < HEAD_BYTES ? headLength : headLength + fill(fd, bytes.subarray(headLength), headLength);
      const after = fstatSync(fd);
      if (before.size !== after.size || before.mtimeMs !== after.mtimeMs) return 'changed';
      // A file of /proc says that it is empty; a file system may lose the end of a file without an error.
      if (before.size > 0 && length !== before.size) return 'changed';
      const read = bytes.subarray(0, length);
      return { bytes: read, hash: hash('sha256', read), size: before.size, mtimeMs: before.mtimeMs };
    } finally {
      closeSync(fd);
    }
  });
}

function guarded<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof SandglassError ? error : fileError(error, path);
  }
}

function expectRegular(found: Stats, path: string): void {
  if (found.isFile()) return;
  const what = found.isDirectory()
    ? 'a folder'
    : found.isFIFO()
      ? 'a pipe'
      : found.isSocket()
        ? 'a socket'
        : 'a device';
  throw new SandglassError('FILE_NOT_REGULAR', `Expected a file but this is ${what}.`, { path });
}

/** Reads until `buffer` is full or the file ends; returns how many bytes came. */
function fill(fd: number, buffer: Uint8Array, position: number): number {
  let length = 0;
  while (length < buffer.length) {
    const count = readSync(fd, buffer, length, buffer.length - length, position + length);
    if (count === 0) break;
    length += count;
  }
  return length;
}

function tooLarge(path: string, size: number, limit: number): SandglassError {
  const message = `Expected at most ${megabytes(limit)} for a file of this kind but it has ${megabytes(size)}.`;
  return new SandglassError('FILE_TOO_LARGE', message, { path });
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toLocaleString('en', { maximumFractionDigits: bytes < 10_000_000 ? 3 : 0 })} MB`;
}
