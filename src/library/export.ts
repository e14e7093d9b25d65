// Writes an index as files that other programs read: JSON lines, NumPy arrays, ONNX models.
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SandglassError, throwIfAborted } from '../errors.ts';
import { Catalog } from '../index/catalog.ts';
import { type CodePlace, codePlaces } from '../index/catalog-check.ts';
import { readEncoder } from '../index/encoder-files.ts';
import { codeBytes } from '../index/encoder-table.ts';
import { sizeOf } from '../index/index-size.ts';
import type { IndexLayout } from '../index/layout.ts';
import { storedJson } from '../index/stored-json.ts';
import { present } from '../present.ts';
import {
  CODES_FOLDER,
  ENCODERS_FOLDER,
  EXPORT_FORMAT,
  EXPORT_VERSION,
  type ExportedItem,
  type ExportManifest,
  ITEMS_FILE,
  MANIFEST_FILE,
  VOCABULARY_FILE,
} from './export-format.ts';
import { folderHabits } from './folders.ts';
import { keptOut } from './kept-out.ts';
import { HashedFile, type NpyType, NpyWriter } from './npy-file.ts';
import { isLearned } from './verify.ts';
import { makeWholeFolder } from './whole-folder.ts';

export interface ExportOptions {
  /** With the texts of documents, as they were read. @default true */
  readonly text?: boolean;
  readonly signal?: AbortSignal;
  /** Told how many items, or codes, are written. */
  onProgress?(what: string, done: number, total: number): void;
}

export interface ExportSummary {
  readonly schema: 1;
  readonly directory: string;
  readonly items: number;
  /** The arrays of codes: name of the file, rows, and length of a row. */
  readonly codes: readonly { readonly file: string; readonly rows: number; readonly length: number }[];
  readonly encoders: number;
  readonly bytes: number;
  /** What is left out because it is damaged. */
  readonly notes: readonly string[];
  readonly seconds: number;
}

const PAGE = 256;
const CODES_PER_PAGE = 4_096;
/** Columns of the table of items that have a name of their own in an export, or none. */
const NAMED_COLUMNS = new Set(
  'id root_id path kind format size mtime hash tie title snippet width height words indexed_at'.split(' '),
);

/**
 * Exports an index as it is now, whatever others write meanwhile, to a folder that appears when it is whole. One item is in memory
 * at a time, and the words of the index.
 *
 * @throws SandglassError OUTPUT_EXISTS, OUTPUT_UNWRITABLE, DISK_FULL, INDEX_DAMAGED, ABORTED
 */
export async function exportIndex(
  layout: IndexLayout,
  destination: string,
  { text = true, signal, onProgress = () => {} }: ExportOptions = {},
): Promise<ExportSummary> {
  const began = performance.now();
  const written = await makeWholeFolder(destination, async (folder) => {
    using catalog = Catalog.open(layout, { snapshot: true });
    const progress = (what: string, done: number, total: number) => {
      throwIfAborted(signal, 'Stopped while exporting; nothing was left of the export.');
      onProgress(what, done, total);
    };
    return await new Exporter(layout, catalog, folder, progress).run(text);
  });
  return { schema: 1, directory: resolve(destination), ...written, seconds: (performance.now() - began) / 1000 };
}

type Written = Pick<ExportSummary, 'items' | 'codes' | 'encoders' | 'bytes' | 'notes'>;

class Exporter {
  readonly #layout: IndexLayout;
  readonly #catalog: Catalog;
  readonly #folder: string;
  readonly #progress: (what: string, done: number, total: number) => void;
  readonly #files: ExportManifest['files'] = {};
  readonly #notes: string[] = [];

  constructor(
    layout: IndexLayout,
    catalog: Catalog,
    folder: string,
    progress: (what: string, done: number, total: number) => void,
  ) {
    this.#layout = layout;
    this.#catalog = catalog;
    this.#folder = folder;
    this.#progress = progress;
  }

