// Moves one file without ever replacing another, and without a moment in which it is nowhere.
import type { Stats } from 'node:fs';
import { chmod, constants, copyFile, link, lstat, readdir, rename, rm, unlink, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncFile, syncFolder, unfinishedName } from '../atomic-file.ts';
import { errnoOf } from '../output-error.ts';

/** What {@link unfinishedName} puts behind a name. */
const LEFT_OVER = /^\d+-[0-9a-f]{8}\.unfinished$/;

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
  await takeAway(from, to);
  await syncFolder(dirname(from));
}

/**
 * A copy beside its place is whole, on the disk and the file that was meant before it gets its name; the original goes last, if it is
 * still the file that was copied.
 */
async function moveToOtherDisk(from: string, to: string, verify: Verify): Promise<void> {
  const half = unfinishedName(to);
  const before = await lstat(from);
  try {
    await copyFile(from, half, constants.COPYFILE_EXCL);
    await syncCopy(half, before);
    if (!(await verify(half, 'copied'))) throw new ReplacedError(from);
    await giveName(half, to);
  } catch (thrown) {
    await rm(half, { force: true });
    throw thrown;
  }
  await syncFolder(dirname(to));
  if (!isSame(await lstat(from), before)) {
    await unlink(to);
    throw new ReplacedError(from);
  }
  await takeAway(from, to);
  await syncFolder(dirname(from));
}

/** The original goes; where it cannot, what was made of it goes. */
async function takeAway(from: string, to: string): Promise<void> {
  try {
    await unlink(from);
  } catch (thrown) {
    await unlink(to);
    throw thrown;
  }
}

/** Times and permissions of the original; a file that nobody may write has to be writable to be synced. */
async function syncCopy(copy: string, { atime, mtime, mode }: Stats): Promise<void> {
  await chmod(copy, mode | 0o600);
  await utimes(copy, atime, mtime);
  await syncFile(copy);
  await chmod(copy, mode & 0o7777);
}

/** As a rename that replaces nothing. */
async function giveName(half: string, to: string): Promise<void> {
  try {
    await link(half, to);
  } catch (thrown) {
    if (!NO_LINKS.has(errnoOf(thrown) ?? '')) throw thrown;
    await demandNothingAt(to);
    await rename(half, to);
    return;
  }
  await unlink(half);
}

function isSame(now: Stats, before: Stats): boolean {
  return now.ino === before.ino && now.size === before.size && now.mtimeMs === before.mtimeMs;
}

/** Takes away what a killed process left of a copy to `to`: never a file that has its name. */
export async function sweepUnfinished(to: string): Promise<void> {
  const start = `${basename(to)}.`;
  for (const name of await readdir(dirname(to)).catch(() => []))
    if (name.startsWith(start) && LEFT_OVER.test(name.slice(start.length)))
      await rm(join(dirname(to), name), { force: true });
}

async function demandNothingAt(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  throw Object.assign(new Error(`EEXIST: there is something at ${path} already`), { code: 'EEXIST', path });
}
