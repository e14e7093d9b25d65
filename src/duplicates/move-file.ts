// Moves one file without ever replacing another, and without a moment in which it is nowhere.
import { constants, copyFile, link, lstat, rename, rm, unlink, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFile, syncFolder, unfinishedName } from '../atomic-file.ts';
import { errnoOf } from '../output-error.ts';

/** What systems say of hard links that they cannot make. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS', 'EACCES']);

/**
 * Asked about the file that is about to be taken from its old place: is it the one that was meant? It has a second name now, or,
 * on another disk, a copy.
 */
export type Verify = (path: string, how: 'linked' | 'copied') => Promise<boolean>;

/** The file was replaced by another in the moment before it was moved. */
export class ReplacedError extends Error {}

/**
 * Moves a file; killed at any moment, it is at `from`, at `to` (whole), or at both.
 *
 * @throws ReplacedError when `verify` says no, the file being where it was; what the system says; EEXIST when something is at `to`
 */
export async function moveFile(from: string, to: string, verify: Verify): Promise<void> {
  try {
    // a link, unlike a rename, fails where there is something already
    await link(from, to);
  } catch (thrown) {
    const errno = errnoOf(thrown) ?? '';
    if (errno === 'EXDEV') return moveToOtherDisk(from, to, verify);
    if (!NO_LINKS.has(errno)) throw thrown;
    if (!(await verify(from, 'linked'))) throw new ReplacedError(from);
    await demandNothingAt(to);
    await rename(from, to);
    await syncFolder(dirname(to));
    await syncFolder(dirname(from));
    return;
  }
  if (!(await verify(to, 'linked'))) {
    await unlink(to);
    throw new ReplacedError(from);
  }
  await syncFolder(dirname(to));
  await unlink(from);
  await syncFolder(dirname(from));
}

async function moveToOtherDisk(from: string, to: string, verify: Verify): Promise<void> {
  const half = unfinishedName(to);
  try {
    await copyFile(from, half, constants.COPYFILE_EXCL);
    const { atime, mtime } = await lstat(from);
    await utimes(half, atime, mtime);
    await syncFile(half);
    if (!(await verify(half, 'copied'))) throw new ReplacedError(from);
    await demandNothingAt(to);
    await rename(half, to);
  } catch (thrown) {
    await rm(half, { force: true });
    throw thrown;
  }
  await syncFolder(dirname(to));
  await unlink(from);
  await syncFolder(dirname(from));
}

async function demandNothingAt(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  throw Object.assign(new Error(`EEXIST: there is something at ${path} already`), { code: 'EEXIST', path });
}
