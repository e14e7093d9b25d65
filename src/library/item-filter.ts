// Which items may be hits: by path, size, time and language.
import type { Kind } from '../features/feature.ts';
import type { Catalog } from '../index/catalog.ts';
import { eachItemThat, type ItemConditions } from '../index/item-filter.ts';

/** What hits have to be. A question with a filter has `k` hits wherever `k` items pass it, by every method. */
export interface ItemFilter extends ItemConditions {
  /** The path in its folder matches one of these patterns; `!pattern` leaves out. */
  readonly glob?: readonly string[];
}

/** Kept with the ids of a method, so that many questions with one filter look at the items once. */
const known = new WeakMap<Int32Array, { readonly key: string; readonly accept: (row: number) => boolean }>();

/**
 * Tells the rows that may be hits.
 *
 * @param ids the items of the rows
 * @returns undefined when all may be
 * @throws RangeError for a size below 0 or an invalid date
 */
export async function rowFilter(
  catalog: Catalog,
  ids: Int32Array,
  kind: Kind,
  { glob = [], ...conditions }: ItemFilter,
): Promise<((row: number) => boolean) | undefined> {
  const key = JSON.stringify([glob, conditions]);
  if (glob.length === 0 && Object.values(conditions).flat().length === 0) return undefined;
  const before = known.get(ids);
  if (before?.key === key) return before.accept;
  // Loaded when asked for: most questions need no patterns.
  const acceptsPath =
    glob.length === 0 ? () => true : (await import('../files/name-filter.ts')).nameFilter(glob, []).acceptsPath;
  const accepted = new Set<number>();
  eachItemThat(catalog.database, kind, conditions, (id, path) => {
    if (acceptsPath(path)) accepted.add(id);
  });
  const rows = Uint8Array.from(ids, (id) => Number(accepted.has(id)));
  const accept = (row: number): boolean => rows[row] === 1;
  known.set(ids, { key, accept });
  return accept;
}
