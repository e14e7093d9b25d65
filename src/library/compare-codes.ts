// Are the codes in the catalog those that the encoder gives? Documents are encoded again from what is stored of them.
import type { Encoder } from '../encoders/encoder.ts';
import type { Feature } from '../features/feature.ts';
import type { Catalog } from '../index/catalog.ts';
import { type CatalogFinding, type CodePlace, codePlaces } from '../index/catalog-check.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { storedForm } from '../index/packed-form.ts';
import { storedBags } from './stored-bags.ts';
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
/** How far two bytes of a code may be from one another, and the share of those that may be further. */
const NEARLY = 2;
const DIFFERING_BYTES = 0.05;
/** Of codes of bits: the share that may differ, where numbers lie close to 0. */
const DIFFERING_BITS = 0.02;

/**
 * Encodes documents again, and passages when `deep`, and compares.
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
  const bags = storedBags(catalog, { withText: encoder.readsText });
  const bad = new Set(
    found
      .filter(({ encoderId, fault }) => encoderId === record.id || /^(TEXT|WORDS|PASSAGES)/.test(fault))
      .flatMap(({ keys }) => keys),
  );
  const samples: CodeSample[] = [];
  for (const place of codePlaces(catalog)) {
    const { table, key, of } = place;
    if (of !== 'item' && !(of === 'passage' && deep)) continue;
    const all = catalog.database
      .prepareRaw<readonly [number]>(`SELECT ${key} FROM ${table} WHERE encoder_id = ? ORDER BY ${key} LIMIT ?`)
      .all(record.id, deep ? -1 : SAMPLE)
      .map(([id]) => id)
      .filter((id) => !bad.has(id));
    const wrong: number[] = [];
    for (let from = 0; from < all.length; from += BATCH) {
      step(`codes of ${record.method}, made again: ${from}/${all.length}`);
      const ids = all.slice(from, from + BATCH);
      const features = ids.map(of === 'item' ? bags.get : bags.ofPassage);
      wrong.push(...(await wrongOf(workspace, record, encoder, place, ids, features)));
    }
    if (wrong.length > 0) samples.push({ record, of, ids: wrong });
  }
  return samples;
}

async function wrongOf(
  { catalog }: Workspace,
  record: EncoderRecord,
  encoder: Encoder,
  place: CodePlace,
  ids: readonly number[],
  features: readonly (Feature | undefined)[],
): Promise<number[]> {
  const { id, dimensions } = record;
  const known = ids.flatMap((row, i) => (features[i] === undefined ? [] : [{ row, feature: features[i] }]));
  if (known.length === 0) return [];
  const codes = await encoder.encode(known.map(({ feature }) => feature));
  const read = codeReader(catalog, place);
  return known.flatMap(({ row }, i) => {
    const fresh = codes.subarray(i * dimensions, (i + 1) * dimensions);
    const stored = read(id, row) ?? new Uint8Array();
    return isSameCode(record, stored, storedForm(record, fresh)) ? [] : [row];
  });
}

export type CodeReader = (encoderId: number, id: number) => Uint8Array | undefined;

/** Reads one code after the other as the catalog has them. */
export function codeReader({ database }: Catalog, { table, key }: Pick<CodePlace, 'table' | 'key'>): CodeReader {
  const statement = database.prepareRaw<readonly [Uint8Array]>(
    `SELECT code FROM ${table} WHERE encoder_id = ? AND ${key} = ?`,
  );
  return (encoderId, id) => statement.get(encoderId, id)?.[0];
}

/** Whether a stored code is one that was made now, as far as machines and batches round in the same way. */
export function isSameCode({ form }: EncoderRecord, stored: Uint8Array, fresh: Float32Array | Uint8Array): boolean {
  if (form === 'bits') return sameBits(stored, fresh);
  if (form === 'bytes') return sameBytes(stored, fresh);
  return stored.length === fresh.length * 4 && sameCode(new Float32Array(Uint8Array.from(stored).buffer), fresh);
}

function sameBytes(a: Uint8Array, b: ArrayLike<number>): boolean {
  let differing = 0;
  for (let i = 0; i < a.length; i++) if (Math.abs(a[i]! - b[i]!) > NEARLY) differing++;
  return a.length === b.length && differing <= DIFFERING_BYTES * a.length;
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
