// Files that the user forgot and wants to be kept out of the index, though they are still in an indexed folder.
import { nameFilter } from '../files/name-filter.ts';
import type { Catalog } from '../index/catalog.ts';
import type { RootRecord } from '../index/roots.ts';

/** One file or folder by its path in the root, with '/', or all that match a pattern (see name-filter.ts). */
export type KeptOut = { readonly path: string } | { readonly pattern: string };

const key = ({ id }: Pick<RootRecord, 'id'>): string => `kept-out:${id}`;

export function keptOut(catalog: Catalog, root: Pick<RootRecord, 'id'>): readonly KeptOut[] {
  return catalog.settings.get<readonly KeptOut[]>(key(root)) ?? [];
}

export function rememberKeptOut(catalog: Catalog, root: Pick<RootRecord, 'id'>, entries: readonly KeptOut[]): void {
  const distinct = [...new Map(entries.map((entry) => [textOf(entry), entry])).values()];
  catalog.settings.set(key(root), distinct.length === 0 ? undefined : distinct);
}

/** Tells which paths of a root are kept out. */
export function isKeptOut(entries: readonly KeptOut[]): (path: string) => boolean {
  if (entries.length === 0) return () => false;
  const paths = new Set(entries.flatMap((entry) => ('path' in entry ? [entry.path] : [])));
  const { acceptsPath } = nameFilter(
    [],
    entries.flatMap((entry) => ('pattern' in entry ? [entry.pattern] : [])),
  );
  return (path) => {
    if (!acceptsPath(path) || paths.has(path)) return true;
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1))
      if (paths.has(path.slice(0, slash))) return true;
    return false;
  };
}

/** What was kept out of a root that another one takes over, in the paths of that one. @param prefix '' or a path in it */
export function moveKeptOut(catalog: Catalog, from: RootRecord, to: RootRecord, prefix: string): void {
  const moved = keptOut(catalog, from);
  if (moved.length === 0) return;
  const below = (path: string) => (prefix === '' ? path : `${prefix}/${path.replace(/^\//, '')}`);
  const entries = moved.map((entry): KeptOut => {
    if ('path' in entry) return { path: below(entry.path) };
    // A pattern without a slash is matched against names: it held in the inner folder alone.
    const anchored = entry.pattern.replace(/\/$/, '').includes('/');
    return { pattern: anchored ? below(entry.pattern) : below(`**/${entry.pattern}`) };
  });
  rememberKeptOut(catalog, to, [...keptOut(catalog, to), ...entries]);
  rememberKeptOut(catalog, from, []);
}

/** For a person: as it may be given to `sandglass forget`. */
export function textOf(entry: KeptOut): string {
  return 'path' in entry ? entry.path : entry.pattern;
}
