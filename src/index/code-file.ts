// Code files: all codes that one table of the catalog holds of one encoder, packed, so that opening them is one read. Made from
// the catalog and made again when they do not fit; what is wrong with one only means that the catalog is read.
//
// Little-endian. Header, 128 bytes: "SGCODES\n"; u32 version, form (place in FORMS), dimensions, bytes of a code, rows; u32 0;
// f64 revision; the catalog's id, 32 ASCII digits; the encoder's fingerprint, 32 bytes; u32 CRC-32 of the codes, of the columns;
// zeros; in the last 4 bytes the CRC-32 of those before. Then the codes, row after row; zeros up to a multiple of 8; three
// columns of 4 bytes a row: keys and item ids (i32), tie keys (u32).

import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { unfinishedName } from '../atomic-file.ts';
import { errnoOf } from '../output-error.ts';
import { allocateCodes } from './code-memory.ts';
import { writeError } from './file-errors.ts';

/** How the codes of a file are packed: as the catalog has them, or in fewer bytes (sign-bits.ts, quantize.ts). */
export const FORMS = ['float32', 'bits', 'bytes', 'signs', 'float16', 'int8'] as const;
export type PackedForm = (typeof FORMS)[number];

/** What a file must have been made of to be used. */
export interface CodeFileSource {
  /** Names the catalog, so that a file left over from another one never fits. */
  readonly catalogId: string;
  /** Of the encoder, 64 hexadecimal digits. */
  readonly fingerprint: string;
  /** Of the encoder's codes: any change of them raises it. */
  readonly revision: number;
  readonly form: PackedForm;
  readonly dimensions: number;
  /** Bytes of one code. */
  readonly rowBytes: number;
}

/** Codes, and what they are of, in the order of their keys. */
export interface CodeRows {
  readonly keys: Int32Array;
  /** Item ids. */
  readonly ids: Int32Array;
  /** Tie keys. */
  readonly ties: Uint32Array;
  /** [rows, bytes of a code] */
  readonly codes: Uint8Array;
}

export type InspectedCodeFile = { readonly state: 'ready'; readonly rows: number } | UselessCodeFile;

interface UselessCodeFile {
  readonly state: 'missing' | 'stale' | 'damaged';
  readonly reason: string;
}

/** Some rows to be written. */
export interface CodePiece {
  readonly keys: ArrayLike<number>;
  readonly ids: ArrayLike<number>;
  readonly ties: ArrayLike<number>;
  readonly codes: Uint8Array;
}

interface Header {
  readonly rows: number;
  readonly codesCrc: number;
  readonly columnsCrc: number;
}

const VERSION = 1;
const MAGIC = Buffer.from('SGCODES\n', 'latin1');
const HEADER_BYTES = 128;
const COLUMNS = 3;

/** Read and checked in one go: it stays in the processor's cache between the two. */
const PIECE = 1 << 20;

/** Room for codes with their columns, in memory that threads share. */
export function allocateRows(rows: number, rowBytes: number): CodeRows {
  const columns = new SharedArrayBuffer(COLUMNS * 4 * rows);
  return {
    keys: new Int32Array(columns, 0, rows),
    ids: new Int32Array(columns, 4 * rows, rows),
    ties: new Uint32Array(columns, 8 * rows, rows),
    codes: allocateCodes(rows * rowBytes, rowBytes),
  };
}

/** Rows from `from` to before `to`, in the same memory. */
export function someRows({ keys, ids, ties, codes }: CodeRows, from: number, to: number): CodeRows {
  const bytes = keys.length === 0 ? 0 : codes.length / keys.length;
  return {
    keys: keys.subarray(from, to),
    ids: ids.subarray(from, to),
    ties: ties.subarray(from, to),
    codes: codes.subarray(from * bytes, to * bytes),
  };
}

/** How many rows a file has, or why it cannot be used, by its header alone: what it holds is not read. */
export function inspectCodeFile(file: string, expected: CodeFileSource): InspectedCodeFile {
  return withFile(file, (opened) => {
    const header = readHeader(opened, file, expected);
    return 'reason' in header ? header : { state: 'ready', rows: header.rows };
  });
}

