// A method that has no code of some items, beside methods that have: what it cannot find counts as found last.
import type { Catalog } from '../index/catalog.ts';
import type { Method } from '../methods/method.ts';

/** Below every cosine. */
const LAST = -2;

/**
 * `method` over every item of its kind, those that it has no code of behind all others; itself where it has all codes. For
 * comparisons, which score every item: what it finds stays as it is.
 */
export function lackingLast(catalog: Catalog, method: Method): Method {
  const known = new Set(method.items.ids);
  const ids: number[] = [];
  const ties: number[] = [];
  catalog.items.each(({ id, tie }) => {
    if (known.has(id)) return;
    ids.push(id);
    ties.push(tie);
  }, method.kind);
  if (ids.length === 0) return method;
  const count = method.items.ids.length;
  const items = { ids: new Int32Array(count + ids.length), ties: new Uint32Array(count + ids.length) };
  items.ids.set(method.items.ids);
  items.ids.set(ids, count);
  items.ties.set(method.items.ties);
  items.ties.set(ties, count);
  return {
    ...method,
    items,
    scores(query) {
      const scores = new Float32Array(items.ids.length).fill(LAST);
      scores.set(method.scores(query));
      return scores;
    },
  };
}
