// Follows the changes in a folder by looking through it again and again, where the system does not tell of them.
import { setTimeout as sleep } from 'node:timers/promises';
import { isBelowAny } from './changes.ts';
import type { FollowedFolder, FollowOptions } from './follow-folder.ts';
import { walk } from './walk.ts';

/** Between two looks, milliseconds at least; longer where a look takes long, so that looking takes a tenth of the time. */
const INTERVAL_MS = 1_000;
const LOOKING_SHARE = 10;

/**
 * Tells of every file whose size or time is another than at the last look, of those that came or went, and then of all of the root.
 *
 * @param root absolute path of a folder or a file
 */
export function pollFiles(root: string, { walk: options, leaveOut, onChange }: FollowOptions): FollowedFolder {
  const closing = new AbortController();
  let before: Map<string, string> | undefined;

  const look = async (): Promise<void> => {
    const now = new Map<string, string>();
    const hidden = new Set<string>();
    for await (const entry of walk(root, options)) {
      if (closing.signal.aborted) return;
      if (entry.type === 'failure') hidden.add(entry.path);
      else if (!leaveOut(entry.absolute)) now.set(entry.path, `${entry.size} ${entry.mtimeMs} ${entry.ctimeMs}`);
    }
    // Of a root that is away, whoever asked for this is told by its identity.
    if (hidden.has('')) return;
    const changed: string[] = [];
    for (const [path, look] of before ?? []) {
      if (now.has(path)) continue;
      if (isBelowAny(path, hidden)) now.set(path, look);
      else changed.push(path);
    }
    for (const [path, look] of now) if (before?.get(path) !== look) changed.push(path);
    if (before !== undefined) for (const path of changed) onChange(path);
    // A file may have come and gone, or got another name, between two looks.
    if (before !== undefined && changed.length > 0) onChange('');
    before = now;
  };

  let resolveReady = (): void => {};
  const ready = new Promise<void>((resolve) => {
    resolveReady = resolve;
  });
  const polling = (async () => {
    while (!closing.signal.aborted) {
      const began = performance.now();
      await look();
      resolveReady();
      const pause = Math.max(INTERVAL_MS, (performance.now() - began) * LOOKING_SHARE);
      await sleep(pause, undefined, { signal: closing.signal }).catch(() => undefined);
    }
    resolveReady();
  })();
  return {
    ready,
    async close() {
      closing.abort();
      await polling;
    },
  };
}
