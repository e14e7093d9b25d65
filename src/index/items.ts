// The files that were indexed, with what belongs to each: words, text, passages, frames, thumbnail, codes.
import type { Code, CodeTable } from './codes.ts';
import type { Database, SqlValue } from './database.ts';
import type { DocumentTable, NewDocument } from './documents.ts';
import type { FrameTable } from './frames.ts';
import type { Kind } from './kind.ts';
import type { NewPassage, PassageTable } from './passages.ts';
import type { ShingleTable } from './shingles.ts';
import type { BagOfWords, TermTable } from './terms.ts';
import type { ThumbnailTable } from './thumbnails.ts';

/** What is known of a file without its features. */
export interface ItemFacts {
  readonly rootId: number;
  /** Relative to the root, with '/'. */
  readonly path: string;
  readonly kind: Kind;
  /** `markdown`, `jpeg`, … */
  readonly format: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970, exactly as `stat` says. */
  readonly mtimeMs: number;
  /** SHA-256 of the content, 64 hexadecimal digits. */
  readonly hash: string;
  readonly title?: string;
  readonly snippet?: string;
  /** Pixels, of a picture. */
  readonly width?: number;
  readonly height?: number;
  /** How many frames, pages or pictures a picture's file has; absent where an earlier version did not count them. */
  readonly frames?: number;
  /** The file of a picture is damaged: only a part of it was read. */
  readonly partial?: true;
  /** Words of a document, repeated ones counted again. */
  readonly words?: number;
}

/** A code of an item, a passage or a frame that is stored with it. */
export interface NewCode {
  readonly encoderId: number;
  readonly code: Code;
}

/** A frame of a picture, not the first one. */
export interface NewFrame {
  /** Its place in the file, from 1. */
  readonly ordinal: number;
  /** [3, 64, 64] bytes, while it waits for an encoder. */
  readonly thumbnail?: Uint8Array;
  readonly codes?: readonly NewCode[];
}

/** A file with its features, as it is stored. */
export interface NewItem extends ItemFacts {
  readonly bag?: BagOfWords;
  readonly document?: NewDocument;
  readonly passages?: readonly (NewPassage & { readonly codes?: readonly NewCode[] })[];
  /** Hashes of runs of words; distinct, rising. */
  readonly shingles?: Uint32Array;
  /** [3, 64, 64] bytes, while the picture waits for an encoder. */
  readonly thumbnail?: Uint8Array;
  readonly innerFrames?: readonly NewFrame[];
  /** How many frames were to be kept of a picture when it was read. @default 1 */
  readonly frameLimit?: number;
  readonly codes?: readonly NewCode[];
}

export interface ItemRecord extends ItemFacts {
  readonly id: number;
  /** First 4 bytes of the hash: the order of equal scores, see {@link tieKey}. */
  readonly tie: number;
  /** Milliseconds since 1970. */
  readonly indexedAt: number;
}

/** What decides whether a file must be read again. */
export interface StoredFile {
  readonly id: number;
  readonly size: number;
  readonly mtimeMs: number;
  /** SHA-256 of the content, 64 hexadecimal digits. */
  readonly hash: string;
  /**
   * True for what lacks something that is to be kept: a document without its text (a version that kept none has indexed it), a
   * picture of several frames of which fewer were to be kept when it was read.
   */
  readonly incomplete?: true;
}

export interface Rename {
  readonly id: number;
  readonly rootId: number;
  readonly path: string;
}

/** The key that orders items of equal score: it depends on the content alone, never on the order of indexing. */
export function tieKey(hash: string): number {
  return Number.parseInt(hash.slice(0, 8), 16);
}

interface ItemRow {
  readonly [column: string]: SqlValue;
}

const OPTIONAL = ['title', 'snippet', 'width', 'height', 'frames', 'words'] as const;
const SELECT = `SELECT id, root_id AS rootId, path, kind, format, size, mtime AS mtimeMs, hash, tie,
  ${OPTIONAL.join(', ')}, partial, indexed_at AS indexedAt FROM item`;
