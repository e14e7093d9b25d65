// Makes an index of what was exported.
import { createReadStream, lstatSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import type { ZodType } from 'zod';
import { SandglassError, throwIfAborted } from '../errors.ts';
import { Catalog } from '../index/catalog.ts';
import { type EncoderFiles, storeEncoder } from '../index/encoder-files.ts';
import { codeBytes } from '../index/encoder-table.ts';
import { fileHash } from '../index/hnsw.ts';
import type { NewItem } from '../index/items.ts';
import { createIndexDirectory, type IndexLayout } from '../index/layout.ts';
import { errnoOf } from '../output-error.ts';
import {
  ENCODERS_FOLDER,
  type ExportedItem,
  type ExportManifest,
  exportedItem,
  exportManifest,
  ITEMS_FILE,
  MANIFEST_FILE,
  VOCABULARY_FILE,
} from './export-format.ts';
import { type FolderHabits, rememberHabits } from './folders.ts';
import { rememberKeptOut } from './kept-out.ts';
import { NpyReader } from './npy-file.ts';
import { isLearned } from './verify.ts';
import { makeWholeFolder } from './whole-folder.ts';

export interface ImportIndexOptions {
  readonly signal?: AbortSignal;
  onProgress?(what: string, done: number, total: number): void;
}

export interface ImportedIndex {
  readonly schema: 1;
  /** The index that was made. */
  readonly directory: string;
  readonly items: number;
  readonly codes: number;
  readonly encoders: number;
  readonly seconds: number;
}

const BATCH = 256;
const CODES_PER_BATCH = 4_096;
/** The same as of texts that are read, see keep-text.ts. */
const DEFLATE_LEVEL = 4;

/**
 * Makes an index in `directory`, where nothing may be, of an export. It answers as the exported one did.
 *
 * @throws SandglassError EXPORT_INVALID with the file and what is wrong in it; OUTPUT_EXISTS, OUTPUT_UNWRITABLE, DISK_FULL, ABORTED
 */
export async function importIndex(
  source: string,
  directory: string,
  { signal, onProgress = () => {} }: ImportIndexOptions = {},
): Promise<ImportedIndex> {
  const began = performance.now();
  const from = resolve(source);
  const progress = (what: string, done: number, total: number) => {
    throwIfAborted(signal, 'Stopped while importing; nothing was left of the new index.');
    onProgress(what, done, total);
  };
  const manifest = await readManifest(from);
  const counts = await makeWholeFolder(directory, async (folder) => {
    await checkFiles(from, manifest, progress);
    const layout = createIndexDirectory(folder);
    using catalog = Catalog.open(layout);
    const importer = new Importer(from, manifest, layout, catalog, progress);
    return await importer.run();
  });
  const seconds = (performance.now() - began) / 1000;
  return { schema: 1, directory: resolve(directory), ...counts, seconds };
}

function invalid(path: string, what: string, cause?: unknown): SandglassError {
  return new SandglassError('EXPORT_INVALID', `${path} ${what}. Export the index again with: sandglass export`, {
    path,
    cause,
  });
}

async function readManifest(from: string): Promise<ExportManifest> {
  const path = join(from, MANIFEST_FILE);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') throw invalid(from, `holds no export: there is no ${MANIFEST_FILE}`, thrown);
    throw invalid(path, `cannot be read (${(thrown as Error).message})`, thrown);
  }
  return checked(exportManifest, value, path);
}

