// One folder of the index against what is on disk: what is new, changed, renamed, gone?
import { isAbsolute, relative, sep } from 'node:path';
import { SandglassError } from '../errors.ts';
import { compareFolder, pruneRefusal } from '../files/changes.ts';
import { rootIdentity, rootState } from '../files/root-identity.ts';
import { type WalkedFile, type WalkFailure, walk } from '../files/walk.ts';
import type { Catalog } from '../index/catalog.ts';
import type { RootRecord } from '../index/roots.ts';
import { findRenames } from './find-renames.ts';
import { folderHabits } from './folders.ts';

/** Failures that may pass without the file changing: tried again every time. */
const PASSING: ReadonlySet<string> = new Set([
  'FILE_UNREADABLE',
  'FILE_VANISHED',
  'FILE_CHANGED',
  'FILE_NOT_REGULAR',
  'READ_TIMEOUT',
]);

export interface FolderScan {
  readonly root: RootRecord;
  readonly state: 'online' | 'offline';
  /** Why the folder is taken for offline. */
  readonly reason?: string;
  /** Files to read: new ones, those whose size or time changed, and documents whose text is not stored. */
  readonly toRead: readonly WalkedFile[];
  readonly unchanged: number;
  readonly renamed: number;
  readonly removed: number;
  /** Files that failed before and have not changed. */
  readonly stillFailing: number;
  /** Vanished files whose items are kept, because too many vanished to be removed without the user's word. */
  readonly kept: number;
  readonly refusal?: SandglassError;
}

export interface ScanOptions {
  readonly prune: boolean;
  /** The index directory, which may lie among the files and is none of them. */
  readonly indexDirectory: string;
  readonly signal: AbortSignal;
  onFound(count: number): void;
}

/** Walks a root, stores renames and removals, and tells what is left to read. */
export async function scanFolder(catalog: Catalog, root: RootRecord, options: ScanOptions): Promise<FolderScan> {
  const known = catalog.items.byRoot(root.id);
  const { files, failures } = await listFiles(catalog, root, options);
  const state = await rootState(root.path, { identity: root.identity, itemCount: known.size }, files.length);
  const none = { toRead: [], unchanged: 0, renamed: 0, removed: 0, stillFailing: 0, kept: 0 };
  if (state.state === 'offline') {
    catalog.roots.setState(root.id, 'offline');
    return { root, state: 'offline', reason: state.message, ...none };
  }
  catalog.roots.put(root.path, await rootIdentity(root.path));

  const changes = compareFolder(
    known,
    files,
    failures.map(({ path }) => path),
  );
  const renames = findRenames(changes.added, changes.touched, changes.vanished, known);
  const incomplete = changes.unchanged.filter((file) => known.get(file.path)?.incomplete);
  const renamedFrom = new Set(renames.map(({ from }) => from));
  const renamedTo = new Set(renames.map(({ to }) => to));
  const gone = changes.vanished.filter((path) => !renamedFrom.has(path));
  const refusal = options.prune ? undefined : pruneRefusal(root.path, known.size, gone.length);

  const failed = new Map(catalog.failures.list(root.id).map((failure) => [failure.path, failure]));
  const isStillFailing = ({ path, size, mtimeMs }: WalkedFile): boolean => {
    const failure = failed.get(path);
    return failure !== undefined && failure.size === size && failure.mtimeMs === mtimeMs && !PASSING.has(failure.code);
  };
  const candidates = [...changes.added, ...changes.touched, ...incomplete].filter(({ path }) => !renamedTo.has(path));
  const toRead = candidates.filter((file) => !isStillFailing(file));
  const failing = new Set(candidates.filter(isStillFailing).map(({ path }) => path));

  catalog.write(() => {
    const byPath = new Map(files.map((file) => [file.path, file]));
    catalog.items.rename(renames.map(({ from, to }) => ({ id: known.get(from)!.id, rootId: root.id, path: to })));
    for (const { from, to } of renames) {
      const file = byPath.get(to)!;
      catalog.items.touch(known.get(from)!.id, file.size, file.mtimeMs);
    }
    if (!refusal) catalog.items.remove(gone.map((path) => known.get(path)!.id));
    catalog.failures.clear(
      root.id,
      [...failed.keys()].filter((path) => !failing.has(path)),
    );
    catalog.failures.put(
      failures.map(({ path, error }) => ({
        rootId: root.id,
        path,
        size: -1,
        mtimeMs: 0,
        code: error.code,
        message: error.message,
        at: Date.now(),
      })),
    );
  });

  return {
    root,
    state: 'online',
    toRead,
    unchanged: changes.unchanged.length - incomplete.length + changes.unseen.length,
    renamed: renames.length,
    removed: refusal ? 0 : gone.length,
    stillFailing: failing.size + failures.length,
    kept: refusal ? gone.length : 0,
    ...(refusal ? { refusal } : {}),
  };
}

async function listFiles(
  catalog: Catalog,
  root: RootRecord,
  { signal, indexDirectory, onFound }: ScanOptions,
): Promise<{ files: WalkedFile[]; failures: WalkFailure[] }> {
  const files: WalkedFile[] = [];
  const failures: WalkFailure[] = [];
  for await (const entry of walk(root.path, folderHabits(catalog, root).walk)) {
    if (signal.aborted) throw new SandglassError('ABORTED', 'Stopped while looking for files.');
    if (entry.type === 'file') {
      if (!isBelow(indexDirectory, entry.absolute)) files.push(entry);
    }
    // A root that cannot be walked at all is told by its state.
    else if (entry.path !== '') failures.push(entry);
    if (files.length % 1000 === 0) onFound(files.length);
  }
  onFound(files.length);
  return { files, failures };
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
