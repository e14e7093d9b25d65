// One folder of the index that is watched: followed while it is there, and what happened in it.
import { statSync } from 'node:fs';
import { type FollowedFolder, whyUntold } from '../files/follow-folder.ts';
import { SettledPaths } from '../files/settled-paths.ts';
import type { Catalog } from '../index/catalog.ts';
import type { RootRecord } from '../index/roots.ts';
import type { FolderHabits } from './folders.ts';
import type { WatchedFolder } from './watch-events.ts';

export interface WatchedRootOptions {
  readonly debounceMs: number;
  readonly poll: boolean;
  /** True for the index directory and what is in it. */
  isOwn(absolute: string): boolean;
  /** Something happened that may be worth a batch. */
  wake(): void;
  /** The state changed. */
  onState(folder: WatchedFolder): void;
}

export class WatchedRoot {
  readonly record: RootRecord;
  readonly changes: SettledPaths;
  /** How many items it had when all of it was looked at last, and how many were removed since. */
  losses = { known: 0, removed: 0 };
  readonly #options: WatchedRootOptions;
  readonly #walk: FolderHabits['walk'];
  #identity: string | undefined;
  /** It is to be followed anew, even where it stands there as before. */
  #isLost = false;
  #followed: FollowedFolder | undefined;
  /** Why it is looked through again and again; undefined while the system tells of changes. */
  #polls: string | undefined;
  #state: WatchedFolder['state'] = 'offline';
  /** Why its files are taken for away, though a folder is there: an empty one, where a disk is not mounted. */
  #away: string | undefined;
  #told: WatchedFolder['state'] | undefined;

  constructor(record: RootRecord, { walk }: FolderHabits, options: WatchedRootOptions) {
    this.record = record;
    this.changes = new SettledPaths(record.path, options.debounceMs);
    this.#options = options;
    this.#walk = walk;
    this.#polls = options.poll ? 'as asked for' : undefined;
  }

  get folder(): WatchedFolder {
    const { path } = this.record;
    if (this.#state === 'offline')
      return { path, state: 'offline', reason: `${path} is not there; its items are kept.` };
    if (this.#away !== undefined) return { path, state: 'offline', reason: this.#away };
    const reason = this.#state === 'polling' ? this.#polls : undefined;
    return { path, state: this.#state, ...(reason === undefined ? {} : { reason }) };
  }

  /** All of it was looked at. */
  resetLosses(catalog: Catalog): void {
    const { text, image } = catalog.items.counts(this.record.id);
    this.losses = { known: text + image, removed: 0 };
  }

  /** Takes in what a look at all of it found. */
  believe(look: { readonly state: 'online' | 'offline'; readonly reason?: string } | undefined): void {
    const away = look?.state === 'offline' ? (look.reason ?? 'It is not there.') : undefined;
    // It may be back before anybody sees that it was gone.
    if (away !== undefined && this.#away === undefined) this.#isLost = true;
    this.#away = away;
    this.#tell(false);
  }

  /** False when it is to be walked in another way now. */
  isWalkedBy({ walk }: FolderHabits): boolean {
    return JSON.stringify(walk) === JSON.stringify(this.#walk);
  }

  /**
   * Follows the folder where that is not done yet, and stops where it is gone. Another folder in its place – a disk that was
   * mounted or unmounted – is followed anew, and looked at as a whole.
   */
  async keepUp(): Promise<void> {
    const found = statSync(this.record.path, { throwIfNoEntry: false, bigint: true });
    const identity = found && `${found.dev} ${found.ino}${found.isFile() ? ` ${found.size} ${found.mtimeNs}` : ''}`;
    if (identity === this.#identity && !this.#isLost && this.#told !== undefined) return;
    this.#identity = identity;
    this.#isLost = false;
    await this.close();
    if (found === undefined) this.#state = 'offline';
    else if (found.isDirectory()) await this.#follow();
    // Of a single file its identity tells.
    else this.#state = 'polling';
    // All of it is looked at before anything is told.
    if (this.#told !== undefined) this.changes.note('');
    this.#options.wake();
    this.#tell(true);
  }

  async close(): Promise<void> {
    const followed = this.#followed;
    this.#followed = undefined;
    await followed?.close();
  }

  async #follow(): Promise<void> {
    this.#polls ??= whyUntold(this.record.path);
    this.#state = this.#polls === undefined ? 'told' : 'polling';
    // One who polls needs no library that asks the system.
    const follow =
      this.#polls === undefined
        ? (await import('../files/watch-files.ts')).watchFiles
        : (await import('../files/poll-files.ts')).pollFiles;
    this.#followed = follow(this.record.path, {
      walk: this.#walk,
      leaveOut: this.#options.isOwn,
      onChange: (path) => {
        this.changes.note(path);
        this.#options.wake();
      },
      onLost: () => {
        this.#isLost = true;
      },
      onTrouble: (why) => void this.#pollInstead(why),
    });
    await this.#followed.ready;
  }

  async #pollInstead(why: string): Promise<void> {
    if (this.#polls !== undefined) return;
    this.#polls = why;
    await this.close();
    await this.#follow();
    this.changes.note('');
    this.#options.wake();
    this.#tell(false);
  }

  /** @param first whether this may be the first state, which is no change */
  #tell(first: boolean): void {
    const { state } = this.folder;
    if (this.#told === undefined ? !first : this.#told === state) return;
    const isChange = this.#told !== undefined;
    this.#told = state;
    if (isChange) this.#options.onState(this.folder);
  }
}
