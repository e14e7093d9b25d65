// Takes out of a catalog what checkCatalog found to be wrong, and saves what can be read of one whose pages are damaged.
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { syncFolder, unfinishedName } from '../atomic-file.ts';
import { SandglassError } from '../errors.ts';
import { Catalog } from './catalog.ts';
import { type CatalogFinding, codePlaces } from './catalog-check.ts';
import { MIGRATIONS } from './catalog-schema.ts';
import type { Database } from './database.ts';
import { type IndexLayout, indexLayout } from './layout.ts';

/** What is to be done after {@link dropFaults}, which cannot make anything. */
export interface RepairsLeft {
  /** Items whose words, passages and shingles are to be made anew from their texts. */
  readonly renew: readonly number[];
  /** Paths of the items that were removed: they are found again by the next indexing. */
  readonly removed: readonly { readonly rootId: number; readonly path: string }[];
}

/** Which row belongs to which, as the schema says. */
function references({ database }: Catalog): (readonly [table: string, column: string, parent: string])[] {
  return database
    .prepareRaw<readonly [string, string, string]>(
      `SELECT owner.name, link."from", link."table" FROM sqlite_schema AS owner, pragma_foreign_key_list(owner.name) AS link
       WHERE owner.type = 'table'`,
    )
    .all();
}

/** Removes all that is wrong, in one transaction. Pages that are damaged are not for this: see {@link salvageCatalog}. */
export function dropFaults(catalog: Catalog, findings: readonly CatalogFinding[]): RepairsLeft {
  const { database } = catalog;
  const places = codePlaces(catalog);
  const renew = new Set<number>();
  const removed: { rootId: number; path: string }[] = [];
  const removeItem = (id: number) => {
    const item = catalog.items.get(id);
    if (item !== undefined) removed.push({ rootId: item.rootId, path: item.path });
    catalog.items.remove([id]);
  };
  const each = (keys: CatalogFinding['keys'], sql: string) => {
    const statement = database.prepare(sql);
    for (const key of keys) statement.run(key);
  };
  catalog.write(() => {
    for (const { fault, keys, encoderId, of } of findings) {
      switch (fault) {
        case 'REFERENCE_BROKEN':
          for (const [table, column, parent] of references(catalog))
            database.prepare(`DELETE FROM ${table} WHERE ${column} NOT IN (SELECT id FROM ${parent})`).run();
          break;
        case 'SETTING_DAMAGED':
          each(keys, 'DELETE FROM setting WHERE key = ?');
          break;
        case 'FOLDER_DAMAGED':
          each(keys, 'UPDATE root SET identity = NULL WHERE id = ?');
          break;
        case 'ITEM_DAMAGED':
        case 'TEXT_DAMAGED':
          for (const id of keys) removeItem(id as number);
          break;
        case 'TIE_WRONG':
          // Nobody can say which of the two is right: without its time the file is read again.
          for (const id of keys) resetTie(database, id as number);
          break;
        case 'WORDS_DAMAGED':
        case 'PASSAGES_DAMAGED':
        case 'SHINGLES_DAMAGED':
          for (const id of keys) renew.add(id as number);
          break;
        case 'THUMBNAIL_DAMAGED':
          each(
            keys,
            `DELETE FROM ${of === 'frame' ? 'frame_thumbnail WHERE frame_id' : 'thumbnail WHERE item_id'} = ?`,
          );
          break;
        case 'ENCODER_DAMAGED':
          each(keys, 'DELETE FROM encoder WHERE id = ?');
          break;
        case 'CODE_DAMAGED':
        case 'CODE_STRAY': {
          const { table, key } = places.find((place) => place.of === of)!;
          const drop = database.prepare(`DELETE FROM ${table} WHERE encoder_id = ? AND ${key} = ?`);
          for (const id of keys) drop.run(encoderId!, id);
          break;
        }
      }
    }
    for (const id of renew) {
      if (catalog.documents.get(id) !== undefined) continue;
      renew.delete(id);
      removeItem(id);
    }
  });
  return { renew: [...renew], removed };
}

function resetTie(database: Database, id: number): void {
  const row = database.prepareRaw<readonly [Uint8Array]>('SELECT hash FROM item WHERE id = ?').get(id);
  if (row === undefined) return;
  database.prepare('UPDATE item SET tie = ?, mtime = 0 WHERE id = ?').run(Buffer.from(row[0]).readUInt32BE(), id);
}

/** Tables in the order of their references; those that are small are read from both ends. */
const SMALL: readonly (readonly [table: string, order: string])[] = [
  ['root', 'id'],
  ['encoder', 'id'],
  ['setting', 'key'],
  ['decision', 'hash_a, hash_b'],
  ['failure', 'root_id, path'],
];
const ROWS_PER_PIECE = 500;

export interface Salvage {
  /** The damaged file, which is kept. */
  readonly kept: string;
  /** Rows that could be read, by table. */
  readonly saved: Readonly<Record<string, number>>;
}

/**
 * Puts a new catalog in the place of one whose pages are damaged, with all rows of it that can be read. The damaged file stays
 * beside it under another name. Nobody else may have it open.
 */
