// What methods over documents rank: whole documents, and for questions the passages of long ones too.
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

/** The codes of all items, followed by those of all passages where they are asked for. */
export function readCodeUnits(catalog: Catalog, encoderId: number, withPassages: boolean): CodeUnits {
  return catalog.read(() => {
    const { encoder, ids, ties, codes } = catalog.codes.read(encoderId);
    const passages = withPassages ? catalog.passageCodes.read(encoderId) : undefined;
    if (passages === undefined || passages.ids.length === 0) return { encoder, items: { ids, ties }, codes };
    const items = ids.length;
    const rows = items + passages.ids.length;
    const all = {
      ids: new Int32Array(rows),
      ties: new Uint32Array(rows),
      passages: new Int32Array(rows),
    };
    all.ids.set(ids);
    all.ids.set(passages.ids, items);
    all.ties.set(ties);
    all.ties.set(passages.ties, items);
    all.passages.set(passages.keys, items);
    const Codes = codes.constructor as Float32ArrayConstructor;
    const joined = new Codes(codes.length + passages.codes.length);
    joined.set(codes);
    joined.set(passages.codes, codes.length);
    return { encoder, items: all, codes: joined };
  });
}

/** How many codes {@link readCodeUnits} gives with passages. */
export function countCodeUnits({ codes, passageCodes }: Catalog, encoderId: number): number {
  return codes.count(encoderId) + passageCodes.count(encoderId);
}

/** The words of all documents, followed by those of all passages where they are asked for. */
export function readWordUnits(catalog: Catalog, withPassages: boolean): DocumentWords {
  if (withPassages && catalog.passages.count() > 0) return catalog.passages.readWithDocuments();
  return catalog.terms.read();
}
