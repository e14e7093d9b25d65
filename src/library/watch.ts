// Watching: the index is brought up to date, and every change in its folders after that becomes a batch of a second or so.
import { SandglassError } from '../errors.ts';
import { acquireWatchLock } from '../index/watch-lock.ts';
import type { AddSummary } from './add-progress.ts';
import { folderHabits } from './folders.ts';
import { bringUpToDate } from './indexing.ts';
import { type FolderScan, isBelow } from './scan.ts';
import { type BatchWork, lastBatchSignal, storeBatch } from './watch-batch.ts';
import type { WatchBatch, WatchEvent, WatchOptions } from './watch-events.ts';
import { WatchedRoot } from './watched-root.ts';
import type { Workspace } from './workspace.ts';

const DEBOUNCE_MS = 500;
const RESCAN_MINUTES = 60;
/** Between two looks at paths that wait. */
const TICK_MS = 100;
/** Between two looks at whether a folder is there, and the same as before. */
const KEEP_UP_MS = 1_000;
/** After what may pass – another writer, a full disk – a batch is tried again. */
const RETRY_MS = 2_000;
const PASSING: ReadonlySet<string> = new Set(['INDEX_LOCKED', 'DISK_FULL']);

type Emit = (event: WatchEvent) => void;

/**
 * Brings the index up to date and follows its folders until `signal` is raised; then the batch in hand is brought to its end.
 *
 * @throws SandglassError INDEX_WATCHED, INDEX_READ_ONLY, NOTHING_INDEXED, FILE_VANISHED (a folder that never was), INDEX_DAMAGED;
 *   ABORTED when stopped before the index was up to date
 */
