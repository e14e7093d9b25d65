// Rows of bytes, all in memory or in a file, read by their numbers.
import type { FileHandle } from 'node:fs/promises';
import { SandglassError } from '../errors.ts';
import { fileError } from '../files/file-error.ts';

export interface StoredRows {
  readonly rows: number;
  /** All rows one after the other, when they are in memory. */
  readonly resident?: Uint8Array;
  /** @throws RangeError for a row that does not exist; SandglassError FILE_CHANGED, FILE_UNREADABLE */
  read(rows: Uint32Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** @param resident a whole number of rows */
export function rowsInMemory(resident: Uint8Array, rowBytes: number): StoredRows {
  const count = resident.length / rowBytes;
  return {
    rows: count,
    resident,
    async read(rows) {
      const result = new Uint8Array(rows.length * rowBytes);
      for (let i = 0; i < rows.length; i++) {
        const from = existing(rows[i]!, count) * rowBytes;
        result.set(resident.subarray(from, from + rowBytes), i * rowBytes);
      }
      return result;
    },
    async close() {},
  };
}

export interface RowFile {
  readonly handle: FileHandle;
  readonly path: string;
  readonly rowBytes: number;
  /** Where the first row begins, in bytes. */
  readonly offset: number;
  readonly rows: number;
  /** Which row of the file each row is; the same one when absent. */
  readonly places?: Uint32Array | undefined;
  /** Releases the file. */
  close(): Promise<void>;
}

/** Rows nearer to one another than this are read together: skipping costs more than reading. */
const NEAR_BYTES = 1 << 15;
/** But so many at once at most. */
const SPAN_BYTES = 1 << 20;
/** Reads that wait for the disk at the same time. */
const LANES = 4;

/** Neighbouring rows of a file that are wanted, places `from` to `to` of the order. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Rows in a file, in the order of their place on disk, neighbours in one read. */
export function rowsInFile(file: RowFile): StoredRows {
  const { rowBytes, rows: count } = file;
  let closed = false;
  return {
    rows: count,
    async read(rows) {
      if (closed) throw new TypeError('Expected a data set that is open but this one was closed.');
      const places = Float64Array.from(rows, (row) =>
        file.places ? file.places[existing(row, count)]! : existing(row, count),
      );
      const order = Uint32Array.from(rows.keys()).sort((a, b) => places[a]! - places[b]!);
      const result = new Uint8Array(rows.length * rowBytes);
      const spans = spansOf(places, order, rowBytes);
      let next = 0;
      const lane = async () => {
        let buffer: Uint8Array = new Uint8Array(0);
        for (let at = next++; at < spans.length; at = next++) {
          const { from, to } = spans[at]!;
          const first = places[order[from]!]!;
          const bytes = (places[order[to - 1]!]! - first + 1) * rowBytes;
          if (buffer.length < bytes) buffer = new Uint8Array(bytes);
          await readFully(file, buffer, bytes, file.offset + first * rowBytes);
          for (let i = from; i < to; i++) {
            const begin = (places[order[i]!]! - first) * rowBytes;
            result.set(buffer.subarray(begin, begin + rowBytes), order[i]! * rowBytes);
          }
        }
      };
      await Promise.all(Array.from({ length: Math.min(LANES, spans.length) }, lane));
      return result;
    },
    async close() {
      if (closed) return;
      closed = true;
      await file.close();
    },
  };
}

function spansOf(places: Float64Array, order: Uint32Array, rowBytes: number): Span[] {
  const spans: Span[] = [];
  for (let from = 0; from < order.length; ) {
    const first = places[order[from]!]!;
    let last = first;
    let to = from + 1;
    for (; to < order.length; to++) {
      const place = places[order[to]!]!;
      if ((place - last - 1) * rowBytes > NEAR_BYTES || (place - first + 1) * rowBytes > SPAN_BYTES) break;
      last = place;
    }
    spans.push({ from, to });
    from = to;
  }
  return spans;
}

async function readFully(
  { handle, path }: RowFile,
  buffer: Uint8Array,
  bytes: number,
  position: number,
): Promise<void> {
  for (let length = 0; length < bytes; ) {
    let bytesRead: number;
    try {
      ({ bytesRead } = await handle.read(buffer, length, bytes - length, position + length));
    } catch (thrown) {
      throw fileError(thrown, path);
    }
    if (bytesRead === 0) {
      throw new SandglassError('FILE_CHANGED', `${path} has become shorter since it was opened.`, { path });
    }
    length += bytesRead;
  }
}

function existing(row: number, count: number): number {
  if (row < count) return row;
  throw new RangeError(`Expected a row below ${count} but received ${row}.`);
}
