// Codes of encoders that look at more of a picture than its thumbnail: every file is read again.
import type { Encoder } from '../encoders/encoder.ts';
import type { SandglassError } from '../errors.ts';
import type { Catalog } from '../index/catalog.ts';
import type { CodeTable } from '../index/codes.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { storedForm } from '../index/packed-form.ts';
import type { FillOptions } from './fill-options.ts';
import { absolutePath } from './folders.ts';

/** Codes that are stored together: so much is lost at most when a run is killed. */
const STORED_TOGETHER = 16;
/** Files that are named when they cannot be read; of further ones it is said how many there are. */
const MOST_NAMED = 10;

/**
 * Gives every picture, and frame of one, its code whose file can be read and is still the one that was indexed; of the others
 * it is said why not. What is stored stays when the run is stopped.
 *
 * @throws SandglassError ABORTED, ENCODER_BROKEN, DISK_FULL
 */
export async function fillFromFiles(
  catalog: Catalog,
  encodePictures: NonNullable<Encoder['encodePictures']>,
  record: EncoderRecord,
  { signal, onEncoded, notice }: FillOptions,
): Promise<void> {
  const { id: encoderId, method } = record;
  const failures = new Map<string, SandglassError>();
  let batch: { table: CodeTable; id: number; code: Float32Array }[] = [];
  const store = () => {
    catalog.write(() => {
      for (const { table, id, code } of batch) table.put(encoderId, [id], storedForm(record, code));
    });
    if (batch.length > 0) onEncoded(batch.length);
    batch = [];
  };
  try {
    const lacking = pictureSources(catalog, catalog.codes.missing(encoderId), catalog.frameCodes.missing(encoderId));
    for await (const encoded of encodePictures(lacking, signal)) {
      const { table, id, path } = encoded.source;
      if ('error' in encoded) failures.set(path, encoded.error);
      else batch.push({ table, id, code: encoded.code });
      if (batch.length === STORED_TOGETHER) store();
    }
  } finally {
    // Whatever stopped the reading, what was encoded is stored.
    store();
  }
  for (const [path, { message }] of [...failures].slice(0, MOST_NAMED))
    notice(`${path} has no code of ${method}: ${message}`);
  const further = failures.size - MOST_NAMED;
  if (further > 0) notice(`${further} further pictures have no code of ${method}: their files cannot be read now.`);
}

/** Where pictures and frames lie, by their ids, and the tables of their codes. */
export function pictureSources(catalog: Catalog, items: readonly number[], frames: readonly number[]) {
  const roots = new Map(catalog.roots.list().map((root) => [root.id, root]));
  const sourceOf = (itemId: number) => {
    const { rootId, path, hash } = catalog.items.get(itemId)!;
    return { hash, path: absolutePath(roots.get(rootId)!, path) };
  };
  return [
    ...items.map((id) => ({ table: catalog.codes, id, ...sourceOf(id), frame: 0 })),
    ...frames.map((id) => {
      const { itemId, ordinal } = catalog.frames.get(id)!;
      return { table: catalog.frameCodes, id, ...sourceOf(itemId), frame: ordinal };
    }),
  ];
}
