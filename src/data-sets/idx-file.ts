// Reads an IDX file as a stream, unpacking it where it is compressed with gzip; says what is wrong with it.
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { SandglassError } from '../errors.ts';
import { fileError } from '../files/file-error.ts';
import { errnoOf } from '../output-error.ts';
import { axesOf, MAGIC_BYTES, SIZE_BYTES, sizesOf } from './idx-header.ts';
import { invalid } from './opening.ts';

const CHUNK_BYTES = 1 << 18;
/** No gzip file holds more than 1,032 times its own length; one that claims to is not worth unpacking. */
const MOST_COMPRESSION = 1_032;

export class IdxFile {
  readonly path: string;
  readonly name: string;
  /** The size of each axis, all above 0. */
  readonly sizes: readonly number[];
  /** Where the values begin in an uncompressed file. */
  readonly offset: number;
  readonly compressed: boolean;
  readonly #bytes: ByteStream;

  private constructor(path: string, sizes: readonly number[], compressed: boolean, bytes: ByteStream) {
    this.path = path;
    this.name = basename(path);
    this.sizes = sizes;
    this.offset = MAGIC_BYTES + sizes.length * SIZE_BYTES;
    this.compressed = compressed;
    this.#bytes = bytes;
  }

  /**
   * Reads the header. Whether a file is compressed its content says, not its name.
   *
   * @throws SandglassError DATA_SET_INVALID, FILE_VANISHED, FILE_UNREADABLE, FILE_NOT_REGULAR
   */
  static async open(path: string): Promise<IdxFile> {
    const name = basename(path);
    const { bytes, compressed, size } = await openBytes(path);
    try {
      const magic = await bytes.take(MAGIC_BYTES);
      const axes = axesOf(magic);
      if (typeof axes === 'string') throw invalid(`Expected ${name} to be an IDX file but ${axes}.`, path);
      const head = await bytes.take(axes * SIZE_BYTES);
      if (head.length < axes * SIZE_BYTES) {
        throw invalid(`Expected the sizes of ${axes} axes in ${name} but the file ends within them.`, path);
      }
      const sizes = sizesOf(head);
      const values = product(sizes);
      if (values === 0)
        throw invalid(`Expected values in ${name} but it is empty: its sizes are ${sizes.join(' × ')}.`, path);
      if (!Number.isSafeInteger(values)) throw invalid(`${name} claims impossible sizes: ${sizes.join(' × ')}.`, path);
      const file = new IdxFile(path, sizes, compressed, bytes);
      if (!compressed) file.#expectLength(size - file.offset, values);
      else if (values > size * MOST_COMPRESSION) {
        const claim = `${values.toLocaleString('en')} values (${sizes.join(' × ')})`;
        throw invalid(`${name} claims to hold ${claim} but is too short for them; copy it anew.`, path);
      }
      return file;
    } catch (thrown) {
      await bytes.close();
      throw thrown;
    }
  }

  /** The number of rows: the size of the first axis. */
  get rows(): number {
    return this.sizes[0]!;
  }

  /** Values of one row. */
  get rowBytes(): number {
    return product(this.sizes.slice(1));
  }

  /**
   * All rows from the first to the last, some of them together. Once only; ends by closing the file.
   *
   * @yields whole rows, valid until the next are asked for
   * @throws SandglassError DATA_SET_INVALID for a file that is cut short, damaged or too long; FILE_UNREADABLE
   */
  async *blocks(): AsyncGenerator<Uint8Array, void, undefined> {
    const { rowBytes } = this;
    const expected = this.rows * rowBytes;
    let carried: Uint8Array = new Uint8Array(0);
    let length = 0;
    try {
      for (let chunk = await this.#bytes.next(); chunk !== undefined; chunk = await this.#bytes.next()) {
        length += chunk.length;
        if (length > expected) this.#expectLength(length, expected, 'or more');
        const joined = carried.length === 0 ? chunk : Buffer.concat([carried, chunk]);
        const whole = joined.length - (joined.length % rowBytes);
        if (whole > 0) yield joined.subarray(0, whole);
        carried = joined.subarray(whole);
      }
      this.#expectLength(length, expected);
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    await this.#bytes.close();
  }

  #expectLength(received: number, expected: number, more = ''): void {
    if (received === expected) return;
    const what = received < expected ? 'It is cut short' : 'It has bytes after its last value';
    const count = `${received.toLocaleString('en')}${more === '' ? '' : ` ${more}`}`;
    throw invalid(
      `Expected ${expected.toLocaleString('en')} values (${this.sizes.join(' × ')}) in ${this.name} but received ${count}. ` +
        `${what}; copy it anew.`,
      this.path,
    );
  }
}

/** Chunks of a file's (unpacked) content, with the first bytes to be had by number. */
class ByteStream {
  readonly #stream: Readable;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #explain: (thrown: unknown) => SandglassError;
  #left: Buffer = Buffer.alloc(0);

  constructor(stream: Readable, explain: (thrown: unknown) => SandglassError) {
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]();
    this.#explain = explain;
  }

  /** The next `count` bytes; fewer at the end of the file. */
  async take(count: number): Promise<Buffer> {
    let taken = this.#left;
    while (taken.length < count) {
      const more = await this.#read();
      if (more === undefined) break;
      taken = Buffer.concat([taken, more]);
    }
    this.#left = taken.subarray(count);
    return taken.subarray(0, count);
  }

  async next(): Promise<Buffer | undefined> {
    if (this.#left.length === 0) return await this.#read();
    const left = this.#left;
    this.#left = Buffer.alloc(0);
    return left;
  }

  async #read(): Promise<Buffer | undefined> {
    try {
      const { value, done } = await this.#chunks.next();
      return done ? undefined : value;
    } catch (thrown) {
      throw this.#explain(thrown);
    }
  }

  async close(): Promise<void> {
    this.#stream.destroy();
    await this.#chunks.return?.();
  }
}

async function openBytes(path: string): Promise<{ bytes: ByteStream; compressed: boolean; size: number }> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    const compressed = buffer[0] === 0x1f && buffer[1] === 0x8b;
    // The stream closes the handle when it ends or is destroyed.
    const file = handle.createReadStream({ start: 0, highWaterMark: CHUNK_BYTES });
    const stream = compressed ? pipeline(file, createGunzip({ chunkSize: CHUNK_BYTES }), () => {}) : file;
    return { bytes: new ByteStream(stream, (thrown) => readError(thrown, path)), compressed, size };
  } catch (thrown) {
    await handle?.close();
    throw fileError(thrown, path);
  }
}

function readError(thrown: unknown, path: string): SandglassError {
  const errno = errnoOf(thrown);
  if (errno === undefined || !errno.startsWith('Z_')) return fileError(thrown, path);
  const why = errno === 'Z_BUF_ERROR' ? 'it is cut short' : `it is damaged (${(thrown as Error).message})`;
  return invalid(`Expected ${basename(path)} to be a whole gzip file but ${why}; copy it anew.`, path, thrown);
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}
