// Reads a column of many short blobs in a few large pieces: three times as fast as row by row, where each blob would become
// a JavaScript object of its own.
import { damagedCatalog } from './catalog-errors.ts';
import type { Database } from './database.ts';

/** Some rows, one after the other. */
export interface BlobPiece {
  /** Item ids, rising. */
  readonly ids: readonly number[];
  /** Tie keys of the items. */
  readonly ties: readonly number[];
  /** Bytes of each blob. */
  readonly lengths: readonly number[];
  /** The blobs, end to end. */
  readonly bytes: Uint8Array;
}

type PieceRow = readonly [ids: string, ties: string, lengths: string, bytes: Uint8Array | null];

const ROWS_PER_PIECE = 4_096;

/**
 * Hands the rows of `table` (columns `item_id` and `blob`, those where `condition` holds) to `visit`, in order of item.
 * To be called inside `database.read`, so that all pieces are of one state.
 */
export function readBlobs(
  database: Database,
  query: { readonly table: string; readonly blob: string; readonly condition: string },
  values: readonly number[],
  visit: (piece: BlobPiece) => void,
): void {
  const { table, blob, condition } = query;
  // In a UTF-8 database SQLite takes the bytes of a blob for text, and text for a blob, as they are (see CAST in its
  // manual), and joins texts by their lengths; the lengths beside them would betray it if that ever changed.
  const statement = database.prepareRaw<PieceRow>(
    `SELECT json_group_array(item_id), json_group_array(tie), json_group_array(length(bytes)),
       CAST(group_concat(CAST(bytes AS TEXT), '') AS BLOB)
     FROM (SELECT item_id, item.tie AS tie, ${table}.${blob} AS bytes
       FROM ${table} JOIN item ON item.id = ${table}.item_id
       WHERE ${condition} AND item_id > ? ORDER BY item_id LIMIT ${ROWS_PER_PIECE})`,
  );
  let last = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const row = statement.get(...values, last);
    const ids = JSON.parse(row?.[0] ?? '[]') as number[];
    if (row === undefined || ids.length === 0) return;
    const lengths = JSON.parse(row[2]) as number[];
    const bytes = row[3] ?? new Uint8Array(0);
    let total = 0;
    for (const length of lengths) total += length;
    if (total !== bytes.length) {
      throw damagedCatalog(database.file, `${table} has blobs of ${total} bytes but ${bytes.length} could be read`);
    }
    visit({ ids, ties: JSON.parse(row[1]) as number[], lengths, bytes });
    last = ids.at(-1)!;
  }
}