export async function salvageCatalog(layout: IndexLayout): Promise<Salvage> {
  const half = unfinishedName(layout.catalog);
  const saved = saveRows(layout, half);
  const kept = layout.catalog.replace(
    /\.sqlite$/,
    `.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.sqlite`,
  );
  // The log goes with its database: beside another one it would be taken for that one's.
  for (const part of ['-wal', '-shm', ''])
    if (existsSync(layout.catalog + part)) await rename(layout.catalog + part, kept + part);
  await rename(half, layout.catalog);
  await syncFolder(layout.directory);
  return { kept, saved };
}

function saveRows(layout: IndexLayout, file: string): Record<string, number> {
  const catalog = Catalog.open({ ...indexLayout(layout.directory), catalog: file });
  const { database } = catalog;
  const saved: Record<string, number> = {};
  try {
    // Rows may have lost what they belong to; a later check removes them.
    database.prepare('PRAGMA foreign_keys = OFF').run();
    if (!attach(database, layout.catalog)) return saved;
    for (const [table, order] of SMALL) saved[table] = copySmall(catalog, table, order);
    for (const table of largeTables(database)) saved[table] = copyByRowid(catalog, table);
    for (const { table } of codePlaces(catalog)) saved[table] = copyCodes(catalog, table);
    database.prepare('DETACH damaged').run();
    return saved;
  } finally {
    catalog.close();
  }
}

/** All others but the codes and the identity, which is new. */
function largeTables(database: Database): string[] {
  const small = [...SMALL.map(([table]) => table), 'identity'];
  return database
    .prepareRaw<readonly [string]>(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND wr = 0",
    )
    .all()
    .map(([name]) => name)
    .filter((name) => !name.startsWith('sqlite_') && !small.includes(name));
}

/** @returns false when nothing of the file can be read, or it is not of this version */
function attach(database: Database, file: string): boolean {
  try {
    database.prepare('ATTACH ? AS damaged').run(file);
    const version = database.prepareRaw<readonly [number]>('PRAGMA damaged.user_version').get()?.[0];
    database.prepareRaw('SELECT count(*) FROM damaged.sqlite_schema').get();
    return version === MIGRATIONS.length;
  } catch {
    return false;
  }
}

/** Read outside of a transaction, which would not outlive the damage. */
function copySmall(catalog: Catalog, table: string, order: string): number {
  const { database } = catalog;
  const rows = new Map<string, readonly (string | number | Uint8Array | null)[]>();
  for (const direction of ['ASC', 'DESC']) {
    const by = order.replaceAll(/(\w+)/g, `$1 ${direction}`);
    orDamaged(() =>
      database
        .prepareRaw<readonly (string | number | Uint8Array | null)[]>(`SELECT * FROM damaged.${table} ORDER BY ${by}`)
        .each((row) => rows.set(JSON.stringify(row), row)),
    );
  }
  let copied = 0;
  catalog.write(() => {
    for (const row of rows.values()) {
      const insert = database.prepare(`INSERT OR IGNORE INTO main.${table} VALUES (${row.map(() => '?').join(', ')})`);
      copied += insertOr(() => insert.run(...row).changes);
    }
  });
  return copied;
}

/** Piece by piece from the first row on, and from the last one back; of a piece that cannot be read row by row. */
function copyByRowid(catalog: Catalog, table: string): number {
  const { database } = catalog;
  let copied = 0;
  for (const [comparison, direction, far] of [
    ['>', 'ASC', 'max'],
    ['<', 'DESC', 'min'],
  ] as const) {
    let last = comparison === '>' ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
    for (let size = ROWS_PER_PIECE; ; ) {
      const piece = `FROM damaged.${table} WHERE rowid ${comparison} ? ORDER BY rowid ${direction} LIMIT ${size}`;
      const end = orDamaged(() =>
        catalog.write(() => {
          const next = database
            .prepareRaw<readonly [number | null]>(`SELECT ${far}(id) FROM (SELECT rowid AS id ${piece})`)
            .get(last)?.[0];
          if (next === null || next === undefined) return null;
          copied += database.prepare(`INSERT OR IGNORE INTO main.${table} SELECT * ${piece}`).run(last).changes;
          return next;
        }),
      );
      if (end === null) break;
      if (end === undefined) {
        if (size === 1) break;
        size = 1;
        continue;
      }
      last = end;
    }
  }
  return copied;
}

/** Encoder by encoder: codes can be made anew, so one that cannot be read whole is left. */
function copyCodes(catalog: Catalog, table: string): number {
  let copied = 0;
  for (const [id] of catalog.database.prepareRaw<readonly [number]>('SELECT id FROM main.encoder').all()) {
    const sql = `INSERT OR IGNORE INTO main.${table} SELECT * FROM damaged.${table} WHERE encoder_id = ?`;
    copied += orDamaged(() => catalog.write(() => catalog.database.prepare(sql).run(id).changes)) ?? 0;
  }
  return copied;
}

/** What `work` gives; undefined when it comes upon damage, or upon rows that break a rule of their table. */
function orDamaged<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof SandglassError && thrown.code !== 'INDEX_DAMAGED') throw thrown;
    return undefined;
  }
}

/** Rows whose bytes were changed may break a rule of the table. */
function insertOr(insert: () => number): number {
  try {
    return insert();
  } catch (thrown) {
    if (thrown instanceof SandglassError) throw thrown;
    return 0;
  }
}
