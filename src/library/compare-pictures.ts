// Are the codes of pictures in the catalog those that their files give? Files are read again, once for all that need no more.
import type { Encoder } from '../encoders/encoder.ts';
import type { ImageFeature } from '../image/image-feature.ts';
import { PICTURE_CODES } from '../image/picture-codes.ts';
import type { CatalogFinding } from '../index/catalog-check.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { storedForm } from '../index/packed-form.ts';
import { type CodeReader, type CodeSample, codeReader, isSameCode } from './compare-codes.ts';
import { pictureSources } from './fill-pictures.ts';
import { answers } from './plain-codes.ts';
import { readAgain } from './read-again.ts';
import type { Workspace } from './workspace.ts';

/** Pictures and frames that are encoded together. */
const BATCH = 64;

type Of = 'item' | 'frame';

interface Unit {
  readonly of: Of;
  readonly id: number;
  readonly feature: ImageFeature;
}

/**
 * Makes the codes of every picture again, and of every frame, whose file is there and still the one that was indexed.
 *
 * @param records encoders of pictures, each a plain code of this version, or one that can run
 * @param found codes that are known to be damaged are left out
 */
export async function comparePictures(
  workspace: Workspace,
  records: readonly EncoderRecord[],
  found: readonly CatalogFinding[],
  step: (what: string) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<CodeSample[]> {
  const { catalog } = workspace;
  const { items, frames } = allPictures(workspace);
  const comparison = new Comparison(workspace, found);
  const encoders: { record: EncoderRecord; encode: (features: readonly ImageFeature[]) => Promise<Code[]> }[] = [];
  for (const record of records) {
    const plain = PICTURE_CODES.find((code) => answers(code, record));
    if (plain !== undefined) {
      encoders.push({ record, encode: async (features) => features.map((feature) => plain.of(feature)) });
      continue;
    }
    const encoder = await workspace.encoder(record);
    if (encoder.encodePictures === undefined) {
      encoders.push({ record, encode: (features) => encodeAll(encoder, record, features) });
      continue;
    }
    step(`codes of ${record.method}, made again`);
    for await (const encoded of encoder.encodePictures(pictureSources(catalog, items, frames), signal)) {
      const { table, id } = encoded.source;
      const of = table === catalog.codes ? 'item' : 'frame';
      if ('code' in encoded) comparison.add(record, of, id, storedForm(record, encoded.code));
    }
  }
  let done = 0;
  let batch: Unit[] = [];
  const compare = async () => {
    step(`codes of pictures, made again: ${done}/${items.length}`);
    for (const { record, encode } of encoders) {
      const codes = await encode(batch.map(({ feature }) => feature));
      batch.forEach(({ of, id }, i) => {
        comparison.add(record, of, id, codes[i]!);
      });
    }
    batch = [];
  };
  for await (const { id, feature, frames: inner } of readAgain(catalog, new Set(items), frames, signal)) {
    done++;
    if (feature !== undefined) batch.push({ of: 'item', id, feature });
    for (const [frame, one] of inner) batch.push({ of: 'frame', id: frame, feature: one });
    if (batch.length >= BATCH) await compare();
  }
  if (batch.length > 0) await compare();
  return comparison.wrong();
}

type Code = Float32Array | Uint8Array;

/** Codes beside those in the catalog. */
class Comparison {
  readonly #read: Readonly<Record<Of, CodeReader>>;
  readonly #known: ReadonlySet<string>;
  readonly #wrong = new Map<EncoderRecord, Readonly<Record<Of, number[]>>>();

  constructor({ catalog }: Workspace, found: readonly CatalogFinding[]) {
    this.#known = new Set(found.flatMap(({ encoderId, of, keys }) => keys.map((key) => `${encoderId} ${of} ${key}`)));
    this.#read = {
      item: codeReader(catalog, { table: 'code', key: 'item_id' }),
      frame: codeReader(catalog, { table: 'frame_code', key: 'frame_id' }),
    };
  }

  add(record: EncoderRecord, of: Of, id: number, fresh: Code): void {
    const stored = this.#read[of](record.id, id);
    // One that is missing is told of as missing.
    if (stored === undefined || this.#known.has(`${record.id} ${of} ${id}`) || isSameCode(record, stored, fresh))
      return;
    const ids = this.#wrong.get(record) ?? { item: [], frame: [] };
    ids[of].push(id);
    this.#wrong.set(record, ids);
  }

  wrong(): CodeSample[] {
    return [...this.#wrong].flatMap(([record, ids]) =>
      (['item', 'frame'] as const).flatMap((of) => (ids[of].length === 0 ? [] : [{ record, of, ids: ids[of] }])),
    );
  }
}

async function encodeAll(encoder: Encoder, record: EncoderRecord, features: readonly ImageFeature[]): Promise<Code[]> {
  const { dimensions } = record;
  const codes = await encoder.encode(features);
  return features.map((_, i) => storedForm(record, codes.subarray(i * dimensions, (i + 1) * dimensions)));
}

function allPictures({ catalog: { database } }: Workspace): { items: number[]; frames: number[] } {
  const ids = (sql: string) =>
    database
      .prepareRaw<readonly [number]>(sql)
      .all()
      .map(([id]) => id);
  return {
    items: ids("SELECT id FROM item WHERE kind = 'image' ORDER BY id"),
    frames: ids('SELECT id FROM frame ORDER BY id'),
  };
}
