// Pictures, and frames of them, that are read once more: each file once, for all that is wanted of it.
import type { ExtractedImage } from '../features/extract-result.ts';
import { extractAll } from '../features/pool.ts';
import type { ImageFeature } from '../image/image-feature.ts';
import type { Catalog } from '../index/catalog.ts';
import { absolutePath } from './folders.ts';
import { frameLimit } from './frames.ts';

/** What came of a file; without features where it cannot be read, or is another one now. */
export interface PictureAgain {
  /** Of the item. */
  readonly id: number;
  readonly feature?: ImageFeature;
  /** By the ids of the frames that were wanted. */
  readonly frames: ReadonlyMap<number, ImageFeature>;
  /** Ids of frames that cannot be had of the file any more, though it is the same: nothing will ever give them a code. */
  readonly lost: readonly number[];
}

interface WantedFile {
  readonly id: number;
  readonly hash: string;
  readonly absolute: string;
  /** Ids of frames by their places in the file. */
  readonly frames: Map<number, number>;
}

/**
 * Reads files of pictures again; changes nothing.
 *
 * @param items ids of items of which the first frame is wanted
 * @param frames ids of frames that are wanted
 * @throws SandglassError ABORTED
 */
export async function* readAgain(
  catalog: Catalog,
  items: ReadonlySet<number>,
  frames: readonly number[],
  signal: AbortSignal,
): AsyncGenerator<PictureAgain, void, undefined> {
  const wanted = wantedFiles(catalog, items, frames);
  const most = frameLimit(catalog);
  for (const [files, limit] of [
    [wanted.filter((file) => file.frames.size === 0), 1],
    [wanted.filter((file) => file.frames.size > 0), most],
  ] as const) {
    for await (const { file, result } of extractAll(files, { signal, frames: limit })) {
      // Another picture may stand there now; it is indexed by the next run.
      const same = result.status === 'ok' && result.kind === 'image' && result.hash === file.hash;
      yield same ? again(file, result) : { id: file.id, frames: new Map(), lost: [] };
    }
  }
}

function again(file: WantedFile, { feature, innerFrames }: ExtractedImage): PictureAgain {
  const found = new Map<number, ImageFeature>();
  for (const inner of innerFrames) {
    const id = file.frames.get(inner.ordinal);
    if (id !== undefined) found.set(id, inner.feature);
  }
  const lost = [...file.frames.values()].filter((id) => !found.has(id));
  return { id: file.id, feature, frames: found, lost };
}

function wantedFiles(catalog: Catalog, items: ReadonlySet<number>, frames: readonly number[]): WantedFile[] {
  const roots = new Map(catalog.roots.list().map((root) => [root.id, root]));
  const framesOf = new Map<number, Map<number, number>>();
  for (const id of frames) {
    const frame = catalog.frames.get(id);
    if (frame === undefined) continue;
    const ofItem = framesOf.get(frame.itemId) ?? new Map<number, number>();
    framesOf.set(frame.itemId, ofItem.set(frame.ordinal, id));
  }
  return catalog.items.many(new Set([...items, ...framesOf.keys()])).map(({ id, rootId, path, hash }) => ({
    id,
    hash,
    absolute: absolutePath(roots.get(rootId)!, path),
    frames: framesOf.get(id) ?? new Map<number, number>(),
  }));
}