export async function watchFolders(
  workspace: Workspace,
  options: WatchOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<void> {
  const { debounceMs = DEBOUNCE_MS, rescanMinutes = RESCAN_MINUTES } = options;
  demandAtLeast('debounceMs', debounceMs, 10);
  demandAtLeast('rescanMinutes', rescanMinutes, 0);
  const lock = await acquireWatchLock(workspace.layout);
  const watch = new Watch(workspace, { ...options, debounceMs }, emit);
  try {
    const summary = await watch.bringUpToDate(signal);
    await watch.keepUp();
    // What happened before the folders were followed.
    const meanwhile = await watch.lookAtAll(signal);
    emit({ phase: 'ready', summary, folders: watch.folders });
    meanwhile();
    await watch.run(rescanMinutes * 60_000, signal);
  } finally {
    await watch.close();
    lock.release();
  }
}

class Watch {
  readonly #workspace: Workspace;
  readonly #options: WatchOptions & { readonly debounceMs: number };
  readonly #emit: Emit;
  /** Paths of the roots that were asked for; undefined for all. */
  #wanted: ReadonlySet<string> | undefined;
  readonly #roots = new Map<number, WatchedRoot>();
  #wake = (): void => {};
  /** What the last look at everything came to. */
  #summary: AddSummary | undefined;
  /** The last batch could not be stored, and that was said. */
  #isHeldUp = false;
  #isRunning = false;
  /** Why items of vanished files are kept, by root, as it was said last. */
  readonly #refused = new Map<number, string>();

  constructor(workspace: Workspace, options: WatchOptions & { readonly debounceMs: number }, emit: Emit) {
    this.#workspace = workspace;
    this.#options = options;
    this.#emit = emit;
  }

  get folders() {
    return [...this.#roots.values()].map(({ folder }) => folder);
  }

  /** All that `sandglass index` does; waits for another writer as long as it takes. */
  async bringUpToDate(signal: AbortSignal): Promise<AddSummary> {
    const { paths = [], train, seed, quality, threads } = this.#options;
    const settings = {
      ...(train === undefined ? {} : { train }),
      ...(seed === undefined ? {} : { seed }),
      ...(quality === undefined ? {} : { quality }),
      ...(threads === undefined ? {} : { threads }),
    };
    // What was taken out of the index meanwhile is not put back.
    const known = this.#workspace.catalog.roots.list().map(({ path }) => path);
    const before = this.#wanted === undefined ? paths : known.filter((path) => this.#wanted!.has(path));
    for (let told = false; ; told = true) {
      let summary: AddSummary | undefined;
      try {
        await bringUpToDate(
          this.#workspace,
          before,
          { ...settings, waitSeconds: told ? 3_600 : 0 },
          (event) => {
            if (event.phase === 'done') summary = event.summary;
            else this.#emit(event);
          },
          signal,
        );
      } catch (error) {
        if (!(error instanceof SandglassError) || error.code !== 'INDEX_LOCKED') throw error;
        if (!told) this.#notice(`${error.message} Waiting for it.`);
        continue;
      }
      if (paths.length > 0) this.#wanted = new Set(summary!.roots.map(({ path }) => path));
      this.#summary = summary!;
      for (const root of this.#roots.values()) {
        root.resetLosses(this.#workspace.catalog);
        root.believe(summary!.roots.find(({ path }) => path === root.record.path));
      }
      return summary!;
    }
  }

  /** Follows the folders that are there, and are wanted, as they are to be walked now. */
  async keepUp(): Promise<void> {
    const { catalog, layout } = this.#workspace;
    const records = catalog.roots.list().filter(({ path }) => this.#wanted?.has(path) ?? true);
    for (const [id, root] of this.#roots) {
      const record = records.find((each) => each.id === id && each.path === root.record.path);
      if (record !== undefined && root.isWalkedBy(folderHabits(catalog, record))) continue;
      this.#roots.delete(id);
      await root.close();
    }
    for (const record of records) {
      let root = this.#roots.get(record.id);
      if (root === undefined) {
        root = new WatchedRoot(record, folderHabits(catalog, record), {
          debounceMs: this.#options.debounceMs,
          poll: this.#options.poll === true,
          isOwn: isBelow(layout.directory),
          wake: () => this.#wake(),
          onState: (folder) => this.#emit({ phase: 'folder', folder }),
        });
        root.resetLosses(this.#workspace.catalog);
        root.believe(this.#summary?.roots.find(({ path }) => path === record.path));
        this.#roots.set(record.id, root);
        if (this.#isRunning) root.changes.note('');
      }
      await root.keepUp();
    }
  }

  async run(rescanMs: number, signal: AbortSignal): Promise<void> {
    this.#isRunning = true;
    const last = lastBatchSignal(signal);
    let keptUpAt = performance.now();
    let scannedAt = performance.now();
    let retryAt = 0;
    try {
      while (!signal.aborted) {
        const now = performance.now();
        if (now - keptUpAt >= KEEP_UP_MS) {
          await this.keepUp();
          keptUpAt = performance.now();
        }
        if (rescanMs > 0 && now - scannedAt >= rescanMs) {
          if (this.#roots.size > 0) await this.#rescan(last.signal);
          scannedAt = performance.now();
        }
        if (now >= retryAt && !(await this.#batch(signal, last.signal))) retryAt = performance.now() + RETRY_MS;
        await this.#pause(signal);
      }
    } catch (error) {
      // The last batch took longer than it is waited for; what it had read is stored.
      if (!(signal.aborted && error instanceof SandglassError && error.code === 'ABORTED')) throw error;
    } finally {
      last.close();
    }
  }

  async close(): Promise<void> {
    for (const root of this.#roots.values()) await root.close();
    this.#roots.clear();
  }

  /** Stores what is another now than when all was looked at. @returns tells of it */
  async lookAtAll(signal: AbortSignal): Promise<() => void> {
    const began = performance.now();
    const work = [...this.#roots.values()].map((root) => ({ root, paths: [''], unsettled: new Set<string>() }));
    try {
      const found = await this.#store(work, signal, signal);
      return () => found && this.#tell(found, (performance.now() - began) / 1000);
    } catch (error) {
      if (!(error instanceof SandglassError) || !PASSING.has(error.code)) throw error;
      for (const { root } of work) root.changes.note('');
      return () => undefined;
    }
  }

  /** Until something happens, or watching ends; while paths wait, until the next look at them. */
  async #pause(signal: AbortSignal): Promise<void> {
    const waiting = [...this.#roots.values()].some(({ changes }) => changes.size > 0);
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, waiting ? TICK_MS : KEEP_UP_MS);
      signal.addEventListener('abort', end, { once: true });
      this.#wake = waiting ? () => {} : end;
      if (signal.aborted) end();
    });
  }

  /** A look at everything, as at the start: what the system did not tell of, encoders to train, graphs to build. */
  async #rescan(signal: AbortSignal): Promise<void> {
    const began = performance.now();
    const { added, changed, renamed, removed, failed, skipped, kept } = await this.bringUpToDate(signal);
    this.#tell(
      { added, changed, renamed, removed, failed: 0, skipped, kept },
      (performance.now() - began) / 1000,
      failed,
    );
  }

  /**
   * What stands still becomes one batch.
   *
   * @returns false when it is to be tried again in a while
   */
  async #batch(stop: AbortSignal, signal: AbortSignal): Promise<boolean> {
    const began = performance.now();
    const taken = [...this.#roots.values()].map((root) => ({ root, ...root.changes.take() }));
    const work = taken.filter(({ paths }) => paths.length > 0);
    if (work.length === 0) return true;
    try {
      const found = await this.#store(work, stop, signal);
      if (found !== undefined) this.#tell(found, (performance.now() - began) / 1000);
      this.#isHeldUp = false;
      return true;
    } catch (error) {
      if (!(error instanceof SandglassError) || !PASSING.has(error.code)) throw error;
      if (!this.#isHeldUp) this.#notice(`${error.message} The changes wait.`);
      this.#isHeldUp = true;
      for (const { root, paths } of work) for (const path of paths) root.changes.note(path);
      return false;
    }
  }

  async #store(work: readonly BatchWork[], stop: AbortSignal, signal: AbortSignal): Promise<Counts | undefined> {
    const stored = await storeBatch(this.#workspace, work, {
      settings: this.#options,
      lockMs: RETRY_MS,
      stop,
      signal,
      emit: this.#emit,
    });
    if (stored === undefined) return undefined;
    const { counts, scans } = stored;
    const sum = (of: (scan: FolderScan) => number) => scans.reduce((total, scan) => total + of(scan), 0);
    const kept = sum((scan) => (this.#isNews(scan) ? scan.kept : 0));
    return { ...counts, renamed: sum(({ renamed }) => renamed), removed: sum(({ removed }) => removed), kept };
  }

  /** Says that items of vanished files are kept; the same is said once. */
  #isNews({ root, refusal }: FolderScan): boolean {
    const said = this.#refused.get(root.id);
    if (refusal === undefined || refusal.message === said) return false;
    this.#refused.set(root.id, refusal.message);
    this.#notice(refusal.message);
    return true;
  }

  #tell(counts: Counts, seconds: number, stillFailing = 0): void {
    const { added, changed, renamed, removed, failed, skipped, kept } = counts;
    if (added + changed + renamed + removed + failed + kept === 0) return;
    const batch: WatchBatch = {
      schema: 1,
      added,
      changed,
      renamed,
      removed,
      failed: failed + stillFailing,
      skipped,
      kept,
      at: new Date().toISOString(),
      seconds,
    };
    this.#emit({ phase: 'batch', batch });
  }

  #notice(text: string): void {
    this.#emit({ phase: 'notice', text });
  }
}

type Counts = Pick<WatchBatch, 'added' | 'changed' | 'renamed' | 'removed' | 'failed' | 'skipped' | 'kept'>;

function demandAtLeast(name: string, value: number, least: number): void {
  if (Number.isFinite(value) && value >= least) return;
  throw new RangeError(`Expected a number from ${least} on for ${name} but received ${value}.`);
}
