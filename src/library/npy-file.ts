// Arrays in files of NumPy's format (`numpy.lib.format`, version 1.0): a header of text, then the numbers, row after row.
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { SandglassError } from '../errors.ts';

/** Little-endian float32, bytes, little-endian int32. */
export type NpyType = '<f4' | '|u1' | '<i4';

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
/** The header ends at a multiple of so many bytes, as NumPy has it. */
const ALIGNMENT = 64;
const BUFFER_BYTES = 1 << 20;

function bytesOf(type: NpyType): number {
  return type === '|u1' ? 1 : 4;
}

function header(type: NpyType, shape: readonly number[]): Buffer {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = MAGIC.length + 4;
  const length = Math.ceil((start + text.length + 1) / ALIGNMENT) * ALIGNMENT - start;
  const head = Buffer.alloc(start + length, ' ');
  MAGIC.copy(head);
  head.writeUInt8(1, 6);
  head.writeUInt8(0, 7);
  head.writeUInt16LE(length, 8);
  head.write(text, start, 'latin1');
  head.write('\n', start + length - 1, 'latin1');
  return head;
}

/** A file that is written in pieces, and tells its size and SHA-256 at the end. */
export class HashedFile {
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #bytes = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<HashedFile> {
    return new HashedFile(await open(path, 'wx'));
  }

  /** @param bytes not to be changed before the next `await` of it */
  async write(bytes: Uint8Array): Promise<void> {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= BUFFER_BYTES) await this.#flush();
  }

  async end(): Promise<{ readonly bytes: number; readonly sha256: string }> {
    try {
      await this.#flush();
      await this.#file.sync();
    } finally {
      await this.#file.close();
    }
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  async close(): Promise<void> {
    await this.#file.close().catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const all = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#hash.update(all);
    this.#bytes += all.length;
    await this.#file.writeFile(all);
  }
}

/** Writes an array whose rows come one after the other. */
export class NpyWriter {
  readonly #file: HashedFile;
  #left: number;

  private constructor(file: HashedFile, bytes: number) {
    this.#file = file;
    this.#left = bytes;
  }

  static async create(path: string, type: NpyType, shape: readonly number[]): Promise<NpyWriter> {
    const file = await HashedFile.create(path);
    await file.write(header(type, shape));
    return new NpyWriter(
      file,
      shape.reduce((product, size) => product * size, bytesOf(type)),
    );
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#left -= bytes.length;
    await this.#file.write(bytes);
  }

  /** @throws RangeError when the rows are not as many as the shape says */
  async end(): Promise<{ readonly bytes: number; readonly sha256: string }> {
    const end = await this.#file.end();
    if (this.#left !== 0) throw new RangeError(`Expected the array to be full, but ${this.#left} bytes are missing`);
    return end;
  }
}

/** Reads an array row by row. */
export class NpyReader {
  readonly shape: readonly number[];
  readonly #file: FileHandle;
  readonly #rowBytes: number;
  #at: number;

  private constructor(file: FileHandle, shape: readonly number[], rowBytes: number, at: number) {
    this.#file = file;
    this.shape = shape;
    this.#rowBytes = rowBytes;
    this.#at = at;
  }

  /**
   * @param expected what the array has to be; a size of -1 may be any
   * @throws SandglassError EXPORT_INVALID when it is anything else
   */
  static async open(path: string, type: NpyType, expected: readonly number[]): Promise<NpyReader> {
    const invalid = (what: string) =>
      new SandglassError('EXPORT_INVALID', `Expected an array of ${type} in ${path} but ${what}.`, { path });
    const file = await open(path, 'r');
    try {
      const start = Buffer.alloc(10);
      await file.read(start, 0, 10, 0);
      if (!start.subarray(0, 6).equals(MAGIC) || start[6] !== 1) throw invalid('it is no .npy file of version 1');
      const text = Buffer.alloc(start.readUInt16LE(8));
      await file.read(text, 0, text.length, 10);
      const [, found, order, sizes] =
        /'descr': '([^']+)', 'fortran_order': (\w+), 'shape': \(([\d, ]*)\)/.exec(text.toString('latin1')) ?? [];
      const shape = (sizes ?? '')
        .split(',')
        .filter((size) => size.trim() !== '')
        .map(Number);
      if (found !== type || order !== 'False') throw invalid(`it says ${text.toString('latin1').trim()}`);
      const fits = shape.length === expected.length && shape.every((size, i) => [size, -1].includes(expected[i]!));
      if (!fits) throw invalid(`its shape is ${shape.join(' × ')} instead of ${expected.join(' × ')}`);
      const [rows = 0, ...inner] = shape;
      const rowBytes = inner.reduce((product, size) => product * size, bytesOf(type));
      const { size } = await file.stat();
      if (size !== 10 + text.length + rows * rowBytes) throw invalid(`it has ${size} bytes`);
      return new NpyReader(file, shape, rowBytes, 10 + text.length);
    } catch (thrown) {
      await file.close();
      throw thrown;
    }
  }

  /** The next rows, up to so many; fewer at the end. A copy of its own, where numbers may lie. */
  async rows(most: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(most * this.#rowBytes);
    const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, this.#at);
    this.#at += bytesRead;
    return bytes.subarray(0, bytesRead - (bytesRead % Math.max(1, this.#rowBytes)));
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
