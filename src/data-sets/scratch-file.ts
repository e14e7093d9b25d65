// A file for what does not fit into memory; it is gone when it is closed, or when the process is.
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SandglassError } from '../errors.ts';
import { errnoOf, isNoSpace } from '../output-error.ts';

const BUFFER_BYTES = 1 << 20;

export class ScratchFile {
  readonly handle: FileHandle;
  readonly path: string;
  #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #held = 0;
  #written = 0;

  private constructor(handle: FileHandle, path: string) {
    this.handle = handle;
    this.path = path;
  }

  /** @throws SandglassError DISK_FULL, OUTPUT_UNWRITABLE */
  static async create(folder: string): Promise<ScratchFile> {
    const path = join(folder, `sandglass-${process.pid}-${randomBytes(6).toString('hex')}.rows`);
    return await writing(path, async () => {
      await mkdir(folder, { recursive: true });
      const handle = await open(path, 'wx+');
      // Where a system allows it the file loses its name at once: a process that is killed leaves nothing behind.
      if (process.platform !== 'win32') await rm(path, { force: true });
      return new ScratchFile(handle, path);
    });
  }

  /** Bytes appended so far. */
  get length(): number {
    return this.#written + this.#held;
  }

  /** Returns a promise when the caller has to wait for the disk. @throws SandglassError DISK_FULL, OUTPUT_UNWRITABLE */
  append(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#held + bytes.length > BUFFER_BYTES) return this.#flushAndAppend(bytes);
    this.#buffer.set(bytes, this.#held);
    this.#held += bytes.length;
    return undefined;
  }

  async #flushAndAppend(bytes: Uint8Array): Promise<void> {
    await this.flush();
    if (bytes.length > BUFFER_BYTES) await this.#write(bytes);
    else this.append(bytes);
  }

  /** After this, all that was appended can be read through `handle`. */
  async flush(): Promise<void> {
    const held = this.#held;
    this.#held = 0;
    await this.#write(this.#buffer.subarray(0, held));
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await writing(this.path, async () => {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await this.handle.write(bytes, at, bytes.length - at, this.#written);
        at += bytesWritten;
        this.#written += bytesWritten;
      }
    });
  }

  async close(): Promise<void> {
    await this.handle.close();
    await rm(this.path, { force: true });
  }
}

async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (thrown) {
    const errno = errnoOf(thrown);
    const options = { path, cause: thrown };
    if (isNoSpace(thrown)) {
      throw new SandglassError(
        'DISK_FULL',
        `The disk is full: rows cannot be kept in ${path}; free some space.`,
        options,
      );
    }
    throw new SandglassError('OUTPUT_UNWRITABLE', `${path} cannot be written (${errno ?? String(thrown)}).`, options);
  }
}
