// Reads a column of many short blobs in a few large pieces: three times as fast as row by row, where each blob would become
// a JavaScript object of its own.
import { damagedCatalog } from './catalog-errors.ts';
import type { Database } from './database.ts';

/** Some rows, one after the other. */
export interface BlobPiece {
  /** What tells the rows apart, rising. */
  readonly keys: readonly number[];
  /** Item ids. */
  readonly ids: readonly number[];
  /** Tie keys of the items. */
  readonly ties: readonly number[];
  /** Bytes of each blob. */
  readonly lengths: readonly number[];
  /** The blobs, end to end. */
  readonly bytes: Uint8Array;
}

/** Which blobs, in the words of SQL. */
export interface BlobQuery {
  readonly table: string;
  /** The column of the blobs. */
  readonly blob: string;
  /** @default 'item_id' */
  readonly key?: string;
  /** A further table that the item's id comes from, where `table` has none: `passage ON passage.id = passage_id`. */
  readonly join?: string;
  readonly condition: string;
}

type PieceRow = readonly [keys: string, ids: string, ties: string, lengths: string, bytes: Uint8Array | null];

const ROWS_PER_PIECE = 4_096;

/**
 * Hands the rows of `table` where `condition` holds to `visit`, in order of their key. To be called inside `database.read`,
 * so that all pieces are of one state.
 */
export function readBlobs(
  database: Database,
  { table, blob, key = 'item_id', join, condition }: BlobQuery,
  values: readonly number[],
  visit: (piece: BlobPiece) => void,
): void {
  // In a UTF-8 database SQLite takes the bytes of a blob for text, and text for a blob, as they are (see CAST in its
  // manual), and joins texts by their lengths; the lengths beside them would betray it if that ever changed.
  const statement = database.prepareRaw<PieceRow>(
    `SELECT json_group_array(row_key), json_group_array(item_id), json_group_array(tie), json_group_array(length(bytes)),
       CAST(group_concat(CAST(bytes AS TEXT), '') AS BLOB)
     FROM (SELECT ${table}.${key} AS row_key, item.id AS item_id, item.tie AS tie, ${table}.${blob} AS bytes
       FROM ${table} ${join === undefined ? '' : `JOIN ${join}`} JOIN item ON item.id = item_id
       WHERE ${condition} AND ${table}.${key} > ? ORDER BY ${table}.${key} LIMIT ${ROWS_PER_PIECE})`,
  );
  let last = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const row = statement.get(...values, last);
    const keys = JSON.parse(row?.[0] ?? '[]') as number[];
    if (row === undefined || keys.length === 0) return;
    const lengths = JSON.parse(row[3]) as number[];
    const bytes = row[4] ?? new Uint8Array(0);
    let total = 0;
    for (const length of lengths) total += length;
    if (total !== bytes.length) {
      throw damagedCatalog(database.file, `${table} has blobs of ${total} bytes but ${bytes.length} could be read`);
    }
    visit({ keys, ids: JSON.parse(row[1]) as number[], ties: JSON.parse(row[2]) as number[], lengths, bytes });
    last = keys.at(-1)!;
  }
}
