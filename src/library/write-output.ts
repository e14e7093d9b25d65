// Writes what a user asked for by name: whole, or not at all.
import { link, lstat, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { unfinishedName, writeAndSync, writeFileAtomically } from '../atomic-file.ts';
import { SandglassError } from '../errors.ts';
import { errnoOf, outputError } from '../output-error.ts';

/**
 * Writes a file where nothing is yet.
 *
 * @param what the file is to the user, such as "plan"
 * @throws SandglassError OUTPUT_EXISTS, OUTPUT_UNWRITABLE, DISK_FULL
 */
export async function writeNewFile(file: string, data: string, what: string): Promise<void> {
  const path = resolve(file);
  const half = unfinishedName(path);
  try {
    // before anything is written; the link below is what is sure
    if ((await lstat(path).catch(() => undefined)) !== undefined) throw existing(file, what);
    await writeAndSync(half, data);
    await link(half, path);
  } catch (thrown) {
    const errno = errnoOf(thrown);
    if (errno === 'EEXIST') throw existing(file, what);
    // a file system without links
    if (errno === 'EPERM' || errno === 'ENOTSUP' || errno === 'EOPNOTSUPP') return await renamed(half, path, what);
    throw unwritten(thrown, file, what);
  } finally {
    await rm(half, { force: true });
  }
}

/**
 * Writes a file in the place of what is there.
 *
 * @throws SandglassError OUTPUT_UNWRITABLE, DISK_FULL
 */
export async function replaceFile(file: string, data: string, what: string): Promise<void> {
  await writeFileAtomically(resolve(file), data).catch((thrown: unknown) => {
    throw unwritten(thrown, file, what);
  });
}

async function renamed(half: string, path: string, what: string): Promise<void> {
  try {
    await rename(half, path);
  } catch (thrown) {
    throw unwritten(thrown, path, what);
  }
}

function existing(file: string, what: string): SandglassError {
  return new SandglassError('OUTPUT_EXISTS', `There is a file ${file} already; name another one for the ${what}.`, {
    path: resolve(file),
  });
}

function unwritten(thrown: unknown, file: string, what: string): unknown {
  return outputError(thrown, resolve(file), {
    full: `There is no room for the ${what} ${file}. Make room, or name a file on another disk.`,
    refused: (errno) => `The ${what} cannot be written to ${file}: ${errno}.`,
  });
}
