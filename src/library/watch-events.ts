// What watching takes, and what it tells.
import type { AddOptions, AddProgress, AddSummary } from './add-progress.ts';

export interface WatchOptions extends Pick<AddOptions, 'train' | 'seed' | 'quality' | 'threads' | 'signal'> {
  /** Folders to watch; new ones are indexed. @default all that the index knows, also those it comes to know meanwhile */
  readonly paths?: readonly string[];
  /** Milliseconds for which a path has to be quiet before it is looked at. @default 500 */
  readonly debounceMs?: number;
  /** Look through the folders again and again instead of being told by the system. @default false */
  readonly poll?: boolean;
  /** Minutes between two looks at everything, told of or not; 0 for never. @default 60 */
  readonly rescanMinutes?: number;
}

/** A folder that is watched. */
export interface WatchedFolder {
  readonly path: string;
  /** `told`: by the system; `polling`: looked through again and again; `offline`: it is not there. */
  readonly state: 'told' | 'polling' | 'offline';
  /** Why it is not told of. */
  readonly reason?: string;
}

/** What one batch of changes came to. */
export interface WatchBatch
  extends Pick<AddSummary, 'schema' | 'added' | 'changed' | 'renamed' | 'removed' | 'failed' | 'skipped' | 'kept'> {
  /** When it was stored, and questions see it: ISO 8601. */
  readonly at: string;
  readonly seconds: number;
}

/** What watching tells; it goes on until it is stopped. */
export type WatchEvent =
  | Exclude<AddProgress, { phase: 'done' }>
  /** The index is up to date, and followed from now on. */
  | { readonly phase: 'ready'; readonly summary: AddSummary; readonly folders: readonly WatchedFolder[] }
  /** The state of a folder changed. */
  | { readonly phase: 'folder'; readonly folder: WatchedFolder }
  | { readonly phase: 'batch'; readonly batch: WatchBatch };
