// One batch of watching: places to look at in, what changed there stored, under the lock of writers.
import { acquireWriterLock } from '../index/writer-lock.ts';
import type { AddOptions, AddProgress } from './add-progress.ts';
import { learnAll, readAll } from './indexing.ts';
import type { IngestCounts } from './ingest.ts';
import { type FolderScan, hasChanges, scanFolder } from './scan.ts';
import type { WatchEvent } from './watch-events.ts';
import type { WatchedRoot } from './watched-root.ts';
import type { Workspace } from './workspace.ts';

/** How long a batch is waited for when watching ends. */
const LAST_BATCH_MS = 5_000;

/** Where to look in a root: paths in it, '' for all of it; not at files that are still being written. */
export interface BatchWork {
  readonly root: WatchedRoot;
  readonly paths: readonly string[];
  readonly unsettled: ReadonlySet<string>;
}

export interface BatchOptions {
  readonly settings: AddOptions;
  /** Milliseconds to wait for another writer. */
  readonly lockMs: number;
  /** Ends that waiting. */
  readonly stop: AbortSignal;
  /** Ends the work. */
  readonly signal: AbortSignal;
  emit(event: WatchEvent): void;
}

/**
 * Stores what changed, with codes of every encoder that answers. Nothing is trained, no graph is built: a look at everything does
 * that.
 *
 * @returns undefined where nothing is another than it was; then nobody was kept from writing
 * @throws SandglassError INDEX_LOCKED, INDEX_READ_ONLY, DISK_FULL, ENCODER_BROKEN, ABORTED
 */
export async function storeBatch(
  workspace: Workspace,
  work: readonly BatchWork[],
  { settings, lockMs, stop, signal, emit }: BatchOptions,
): Promise<{ readonly counts: IngestCounts; readonly scans: readonly FolderScan[] } | undefined> {
  const { catalog, layout } = workspace;
  const places = work.flatMap(({ root, paths, unsettled }) => {
    const record = catalog.roots.list().find(({ id }) => id === root.record.id);
    const isWhole = paths.includes('');
    const options = {
      prune: false,
      indexDirectory: layout.directory,
      signal,
      unsettled,
      ...(isWhole ? {} : { paths, losses: root.losses }),
    };
    return record === undefined ? [] : [{ root, record, options, isWhole }];
  });
  let differs = false;
  for (const { record, options, isWhole } of places)
    differs ||= isWhole || (await hasChanges(catalog, record, options));
  if (!differs) return undefined;

  const progress = (event: AddProgress) => {
    if (event.phase !== 'done') emit(event);
  };
  const lock = await acquireWriterLock(layout, { command: 'sandglass watch', waitMs: lockMs, signal: stop });
  try {
    const scans: FolderScan[] = [];
    for (const { root, record, options, isWhole } of places) {
      const scan = await scanFolder(catalog, record, options);
      root.losses.removed += scan.removed;
      if (isWhole) {
        root.resetLosses(catalog);
        root.believe(scan);
      }
      // Whether it is away, a look at all of it tells.
      else if (scan.state === 'offline') root.changes.note('');
      scans.push(scan);
    }
    const { encoders, counts } = await readAll(workspace, scans, settings, progress, signal);
    if (counts.added + counts.changed > 0)
      await learnAll(workspace, encoders, { ...settings, train: 'never' }, progress, signal);
    return { counts, scans };
  } finally {
    lock.release();
  }
}

/** Raised a while after `signal`, so that a batch in hand may come to its end. */
export function lastBatchSignal(signal: AbortSignal): { readonly signal: AbortSignal; close(): void } {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    timer = setTimeout(() => late.abort(), LAST_BATCH_MS);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    signal: late.signal,
    close() {
      signal.removeEventListener('abort', onAbort);
      clearTimeout(timer);
    },
  };
}
