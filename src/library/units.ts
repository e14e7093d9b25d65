// What methods rank: items, and for questions their parts too: passages of long documents, further frames of pictures.
import type { Catalog } from '../index/catalog.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import type { Ranking } from '../methods/method.ts';
import type { DocumentWords } from '../methods/words.ts';

export interface CodeUnits {
  readonly encoder: EncoderRecord;
  readonly items: Ranking;
  /** [units × dimensions] floats, or [units × bytes of a code]. */
  readonly codes: Float32Array | Uint8Array;
}

/** The codes of all items, followed by those of all their parts where they are asked for. */
export function readCodeUnits(catalog: Catalog, encoderId: number, withParts: boolean): CodeUnits {
  return catalog.read(() => {
    const { encoder, ids, ties, codes } = catalog.codes.read(encoderId);
    const parts = withParts ? catalog.partCodes(encoder.kind).read(encoderId) : undefined;
    if (parts === undefined || parts.ids.length === 0) return { encoder, items: { ids, ties }, codes };
    const items = ids.length;
    const rows = items + parts.ids.length;
    const all = {
      ids: new Int32Array(rows),
      ties: new Uint32Array(rows),
      parts: new Int32Array(rows),
    };
    all.ids.set(ids);
    all.ids.set(parts.ids, items);
    all.ties.set(ties);
    all.ties.set(parts.ties, items);
    all.parts.set(parts.keys, items);
    const Codes = codes.constructor as Float32ArrayConstructor;
    const joined = new Codes(codes.length + parts.codes.length);
    joined.set(codes);
    joined.set(parts.codes, codes.length);
    return { encoder, items: all, codes: joined };
  });
}

/** How many codes {@link readCodeUnits} gives with parts. */
export function countCodeUnits(catalog: Catalog, encoderId: number): number {
  const { kind } = catalog.encoders.get(encoderId);
  return catalog.codes.count(encoderId) + catalog.partCodes(kind).count(encoderId);
}

/** The words of all documents, followed by those of all passages where they are asked for. */
export function readWordUnits(catalog: Catalog, withPassages: boolean): DocumentWords {
  if (withPassages && catalog.passages.count() > 0) return catalog.passages.readWithDocuments();
  return catalog.terms.read();
}
