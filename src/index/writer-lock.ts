// One writer per index: a lock of the operating system that ends with the process, and a note that says who holds it.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { SandglassError } from '../errors.ts';
import { tryExclusiveLock } from './catalog.ts';
import type { IndexLayout } from './layout.ts';

/** Who writes an index. */
export interface WriterNote {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
  /** What it is doing, for a person: `sandglass index photos`. */
  readonly command: string;
}

export interface WriterLockOptions {
  /** What this process is about to do. */
  readonly command: string;
  /** Milliseconds to wait for another writer to end. @default 0 */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

export interface WriterLock extends Disposable {
  /** Lets the next writer in; calling it again does nothing. */
  release(): void;
}

const POLL_MS = 50;

/**
 * Becomes the writer of an index.
 *
 * @throws SandglassError `INDEX_LOCKED`, naming the holder, when another process writes and does not end in time;
 *   `INDEX_READ_ONLY` or `DISK_FULL` when no lock can be made; `ABORTED`
 */
export async function acquireWriterLock(layout: IndexLayout, options: WriterLockOptions): Promise<WriterLock> {
  const { command, waitMs = 0, signal } = options;
  const deadline = Date.now() + waitMs;
  for (;;) {
    if (signal?.aborted) throw new SandglassError('ABORTED', 'Stopped while waiting for another writer to end.');
    const unlock = tryExclusiveLock(layout.lock);
    if (unlock !== undefined) return holdLock(layout, command, unlock);
    const left = deadline - Date.now();
    if (left <= 0) throw indexLocked(layout);
    // An abort ends the sleep early; the loop says so.
    await sleep(Math.min(POLL_MS, left), undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}

/** The note of the present writer; undefined when there is none, or it has not been written yet. */
export function readWriterNote(layout: IndexLayout): WriterNote | undefined {
  try {
    const note = JSON.parse(readFileSync(layout.writer, 'utf8')) as Partial<WriterNote>;
    const { pid, host, since, command } = note;
    if (typeof pid !== 'number' || typeof host !== 'string') return undefined;
    return { pid, host, since: String(since), command: String(command) };
  } catch {
    return undefined;
  }
}

function holdLock(layout: IndexLayout, command: string, unlock: () => void): WriterLock {
  const note: WriterNote = { pid: process.pid, host: hostname(), since: new Date().toISOString(), command };
  try {
    const half = `${layout.writer}.new`;
    writeFileSync(half, `${JSON.stringify(note)}\n`);
    renameSync(half, layout.writer);
  } catch {
    // The note only serves the message of another process; the lock holds without it.
  }
  let held = true;
  const release = (): void => {
    if (!held) return;
    held = false;
    try {
      rmSync(layout.writer, { force: true });
    } finally {
      unlock();
    }
  };
  return { release, [Symbol.dispose]: release };
}

function indexLocked(layout: IndexLayout): SandglassError {
  const note = readWriterNote(layout);
  const who =
    note === undefined
      ? 'another process'
      : `process ${note.pid} on ${note.host} (${note.command}, since ${note.since})`;
  return new SandglassError(
    'INDEX_LOCKED',
    `The index ${layout.directory} is being written by ${who}; wait for it to end, or end it, and try again.`,
    { path: layout.directory },
  );
}
