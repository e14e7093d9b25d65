// Removes what nobody needs any more: encoders that were overtaken, files of killed processes, words that no item has.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { forgetContents } from '../duplicates/check-memory.ts';
import { indexSize, sizeOf } from '../index/index-size.ts';
import { namesIn } from '../index/names-in.ts';
import { acquireWriterLock } from '../index/writer-lock.ts';
import { refreshCodeFiles } from './code-files.ts';
import { lacksCodes } from './fill-codes.ts';
import { removeLeftOvers } from './learn-kind.ts';
import { isUnfinished } from './left-overs.ts';
import { storedThumbnails } from './thumbnails.ts';
import { removeUnfitGraphs } from './unfit-graphs.ts';
import type { Workspace } from './workspace.ts';

export interface GarbageOptions {
  /** Seconds to wait for another process that writes this index. @default 0 */
  readonly waitSeconds?: number;
  readonly signal?: AbortSignal;
}

export interface CollectedGarbage {
  readonly schema: 1;
  /** What was removed, and how many of it. */
  readonly removed: {
    readonly encoders: number;
    readonly graphs: number;
    readonly unfinished: number;
    readonly words: number;
    readonly thumbnails: number;
    /** What was seen of pairs of pictures that are not there any more. */
    readonly checks: number;
  };
  /** Bytes that each part is smaller by; `total` of the whole index. */
  readonly bytes: {
    readonly catalog: number;
    readonly encoders: number;
    readonly hnsw: number;
    readonly codes: number;
    readonly total: number;
  };
  readonly seconds: number;
}

/**
 * Collects garbage and writes the catalog anew without the space of deleted rows.
 *
 * @throws SandglassError INDEX_LOCKED, INDEX_READ_ONLY, DISK_FULL, ABORTED
 */
export async function collectGarbage(
  workspace: Workspace,
  { waitSeconds = 0, signal }: GarbageOptions = {},
): Promise<CollectedGarbage> {
  const began = performance.now();
  const { catalog, layout } = workspace;
  const lock = await acquireWriterLock(layout, {
    command: 'sandglass gc',
    waitMs: waitSeconds * 1000,
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    const [before, all] = [await indexSize(layout), await sizeOf(layout.directory)];
    const stored = await namesIn(layout.encoders);
    const { words, thumbnails } = catalog.erasing(() =>
      catalog.write(() => {
        for (const { id, state } of catalog.encoders.list()) if (state === 'retired') catalog.encoders.remove(id);
        return { words: catalog.terms.removeUnused(), thumbnails: removeSeenThumbnails(workspace) };
      }),
    );
    const graphs = (await removeUnfitGraphs(workspace)).length;
    await removeLeftOvers(workspace);
    await refreshCodeFiles(workspace, {
      signal: signal ?? new AbortController().signal,
      notice: () => undefined,
    });
    const checks = await forgetContents(layout.checks, catalog.items.hashes());
    const unfinished = await removeUnfinished(workspace);
    const left = await namesIn(layout.encoders);
    catalog.compact();
    const after = await indexSize(layout);
    return {
      schema: 1,
      removed: { encoders: stored.length - left.length, graphs, unfinished, words, thumbnails, checks },
      bytes: {
        catalog: before.catalog - after.catalog,
        encoders: before.encoders - after.encoders,
        hnsw: before.hnsw - after.hnsw,
        codes: before.codes - after.codes,
        total: all - (await sizeOf(layout.directory)),
      },
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    lock.release();
  }
}

/** Thumbnails wait for an encoder; where it has given every picture its code they wait for nothing. */
function removeSeenThumbnails(workspace: Workspace): number {
  const { catalog } = workspace;
  const waiting = catalog.encoders
    .list()
    .some(({ id, kind, state }) => kind === 'image' && (state === 'filling' || lacksCodes(catalog, id)));
  if (waiting || workspace.activeEncoder('image') === undefined) return 0;
  const ids = storedThumbnails(catalog);
  catalog.thumbnails.remove(ids);
  return ids.length;
}

async function removeUnfinished({ layout }: Workspace): Promise<number> {
  const names = (await namesIn(layout.directory)).filter(isUnfinished);
  for (const name of names) await rm(join(layout.directory, name), { recursive: true, force: true });
  return names.length;
}
