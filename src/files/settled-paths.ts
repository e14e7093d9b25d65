// Paths that something happened at, until they stand still: of a root, from the first event to a batch.
import { lstatSync } from 'node:fs';
import { join } from 'node:path';

export interface SettledBatch {
  /** Relative to the root; one '' stands for all of it. */
  readonly paths: readonly string[];
  /** Files that are still being written; a look at the whole root leaves them alone. */
  readonly unsettled: ReadonlySet<string>;
}

interface Waiting {
  readonly since: number;
  /** The last event, in milliseconds. */
  told: number;
  /** What was last seen there, and since when it has been the same. */
  look?: string;
  seen: number;
}

/** A file that never stands still – a log – is read as it is after so long. */
const LONGEST_MS = 60_000;
/** So long a removal waits for paths that came at the same time and do not stand still yet. */
const RENAME_MS = 1_000;
/** With more paths than this the whole root is looked at: systems drop events of bursts, and do not always say so. */
const MOST_PATHS = 4_000;
/** A burst that does not end is looked at every so often. */
const BURST_MS = 10_000;

const ABSENT = 'absent';

/**
 * Holds the paths back until there was no event for `quietMs`, and size and time of a file were the same at two looks that are
 * half of it apart.
 */
export class SettledPaths {
  readonly #root: string;
  readonly #quietMs: number;
  readonly #waiting = new Map<string, Waiting>();
  #told = 0;

  /** @param root absolute path */
  constructor(root: string, quietMs: number) {
    this.#root = root;
    this.#quietMs = quietMs;
  }

  /** How many paths are waiting. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Notes that something happened at a path (relative to the root, with '/'; '' for all of it). */
  note(path: string, now = performance.now()): void {
    this.#told = now;
    const waiting = this.#waiting.get(path);
    if (waiting !== undefined) {
      waiting.told = now;
      return;
    }
    this.#waiting.set(path, { since: now, told: now, seen: now });
    if (this.#waiting.size > MOST_PATHS && !this.#waiting.has('')) this.note('', now);
  }

  /** Takes out what stands still. */
  take(now = performance.now()): SettledBatch {
    const settled: string[] = [];
    let oldestGone = Number.POSITIVE_INFINITY;
    let youngestWritten = Number.NEGATIVE_INFINITY;
    for (const [path, waiting] of this.#waiting) {
      const isSettled = path !== '' && this.#isSettled(path, waiting, now);
      if (isSettled) settled.push(path);
      if (waiting.look === ABSENT) oldestGone = Math.min(oldestGone, waiting.since);
      else if (!isSettled && path !== '') youngestWritten = Math.max(youngestWritten, waiting.since);
    }
    // What is gone may have come back under a name that does not stand still yet: one batch sees both.
    const mayBeRenamed = youngestWritten > oldestGone - RENAME_MS && now - oldestGone < RENAME_MS + this.#quietMs;
    const whole = this.#waiting.get('');
    const isBurst = whole !== undefined && now - this.#told < this.#quietMs && now - whole.since < BURST_MS;
    if (mayBeRenamed || isBurst) return { paths: [], unsettled: new Set() };
    if (whole === undefined) return this.#out(settled);
    return { ...this.#out(['', ...settled]), paths: [''] };
  }

  #out(paths: readonly string[]): SettledBatch {
    for (const path of paths) this.#waiting.delete(path);
    return { paths, unsettled: new Set(this.#waiting.keys()) };
  }

  #isSettled(path: string, waiting: Waiting, now: number): boolean {
    if (now - waiting.since >= LONGEST_MS) return true;
    if (now - waiting.told < this.#quietMs / 2) return false;
    const look = lookAt(join(this.#root, path));
    if (look !== waiting.look) {
      waiting.look = look;
      waiting.seen = now;
    }
    return now - waiting.told >= this.#quietMs && now - waiting.seen >= this.#quietMs / 2;
  }
}

function lookAt(path: string): string {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return ABSENT;
    return found.isFile() ? `${found.ino} ${found.size} ${found.mtimeMs}` : 'no file';
  } catch {
    return ABSENT;
  }
}
