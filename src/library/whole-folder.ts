// A folder that is there whole or not at all: made beside its place under another name, and renamed at the end.
import { lstatSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { syncFile, syncFolder, UNFINISHED, unfinishedName } from '../atomic-file.ts';
import { SandglassError } from '../errors.ts';
import { outputError } from '../output-error.ts';

/**
 * Makes the folder `destination`: `fill` puts into another one what is to be in it. When it fails nothing is there.
 *
 * @throws SandglassError OUTPUT_EXISTS when something is there already; DISK_FULL, OUTPUT_UNWRITABLE; what `fill` throws
 */
export async function makeWholeFolder<T>(destination: string, fill: (folder: string) => Promise<T>): Promise<T> {
  const path = resolve(destination);
  if (isThere(path)) {
    throw new SandglassError('OUTPUT_EXISTS', `There is something at ${path} already; name a place where nothing is.`, {
      path,
    });
  }
  const half = unfinishedName(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    await removeAbandoned(path);
    await mkdir(half);
    const result = await fill(half);
    await syncAll(half);
    await rename(half, path);
    await syncFolder(dirname(path));
    return result;
  } catch (thrown) {
    await rm(half, { recursive: true, force: true }).catch(() => undefined);
    // What the file system refused, and no mistake of ours.
    if (!(thrown instanceof Error && 'syscall' in thrown)) throw thrown;
    throw outputError(thrown, path, {
      full: `The disk is full: ${path} cannot be written. Free some space and try again; nothing was left there.`,
      refused: (errno) => `${path} cannot be written (${errno}); name another place.`,
    });
  }
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Below a file, or out of reach: making it says what is in the way.
    return false;
  }
}

/** Removes what processes that were killed left of the same folder. */
async function removeAbandoned(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith(UNFINISHED)) continue;
    const pid = Number(/^\.(\d+)-[0-9a-f]{8}\./.exec(name.slice(basename(path).length))?.[1]);
    if (Number.isInteger(pid) && !isRunning(pid)) await rm(join(dirname(path), name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // It runs, but for another user.
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Waits until the disk has every file below a folder, and their names. */
async function syncAll(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await syncAll(path);
    else await syncFile(path);
  }
  await syncFolder(folder);
}
