// Gives everything that an encoder can encode its code, and lets the encoder answer once all have one.
import type { Encoder } from '../encoders/encoder.ts';
import { MOST_PASSAGES } from '../encoders/token-passages.ts';
import { throwIfAborted } from '../errors.ts';
import type { Feature } from '../features/feature.ts';
import type { Catalog } from '../index/catalog.ts';
import type { CodeTable } from '../index/codes.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { storedForm } from '../index/packed-form.ts';
import type { FillOptions } from './fill-options.ts';
import { fillFromFiles } from './fill-pictures.ts';
import { type StoredBags, storedBags } from './stored-bags.ts';
import { bringThumbnailsBack, storedThumbnails, thumbnailFeatures } from './thumbnails.ts';
import type { Workspace } from './workspace.ts';

/** What is encoded and stored together; fewer where each takes a sentence encoder a tenth of a second and more. */
const ENCODE_BATCH = 256;
const READ_BATCH = 16;

/** How many items, and parts of them, lack the code of an encoder. */
export function countMissingCodes(catalog: Catalog, encoderId: number): number {
  const { kind } = catalog.encoders.get(encoderId);
  return catalog.codes.missing(encoderId).length + catalog.partCodes(kind).missing(encoderId).length;
}

/** True when an item, or a part of one, lacks the code of an encoder. */
export function lacksCodes(catalog: Catalog, encoderId: number): boolean {
  const { kind } = catalog.encoders.get(encoderId);
  return catalog.codes.missing(encoderId, 1).length > 0 || catalog.partCodes(kind).missing(encoderId, 1).length > 0;
}

/**
 * Gives every item of the encoder's kind its code, passages and frames too, then lets the encoder answer in place of the
 * former one.
 *
 * @returns false when some item could not be encoded and the former encoder still answers
 */
export async function fillAndActivate(
  workspace: Workspace,
  record: EncoderRecord,
  options: FillOptions,
): Promise<boolean> {
  const isFull = await fillCodes(workspace, record, options);
  const { encodePictures } = await workspace.encoder(record);
  // It has no use for thumbnails, which others may wait for.
  if (isFull && encodePictures) workspace.catalog.encoders.activate(record.id, { lacking: true });
  else if (isFull) activate(workspace, record);
  return isFull;
}

/** Lets an encoder answer that has given everything its code. */
export function activate({ catalog }: Workspace, record: EncoderRecord): void {
  catalog.write(() => {
    catalog.encoders.activate(record.id);
    if (record.kind !== 'image') return;
    for (const table of [catalog.thumbnails, catalog.frameThumbnails]) table.remove(storedThumbnails(catalog, table));
  });
}

/**
 * Gives every item of the encoder's kind its code, passages and frames too. The codes of the encoder that answers stay.
 * Done in small transactions: an interrupted run goes on where it stopped.
 *
 * @returns false when some item could not be encoded. Encoders that read files again answer without those that cannot be read
 *   now, once they have a code of one
 */
export async function fillCodes(workspace: Workspace, record: EncoderRecord, options: FillOptions): Promise<boolean> {
  const { catalog } = workspace;
  const encoder = await workspace.encoder(record);
  if (encoder.encodePictures) {
    await fillFromFiles(catalog, encoder.encodePictures, record, options);
    return catalog.codes.count(record.id) > 0 || !lacksCodes(catalog, record.id);
  }
  if (record.kind === 'image') {
    // Pictures that came while the former encoder answered were encoded at once, and their thumbnails not kept.
    const lacking = new Set(catalog.codes.missing(record.id));
    await bringThumbnailsBack(catalog, options, lacking, catalog.frameCodes.missing(record.id));
    for (const [codes, thumbnails] of [
      [catalog.codes, catalog.thumbnails],
      [catalog.frameCodes, catalog.frameThumbnails],
    ] as const)
      await fill(catalog, codes, encoder, record, (ids) => thumbnailFeatures(catalog, ids, thumbnails), options);
  } else {
    const bags = storedBags(catalog, { withText: encoder.readsText });
    if (encoder.readsText) await fillTogether(catalog, encoder, record.id, bags, options);
    await fill(catalog, catalog.codes, encoder, record, (ids) => ids.map(bags.get), options);
    await fill(catalog, catalog.passageCodes, encoder, record, (ids) => ids.map(bags.ofPassage), options);
  }
  return !lacksCodes(catalog, record.id);
}

async function fill(
  catalog: Catalog,
  table: CodeTable,
  encoder: Encoder,
  record: EncoderRecord,
  featuresOf: (ids: readonly number[]) => readonly (Feature | undefined)[],
  { signal, onEncoded }: FillOptions,
): Promise<void> {
  for (let after = 0; ; ) {
    const ids = table.missing(record.id, encoder.readsText ? READ_BATCH : ENCODE_BATCH, after);
    if (ids.length === 0) return;
    after = ids.at(-1)!;
    throwIfAborted(signal, 'Stopped while encoding; the next run goes on from here.');
    const features = featuresOf(ids);
    const ready = ids.flatMap((id, i) => (features[i] ? [{ id, feature: features[i] }] : []));
    const codes = await encoder.encode(ready.map(({ feature }) => feature));
    catalog.write(() => {
      table.put(
        record.id,
        ready.map(({ id }) => id),
        storedForm(record, codes),
      );
    });
    onEncoded(ready.length);
  }
}

/** Documents that a sentence encoder reads together with their first passages. */
const READ_TOGETHER = 8;

/**
 * Documents with the passages that their codes are made of: a sentence encoder that is asked for both at once reads each
 * passage once.
 */
async function fillTogether(
  catalog: Catalog,
  encoder: Encoder,
  encoderId: number,
  bags: StoredBags,
  { signal, onEncoded }: FillOptions,
): Promise<void> {
  const { dimensions } = encoder;
  for (let after = 0; ; ) {
    const ids = catalog.codes.missing(encoderId, READ_TOGETHER, after);
    if (ids.length === 0) return;
    after = ids.at(-1)!;
    throwIfAborted(signal, 'Stopped while encoding; the next run goes on from here.');
    const units = ids.flatMap((id) => [
      { table: catalog.codes, id, feature: bags.get(id) },
      ...catalog.passages
        .of(id)
        .slice(0, MOST_PASSAGES)
        .map((passage) => ({ table: catalog.passageCodes, id: passage.id, feature: bags.ofPassage(passage.id) })),
    ]);
    const ready = units.flatMap(({ feature, ...unit }) => (feature ? [{ ...unit, feature }] : []));
    const codes = await encoder.encode(ready.map(({ feature }) => feature));
    catalog.write(() => {
      ready.forEach(({ table, id }, row) => {
        table.put(encoderId, [id], codes.subarray(row * dimensions, (row + 1) * dimensions));
      });
    });
    onEncoded(ready.length);
  }
}