/**
 * Reads a code file, if it is whole and was made of what is expected.
 *
 * @param into room for as many rows as {@link inspectCodeFile} told; holds anything where the file cannot be used
 */
export function readCodeFile(file: string, expected: CodeFileSource, into: CodeRows): InspectedCodeFile {
  return withFile(file, (opened) => {
    const header = readHeader(opened, file, expected);
    if ('reason' in header) return header;
    const { rows } = header;
    if (rows !== into.keys.length) return stale(`it has ${rows} rows instead of ${into.keys.length}`);
    if (readPieces(opened, [into.codes], HEADER_BYTES) !== header.codesCrc)
      return damaged(`the codes in ${file} are not those written`);
    const columns = [into.keys, into.ids, into.ties].map(bytesOf);
    if (readPieces(opened, columns, columnsAt(rows, expected.rowBytes)) !== header.columnsCrc)
      return damaged(`the rows in ${file} are not those written`);
    return { state: 'ready', rows };
  });
}

/** Reads a code file as {@link readCodeFile} does, and keeps nothing of it. */
export function checkCodeFile(file: string, expected: CodeFileSource): InspectedCodeFile {
  return withFile(file, (opened) => {
    const header = readHeader(opened, file, expected);
    if ('reason' in header) return header;
    const { rows } = header;
    const piece = new Uint8Array(PIECE);
    if (checksumOf(opened, piece, HEADER_BYTES, rows * expected.rowBytes) !== header.codesCrc)
      return damaged(`the codes in ${file} are not those written`);
    if (checksumOf(opened, piece, columnsAt(rows, expected.rowBytes), COLUMNS * 4 * rows) !== header.columnsCrc)
      return damaged(`the rows in ${file} are not those written`);
    return { state: 'ready', rows };
  });
}

/**
 * Writes a code file in the place of the one that was there.
 *
 * @param rows how many will come
 * @param feed hands them over in the order of their keys, some at a time
 * @throws RangeError when other than `rows` come
 * @throws SandglassError `DISK_FULL`, `INDEX_READ_ONLY`; the former file is then still in place
 */
export function writeCodeFile(
  file: string,
  { form, dimensions, rowBytes, revision, catalogId, fingerprint }: CodeFileSource,
  rows: number,
  feed: (put: (piece: CodePiece) => void) => void,
): void {
  const half = unfinishedName(file);
  let opened: number | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true });
    opened = openSync(half, 'wx');
    const columns = new Int32Array(COLUMNS * rows);
    let at = 0;
    let codesCrc = 0;
    feed(({ keys, ids, ties, codes }) => {
      if (codes.length !== keys.length * rowBytes || at + keys.length > rows)
        throw new RangeError(`Expected ${rows} codes of ${rowBytes} bytes but received others`);
      codesCrc = crc32(codes, codesCrc);
      writeAll(opened!, codes, HEADER_BYTES + at * rowBytes);
      columns.set(keys, at);
      columns.set(ids, rows + at);
      new Uint32Array(columns.buffer).set(ties, 2 * rows + at);
      at += keys.length;
    });
    if (at !== rows) throw new RangeError(`Expected ${rows} codes but received ${at}`);
    const bytes = new Uint8Array(columns.buffer);
    writeAll(opened, bytes, columnsAt(rows, rowBytes));
    const header = Buffer.alloc(HEADER_BYTES);
    MAGIC.copy(header);
    [VERSION, FORMS.indexOf(form), dimensions, rowBytes, rows].forEach((value, i) => {
      header.writeUInt32LE(value, PLACES.version + 4 * i);
    });
    header.writeDoubleLE(revision, PLACES.revision);
    header.write(catalogId, PLACES.catalog, 32, 'latin1');
    header.write(fingerprint, PLACES.fingerprint, 32, 'hex');
    header.writeUInt32LE(codesCrc, PLACES.codesCrc);
    header.writeUInt32LE(crc32(bytes), PLACES.columnsCrc);
    header.writeUInt32LE(crc32(header.subarray(0, PLACES.headerCrc)), PLACES.headerCrc);
    writeAll(opened, header, 0);
    fsyncSync(opened);
    closeSync(opened);
    opened = undefined;
    renameSync(half, file);
  } catch (thrown) {
    if (opened !== undefined) closeSync(opened);
    rmSync(half, { force: true });
    throw thrown instanceof RangeError ? thrown : writeError(thrown, file);
  }
}

