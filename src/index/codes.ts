// The codes of the items, of the passages of documents and of the frames of pictures, encoder by encoder.
import { hash } from 'node:crypto';
import { basename } from 'node:path';
import { readBlobs } from './blob-column.ts';
import { damagedCatalog } from './catalog-errors.ts';
import {
  allocateRows,
  type CodeFileSource,
  type CodePiece,
  type CodeRows,
  checkCodeFile,
  type InspectedCodeFile,
  inspectCodeFile,
  readCodeFile,
  writeCodeFile,
} from './code-file.ts';
import type { Database } from './database.ts';
import { codeBytes, type EncoderRecord, type EncoderTable } from './encoder-table.ts';
import { codeFile, type IndexLayout } from './layout.ts';
import { type PackedForm, pack, packedBytes } from './packed-form.ts';

/** A code of form `float32`, or the bytes of one of form `bits` or `bytes`. */
export type Code = Float32Array | Uint8Array;

/** Every code of one encoder, side by side; row `r` of each column is one item, one passage or one frame. */
export interface CodeMatrix {
  readonly encoder: EncoderRecord;
  /** What the codes are of, rising: ids of items, passages or frames. */
  readonly keys: Int32Array;
  /** Item ids. */
  readonly ids: Int32Array;
  /** Tie keys: equal scores are ordered by them. */
  readonly ties: Uint32Array;
  /** [rows, dimensions] floats, or [rows, bytes of a code]. */
  readonly codes: Code;
}

/** Where code files lie, and of which catalog they must be. */
export interface CodeFilePlace {
  readonly layout: IndexLayout;
  readonly catalogId: string;
}

/** Which codes a table holds, in the words of SQL. */
interface CodePlace {
  readonly table: string;
  readonly key: string;
  /** Where the item of a code comes from, when not from the table itself. */
  readonly join?: string;
  /** The ids of what can have a code, and the kind of their items. */
  readonly source: string;
}

const OF_ITEMS: CodePlace = { table: 'code', key: 'item_id', source: 'SELECT id, kind FROM item' };
const OF_PASSAGES: CodePlace = {
  table: 'passage_code',
  key: 'passage_id',
  join: 'passage ON passage.id = passage_id',
  source: "SELECT id, 'text' AS kind FROM passage",
};
const OF_FRAMES: CodePlace = {
  table: 'frame_code',
  key: 'frame_id',
  join: 'frame ON frame.id = frame_id',
  source: "SELECT id, 'image' AS kind FROM frame",
};
const PLACES = { items: OF_ITEMS, passages: OF_PASSAGES, frames: OF_FRAMES };

/** The codes of items, those of passages, or those of frames; what follows says "item" for each. */
export class CodeTable {
  readonly #database: Database;
  readonly #encoders: EncoderTable;
  readonly #files: CodeFilePlace;
  readonly #place: CodePlace;

  constructor(database: Database, encoders: EncoderTable, files: CodeFilePlace, of: keyof typeof PLACES = 'items') {
    this.#database = database;
    this.#encoders = encoders;
    this.#files = files;
    this.#place = PLACES[of];
  }

