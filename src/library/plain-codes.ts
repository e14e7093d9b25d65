// The plain codes of pictures in a catalog, kept beside those of trained encoders.

import type { ImageFeature } from '../image/image-feature.ts';
import { PICTURE_CODES, type PictureCode, pictureCode } from '../image/picture-codes.ts';
import type { Catalog } from '../index/catalog.ts';
import type { EncoderRecord, NewEncoder } from '../index/encoder-table.ts';

/** Catalog ids of the plain codes. */
export type PlainEncoders = ReadonlyMap<PictureCode, number>;

/**
 * Those that are in the catalog, after the missing ones were added. A new one answers at once where there is no picture;
 * otherwise once all pictures have its code, see renew-hashes.ts.
 */
export function plainEncoders(catalog: Catalog): PlainEncoders {
  return catalog.write(() => {
    const plain = new Map<PictureCode, number>();
    for (const code of PICTURE_CODES) {
      // An encoder of that name was imported before the name was taken.
      const active = catalog.encoders.active(code.name, 'image');
      if (active !== undefined && !isPlainEncoder(active)) continue;
      const record = active && answers(code, active) ? active : catalog.encoders.add(described(code));
      plain.set(code, record.id);
    }
    activateWhole(catalog, plain);
    return plain;
  });
}

/** Lets those answer that all pictures and frames have; the rest are returned. */
export function activateWhole(catalog: Catalog, plain: PlainEncoders): PictureCode[] {
  const lacking: PictureCode[] = [];
  for (const [code, id] of plain) {
    if (catalog.encoders.get(id).state === 'active') continue;
    if (catalog.codes.missing(id, 1).length + catalog.frameCodes.missing(id, 1).length > 0) lacking.push(code);
    else catalog.encoders.activate(id);
  }
  return lacking;
}

/** True for the plain codes, of this version or another: they are no networks, and have no files. */
export function isPlainEncoder({ method, kind, fingerprint }: EncoderRecord): boolean {
  return kind === 'image' && pictureCode(method) !== undefined && fingerprint.startsWith(`${method}/`);
}

/** True when a record in the catalog holds the codes as this version makes them. */
export function answers({ fingerprint }: PictureCode, record: EncoderRecord | undefined): boolean {
  return record?.fingerprint === fingerprint;
}

export function plainCodes(plain: PlainEncoders, feature: ImageFeature): { encoderId: number; code: Uint8Array }[] {
  return [...plain].map(([code, encoderId]) => ({ encoderId, code: code.of(feature) }));
}

function described({ name, compares, dimensions, bytes, fingerprint }: PictureCode): NewEncoder {
  const isPacked = compares === 'bits' && bytes === dimensions / 8;
  return {
    method: name,
    kind: 'image',
    fingerprint,
    form: isPacked ? 'bits' : 'bytes',
    dimensions: isPacked ? dimensions : bytes,
  };
}
