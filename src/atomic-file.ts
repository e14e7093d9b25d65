// Files that are there whole or not at all, whatever happens while they are written.
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What the name of a file or folder starts or ends with until it is whole; leftovers of a killed process have it too. */
export const UNFINISHED = '.unfinished';

/** A name beside `path`, for what will become `path`. */
export function unfinishedName(path: string): string {
  return `${path}.${process.pid}-${randomBytes(4).toString('hex')}${UNFINISHED}`;
}

/** Puts `data` in the place of `path` in one step. */
export async function writeFileAtomically(path: string, data: string | Uint8Array): Promise<void> {
  const half = unfinishedName(path);
  try {
    await writeAndSync(half, data);
    await rename(half, path);
    await syncFolder(dirname(path));
  } catch (thrown) {
    await rm(half, { force: true });
    throw thrown;
  }
}

/** Writes a file and waits until the disk has it. */
export async function writeAndSync(path: string, data: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Waits until the disk has what was written to a file before. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Waits until the disk has the names in a folder; where the system cannot (Windows), the rename itself must do. */
export async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle | undefined;
  try {
    folder = await open(path, 'r');
    await folder.sync();
  } catch {
    // Not every file system can; the content was synced before.
  } finally {
    await folder?.close();
  }
}
