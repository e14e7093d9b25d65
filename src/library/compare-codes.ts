// Are the codes in the catalog those that the encoder gives? Items are encoded again and compared.
import type { Encoder } from '../encoders/encoder.ts';
import type { Feature } from '../features/feature.ts';
import { type CatalogFinding, type CodePlace, codePlaces } from '../index/catalog-check.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { packSigns } from '../index/sign-bits.ts';
import { storedBags } from './stored-bags.ts';
import { thumbnailFeatures } from './thumbnails.ts';
import type { Workspace } from './workspace.ts';

/** Codes of one encoder that are not its own. */
export interface CodeSample {
  readonly record: EncoderRecord;
  readonly of: string;
  readonly ids: readonly number[];
}

/** Items of a sample: enough to notice that all codes are of something else. */
const SAMPLE = 16;
const BATCH = 256;
/** The least cosine of two codes of one item: batches and machines round differently. */
const SAME = 0.999;
/** Of codes of bits: the share that may differ, where numbers lie close to 0. */
const DIFFERING_BITS = 0.02;

/**
 * Encodes items again, and passages when `deep`, and compares.
 *
 * @param found items and codes that are known to be damaged are left out
 */
export async function compareCodes(
  workspace: Workspace,
  record: EncoderRecord,
  found: readonly CatalogFinding[],
  deep: boolean,
  step: (what: string) => void,
): Promise<CodeSample[]> {
  const { catalog } = workspace;
  const encoder = await workspace.encoder(record);
  const bags = record.kind === 'text' ? storedBags(catalog, { withText: encoder.readsText }) : undefined;
  const featuresOf = (ids: readonly number[], of: string): readonly (Feature | undefined)[] => {
    if (of === 'item') return bags === undefined ? thumbnailFeatures(catalog, ids) : ids.map(bags.get);
    return of === 'passage' && bags !== undefined ? ids.map(bags.ofPassage) : ids.map(() => undefined);
  };
  const bad = new Set(
    found
      .filter(({ encoderId, fault }) => encoderId === record.id || /^(TEXT|WORDS|PASSAGES)/.test(fault))
      .flatMap(({ keys }) => keys),
  );
  const samples: CodeSample[] = [];
  for (const place of codePlaces(catalog)) {
    const { table, key, of } = place;
    if (of !== 'item' && !deep) continue;
    const all = catalog.database
      .prepareRaw<readonly [number]>(`SELECT ${key} FROM ${table} WHERE encoder_id = ? ORDER BY ${key} LIMIT ?`)
      .all(record.id, deep ? -1 : SAMPLE)
      .map(([id]) => id)
      .filter((id) => !bad.has(id));
    const wrong: number[] = [];
    for (let from = 0; from < all.length; from += BATCH) {
      step(`codes of ${record.method}, made again: ${from}/${all.length}`);
      const ids = all.slice(from, from + BATCH);
      wrong.push(...(await wrongOf(workspace, record, encoder, place, ids, featuresOf(ids, of))));
    }
    if (wrong.length > 0) samples.push({ record, of, ids: wrong });
  }
  return samples;
}

async function wrongOf(
  { catalog }: Workspace,
  { id, form, dimensions }: EncoderRecord,
  encoder: Encoder,
  { table, key }: CodePlace,
  ids: readonly number[],
  features: readonly (Feature | undefined)[],
): Promise<number[]> {
  const known = ids.flatMap((row, i) => (features[i] === undefined ? [] : [{ row, feature: features[i] }]));
  if (known.length === 0) return [];
  const codes = await encoder.encode(known.map(({ feature }) => feature));
  const read = catalog.database.prepareRaw<readonly [Uint8Array]>(
    `SELECT code FROM ${table} WHERE encoder_id = ? AND ${key} = ?`,
  );
  return known.flatMap(({ row }, i) => {
    const bytes = Uint8Array.from(read.get(id, row)?.[0] ?? []);
    const fresh = codes.subarray(i * dimensions, (i + 1) * dimensions);
    const isSame =
      form === 'bits' ? sameBits(bytes, packSigns(fresh, dimensions)) : sameCode(new Float32Array(bytes.buffer), fresh);
    return isSame ? [] : [row];
  });
}

function sameCode(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  let dot = 0;
  let squares = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    squares += a[i]! * a[i]! + b[i]! * b[i]!;
  }
  // Two codes of nothing are the same.
  return squares === 0 || dot >= SAME * (squares / 2);
}

function sameBits(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  let differing = 0;
  for (let i = 0; i < a.length; i++) for (let bits = a[i]! ^ b[i]!; bits > 0; bits &= bits - 1) differing++;
  return differing <= DIFFERING_BITS * a.length * 8;
}
