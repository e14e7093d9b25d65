// One process follows the folders of an index: a lock of its own, held beside that of writers, which comes and goes.
import { join } from 'node:path';
import { SandglassError } from '../errors.ts';
import type { IndexLayout } from './layout.ts';
import { acquireWriterLock, readWriterNote, type WriterLock } from './writer-lock.ts';

/**
 * Becomes the one that watches an index.
 *
 * @throws SandglassError `INDEX_WATCHED`, naming the holder; `INDEX_READ_ONLY` or `DISK_FULL` when no lock can be made
 */
export async function acquireWatchLock(layout: IndexLayout): Promise<WriterLock> {
  const place = {
    ...layout,
    lock: join(layout.directory, 'watch.lock'),
    writer: join(layout.directory, 'watcher.json'),
  };
  try {
    return await acquireWriterLock(place, { command: 'sandglass watch' });
  } catch (error) {
    if (!(error instanceof SandglassError) || error.code !== 'INDEX_LOCKED') throw error;
    const note = readWriterNote(place);
    const who = note === undefined ? 'another process' : `process ${note.pid} on ${note.host}, since ${note.since}`;
    throw new SandglassError(
      'INDEX_WATCHED',
      `The index ${layout.directory} is watched already, by ${who}. One watch is enough: end that one first.`,
      { path: layout.directory, cause: error },
    );
  }
}