function checked<T>(schema: ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(where, `is not what was written: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** Every file is there and as it was written, before anything is made of it. */
async function checkFiles(
  from: string,
  { files }: ExportManifest,
  progress: (what: string, done: number, total: number) => void,
): Promise<void> {
  const all = Object.entries(files);
  for (const [i, [name, { bytes, sha256 }]] of all.entries()) {
    progress('files', i, all.length);
    const path = join(from, name);
    const size = lstatSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) throw invalid(path, 'is not there');
    if (size !== bytes) throw invalid(path, `has ${size} bytes instead of ${bytes}`);
    if ((await fileHash(path)) !== sha256) throw invalid(path, 'has other content than was written');
  }
}

class Importer {
  readonly #from: string;
  readonly #manifest: ExportManifest;
  readonly #layout: IndexLayout;
  readonly #catalog: Catalog;
  readonly #progress: (what: string, done: number, total: number) => void;

  constructor(
    from: string,
    manifest: ExportManifest,
    layout: IndexLayout,
    catalog: Catalog,
    progress: (what: string, done: number, total: number) => void,
  ) {
    this.#from = from;
    this.#manifest = manifest;
    this.#layout = layout;
    this.#catalog = catalog;
    this.#progress = progress;
  }

  async run(): Promise<Pick<ImportedIndex, 'items' | 'codes' | 'encoders'>> {
    const { settings, decisions } = this.#manifest;
    const roots = this.#putFolders();
    await this.#putWords();
    const items = await this.#putItems(roots);
    let codes = 0;
    let encoders = 0;
    for (const encoder of this.#manifest.encoders) {
      codes += await this.#putEncoder(encoder);
      if (isLearned(encoder)) encoders++;
    }
    await this.#putThumbnails();
    this.#catalog.write(() => {
      for (const [key, value] of Object.entries(settings)) this.#catalog.settings.set(key, value);
      for (const { hashes, verdict, at } of decisions)
        this.#run('INSERT OR REPLACE INTO decision (hash_a, hash_b, verdict, at) VALUES (?, ?, ?, ?)', [
          ...hashes.map((hash) => Buffer.from(hash, 'hex')),
          verdict,
          at,
        ]);
    });
    return { items, codes, encoders };
  }

  /** @returns the root ids, in the order of the manifest */
  #putFolders(): number[] {
    const catalog = this.#catalog;
    return catalog.write(() =>
      this.#manifest.folders.map(({ path, state, identity, habits, keptOut }) => {
        const root = catalog.roots.put(path, identity);
        catalog.roots.setState(root.id, state);
        if (keptOut !== undefined) rememberKeptOut(catalog, root, keptOut);
        if (habits !== undefined) rememberHabits(catalog, root, habits as unknown as FolderHabits);
        return root.id;
      }),
    );
  }

  /** In the order of the file, so that words that are summed up in the order of their ids still are. */
  async #putWords(): Promise<void> {
    const path = join(this.#from, VOCABULARY_FILE);
    const put = this.#catalog.database.prepare('INSERT OR IGNORE INTO term (word) VALUES (?)');
    for await (const words of batches(linesOf(path), CODES_PER_BATCH))
      this.#catalog.write(() => {
        for (const word of words) put.run(word);
      });
  }

  async #putItems(roots: readonly number[]): Promise<number> {
    const path = join(this.#from, ITEMS_FILE);
    let done = 0;
    for await (const lines of batches(linesOf(path), BATCH)) {
      const items = lines.map((line, i) => this.#read(line, `${path}, line ${done + i + 1},`));
      this.#catalog.write(() => {
        const ids = this.#catalog.items.put(items.map((item) => toItem(item, roots)));
        items.forEach((item, i) => {
          this.#putRest(ids[i]!, item);
        });
      });
      done += lines.length;
      this.#progress('items', done, this.#manifest.items);
    }
    if (done !== this.#manifest.items) throw invalid(path, `has ${done} lines instead of ${this.#manifest.items}`);
    return done;
  }

  #read(line: string, where: string): ExportedItem {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (thrown) {
      throw invalid(where, 'is no JSON', thrown);
    }
    const item = checked(exportedItem, value, where);
    if (item.folder >= this.#manifest.folders.length)
      throw invalid(where, `names the folder ${item.folder}, which there is none of`);
    return item;
  }

  /** What only the catalog itself knows how to store. */
  #putRest(id: number, { indexed, more = {}, frames = [] }: ExportedItem): void {
    this.#run('UPDATE item SET indexed_at = ? WHERE id = ?', [indexed, id]);
    for (const [column, value] of Object.entries(more))
      if (this.#columns.has(column)) this.#run(`UPDATE item SET ${column} = ? WHERE id = ?`, [value, id]);
    if (this.#columns.has('frames'))
      for (const ordinal of frames) this.#run('INSERT INTO frame (item_id, ordinal) VALUES (?, ?)', [id, ordinal]);
  }

  get #columns(): ReadonlySet<string> {
    this.#knownColumns ??= new Set(
      this.#catalog.database
        .prepareRaw<readonly [string]>("SELECT name FROM pragma_table_info('item')")
        .all()
        .map(([name]) => name),
    );
    return this.#knownColumns;
  }
  #knownColumns: ReadonlySet<string> | undefined;

  async #putEncoder(encoder: ExportManifest['encoders'][number]): Promise<number> {
    const { method, kind, fingerprint, form, dimensions, state, createdAt, info, codes } = encoder;
    if (isLearned(encoder)) {
      const stored = await storeEncoder(this.#layout, await this.#encoderFiles(fingerprint));
      if (stored !== fingerprint)
        throw invalid(join(this.#from, ENCODERS_FOLDER, fingerprint), 'is not what its name says');
    }
    const { id } = this.#catalog.encoders.add({ method, kind, fingerprint, form, dimensions, info });
    const length = form === 'float32' ? dimensions : codeBytes(form, dimensions);
    let done = 0;
    for (const { of, rows, codes: file, numbers } of codes) {
      const ids = this.#idsOf(of);
      const [table, key] = of === 'item' ? ['code', 'item_id'] : [`${of}_code`, `${of}_id`];
      const put = this.#catalog.database.prepare(
        `INSERT INTO ${table} (encoder_id, ${key}, code) VALUES (${id}, ?, ?)`,
      );
      const type = form === 'float32' ? '<f4' : '|u1';
      await this.#eachRow(file, numbers, type, [rows, length], ids, (row, blob) => put.run(row, blob));
      done += rows;
    }
    this.#catalog.write(() => {
      this.#run('UPDATE encoder SET state = ?, created_at = ?, revision = revision + 1 WHERE id = ?', [
        state,
        createdAt,
        id,
      ]);
    });
    return done;
  }

  async #encoderFiles(fingerprint: string): Promise<EncoderFiles> {
    const folder = join(this.#from, ENCODERS_FOLDER, fingerprint);
    const files: Record<string, { path: string; sha256: string }> = {};
    try {
      for (const name of await readdir(folder)) {
        const path = join(folder, name);
        files[name] = { path, sha256: await fileHash(path) };
      }
    } catch (thrown) {
      throw invalid(folder, `cannot be read (${(thrown as Error).message})`, thrown);
    }
    return files;
  }

  async #putThumbnails(): Promise<void> {
    for (const { of, rows, planes, numbers } of this.#manifest.thumbnails) {
      const table = of === 'item' ? 'thumbnail' : `${of}_thumbnail`;
      const put = this.#catalog.database.prepare(`INSERT INTO ${table} VALUES (?, ?)`);
      await this.#eachRow(planes, numbers, '|u1', [rows, 3, 64, 64], this.#idsOf(of), (row, blob) =>
        put.run(row, blob),
      );
    }
  }

  /** Ids of items, or of parts, in the order of the export. */
  #idsOf(of: string): Int32Array {
    const { database } = this.#catalog;
    if (database.prepareRaw('SELECT 1 FROM sqlite_schema WHERE name = ?').get(of) === undefined)
      throw invalid(join(this.#from, MANIFEST_FILE), `has codes of ${of}s, which this version knows nothing of`);
    const order = of === 'item' ? 'id' : 'item_id, ordinal';
    const ids = new Int32Array(database.prepareRaw<readonly [number]>(`SELECT count(*) FROM ${of}`).get()![0]);
    let i = 0;
    database.prepareRaw<readonly [number]>(`SELECT id FROM ${of} ORDER BY ${order}`).each(([id]) => {
      ids[i++] = id;
    });
    return ids;
  }

  async #eachRow(
    file: string,
    numbersFile: string,
    type: '<f4' | '|u1',
    shape: readonly number[],
    ids: Int32Array,
    put: (id: number, blob: Uint8Array) => void,
  ): Promise<void> {
    const rows = shape[0]!;
    const values = await NpyReader.open(join(this.#from, file), type, shape);
    const numbers = await NpyReader.open(join(this.#from, numbersFile), '<i4', [rows]);
    try {
      for (let done = 0; done < rows; ) {
        const places = new Int32Array((await numbers.rows(CODES_PER_BATCH)).slice().buffer);
        const blobs = await values.rows(places.length);
        const length = blobs.length / places.length;
        this.#catalog.write(() => {
          places.forEach((place, i) => {
            const id = ids[place];
            if (id === undefined)
              throw invalid(join(this.#from, numbersFile), `names row ${place}, which there is none of`);
            put(id, blobs.subarray(i * length, (i + 1) * length));
          });
        });
        done += places.length;
        this.#progress(file, done, rows);
      }
    } finally {
      await values.close();
      await numbers.close();
    }
  }

  #run(sql: string, values: readonly (string | number | Uint8Array)[]): void {
    this.#catalog.database.prepare(sql).run(...values);
  }
}

function toItem(item: ExportedItem, roots: readonly number[]): NewItem {
  const { folder, path, kind, format, size, modified, hash, document, text, bag, passages, shingles } = item;
  const { title, snippet, width, height, words } = item;
  const facts = Object.fromEntries(
    Object.entries({ title, snippet, width, height, words }).filter(([, value]) => value !== undefined),
  );
  return {
    rootId: roots[folder]!,
    path,
    kind,
    format,
    size,
    mtimeMs: modified,
    hash,
    ...facts,
    ...(bag === undefined ? {} : { bag }),
    ...(document === undefined || text === undefined
      ? {}
      : {
          document: {
            ...(document as NewItem['document'] & object),
            deflated: deflateRawSync(text, { level: DEFLATE_LEVEL }),
          },
        }),
    ...(passages === undefined ? {} : { passages }),
    ...(shingles === undefined ? {} : { shingles: Uint32Array.from(shingles) }),
  };
}

async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  // Lines end with a line feed alone: other ends may stand in texts.
  for await (const piece of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    const lines = (rest + (piece as string)).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}

async function* batches<T>(all: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const one of all) {
    batch.push(one);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
