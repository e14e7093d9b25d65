// Tells a folder that is away (unmounted, renamed, unreadable) from a folder whose files were deleted.
import { readdir, stat } from 'node:fs/promises';
import { errnoOf } from '../output-error.ts';

/** Which directory stands at a path. Device numbers may change when a disk is mounted anew: equal means the same. */
export interface RootIdentity {
  readonly device: string;
  readonly inode: string;
}

/** What the catalog remembers of a root. */
export interface KnownRoot {
  /** Undefined for a root that was never walked. */
  readonly identity: RootIdentity | undefined;
  readonly itemCount: number;
}

export type OfflineReason = 'absent' | 'unreadable' | 'not-a-folder' | 'empty' | 'replaced';

export type RootState =
  | { readonly state: 'online' }
  /** The items of the root are to be kept. */
  | { readonly state: 'offline'; readonly reason: OfflineReason; readonly message: string };

// What systems put into folders of their own accord.
const NOTHING: ReadonlySet<string> = new Set(['lost+found', 'System Volume Information', 'desktop.ini', 'Thumbs.db']);

/** The identity of the folder (or file) at `root`; undefined when there is none. Links are followed. */
export async function rootIdentity(root: string): Promise<RootIdentity | undefined> {
  try {
    const { dev, ino } = await stat(root, { bigint: true });
    return { device: String(dev), inode: String(ino) };
  } catch {
    return undefined;
  }
}

/**
 * Whether what a walk of `root` found may be believed. An empty folder where items are known is what a disk that is
 * not mounted looks like; it is never taken for a deletion of everything.
 *
 * @param before what the catalog knows
 * @param found how many files the walk found, after all ignore files and patterns
 */
export async function rootState(root: string, before: KnownRoot, found: number): Promise<RootState> {
  let isFolder: boolean;
  try {
    const now = await stat(root);
    isFolder = now.isDirectory();
    if (!isFolder && !now.isFile()) return offline('not-a-folder', root, 'is no longer a folder');
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return offline('absent', root, 'is not there');
    return offline('unreadable', root, `cannot be read (${errno ?? String(error)})`);
  }
  if (found > 0 || before.itemCount === 0) return { state: 'online' };
  if (!isFolder) return { state: 'online' };

  const now = await rootIdentity(root);
  if (before.identity !== undefined && now?.device !== before.identity.device) {
    return offline('replaced', root, 'holds nothing and is on another device than before');
  }
  try {
    const names = await readdir(root);
    if (names.some((name) => !name.startsWith('.') && !NOTHING.has(name))) return { state: 'online' };
  } catch (error) {
    return offline('unreadable', root, `cannot be read (${errnoOf(error) ?? String(error)})`);
  }
  return offline('empty', root, `is empty where ${before.itemCount} items were indexed`);
}

function offline(reason: OfflineReason, root: string, what: string): RootState {
  return {
    state: 'offline',
    reason,
    message: `The folder ${root} ${what}: it is taken for offline and its items are kept.`,
  };
}
