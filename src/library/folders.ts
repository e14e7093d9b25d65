// The folders of an index: which one a path belongs to, and where an item lies on disk.
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { SandglassError } from '../errors.ts';
import { rootIdentity } from '../files/root-identity.ts';
import type { WalkOptions } from '../files/walk.ts';
import type { Catalog } from '../index/catalog.ts';
import type { RootRecord } from '../index/roots.ts';

/** What is remembered of a folder beside its path: how it was walked the last time. */
export interface FolderHabits {
  readonly walk: Pick<WalkOptions, 'glob' | 'exclude' | 'hidden' | 'noIgnore'>;
}

export function folderHabits(catalog: Catalog, root: RootRecord): FolderHabits {
  return catalog.settings.get<FolderHabits>(`folder:${root.id}`) ?? { walk: {} };
}

export function rememberHabits(catalog: Catalog, root: RootRecord, habits: FolderHabits): void {
  catalog.settings.set(`folder:${root.id}`, habits);
}

/** Where an item lies; a root that is a file is its own only item. */
export function absolutePath(root: RootRecord, itemPath: string): string {
  return itemPath === basename(root.path) && isFile(root.path) ? root.path : join(root.path, itemPath);
}

/**
 * The roots that a run is about: those of `paths`, or all when none is given. A path inside a known root is that root; a
 * folder that holds known roots takes them over, with their items.
 *
 * @throws SandglassError FILE_VANISHED for a path that is not there and never was, NOTHING_INDEXED when there is no root at all
 */
export async function rootsToIndex(
  catalog: Catalog,
  paths: readonly string[],
  notice: (text: string) => void,
): Promise<RootRecord[]> {
  if (paths.length === 0) {
    const all = catalog.roots.list();
    if (all.length === 0)
      throw new SandglassError('NOTHING_INDEXED', 'The index knows no folder yet. Name one: sandglass index <folder>');
    return all;
  }
  const chosen = new Map<number, RootRecord>();
  for (const path of paths) {
    const absolute = canonical(path);
    const holder = catalog.roots.list().find((root) => isWithin(root.path, absolute));
    if (holder && holder.path !== absolute)
      notice(`${absolute} lies in the indexed folder ${holder.path}: all of that folder is looked through.`);
    const root = holder ?? (await addRoot(catalog, absolute));
    chosen.set(root.id, root);
  }
  return [...chosen.values()];
}

async function addRoot(catalog: Catalog, absolute: string): Promise<RootRecord> {
  const identity = await rootIdentity(absolute);
  if (identity === undefined) {
    throw new SandglassError('FILE_VANISHED', `Expected a folder or a file but there is nothing at ${absolute}.`, {
      path: absolute,
    });
  }
  return catalog.write(() => {
    const root = catalog.roots.put(absolute, identity);
    for (const inner of catalog.roots.list()) {
      if (inner.id === root.id || !isWithin(absolute, inner.path)) continue;
      const prefix = relative(absolute, isFile(inner.path) ? dirname(inner.path) : inner.path)
        .split(sep)
        .join('/');
      const below = (path: string) => (prefix === '' ? path : `${prefix}/${path}`);
      catalog.items.rename(
        [...catalog.items.byRoot(inner.id)].map(([path, { id }]) => ({ id, rootId: root.id, path: below(path) })),
      );
      catalog.roots.remove(inner.id);
    }
    return root;
  });
}

/** The real path, or the path as it is when nothing is there (an offline root). */
function canonical(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
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
