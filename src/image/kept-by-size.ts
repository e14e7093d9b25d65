// Tables that are made once for a size of picture and kept: sizes repeat within a folder.

/**
 * `make`, whose last results are kept.
 *
 * @param most how many are kept; beyond them the oldest goes
 */
export function keptBySize<Sizes extends readonly number[], Table>(
  most: number,
  make: (...sizes: Sizes) => Table,
): (...sizes: Sizes) => Table {
  const tables = new Map<string, Table>();
  return (...sizes) => {
    const key = sizes.join('>');
    const kept = tables.get(key);
    if (kept !== undefined) return kept;
    const made = make(...sizes);
    if (tables.size >= most) tables.delete(tables.keys().next().value as string);
    tables.set(key, made);
    return made;
  };
}
