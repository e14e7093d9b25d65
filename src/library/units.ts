// What methods rank: items, and for questions their parts too: passages of long documents, further frames of pictures.
import type { Catalog } from '../index/catalog.ts';
import { allocateRows, someRows } from '../index/code-file.ts';
import { asNumbers } from '../index/codes.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { type PackedForm, packedBytes } from '../index/packed-form.ts';
import type { Ranking } from '../methods/method.ts';
import type { DocumentWords } from '../methods/words.ts';

export interface CodeUnits {
  readonly encoder: EncoderRecord;
  readonly items: Ranking;
  /** [units × dimensions] floats, or [units × bytes of a code]. */
  readonly codes: Float32Array | Uint8Array;
}

/**
 * The codes of all items, followed by those of all their parts where they are asked for.
 *
 * @param wanted the form that they are packed in, of codes that are stored as floats; as they are stored when absent
 */
export function readCodeUnits(catalog: Catalog, encoderId: number, withParts: boolean, wanted?: PackedForm): CodeUnits {
  return catalog.read(() => {
    const encoder = catalog.encoders.get(encoderId);
    const form = wanted ?? encoder.form;
    const partCodes = withParts ? catalog.partCodes(encoder.kind) : undefined;
    const items = catalog.codes.countRows(encoder, form);
    const count = items + (partCodes?.countRows(encoder, form) ?? 0);
    const rows = allocateRows(count, packedBytes(form, encoder.form, encoder.dimensions));
    const { ids, ties, keys } = rows;
    catalog.codes.readInto(encoder, form, someRows(rows, 0, items));
    const codes = asNumbers(form, rows.codes);
    if (count === items) return { encoder, items: { ids, ties }, codes };
    partCodes?.readInto(encoder, form, someRows(rows, items, count));
    return { encoder, items: { ids, ties, parts: keys.fill(0, 0, items) }, codes };
  });
}

/** The floats of some rows of {@link CodeUnits}, from the catalog; undefined where an item, or its code, is there no more. */
export function readSomeFloats(
  catalog: Catalog,
  { encoder, items: { ids, parts } }: CodeUnits,
  rows: readonly number[],
): (Float32Array | undefined)[] {
  const partCodes = catalog.partCodes(encoder.kind);
  return catalog.read(() =>
    rows.map((row) => {
      const part = parts?.[row] ?? 0;
      const code = part === 0 ? catalog.codes.codeOf(encoder, ids[row]!) : partCodes.codeOf(encoder, part);
      return code as Float32Array | undefined;
    }),
  );
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
