// The files of trained and imported encoders, each in a folder named by the hash of its content.

import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFile, syncFolder, UNFINISHED, writeAndSync } from '../atomic-file.ts';
import { SandglassError } from '../errors.ts';
import { errnoOf } from '../output-error.ts';
import { writeError } from './file-errors.ts';
import { encoderFolder, type IndexLayout } from './layout.ts';
import { namesIn } from './names-in.ts';

/** A large file, which is read piece by piece and never held whole. */
export interface FileOnDisk {
  readonly path: string;
  /** SHA-256 of its content, in hexadecimal. */
  readonly sha256: string;
}

/** The files of an encoder by name: `encoder.onnx`, `decoder.onnx`, `manifest.json`, … */
export type EncoderFiles = Readonly<Record<string, Uint8Array | FileOnDisk>>;

/** Bytes from which on a stored file is left on the disk. */
const LARGE_FILE = 16_000_000;

export interface StoredEncoder {
  readonly fingerprint: string;
  /** Absolute path of the folder. */
  readonly directory: string;
  readonly files: EncoderFiles;
}

/**
 * The fingerprint of an encoder: SHA-256 over its files in order of name, each as name, length and content, so that no two
 * sets of files give the same bytes. 64 hexadecimal digits.
 */
export async function encoderFingerprint(files: EncoderFiles): Promise<string> {
  const hash = createHash('sha256');
  for (const name of Object.keys(files).sort()) {
    const content = files[name]!;
    if ('path' in content) {
      hash.update(`${name}\0${(await stat(content.path)).size}\0`);
      await hashFile(content.path, [hash]);
    } else hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * Stores an encoder; one that is stored and whole already is left alone, a damaged one replaced.
 *
 * @returns its fingerprint
 * @throws SandglassError `DISK_FULL` or `INDEX_READ_ONLY`; TypeError when a name is not a plain file name
 */
export async function storeEncoder(layout: IndexLayout, files: EncoderFiles): Promise<string> {
  for (const name of Object.keys(files)) {
    if (/^\w[\w.-]*$/.test(name)) continue;
    throw new TypeError(`Expected a plain file name for an encoder's file but received ${JSON.stringify(name)}`);
  }
  const fingerprint = await encoderFingerprint(files);
  const folder = encoderFolder(layout, fingerprint);
  if (await isWhole(layout, fingerprint)) return fingerprint;
  let half: string | undefined;
  try {
    await mkdir(layout.encoders, { recursive: true });
    half = await mkdtemp(join(layout.encoders, `${UNFINISHED}-`));
    for (const [name, content] of Object.entries(files)) {
      if ('path' in content) {
        await copyFile(content.path, join(half, name));
        await syncFile(join(half, name));
      } else await writeAndSync(join(half, name), content);
    }
    await syncFolder(half);
    await rm(folder, { recursive: true, force: true });
    await rename(half, folder);
    await syncFolder(layout.encoders);
    return fingerprint;
  } catch (thrown) {
    if (half !== undefined) await rm(half, { recursive: true, force: true });
    throw writeError(thrown, folder);
  }
}

/**
 * Reads an encoder and checks that it is what its name says.
 *
 * @throws SandglassError `ENCODER_MISSING` when it is not stored, `ENCODER_BROKEN` when its files are not those that were
 */
export async function readEncoder(layout: IndexLayout, fingerprint: string): Promise<StoredEncoder> {
  const directory = encoderFolder(layout, fingerprint);
  const files: Record<string, Uint8Array | FileOnDisk> = {};
  const hash = createHash('sha256');
  try {
    for (const name of (await readdir(directory)).sort()) {
      const path = join(directory, name);
      const { size } = await stat(path);
      hash.update(`${name}\0${size}\0`);
      if (size < LARGE_FILE) {
        const content = await readFile(path);
        files[name] = content;
        hash.update(content);
      } else {
        const own = createHash('sha256');
        await hashFile(path, [hash, own]);
        files[name] = { path, sha256: own.digest('hex') };
      }
    }
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') {
      throw new SandglassError(
        'ENCODER_MISSING',
        `The encoder ${directory} is gone; index the folder again to train one.`,
        {
          path: directory,
          cause: thrown,
        },
      );
    }
    throw new SandglassError('ENCODER_BROKEN', `The encoder ${directory} cannot be read (${String(thrown)}).`, {
      path: directory,
      cause: thrown,
    });
  }
  if (hash.digest('hex') !== fingerprint) {
    throw new SandglassError(
      'ENCODER_BROKEN',
      `The files in ${directory} are not those that were stored there; delete the folder and index again to train anew.`,
      { path: directory },
    );
  }
  return { fingerprint, directory, files };
}

/** The fingerprints of the stored encoders, whole or not, in order of name. */
export async function listEncoders(layout: IndexLayout): Promise<string[]> {
  return (await namesIn(layout.encoders)).filter((name) => /^[0-9a-f]{64}$/.test(name)).sort();
}

/**
 * Removes the encoders that are not in `keep`, and what a killed process left half written. For the writer only.
 *
 * @returns the names of what was removed
 */
export async function removeUnreferencedEncoders(layout: IndexLayout, keep: ReadonlySet<string>): Promise<string[]> {
  const stale = (await namesIn(layout.encoders)).filter((name) => !keep.has(name));
  for (const name of stale) {
    const path = join(layout.encoders, name);
    try {
      await rm(path, { recursive: true, force: true });
    } catch (thrown) {
      throw writeError(thrown, path);
    }
  }
  return stale;
}

async function hashFile(path: string, hashes: readonly Hash[]): Promise<void> {
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) {
    for (const hash of hashes) hash.update(piece as Buffer);
  }
}

async function isWhole(layout: IndexLayout, fingerprint: string): Promise<boolean> {
  try {
    await readEncoder(layout, fingerprint);
    return true;
  } catch {
    return false;
  }
}
