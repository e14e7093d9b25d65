// The thumbnails of pictures and frames, which the catalog keeps until an encoder has seen them.
import type { Feature } from '../features/feature.ts';
import { ofThumbnail } from '../image/image-feature.ts';
import type { Catalog } from '../index/catalog.ts';
import type { ThumbnailTable } from '../index/thumbnails.ts';
import { readAgain } from './read-again.ts';

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
 * @param frames ids of frames
 */
export async function bringThumbnailsBack(
  catalog: Catalog,
  { signal, notice }: BringBackOptions,
  wanted?: ReadonlySet<number>,
  frames: readonly number[] = [],
): Promise<void> {
  const present = new Set(storedThumbnails(catalog));
  const presentFrames = new Set(storedThumbnails(catalog, catalog.frameThumbnails));
  const lacking = new Set<number>();
  catalog.items.each(({ id }) => {
    if (!present.has(id) && (wanted === undefined || wanted.has(id))) lacking.add(id);
  }, 'image');
  const lackingFrames = frames.filter((id) => !presentFrames.has(id));

  let unreadable = 0;
  let batch: { table: ThumbnailTable; id: number; planes: Uint8Array }[] = [];
  const store = () => {
    catalog.write(() => {
      for (const { table, id, planes } of batch) table.put(id, planes);
    });
    batch = [];
  };
  for await (const { id, feature, frames: found, lost } of readAgain(catalog, lacking, lackingFrames, signal)) {
    catalog.frames.remove(lost);
    if (feature === undefined) unreadable++;
    if (feature !== undefined && lacking.has(id))
      batch.push({ table: catalog.thumbnails, id, planes: feature.thumbnail });
    for (const [frame, { thumbnail }] of found)
      batch.push({ table: catalog.frameThumbnails, id: frame, planes: thumbnail });
    if (batch.length >= BATCH) store();
  }
  store();
  if (unreadable > 0)
    notice(`${unreadable} pictures cannot be read now (offline or changed); the new encoder waits until they can.`);
}

/** Thumbnails as features to encode, which need nothing else; undefined where there is none. */
export function thumbnailFeatures(
  catalog: Catalog,
  ids: readonly number[],
  table = catalog.thumbnails,
): (Feature | undefined)[] {
  const wanted = new Set(ids);
  const last = ids.at(-1)!;
  const found = new Map<number, Uint8Array>();
  for (let after = ids[0]! - 1; after < last; ) {
    const some = table.read(BATCH, after);
    if (some.length === 0) break;
    for (const { itemId, planes } of some) if (wanted.has(itemId)) found.set(itemId, planes);
    after = some.at(-1)!.itemId;
  }
  return ids.map((id) => {
    const planes = found.get(id);
    return planes && ofThumbnail(planes);
  });
}

/** Ids of the items, or of what else a table has, whose thumbnails are stored. */
export function storedThumbnails(catalog: Catalog, table = catalog.thumbnails): number[] {
  const ids: number[] = [];
  for (let after = 0; ; ) {
    const some = table.read(BATCH, after);
    if (some.length === 0) return ids;
    for (const { itemId } of some) ids.push(itemId);
    after = some.at(-1)!.itemId;
  }
}
