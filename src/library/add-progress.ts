// What indexing takes, what it tells while it works, and what it says at its end.
import type { Kind } from '../features/feature.ts';
import type { TextQuality } from '../training/recipes/text.ts';
import type { CodePrecision } from './code-precision.ts';
import type { DefaultMethod } from './default-method.ts';
import type { FramesKept } from './frames.ts';

export interface AddOptions {
  /** Only files that match one of these patterns. What is not given is as it was the last time for this folder. */
  readonly glob?: readonly string[];
  /** No file or folder that matches one of these. */
  readonly exclude?: readonly string[];
  /** Hidden files too. @default false */
  readonly hidden?: boolean;
  /** Respect .gitignore, .ignore and .sandglassignore. @default true */
  readonly ignore?: boolean;
  /** Enter no folder that is on another device than the one that was named. @default false */
  readonly oneFileSystem?: boolean;
  /**
   * Look only at files whose content, name or permissions changed since then (the later of mtime and ctime); `last`: since the last
   * run that came to its end. Nothing is removed. @default all files
   */
  readonly since?: Date | 'last';
  /** Read every file, even where size and time are those of the last time. @default false */
  readonly rehash?: boolean;
  /**
   * Which frames of animations and files of several pages are kept, in the whole index: the `first`, or `all`, 64 of a file at
   * most. What is not given is as it was the last time. @default 'first'
   */
  readonly frames?: FramesKept;
  /**
   * The form in which the codes of the whole index are compared: in fewer bytes, less memory and disk are taken, and a hit may be
   * missed. What is not given is as it was the last time; it can be changed at any time. @default 'float32'
   */
  readonly codes?: CodePrecision;
  /** Go by the patterns and choices given for these folders before, where none are given now. @default true */
  readonly remembered?: boolean;
  /** `auto`: train where there is no encoder yet; `always`: train anew; `never`. @default 'auto' */
  readonly train?: 'auto' | 'always' | 'never';
  /** Seed of training, samples and corruptions. @default 1234 */
  readonly seed?: number;
  /** How long an encoder of documents learns, when one is trained. @default 'default' */
  readonly quality?: TextQuality;
  /** Remove vanished files even when more than half of a folder vanished. @default false */
  readonly prune?: boolean;
  /** Threads that read files. @default one a core */
  readonly threads?: number;
  /** Seconds to wait for another writer of this index. @default 0 */
  readonly waitSeconds?: number;
  /** Stops the work; what was stored stays. */
  readonly signal?: AbortSignal;
}

interface Paced {
  readonly done: number;
  readonly total: number;
  readonly perSecond: number;
  readonly secondsLeft: number;
}

/** What indexing tells while it works; the last event is `done`. */
export type AddProgress =
  | { readonly phase: 'find'; readonly found: number }
  /** The words of stored texts are counted anew, and pictures get hashes that they lack, by the rules of this version. */
  | ({ readonly phase: 'renew' } & Paced)
  | ({ readonly phase: 'read' } & Paced)
  /** So many of the files that were read are stored: they are there whatever happens from now on, also to the power. */
  | { readonly phase: 'store'; readonly stored: number; readonly total: number }
  | {
      readonly phase: 'train';
      readonly kind: Kind;
      readonly step: number;
      readonly steps: number;
      readonly loss: number;
      readonly secondsLeft: number;
    }
  | ({ readonly phase: 'encode'; readonly kind: Kind } & Paced)
  | { readonly phase: 'check'; readonly kind: Kind; readonly done: number; readonly total: number }
  | { readonly phase: 'graph'; readonly kind: Kind }
  | { readonly phase: 'notice'; readonly text: string }
  | { readonly phase: 'done'; readonly summary: AddSummary };

export interface AddSummary {
  readonly schema: 1;
  readonly added: number;
  readonly changed: number;
  readonly renamed: number;
  readonly removed: number;
  readonly unchanged: number;
  /** Of the added and changed files, damaged pictures of which only a part could be read. */
  readonly partial: number;
  /** Files that cannot be read, now or still. */
  readonly failed: number;
  /** Files of types that are not read, by type. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Vanished files whose items are kept, because they are more than half of a folder; `prune` removes them. */
  readonly kept: number;
  /** New and changed files that were left because they are older than `since`. */
  readonly older?: number;
  readonly roots: readonly {
    readonly path: string;
    readonly state: 'online' | 'offline';
    /** Why it is offline, or why items of vanished files are kept. */
    readonly reason?: string;
  }[];
  /** Encoders trained in this run. */
  readonly trained: readonly {
    readonly kind: Kind;
    readonly items: number;
    readonly seconds: number;
    readonly losses: readonly number[];
    /** False when the encoder that answered before finds originals as well or better, and stays. */
    readonly adopted: boolean;
  }[];
  /** Which method answers, for each kind that is in the index. */
  readonly defaults: Readonly<Partial<Record<Kind, DefaultMethod>>>;
  readonly seconds: number;
}
