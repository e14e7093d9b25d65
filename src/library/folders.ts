// The folders of an index: which one a path belongs to, and where an item lies on disk.
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { SandglassError } from '../errors.ts';
import { rootIdentity } from '../files/root-identity.ts';
import type { WalkOptions } from '../files/walk.ts';
import type { Catalog } from '../index/catalog.ts';
import type { ItemRecord } from '../index/items.ts';
import type { RootIdentity, RootRecord } from '../index/roots.ts';
import { moveKeptOut } from './kept-out.ts';

/** What is remembered of a folder beside its path. */
export interface FolderHabits {
  /** How it was walked the last time. */
  readonly walk: Pick<WalkOptions, 'glob' | 'exclude' | 'hidden' | 'noIgnore' | 'oneFileSystem'>;
  /** When the last run began that looked at all of it and came to its end, in milliseconds since 1970. */
  readonly indexedAt?: number;
  /** Folders in it where other disks are mounted. */
  readonly mounts?: readonly string[];
}

const habitsKey = ({ id }: RootRecord): string => `folder:${id}`;

export function folderHabits(catalog: Catalog, root: RootRecord): FolderHabits {
  return catalog.settings.get<FolderHabits>(habitsKey(root)) ?? { walk: {} };
}

/** Remembers what is given; all else stays as it was. */
export function rememberHabits(catalog: Catalog, root: RootRecord, habits: Partial<FolderHabits>): void {
  catalog.settings.set(habitsKey(root), { ...folderHabits(catalog, root), ...habits });
}

/** Where an item lies; a root that is a file is its own only item. */
export function absolutePath(root: RootRecord, itemPath: string): string {
  // A root that is not there now was the file when it has the item's name, as good as always.
  return itemPath === basename(root.path) && !isFolder(root.path) ? root.path : join(root.path, itemPath);
}

/**
 * The roots that a run is about: those of `paths`, or all when none is given. A path inside a known root is that root; a
 * folder that holds known roots takes them over, with their items – those that are offline when they are back.
 *
 * @throws SandglassError FILE_VANISHED for a path that is not there and never was, NOTHING_INDEXED when there is no root at all
 */
export async function rootsToIndex(
  catalog: Catalog,
  paths: readonly string[],
  notice: (text: string) => void,
): Promise<RootRecord[]> {
  const before = catalog.roots.list();
  if (paths.length === 0 && before.length === 0)
    throw new SandglassError('NOTHING_INDEXED', 'The index knows no folder yet. Name one: sandglass index <folder>');
  const wanted = new Map<string, RootIdentity | undefined>();
  for (const path of paths.length === 0 ? before.map((root) => root.path) : paths) {
    const absolute = before.some((root) => root.path === resolve(path)) ? resolve(path) : canonical(path);
    const holder = outermost(before.filter((root) => isWithin(root.path, absolute)));
    if (holder !== undefined && holder.path !== absolute && paths.length > 0)
      notice(`${absolute} lies in the indexed folder ${holder.path}: all of that folder is looked through.`);
    const identity = await rootIdentity(holder?.path ?? absolute);
    if (identity === undefined && holder === undefined) {
      throw new SandglassError('FILE_VANISHED', `Expected a folder or a file but there is nothing at ${absolute}.`, {
        path: absolute,
      });
    }
    wanted.set(holder?.path ?? absolute, identity);
  }
  for (const [path, identity] of wanted) catalog.write(() => takeOver(catalog, path, identity));
  return catalog.roots.list().filter((root) => wanted.has(root.path));
}

/** Adds a root where there is none yet, and moves the items of the roots in it under it. */
function takeOver(catalog: Catalog, path: string, identity: RootIdentity | undefined): void {
  const roots = catalog.roots.list();
  const root = roots.find((each) => each.path === path) ?? catalog.roots.put(path, identity);
  for (const inner of roots) {
    if (inner.id === root.id || !isWithin(path, inner.path) || !isThere(inner.path)) continue;
    const prefix = relative(path, isFolder(inner.path) ? inner.path : dirname(inner.path))
      .split(sep)
      .join('/');
    const below = (item: string) => (prefix === '' ? item : `${prefix}/${item}`);
    catalog.items.rename(
      [...catalog.items.byRoot(inner.id)].map(([item, { id }]) => ({ id, rootId: root.id, path: below(item) })),
    );
    moveKeptOut(catalog, inner, root, prefix);
    catalog.roots.remove(inner.id);
    catalog.settings.set(habitsKey(inner), undefined);
  }
}

function outermost(roots: readonly RootRecord[]): RootRecord | undefined {
  return [...roots].sort((a, b) => a.path.length - b.path.length)[0];
}

/** False for what is absent and for an empty folder, which a disk that is not mounted leaves behind. */
function isThere(path: string): boolean {
  try {
    return isFolder(path) ? readdirSync(path).length > 0 : statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The real path, or the path as it is when nothing is there (an offline root). */
function canonical(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** True for the folder itself and all in it; both absolute. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

export interface IndexedFile {
  readonly item: ItemRecord;
  readonly root: RootRecord;
}

/** What is indexed at an absolute path, in one of `roots`; undefined where nothing is. */
export function itemAt({ items }: Catalog, roots: readonly RootRecord[], path: string): IndexedFile | undefined {
  for (const root of roots) {
    if (!isWithin(root.path, path)) continue;
    const below = path === root.path ? basename(path) : relative(root.path, path).split(sep).join('/');
    const item = items.find(root.id, below);
    if (item !== undefined) return { item, root };
  }
  return undefined;
}

/** Where an item of the catalog lies. */
export function itemPath(
  catalog: Catalog,
  { rootId, path }: { readonly rootId: number; readonly path: string },
): string {
  const root = catalog.roots.list().find(({ id }) => id === rootId);
  if (root === undefined)
    throw new SandglassError('INDEX_DAMAGED', `An item names the folder ${rootId}, which the index does not know.`);
  return absolutePath(root, path);
}
