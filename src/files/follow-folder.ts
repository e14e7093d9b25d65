// How a folder is followed: what is told of it, and when the system cannot tell of changes at all.
import { readFileSync, statfsSync } from 'node:fs';
import { errnoOf } from '../output-error.ts';
import type { WalkOptions } from './walk.ts';

export interface FollowOptions {
  readonly walk: WalkOptions;
  /** True for a folder (absolute) that is no part of what is followed, such as the index itself. */
  leaveOut(absolute: string): boolean;
  /** Something happened at a path: relative to the root, with '/'; '' for all of it. */
  onChange(path: string): void;
  /** The folder itself was moved or removed; another may stand there now, or the same one again. */
  onLost(): void;
  /** Changes may be missed from now on. @param why for a person, with what to do */
  onTrouble(why: string): void;
}

export interface FollowedFolder {
  /** Resolves when every folder is followed. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** Types of file systems that change on other machines, of which the system here tells nothing (statfs(2)). */
const ON_A_NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x01021997, '9P'],
  [0x5346414f, 'AFS'],
]);

/** Why nothing would be told of changes in the folder; undefined where it should be. */
export function whyUntold(root: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const kind = ON_A_NETWORK.get(statfsSync(root).type);
    return kind && `${root} is on a network (${kind}), where changes of other machines are not told of.`;
  } catch {
    return undefined;
  }
}

/** What an error of the system's watches means for a person; undefined for one that means nothing. */
export function watchTrouble(thrown: unknown, root: string): string | undefined {
  const errno = errnoOf(thrown);
  if (errno === 'ENOSPC') {
    const most = readLimit('/proc/sys/fs/inotify/max_user_watches');
    return (
      `The system lets a user follow ${most} folders, and ${root} has more than are left. ` +
      'To raise that: sudo sysctl fs.inotify.max_user_watches=524288'
    );
  }
  if (errno === 'EMFILE' || errno === 'ENFILE') {
    const most = readLimit('/proc/sys/fs/inotify/max_user_instances');
    return process.platform === 'linux'
      ? `The system lets a user have ${most} programs that follow folders, or this one has too many files open. ` +
          'To raise that: sudo sysctl fs.inotify.max_user_instances=512'
      : `Too many files are open to follow every folder of ${root}. To raise that: ulimit -n 65536`;
  }
  // A folder that may not be read is not followed, as its files are not indexed.
  if (errno === 'EACCES' || errno === 'EPERM' || errno === 'ENOENT') return undefined;
  return `${root} cannot be followed: ${thrown instanceof Error ? thrown.message : String(thrown)}.`;
}

function readLimit(file: string): string {
  try {
    return Number(readFileSync(file, 'utf8')).toLocaleString('en');
  } catch {
    return 'only so many';
  }
}
