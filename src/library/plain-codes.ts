// The plain hashes of pictures, kept as codes beside those of trained encoders.

import type { ImageFeature } from '../image/image-feature.ts';
import type { Catalog } from '../index/catalog.ts';
import type { EncoderRecord, NewEncoder } from '../index/encoder-table.ts';

const PLAIN: readonly NewEncoder[] = [
  { method: 'phash', kind: 'image', fingerprint: 'phash/1', form: 'bits', dimensions: 64 },
  { method: 'dhash', kind: 'image', fingerprint: 'dhash/1', form: 'bits', dimensions: 64 },
  { method: 'pixels', kind: 'image', fingerprint: 'pixels/1', form: 'bytes', dimensions: 192 },
];

/** Catalog ids of the plain encoders by method; they are made when the index is. */
export type PlainEncoders = ReadonlyMap<string, number>;

export function plainEncoders(catalog: Catalog): PlainEncoders {
  const present = PLAIN.map((plain) => [plain.method, catalog.encoders.find(plain.fingerprint)] as const);
  if (present.every(([, record]) => record?.state === 'active'))
    return new Map(present.map(([method, record]) => [method, record!.id]));
  return new Map(PLAIN.map((plain) => [plain.method, catalog.encoders.activate(catalog.encoders.add(plain).id).id]));
}

/** True for the hashes: they are no networks, and have no files. */
export function isPlainEncoder({ fingerprint }: EncoderRecord): boolean {
  return PLAIN.some((plain) => plain.fingerprint === fingerprint);
}

export function plainCodes(plain: PlainEncoders, feature: ImageFeature): { encoderId: number; code: Uint8Array }[] {
  return (['phash', 'dhash', 'pixels'] as const).map((method) => ({
    encoderId: plain.get(method)!,
    code: feature[method],
  }));
}
