// One folder of the index against what is on disk: what is new, changed, renamed, gone?
import { sep } from 'node:path';
import { SandglassError } from '../errors.ts';
import { compareFolder, isBelowAny, pruneRefusal } from '../files/changes.ts';
import { mountIsAway } from '../files/mounts.ts';
import { rootIdentity, rootState } from '../files/root-identity.ts';
import { type WalkedFile, type WalkFailure, walk, walkPaths } from '../files/walk.ts';
import type { Catalog } from '../index/catalog.ts';
import type { FailureRecord } from '../index/failures.ts';
import type { StoredFile } from '../index/items.ts';
import type { RootRecord } from '../index/roots.ts';
import { findRenames } from './find-renames.ts';
import { absolutePath, folderHabits, rememberHabits } from './folders.ts';
import { frameLimit } from './frames.ts';
import { isKeptOut, keptOut } from './kept-out.ts';

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
  /** Why the folder is taken for offline, or that a disk in it is away. */
  readonly reason?: string;
  /** Files to read: new ones, those whose size or time changed, and those that lack something that is to be kept. */
  readonly toRead: readonly (WalkedFile & { readonly known: StoredFile | undefined })[];
  readonly unchanged: number;
  readonly renamed: number;
  readonly removed: number;
  /** New and changed files that are older than `since` and were left. */
  readonly older: number;
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
  /** Look at these paths only, and below them. @default all of the root */
  readonly paths?: readonly string[];
  /** Files that are still being written: they stay as they are. */
  readonly unsettled?: ReadonlySet<string>;
  /** Read only files that changed (content, name or permissions) since then, in milliseconds since 1970; remove nothing. */
  readonly since?: number;
  /** Read every file, whatever size and time say. @default false */
  readonly rehash?: boolean;
  /** With `paths`: how many items the root had when all of it was looked at last, and how many were removed since. */
  readonly losses?: { readonly known: number; readonly removed: number };
  onFound?(count: number): void;
}

/** Walks a root, stores renames and removals, and tells what is left to read. */
export async function scanFolder(catalog: Catalog, root: RootRecord, options: ScanOptions): Promise<FolderScan> {
  const { found, why, known } = await lookAt(catalog, root, options);
  const none = { toRead: [], unchanged: 0, renamed: 0, removed: 0, older: 0, stillFailing: 0, kept: 0 };
  if (found === undefined) {
    catalog.roots.setState(root.id, 'offline');
    return { root, state: 'offline', reason: why, ...none };
  }
  const { files, failures, mounts } = found;
  const { since, rehash = false, prune, losses } = options;
  if (options.paths === undefined) catalog.roots.put(root.path, await rootIdentity(root.path));

  const away = prune ? [] : awayMounts(catalog, root, mounts);
  rememberMounts(catalog, root, [...mounts, ...away], options.paths === undefined);
  const hidden = [...failures.map(({ path }) => path), ...away];
  const changes = compareFolder(known, files, hidden);
  const isRecent = ({ mtimeMs, ctimeMs }: WalkedFile) => since === undefined || Math.max(mtimeMs, ctimeMs) >= since;
  const added = changes.added.filter(isRecent);
  const touched = changes.touched.filter(isRecent);
  const renames = findRenames(added, touched, changes.vanished, known);
  const again = changes.unchanged.filter((file) => rehash || (known.get(file.path)?.incomplete && isRecent(file)));
  const renamedFrom = new Set(renames.map(({ from }) => from));
  const renamedTo = new Set(renames.map(({ to }) => to));
  const gone = since === undefined ? changes.vanished.filter((path) => !renamedFrom.has(path)) : [];
  const refusal = prune
    ? undefined
    : pruneRefusal(root.path, losses?.known ?? known.size, gone.length + (losses?.removed ?? 0));

  const failed = failuresOf(catalog, root, options.paths);
  const isStillFailing = ({ path, size, mtimeMs }: WalkedFile): boolean => {
    const failure = failed.get(path);
    return failure?.size === size && failure.mtimeMs === mtimeMs && !PASSING.has(failure.code) && !rehash;
  };
  const candidates = [...added, ...touched, ...again].filter(({ path }) => !renamedTo.has(path));
  const toRead = candidates.filter((file) => !isStillFailing(file));
  const failing = new Set(candidates.filter(isStillFailing).map(({ path }) => path));
  const looked = new Set(toRead.map(({ path }) => path));
  const cleared = [...failed.keys()].filter((path) => !failing.has(path) && (since === undefined || looked.has(path)));

  if (renames.length + gone.length + cleared.length + failures.length > 0) {
    catalog.write(() => {
      const byPath = new Map(files.map((file) => [file.path, file]));
      catalog.items.rename(renames.map(({ from, to }) => ({ id: known.get(from)!.id, rootId: root.id, path: to })));
      for (const { from, to } of renames) {
        const file = byPath.get(to)!;
        catalog.items.touch(known.get(from)!.id, file.size, file.mtimeMs);
      }
      if (!refusal) catalog.items.remove(gone.map((path) => known.get(path)!.id));
      catalog.failures.clear(root.id, cleared);
      catalog.failures.put(failures.map((failure) => failureRecord(root, failure)));
    });
  }

  const reason = away.map((mount) => awayReason(root, mount, changes.unseen)).find((text) => text !== undefined);
  return {
    root,
    state: 'online',
    ...(reason === undefined ? {} : { reason }),
    // What stood at the path may have another name now.
    toRead: toRead.map((file) => ({ ...file, known: renamedFrom.has(file.path) ? undefined : known.get(file.path) })),
    unchanged: changes.unchanged.length - again.length + changes.unseen.length,
    renamed: renames.length,
    removed: refusal ? 0 : gone.length,
    older: changes.added.length - added.length + changes.touched.length - touched.length,
    stillFailing: failing.size + failures.length,
    kept: refusal ? gone.length : 0,
    ...(refusal ? { refusal } : {}),
  };
}

