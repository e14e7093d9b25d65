// Many picture files in, their rows out, in the same order: on all processors for many, on the spot for a few.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';
import { SandglassError } from '../errors.ts';
import { type FileToRead, inBatches } from '../features/batch-files.ts';
import type { PictureLayout } from '../image/fit-picture.ts';
import { threadArguments } from '../thread-arguments.ts';
import { throwIfStopped } from './opening.ts';
import { type PictureRow, readPictureRow } from './picture-row.ts';
import type { PictureTask } from './picture-worker.ts';

type Pool = Piscina<PictureTask, PictureRow[]>;

/** Fewer files than this are read in this thread: starting others takes longer. */
const FILES_WORTH_THREADS = 16;
const MOST_THREADS = 8;
/** Batches that wait or are done for each thread; what is held in memory at once is bounded by this. */
const BATCHES_PER_THREAD = 3;

/**
 * The rows of picture files. The decoder gives each file 60 seconds at most.
 *
 * @throws SandglassError ABORTED by `signal`
 */
export async function* readPictures<F extends FileToRead>(
  files: readonly F[],
  layout: PictureLayout,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly file: F; readonly result: PictureRow }, void, undefined> {
  throwIfStopped(signal);
  if (files.length < FILES_WORTH_THREADS) {
    for (const file of files) {
      throwIfStopped(signal);
      yield { file, result: await readPictureRow(file.absolute, layout) };
    }
    return;
  }
  const threads = Math.min(availableParallelism(), MOST_THREADS);
  const { Piscina } = await import('piscina');
  const filename = fileURLToPath(new URL('./picture-worker.js', import.meta.url));
  const pool: Pool = new Piscina({ ...threadArguments(), filename, minThreads: threads, maxThreads: threads });
  // The loss of a thread concerns the batch it had, and that is told by the batch's promise.
  pool.on('error', () => {});
  const stop = () => void pool.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    yield* inBatches(files, threads * BATCHES_PER_THREAD, (paths) => readBatch(pool, { paths, layout }, signal));
  } catch (error) {
    throwIfStopped(signal);
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.destroy();
  }
}

/** A file that ends its thread fails alone: the others of its batch are read again, one at a time. */
async function readBatch(pool: Pool, task: PictureTask, signal: AbortSignal | undefined): Promise<PictureRow[]> {
  try {
    return await pool.run(task);
  } catch (thrown) {
    throwIfStopped(signal);
    if (task.paths.length === 1) return [{ error: crash(task.paths[0]!, thrown).toJSON() }];
    const rows: PictureRow[] = [];
    for (const path of task.paths) rows.push(...(await readBatch(pool, { ...task, paths: [path] }, signal)));
    return rows;
  }
}

function crash(path: string, cause: unknown): SandglassError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new SandglassError('READ_CRASHED', `Reading the picture ended its thread: ${why}`, { path, cause });
}
