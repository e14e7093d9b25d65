// The thumbnails of pictures, which the catalog keeps until an encoder has seen them.
import type { Feature } from '../features/feature.ts';
import { extractAll } from '../features/pool.ts';
import { ofThumbnail } from '../image/image-feature.ts';
import type { Catalog } from '../index/catalog.ts';
import { absolutePath } from './folders.ts';

/** Thumbnails that are read or stored together. */
const BATCH = 256;

export interface BringBackOptions {
  readonly signal: AbortSignal;
  notice(text: string): void;
}

/**
 * Reads pictures again whose thumbnails were dropped when an earlier encoder had seen them.
 *
 * @param wanted ids of items; all pictures by default
 */
export async function bringThumbnailsBack(
  catalog: Catalog,
  { signal, notice }: BringBackOptions,
  wanted?: ReadonlySet<number>,
): Promise<void> {
  const present = new Set(storedThumbnails(catalog));
  const roots = new Map(catalog.roots.list().map((root) => [root.id, root]));
  const lacking: { id: number; hash: string; absolute: string }[] = [];
  catalog.items.each(({ id, rootId, path, hash }) => {
    if (!present.has(id) && (wanted === undefined || wanted.has(id)))
      lacking.push({ id, hash, absolute: absolutePath(roots.get(rootId)!, path) });
  }, 'image');

  let unreadable = 0;
  let batch: { id: number; planes: Uint8Array }[] = [];
  const store = () => {
    catalog.write(() => {
      for (const { id, planes } of batch) catalog.thumbnails.put(id, planes);
    });
    batch = [];
  };
  for await (const { file, result } of extractAll(lacking, { signal })) {
    // Another picture may stand there now; it is indexed by the next run.
    if (result.status === 'ok' && result.kind === 'image' && result.hash === file.hash)
      batch.push({ id: file.id, planes: result.feature.thumbnail });
    else unreadable++;
    if (batch.length === BATCH) store();
  }
  store();
  if (unreadable > 0)
    notice(`${unreadable} pictures cannot be read now (offline or changed); the new encoder waits until they can.`);
}

/** Thumbnails as features to encode, which need nothing else; undefined for items that have none. */
export function thumbnailFeatures(catalog: Catalog, ids: readonly number[]): (Feature | undefined)[] {
  const wanted = new Set(ids);
  const last = ids.at(-1)!;
  const found = new Map<number, Uint8Array>();
  for (let after = ids[0]! - 1; after < last; ) {
    const some = catalog.thumbnails.read(BATCH, after);
    if (some.length === 0) break;
    for (const { itemId, planes } of some) if (wanted.has(itemId)) found.set(itemId, planes);
    after = some.at(-1)!.itemId;
  }
  return ids.map((id) => {
    const planes = found.get(id);
    return planes && ofThumbnail(planes);
  });
}

/** Ids of the items whose thumbnails are stored. */
export function storedThumbnails(catalog: Catalog): number[] {
  const ids: number[] = [];
  for (let after = 0; ; ) {
    const some = catalog.thumbnails.read(BATCH, after);
    if (some.length === 0) return ids;
    for (const { itemId } of some) ids.push(itemId);
    after = some.at(-1)!.itemId;
  }
}