/**
 * Whether a scan of some paths would come to anything; the catalog is only read.
 *
 * @param options with `paths`
 */
export async function hasChanges(catalog: Catalog, root: RootRecord, options: ScanOptions): Promise<boolean> {
  const { found, known } = await lookAt(catalog, root, options);
  if (found === undefined || found.failures.length > 0) return true;
  const { added, touched, vanished } = compareFolder(known, found.files);
  return added.length + touched.length + vanished.length + failuresOf(catalog, root, options.paths).size > 0;
}

interface Found {
  readonly files: readonly WalkedFile[];
  readonly failures: readonly WalkFailure[];
  /** Folders where other disks are mounted. */
  readonly mounts: readonly string[];
}

type Look = {
  /** Without files that are still being written, of which nothing is said. */
  readonly known: ReadonlyMap<string, StoredFile>;
} & ({ readonly found: Found; readonly why?: undefined } | { readonly found?: undefined; readonly why: string });

/** What is there, and what is known of it; why the root is taken for offline where nothing of it is to be believed. */
async function lookAt(catalog: Catalog, root: RootRecord, options: ScanOptions): Promise<Look> {
  const found = await listFiles(catalog, root, options);
  if (options.paths === undefined) {
    const known = catalog.items.byRoot(root.id, frameLimit(catalog));
    const state = await rootState(root.path, { identity: root.identity, itemCount: known.size }, found.files.length);
    return state.state === 'offline' ? { known, why: state.message } : { known, found };
  }
  const known = without(knownAt(catalog, root, options.paths, found.files), options.unsettled);
  const now = await rootIdentity(root.path);
  return now?.inode === root.identity?.inode && now?.device === root.identity?.device
    ? { known, found }
    : { known, why: `Another folder stands at ${root.path} than before, or none.` };
}

function without(known: Map<string, StoredFile>, paths: Iterable<string> = []): Map<string, StoredFile> {
  for (const path of paths) known.delete(path);
  return known;
}

/** What the catalog has at some paths and below them, and where files were found. */
function knownAt(
  catalog: Catalog,
  root: RootRecord,
  paths: readonly string[],
  files: readonly WalkedFile[],
): Map<string, StoredFile> {
  const known = new Map<string, StoredFile>();
  for (const item of catalog.items.many(paths.flatMap((path) => catalog.items.idsBelow(root.id, path))))
    known.set(item.path, item);
  for (const { path } of files) {
    if (known.has(path)) continue;
    const item = catalog.items.find(root.id, path);
    if (item !== undefined) known.set(path, item);
  }
  return known;
}

function failuresOf(catalog: Catalog, root: RootRecord, paths: readonly string[] = ['']): Map<string, FailureRecord> {
  const asked = new Set(paths);
  const failures = catalog.failures.list(root.id).filter(({ path }) => isBelowAny(path, asked));
  return new Map(failures.map((failure) => [failure.path, failure]));
}

function failureRecord(root: RootRecord, { path, error }: WalkFailure): FailureRecord {
  const { code, message } = error;
  return { rootId: root.id, path, size: -1, mtimeMs: 0, code, message, at: Date.now() };
}

/** Folders where a disk was mounted that is away now. */
function awayMounts(catalog: Catalog, root: RootRecord, mounted: readonly string[]): string[] {
  const remembered = folderHabits(catalog, root).mounts ?? [];
  return remembered.filter((path) => !mounted.includes(path) && mountIsAway(root.path, path));
}

function rememberMounts(catalog: Catalog, root: RootRecord, mounts: readonly string[], all: boolean): void {
  const before = folderHabits(catalog, root).mounts ?? [];
  const now = [...new Set(all ? mounts : [...before, ...mounts])].sort();
  if (now.join('\0') !== before.join('\0')) rememberHabits(catalog, root, { mounts: now });
}

function awayReason(root: RootRecord, mount: string, unseen: readonly string[]): string | undefined {
  const items = unseen.filter((path) => path.startsWith(`${mount}/`)).length;
  if (items === 0) return undefined;
  const where = absolutePath(root, mount);
  return `The disk that was mounted at ${where} is not there: its ${items} items are kept. To remove them: sandglass index --prune`;
}

async function listFiles(catalog: Catalog, root: RootRecord, options: ScanOptions): Promise<Found> {
  const { signal, indexDirectory, paths, unsettled, onFound } = options;
  const files: WalkedFile[] = [];
  const failures: WalkFailure[] = [];
  const mounts: string[] = [];
  const isLeftOut = isKeptOut(keptOut(catalog, root));
  const rules = { ...folderHabits(catalog, root).walk, onMount: (path: string) => mounts.push(path) };
  const isOwn = isBelow(indexDirectory);
  for await (const entry of paths === undefined ? walk(root.path, rules) : walkPaths(root.path, paths, rules)) {
    if (signal.aborted) throw new SandglassError('ABORTED', 'Stopped while looking for files.');
    if (entry.type === 'file') {
      if (!isOwn(entry.absolute) && !isLeftOut(entry.path) && !unsettled?.has(entry.path)) files.push(entry);
    }
    // A root that cannot be walked at all is told by its state.
    else if (entry.path !== '') failures.push(entry);
    if (files.length % 1000 === 0) onFound?.(files.length);
  }
  onFound?.(files.length);
  return { files, failures, mounts };
}

/** Tells whether a path (absolute) is a folder or in it. */
export function isBelow(folder: string): (path: string) => boolean {
  const inside = folder.endsWith(sep) ? folder : `${folder}${sep}`;
  return (path) => path === folder || path.startsWith(inside);
}