/** Where what stands in a header. */
const PLACES = {
  version: 8,
  form: 12,
  dimensions: 16,
  rowBytes: 20,
  rows: 24,
  revision: 32,
  catalog: 40,
  fingerprint: 72,
  codesCrc: 104,
  columnsCrc: 108,
  headerCrc: 124,
} as const;

function columnsAt(rows: number, rowBytes: number): number {
  return HEADER_BYTES + Math.ceil((rows * rowBytes) / 8) * 8;
}

function withFile(file: string, read: (opened: number) => InspectedCodeFile): InspectedCodeFile {
  let opened: number | undefined;
  try {
    opened = openSync(file, 'r');
    return read(opened);
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return { state: 'missing', reason: `there is no ${file}` };
    return damaged(`${file} cannot be read (${String(thrown)})`);
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

/** What the header says, or why the file cannot be used. */
function readHeader(opened: number, file: string, expected: CodeFileSource): Header | UselessCodeFile {
  const header = Buffer.alloc(HEADER_BYTES);
  readSync(opened, header, 0, HEADER_BYTES, 0);
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) return damaged(`${file} is no code file`);
  const version = header.readUInt32LE(PLACES.version);
  if (version !== VERSION) return stale(`it is of version ${version} instead of ${VERSION}`);
  if (crc32(header.subarray(0, PLACES.headerCrc)) !== header.readUInt32LE(PLACES.headerCrc))
    return damaged(`the header of ${file} is not the one written`);
  const found: CodeFileSource = {
    catalogId: header.toString('latin1', PLACES.catalog, PLACES.catalog + 32),
    fingerprint: header.toString('hex', PLACES.fingerprint, PLACES.fingerprint + 32),
    revision: header.readDoubleLE(PLACES.revision),
    form: FORMS[header.readUInt32LE(PLACES.form)]!,
    dimensions: header.readUInt32LE(PLACES.dimensions),
    rowBytes: header.readUInt32LE(PLACES.rowBytes),
  };
  for (const key of Object.keys(found) as (keyof CodeFileSource)[])
    if (found[key] !== expected[key]) return stale(`its ${key} is ${found[key]} instead of ${expected[key]}`);
  const rows = header.readUInt32LE(PLACES.rows);
  const bytes = columnsAt(rows, expected.rowBytes) + COLUMNS * 4 * rows;
  const { size } = fstatSync(opened);
  if (size !== bytes) return damaged(`${file} has ${size} bytes instead of ${bytes}`);
  return {
    rows,
    codesCrc: header.readUInt32LE(PLACES.codesCrc),
    columnsCrc: header.readUInt32LE(PLACES.columnsCrc),
  };
}

/** Fills what lies end to end from a place in a file on, as far as it goes. @returns its checksum */
function readPieces(opened: number, pieces: readonly Uint8Array[], place: number): number {
  let crc = 0;
  let from = place;
  for (const bytes of pieces) {
    for (let at = 0; at < bytes.length; ) {
      const read = readSync(opened, bytes, at, Math.min(PIECE, bytes.length - at), from);
      if (read === 0) return -1;
      crc = crc32(bytes.subarray(at, at + read), crc);
      at += read;
      from += read;
    }
  }
  return crc;
}

/** Of so many bytes from a place in a file on. @param piece room to read some of them */
function checksumOf(opened: number, piece: Uint8Array, place: number, bytes: number): number {
  let crc = 0;
  for (let at = 0; at < bytes; ) {
    const read = readSync(opened, piece, 0, Math.min(piece.length, bytes - at), place + at);
    if (read === 0) return -1;
    crc = crc32(piece.subarray(0, read), crc);
    at += read;
  }
  return crc;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function writeAll(opened: number, bytes: Uint8Array, place: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(opened, bytes, at, bytes.length - at, place + at);
}

function stale(reason: string): UselessCodeFile {
  return { state: 'stale', reason };
}

function damaged(reason: string): UselessCodeFile {
  return { state: 'damaged', reason };
}