const PUT = `INSERT INTO item (root_id, path, kind, format, size, mtime, hash, tie, ${OPTIONAL.join(', ')}, partial,
    frame_limit, indexed_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (root_id, path) DO UPDATE SET kind = excluded.kind, format = excluded.format, size = excluded.size,
    mtime = excluded.mtime, hash = excluded.hash, tie = excluded.tie, partial = excluded.partial,
    frame_limit = excluded.frame_limit,
    indexed_at = CASE hash WHEN excluded.hash THEN indexed_at ELSE excluded.indexed_at END,
    ${OPTIONAL.map((column) => `${column} = excluded.${column}`).join(', ')}
  RETURNING id`;

interface FeatureTables {
  readonly terms: TermTable;
  readonly documents: DocumentTable;
  readonly passages: PassageTable;
  readonly shingles: ShingleTable;
  readonly thumbnails: ThumbnailTable;
  readonly frames: FrameTable;
  readonly frameThumbnails: ThumbnailTable;
  readonly codes: CodeTable;
  readonly passageCodes: CodeTable;
  readonly frameCodes: CodeTable;
}

export class ItemTable {
  readonly #database: Database;
  readonly #features: FeatureTables;

  constructor(database: Database, features: FeatureTables) {
    this.#database = database;
    this.#features = features;
  }