  /**
   * Stores the codes of a batch in one transaction, in place of those the items had of this encoder.
   *
   * @param codes one after the other, as an encoder returns them: [items, dimensions]
   */
  put(encoderId: number, itemIds: ArrayLike<number>, codes: Code): void {
    const putOne = this.writer(encoderId);
    const length = codes.length / itemIds.length;
    if (!Number.isInteger(length) && itemIds.length > 0) {
      throw new RangeError(`Expected ${itemIds.length} codes of equal length but received ${codes.length} numbers`);
    }
    this.#database.write(() => {
      for (let i = 0; i < itemIds.length; i++) putOne(itemIds[i]!, codes.subarray(i * length, (i + 1) * length));
    });
  }

  /** What stores single codes of one encoder; for use inside one transaction, not to be kept beyond it. */
  writer(encoderId: number): (itemId: number, code: Code) => void {
    const { form, dimensions } = this.#encoders.get(encoderId);
    const length = codeBytes(form, dimensions);
    const { table, key } = this.#place;
    const put = this.#database.prepare(
      `INSERT INTO ${table} (encoder_id, ${key}, code) VALUES (?, ?, ?)
       ON CONFLICT (encoder_id, ${key}) DO UPDATE SET code = excluded.code`,
    );
    const raise = this.#database.prepare('UPDATE encoder SET revision = revision + 1 WHERE id = ?');
    let raised = false;
    return (itemId, code) => {
      if ((form === 'float32') !== code instanceof Float32Array || code.byteLength !== length) {
        throw new RangeError(
          `Expected a code of ${dimensions} ${form} (${length} bytes) ` +
            `but received ${code.constructor.name} of ${code.byteLength} bytes`,
        );
      }
      if (!raised) raise.run(encoderId);
      raised = true;
      put.run(encoderId, itemId, new Uint8Array(code.buffer, code.byteOffset, code.byteLength));
    };
  }

  /** All codes of an encoder, in one block. */
  read(encoderId: number): CodeMatrix {
    return this.#database.read(() => {
      const encoder = this.#encoders.get(encoderId);
      const { form } = encoder;
      const rows = allocateRows(this.countRows(encoder, form), codeBytes(form, encoder.dimensions));
      this.readInto(encoder, form, rows);
      return { ...rows, encoder, codes: asNumbers(form, rows.codes) };
    });
  }

  /** How many rows {@link readInto} fills. To be called with it inside one `database.read`. */
  countRows(encoder: EncoderRecord, form: PackedForm): number {
    const file = inspectCodeFile(this.#fileOf(encoder, form), this.#sourceOf(encoder, form));
    return file.state === 'ready' ? file.rows : this.count(encoder.id);
  }

  /** Reads all codes of an encoder in some form: from their code file where it fits, else row by row from the catalog. */
  readInto(encoder: EncoderRecord, form: PackedForm, into: CodeRows): void {
    const file = readCodeFile(this.#fileOf(encoder, form), this.#sourceOf(encoder, form), into);
    if (file.state === 'ready') return;
    const bytes = packedBytes(form, encoder.form, encoder.dimensions);
    let row = 0;
    this.#visit(encoder, form, ({ keys, ids, ties, codes }) => {
      into.keys.set(keys, row);
      into.ids.set(ids, row);
      into.ties.set(ties, row);
      into.codes.set(codes, row * bytes);
      row += keys.length;
    });
  }

  /** The name of the code file of an encoder, whether there is one or not. */
  fileName(encoderId: number, form: PackedForm): string {
    return basename(this.#fileOf(this.#encoders.get(encoderId), form));
  }

  /** The state of the code file of an encoder: all that it holds is read and compared with its checksums. */
  checkFile(encoderId: number, form: PackedForm): InspectedCodeFile {
    const encoder = this.#encoders.get(encoderId);
    return checkCodeFile(this.#fileOf(encoder, form), this.#sourceOf(encoder, form));
  }

  /**
   * Writes the code file of an encoder. Not to be called inside a transaction that may be rolled back.
   *
   * @throws SandglassError `DISK_FULL`, `INDEX_READ_ONLY`
   */
  writeFile(encoderId: number, form: PackedForm): void {
    this.#database.read(() => {
      const encoder = this.#encoders.get(encoderId);
      writeCodeFile(this.#fileOf(encoder, form), this.#sourceOf(encoder, form), this.count(encoderId), (put) =>
        this.#visit(encoder, form, put),
      );
    });
  }

  #visit({ id, form: own, dimensions }: EncoderRecord, form: PackedForm, visit: (piece: CodePiece) => void): void {
    const length = codeBytes(own, dimensions);
    const query = { ...this.#place, blob: 'code', condition: `${this.#place.table}.encoder_id = ?` };
    readBlobs(this.#database, query, [id], ({ keys, ids, ties, lengths, bytes }) => {
      const wrong = lengths.findIndex((each) => each !== length);
      if (wrong !== -1) throw this.#wrongLength(keys[wrong]!, lengths[wrong]!, length);
      // A blob of SQLite begins anywhere; floats do not.
      const codes = form === own ? bytes : pack(form, new Float32Array(bytes.slice().buffer), dimensions);
      visit({ keys, ids, ties, codes });
    });
  }

  #fileOf({ fingerprint }: EncoderRecord, form: PackedForm): string {
    return codeFile(this.#files.layout, hexOf(fingerprint), `${this.#place.table}-${form}`);
  }

  #sourceOf({ fingerprint, revision, form: own, dimensions }: EncoderRecord, form: PackedForm): CodeFileSource {
    const { catalogId } = this.#files;
    const rowBytes = packedBytes(form, own, dimensions);
    return { catalogId, fingerprint: hexOf(fingerprint), revision, form, dimensions, rowBytes };
  }

  /** The code of one item, or undefined when it has none of this encoder. */
  get(encoderId: number, itemId: number): Code | undefined {
    return this.codeOf(this.#encoders.get(encoderId), itemId);
  }

  /** As {@link get}, of an encoder that was looked up, or has gone since: for many items. */
  codeOf({ id, form, dimensions }: EncoderRecord, itemId: number): Code | undefined {
    const { table, key } = this.#place;
    const row = this.#database
      .prepareRaw<readonly [Uint8Array]>(`SELECT code FROM ${table} WHERE encoder_id = ? AND ${key} = ?`)
      .get(id, itemId);
    if (row === undefined) return undefined;
    const length = codeBytes(form, dimensions);
    if (row[0].length !== length) throw this.#wrongLength(itemId, row[0].length, length);
    const bytes = Uint8Array.from(row[0]);
    return form === 'float32' ? new Float32Array(bytes.buffer) : bytes;
  }

  count(encoderId: number): number {
    const row = this.#database
      .prepareRaw<readonly [number]>(`SELECT count(*) FROM ${this.#place.table} WHERE encoder_id = ?`)
      .get(encoderId);
    return row?.[0] ?? 0;
  }

  /** Ids of the items of the encoder's kind that lack its code, rising, after `afterId`: what is left to encode. */
  missing(encoderId: number, limit = -1, afterId = 0): number[] {
    const { kind } = this.#encoders.get(encoderId);
    const { table, key, source } = this.#place;
    return this.#database
      .prepareRaw<readonly [number]>(
        `SELECT id FROM (${source}) AS wanted WHERE kind = ? AND id > ? AND NOT EXISTS
           (SELECT 1 FROM ${table} WHERE encoder_id = ? AND ${key} = wanted.id) ORDER BY id LIMIT ?`,
      )
      .all(kind, afterId, encoderId, limit)
      .map(([id]) => id);
  }

  #wrongLength(itemId: number, received: number, expected: number): Error {
    return damagedCatalog(
      this.#database.file,
      `the code of ${this.#place.key.slice(0, -3)} ${itemId} has ${received} bytes instead of ${expected}`,
    );
  }
}

/** Codes as what they are made of: floats, or bytes. */
export function asNumbers(form: PackedForm, codes: Uint8Array): Code {
  if (form !== 'float32') return codes;
  return new Float32Array(codes.buffer, codes.byteOffset, codes.length / Float32Array.BYTES_PER_ELEMENT);
}

/** 64 hexadecimal digits: plain codes of pictures have no network, and are known by a name instead of a hash. */
function hexOf(fingerprint: string): string {
  return /^[0-9a-f]{64}$/.test(fingerprint) ? fingerprint : hash('sha256', fingerprint);
}
