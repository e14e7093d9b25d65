// Which items have a size, a time, a language, a path?
import type { Database, SqlValue } from './database.ts';
import type { Kind } from './kind.ts';

/** What items have to be, all of it at once; what is absent is not asked. */
export interface ItemConditions {
  /** Bytes, both ends included. */
  readonly minSize?: number;
  readonly maxSize?: number;
  /** The file changed then or later. */
  readonly since?: Date;
  /** The file changed earlier. */
  readonly before?: Date;
  /** One of these, ISO 639; `und`: it cannot be told. Pictures have none. */
  readonly language?: readonly string[];
}

/**
 * Hands the id and the path of every item of a kind that meets the conditions to `visit`.
 *
 * @throws RangeError for a size below 0 or an invalid date
 */
export function eachItemThat(
  database: Database,
  kind: Kind,
  { minSize, maxSize, since, before, language }: ItemConditions,
  visit: (id: number, path: string) => void,
): void {
  const conditions = ['kind = ?'];
  const values: SqlValue[] = [kind];
  const demand = (condition: string, ...more: SqlValue[]): void => {
    conditions.push(condition);
    values.push(...more);
  };
  if (minSize !== undefined) demand('size >= ?', checkedSize(minSize, 'minSize'));
  if (maxSize !== undefined) demand('size <= ?', checkedSize(maxSize, 'maxSize'));
  if (since !== undefined) demand('mtime >= ?', checkedTime(since, 'since'));
  if (before !== undefined) demand('mtime < ?', checkedTime(before, 'before'));
  if (language !== undefined && language.length > 0)
    demand(
      `id IN (SELECT item_id FROM document WHERE language IN (${language.map(() => '?').join(', ')}))`,
      ...language,
    );
  database
    .prepareRaw<readonly [number, string]>(`SELECT id, path FROM item WHERE ${conditions.join(' AND ')}`)
    .each(([id, path]) => visit(id, path), ...values);
}

function checkedSize(size: number, name: string): number {
  if (size >= 0) return size;
  throw new RangeError(`Expected a size in bytes for ${name} but received ${size}`);
}

function checkedTime(date: Date, name: string): number {
  const time = date.getTime();
  if (!Number.isNaN(time)) return time;
  throw new RangeError(`Expected a valid Date for ${name}`);
}