  /**
   * Stores files with their features in one transaction. A file whose path is known keeps its id; all that belonged to its
   * former content – words, text, passages, frames, thumbnail, codes of every encoder – is
   * replaced. A failure of the same path is forgotten.
   *
   * @returns the ids, in the order of `items`
   */
  put(items: readonly NewItem[]): number[] {
    const putCode = codeWriter(this.#features.codes);
    const putPassageCode = codeWriter(this.#features.passageCodes);
    const putFrameCode = codeWriter(this.#features.frameCodes);
    return this.#database.write(() =>
      items.map((item) => {
        const { terms, documents, passages, shingles, thumbnails, frames, frameThumbnails } = this.#features;
        const id = this.#putFacts(item);
        if (item.bag !== undefined) terms.put(id, item.bag);
        if (item.document !== undefined) documents.put(id, item.document);
        if (item.passages !== undefined && item.passages.length > 0) {
          const passageIds = passages.put(id, item.passages);
          item.passages.forEach(({ codes = [] }, i) => {
            for (const code of codes) putPassageCode(passageIds[i]!, code);
          });
        }
        if (item.shingles !== undefined) shingles.put(id, item.shingles);
        if (item.thumbnail !== undefined) thumbnails.put(id, item.thumbnail);
        for (const code of item.codes ?? []) putCode(id, code);
        if (item.innerFrames !== undefined && item.innerFrames.length > 0) {
          const frameIds = frames.put(id, item.innerFrames);
          item.innerFrames.forEach(({ thumbnail, codes = [] }, i) => {
            if (thumbnail !== undefined) frameThumbnails.put(frameIds[i]!, thumbnail);
            for (const code of codes) putFrameCode(frameIds[i]!, code);
          });
        }
        return id;
      }),
    );
  }

  /** Notes a new size and time of a file whose content is the same as before. */
  touch(id: number, size: number, mtimeMs: number): void {
    this.#database.write(() =>
      this.#database.prepare('UPDATE item SET size = ?, mtime = ? WHERE id = ?').run(size, mtimeMs, id),
    );
  }

  /** Renames files; they keep their features and codes. An item that stood at a new path, and stays there, is removed. */
  rename(renames: readonly Rename[]): void {
    const away = this.#database.prepare('UPDATE item SET path = char(0) || id WHERE id = ?');
    const clear = this.#database.prepare('DELETE FROM item WHERE root_id = ? AND path = ?');
    const move = this.#database.prepare('UPDATE item SET root_id = ?, path = ? WHERE id = ?');
    const forget = this.#database.prepare('DELETE FROM failure WHERE root_id = ? AND path = ?');
    this.#database.write(() => {
      // First all out of the way, so that two files may have changed names with each other.
      for (const { id } of renames) away.run(id);
      for (const { id, rootId, path } of renames) {
        clear.run(rootId, path);
        move.run(rootId, path, id);
        forget.run(rootId, path);
      }
    });
  }

  /** Removes items with all that belongs to them; unknown ids are no error. */
  remove(ids: Iterable<number>): void {
    const remove = this.#database.prepare('DELETE FROM item WHERE id = ?');
    this.#database.write(() => {
      for (const id of ids) remove.run(id);
    });
  }

  /**
   * Every file of a root by its path: what to compare a listing with.
   *
   * @param frameLimit how many frames of a picture are to be kept
   */
  byRoot(rootId: number, frameLimit = 1): Map<string, StoredFile> {
    const files = new Map<string, StoredFile>();
    this.#database
      .prepareRaw<readonly [string, number, number, number, string, number]>(
        `SELECT path, id, size, mtime, lower(hex(hash)),
           CASE kind WHEN 'text' THEN NOT EXISTS (SELECT 1 FROM document WHERE item_id = item.id)
             ELSE coalesce(frame_limit, 1) < ? AND coalesce(frames, 2) > 1 END
         FROM item WHERE root_id = ?`,
      )
      .each(
        ([path, id, size, mtimeMs, hash, incomplete]) => {
          files.set(path, { id, size, mtimeMs, hash, ...(incomplete === 1 ? { incomplete: true } : {}) });
        },
        frameLimit,
        rootId,
      );
    return files;
  }

  get(id: number): ItemRecord | undefined {
    const row = this.#database.prepare<ItemRow>(`${SELECT} WHERE id = ?`).get(id);
    return row && toRecord(row);
  }

  /** The items of these ids, in their order; ids of items that are gone are left out. */
  many(ids: Iterable<number>): ItemRecord[] {
    const found: ItemRecord[] = [];
    for (const id of ids) {
      const item = this.get(id);
      if (item !== undefined) found.push(item);
    }
    return found;
  }

  find(rootId: number, path: string): ItemRecord | undefined {
    const row = this.#database.prepare<ItemRow>(`${SELECT} WHERE root_id = ? AND path = ?`).get(rootId, path);
    return row && toRecord(row);
  }

  /** Ids of the item at a path of a root, and of all in the folder of that name. */
  idsBelow(rootId: number, path: string): number[] {
    // '0' is what comes after '/'.
    return this.#database
      .prepareRaw<readonly [number]>(
        'SELECT id FROM item WHERE root_id = ? AND (path = ? OR (path > ? AND path < ?)) ORDER BY path',
      )
      .all(rootId, path, `${path}/`, `${path}0`)
      .map(([id]) => id);
  }

  /** Items of exactly this content, by id. */
  findByHash(hash: string): ItemRecord[] {
    return this.#database.prepare<ItemRow>(`${SELECT} WHERE hash = ? ORDER BY id`).all(fromHex(hash)).map(toRecord);
  }

  /** SHA-256 of every content, in hexadecimal. */
  hashes(): string[] {
    return this.#database
      .prepareRaw<readonly [string]>('SELECT DISTINCT lower(hex(hash)) FROM item')
      .all()
      .map(([hash]) => hash);
  }

  /** Hands every item, or every one of a kind, to `visit`, in order of id. */
  each(visit: (item: ItemRecord) => void, kind?: Kind): void {
    const onRow = (row: ItemRow) => visit(toRecord(row));
    if (kind === undefined) this.#database.prepare<ItemRow>(`${SELECT} ORDER BY id`).each(onRow);
    else this.#database.prepare<ItemRow>(`${SELECT} WHERE kind = ? ORDER BY id`).each(onRow, kind);
  }

  /** Ids of `count` items of a kind, those with the lowest tie keys: a sample that depends on their contents alone. */
  lowestTies(kind: Kind, count: number): number[] {
    return this.#database
      .prepareRaw<readonly [number]>('SELECT id FROM item WHERE kind = ? ORDER BY tie, id LIMIT ?')
      .all(kind, count)
      .map(([id]) => id);
  }

  /** Whether there is an item of a kind: told at once, where counting looks at every item. */
  any(kind: Kind): boolean {
    return (
      this.#database.prepareRaw<readonly [number]>('SELECT 1 FROM item WHERE kind = ? LIMIT 1').get(kind) !== undefined
    );
  }

  /** Pictures of which only a part could be read, by id. */
  partial(): ItemRecord[] {
    return this.#database.prepare<ItemRow>(`${SELECT} WHERE partial = 1 ORDER BY id`).all().map(toRecord);
  }

  /** How many pictures are known to have several frames. */
  countWithFrames(): number {
    const count = this.#database.prepareRaw<readonly [number]>('SELECT count(*) FROM item WHERE frames > 1');
    return count.get()?.[0] ?? 0;
  }

  /** How many items of each kind there are, in one root or in all. */
  counts(rootId?: number): Record<Kind, number> {
    const counts = { text: 0, image: 0 };
    const where = rootId === undefined ? '' : 'WHERE root_id = ?';
    const rows = this.#database
      .prepareRaw<readonly [Kind, number]>(`SELECT kind, count(*) FROM item ${where} GROUP BY kind`)
      .all(...(rootId === undefined ? [] : [rootId]));
    for (const [kind, n] of rows) counts[kind] = n;
    return counts;
  }

  #putFacts(item: NewItem): number {
    const database = this.#database;
    const former = database
      .prepareRaw<readonly [number]>('SELECT id FROM item WHERE root_id = ? AND path = ?')
      .get(item.rootId, item.path);
    if (former !== undefined) {
      for (const table of ['item_terms', 'document', 'passage', 'frame', 'shingle', 'thumbnail', 'code']) {
        database.prepare(`DELETE FROM ${table} WHERE item_id = ?`).run(former[0]);
      }
    }
    database.prepare('DELETE FROM failure WHERE root_id = ? AND path = ?').run(item.rootId, item.path);
    const row = database
      .prepareRaw<readonly [number]>(PUT)
      .get(
        item.rootId,
        item.path,
        item.kind,
        item.format,
        item.size,
        item.mtimeMs,
        fromHex(item.hash),
        tieKey(item.hash),
        ...OPTIONAL.map((column) => item[column] ?? null),
        item.partial ? 1 : null,
        item.frameLimit ?? null,
        Date.now(),
      );
    return row![0];
  }
}

/** Stores codes of several encoders; for use inside one transaction. */
function codeWriter(table: CodeTable): (id: number, code: NewCode) => void {
  const writers = new Map<number, ReturnType<CodeTable['writer']>>();
  return (id, { encoderId, code }) => {
    let put = writers.get(encoderId);
    if (put === undefined) {
      put = table.writer(encoderId);
      writers.set(encoderId, put);
    }
    put(id, code);
  };
}

function fromHex(hash: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/i.test(hash)) {
    throw new TypeError(`Expected 64 hexadecimal digits for hash but received ${JSON.stringify(hash)}`);
  }
  return Buffer.from(hash, 'hex');
}

function toRecord(row: ItemRow): ItemRecord {
  const known = Object.entries(row).filter(([, value]) => value !== null);
  const record: Record<string, unknown> = Object.fromEntries(known);
  record.hash = Buffer.from(row.hash as Uint8Array).toString('hex');
  if (record.partial !== undefined) record.partial = true;
  return record as unknown as ItemRecord;
}