  async run(withText: boolean): Promise<Written> {
    const catalog = this.#catalog;
    await mkdir(join(this.#folder, CODES_FOLDER));
    const words = await this.#writeVocabulary();
    const items = await this.#writeItems(words, withText);
    const encoders = await this.#writeEncoders();
    const thumbnails = await this.#writeThumbnails();
    const roots = catalog.roots.list();
    const manifest: ExportManifest = {
      format: EXPORT_FORMAT,
      version: EXPORT_VERSION,
      created: new Date().toISOString(),
      items,
      text: withText,
      folders: roots.map((root) => ({
        path: root.path,
        state: root.state,
        ...(root.identity === undefined ? {} : { identity: root.identity }),
        habits: { ...folderHabits(catalog, root) },
        keptOut: [...keptOut(catalog, root)],
      })),
      encoders,
      thumbnails,
      settings: this.#settings(),
      decisions: catalog.decisions.list().map(({ hashes, verdict, at }) => ({ hashes: [...hashes], verdict, at })),
      files: this.#files,
    };
    await writeFile(join(this.#folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
    const lengths = encoders.flatMap(({ form, dimensions, codes }) =>
      codes.map(({ codes: file, rows }) => ({
        file,
        rows,
        length: form === 'float32' ? dimensions : codeBytes(form, dimensions),
      })),
    );
    const bytes = await sizeOf(this.#folder);
    const learned = encoders.filter(isLearned).length;
    return { items, codes: lengths, encoders: learned, bytes, notes: this.#notes };
  }

  /** What is decided for the index as a whole; what is remembered of folders goes with them. */
  #settings(): Record<string, unknown> {
    const rows = this.#catalog.database
      .prepareRaw<readonly [string, string]>(
        "SELECT key, value FROM setting WHERE key NOT LIKE 'folder:%' AND key NOT LIKE 'kept-out:%' AND key <> 'codes-found' ORDER BY key",
      )
      .all();
    return Object.fromEntries(
      rows.map(([key, value]) => [key, storedJson(value, `the setting ${key}`, this.#layout.catalog)]),
    );
  }

  /** @returns every word at the place of its id */
  async #writeVocabulary(): Promise<string[]> {
    const { ids, words } = this.#catalog.terms.vocabulary();
    const file = await HashedFile.create(join(this.#folder, VOCABULARY_FILE));
    const wordOf: string[] = [];
    for (const [i, word] of words.entries()) {
      wordOf[ids[i]!] = word;
      await file.write(Buffer.from(`${word}\n`));
    }
    this.#files[VOCABULARY_FILE] = await file.end();
    return wordOf;
  }

  async #writeItems(words: readonly string[], withText: boolean): Promise<number> {
    const catalog = this.#catalog;
    const { text, image } = catalog.items.counts();
    const folderOf = new Map(catalog.roots.list().map(({ id }, i) => [id, i]));
    const page = catalog.database.prepareRaw<readonly [number]>('SELECT id FROM item WHERE id > ? ORDER BY id LIMIT ?');
    const file = await HashedFile.create(join(this.#folder, ITEMS_FILE));
    try {
      let done = 0;
      for (let last = 0; ; ) {
        const ids = page.all(last, PAGE).map(([id]) => id);
        if (ids.length === 0) break;
        for (const id of ids)
          await file.write(Buffer.from(`${JSON.stringify(this.#item(id, folderOf, words, withText))}\n`));
        last = ids.at(-1)!;
        done += ids.length;
        this.#progress('items', done, text + image);
      }
      this.#files[ITEMS_FILE] = await file.end();
      return done;
    } finally {
      await file.close();
    }
  }

  #item(id: number, folderOf: ReadonlyMap<number, number>, words: readonly string[], withText: boolean): ExportedItem {
    const { database, items, documents, terms, passages, shingles } = this.#catalog;
    const {
      rootId,
      path,
      kind,
      format,
      size,
      mtimeMs,
      hash,
      indexedAt,
      title,
      snippet,
      width,
      height,
      words: n,
    } = items.get(id)!;
    const row = database.prepare<Record<string, string | number | null>>('SELECT * FROM item WHERE id = ?').get(id)!;
    const more = Object.entries(row).filter(([column, value]) => !NAMED_COLUMNS.has(column) && value !== null);
    const bag = terms.numbers(id);
    const parts = passages.of(id);
    const frames = this.#hasTable('frame')
      ? database.prepareRaw<readonly [number]>('SELECT ordinal FROM frame WHERE item_id = ? ORDER BY ordinal').all(id)
      : [];
    const hashes = shingles.get(id);
    const bagOf = (numbers: { ids: Uint32Array; counts: Uint16Array }) => ({
      terms: Array.from(numbers.ids, (term) => words[term]!),
      counts: Array.from(numbers.counts),
    });
    return {
      folder: folderOf.get(rootId)!,
      path,
      kind,
      format,
      size,
      modified: mtimeMs,
      indexed: indexedAt,
      hash,
      ...present({ title, snippet, width, height, words: n, document: documents.get(id) }),
      ...(more.length > 0 ? { more: Object.fromEntries(more) as Record<string, string | number> } : {}),
      ...present({ text: withText ? documents.text(id) : undefined }),
      ...(bag === undefined ? {} : { bag: bagOf(bag) }),
      ...(parts.length === 0
        ? {}
        : { passages: parts.map(({ id: part, start, end }) => ({ start, end, ...bagOf(passages.numbers(part)!) })) }),
      ...(frames.length === 0 ? {} : { frames: frames.map(([ordinal]) => ordinal) }),
      ...(hashes === undefined ? {} : { shingles: Array.from(hashes) }),
    };
  }

  async #writeEncoders(): Promise<ExportManifest['encoders']> {
    const encoders: ExportManifest['encoders'] = [];
    for (const record of this.#catalog.encoders.list()) {
      const { id, method, kind, fingerprint, form, dimensions, state, createdAt, info } = record;
      if (state === 'retired') continue;
      if (isLearned(record) && !(await this.#copyEncoder(method, fingerprint))) continue;
      const codes: ExportManifest['encoders'][number]['codes'] = [];
      // Two encoders of one method may be there while one takes the place of the other.
      const name = `${CODES_FOLDER}/${kind}-${method}${state === 'active' ? '' : `-${fingerprint.slice(0, 12)}`}`;
      for (const place of codePlaces(this.#catalog)) {
        const { table, of } = place;
        const rows = this.#count(`SELECT count(*) FROM ${table} WHERE encoder_id = ?`, id);
        if (rows === 0) continue;
        const stem = of === 'item' ? name : `${name}.${of}s`;
        const length = form === 'float32' ? dimensions : codeBytes(form, dimensions);
        await this.#writeArray(stem, form === 'float32' ? '<f4' : '|u1', [rows, length], placed(place, 'code'), id);
        codes.push({ of, rows, codes: `${stem}.npy`, numbers: `${stem}.rows.npy` });
      }
      encoders.push({ method, kind, fingerprint, form, dimensions, state, createdAt, info: { ...info }, codes });
    }
    return encoders;
  }

  async #copyEncoder(method: string, fingerprint: string): Promise<boolean> {
    try {
      const { files, directory } = await readEncoder(this.#layout, fingerprint);
      const to = join(this.#folder, ENCODERS_FOLDER, fingerprint);
      await mkdir(to, { recursive: true });
      for (const name of Object.keys(files)) await copyFile(join(directory, name), join(to, name));
      return true;
    } catch (error) {
      if (!(error instanceof SandglassError && error.code.startsWith('ENCODER_'))) throw error;
      this.#notes.push(`${method} is not in the export: ${error.message}`);
      return false;
    }
  }

  async #writeThumbnails(): Promise<ExportManifest['thumbnails']> {
    const thumbnails: ExportManifest['thumbnails'] = [];
    for (const { of, table } of [
      { of: 'item', table: 'thumbnail' },
      { of: 'frame', table: 'frame_thumbnail' },
    ]) {
      const rows = this.#hasTable(table) ? this.#count(`SELECT count(*) FROM ${table}`) : 0;
      if (rows === 0) continue;
      const stem = of === 'item' ? 'thumbnails' : `${of}-thumbnails`;
      await this.#writeArray(stem, '|u1', [rows, 3, 64, 64], placed({ table, of, key: `${of}_id` }, 'planes'));
      thumbnails.push({ of, rows, planes: `${stem}.npy`, numbers: `${stem}.rows.npy` });
    }
    return thumbnails;
  }

  /** Writes a column of blobs in the order of items and parts, and beside it which item, or part, each row is of. */
  async #writeArray(
    stem: string,
    type: NpyType,
    shape: readonly number[],
    sql: PlacedColumn,
    encoderId?: number,
  ): Promise<void> {
    const rows = shape[0]!;
    const [values, numbers] = [
      await NpyWriter.create(join(this.#folder, `${stem}.npy`), type, shape),
      await NpyWriter.create(join(this.#folder, `${stem}.rows.npy`), '<i4', [rows]),
    ];
    const page = this.#catalog.database.prepareRaw<readonly [number, number, Uint8Array | null]>(
      encoderId === undefined ? sql.all : sql.ofEncoder,
    );
    let number = 0;
    let done = 0;
    let last: readonly [number, number] = [-1, -1];
    for (;;) {
      const found = page.all(...(encoderId === undefined ? [] : [encoderId]), ...last, CODES_PER_PAGE);
      if (found.length === 0) break;
      const places = new Int32Array(found.length);
      let some = 0;
      for (const [, , blob] of found) {
        if (blob !== null) {
          places[some++] = number;
          await values.write(blob);
        }
        number++;
      }
      await numbers.write(new Uint8Array(places.buffer, 0, some * 4));
      done += some;
      this.#progress(stem, done, rows);
      const [first, second] = found.at(-1)!;
      last = [first, second];
    }
    this.#files[`${stem}.npy`] = await values.end();
    this.#files[`${stem}.rows.npy`] = await numbers.end();
  }

  #count(sql: string, ...values: number[]): number {
    return this.#catalog.database.prepareRaw<readonly [number]>(sql).get(...values)![0];
  }

  #hasTable(name: string): boolean {
    return this.#catalog.database.prepareRaw('SELECT 1 FROM sqlite_schema WHERE name = ?').get(name) !== undefined;
  }
}

interface PlacedColumn {
  readonly all: string;
  readonly ofEncoder: string;
}

/** Every item, or part, in the order of the export, with its blob or NULL: page after page. */
function placed({ table, key, of }: Omit<CodePlace, 'join'>, blob: string): PlacedColumn {
  const order = of === 'item' ? `${of}.id, 0` : `${of}.item_id, ${of}.ordinal`;
  const sql = (condition: string) =>
    `SELECT ${order}, ${table}.${blob} FROM ${of} LEFT JOIN ${table} ON ${table}.${key} = ${of}.id ${condition}
     WHERE (${order}) > (?, ?) ORDER BY ${of === 'item' ? 'item.id' : order} LIMIT ?`;
  return { all: sql(''), ofEncoder: sql(`AND ${table}.encoder_id = ?`) };
}
