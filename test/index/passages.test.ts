import { afterEach, describe, expect, it } from '@jest/globals';
import type { Catalog } from '../../src/index/catalog.ts';
import type { NewPassage } from '../../src/index/passages.ts';
import { cleanUp, codeOf, opened, temporaryIndex, textEncoder, textItem } from './temporary-index.ts';

afterEach(cleanUp);

function passage(start: number, end: number, ...terms: string[]): NewPassage {
  return { start, end, terms, counts: Uint16Array.from(terms, (_, i) => i + 1) };
}

/** Two documents; the first has two passages. */
function twoDocuments(): { catalog: Catalog; ids: number[]; passages: number[] } {
  const catalog = opened(temporaryIndex());
  const root = catalog.roots.put('/docs');
  const ids = catalog.items.put([
    textItem(root.id, 'long', {
      bag: passage(0, 0, 'sea', 'ship', 'bread'),
      passages: [passage(0, 9, 'sea', 'ship'), passage(10, 20, 'bread', 'sea')],
    }),
    textItem(root.id, 'short', { bag: passage(0, 0, 'bread') }),
  ]);
  return { catalog, ids, passages: catalog.passages.of(ids[0]!).map(({ id }) => id) };
}

describe('Passages', () => {
  it('tell where they stand, in order', () => {
    const { catalog, ids, passages } = twoDocuments();
    expect(catalog.passages.of(ids[0]!)).toEqual([
      { id: passages[0], itemId: ids[0], ordinal: 0, start: 0, end: 9 },
      { id: passages[1], itemId: ids[0], ordinal: 1, start: 10, end: 20 },
    ]);
    expect(catalog.passages.of(ids[1]!)).toEqual([]);
    expect(catalog.passages.get(passages[1]!)?.start).toBe(10);
    expect(catalog.passages.get(99)).toBeUndefined();
    expect(catalog.passages.count()).toBe(2);
  });

  it('have words of their own, which share their numbers with those of documents', () => {
    const { catalog, passages } = twoDocuments();
    const bag = catalog.passages.numbers(passages[1]!)!;
    expect(new Map(catalog.terms.words(bag.ids).map((word, i) => [word, bag.counts[i]]))).toEqual(
      new Map([
        ['bread', 1],
        ['sea', 2],
      ]),
    );
  });

  it('are read as a matrix whose rows know their item, alone and after the documents', () => {
    const { catalog, ids, passages } = twoDocuments();
    const alone = catalog.passages.read();
    expect([...alone.ids]).toEqual([ids[0], ids[0]]);
    expect([...alone.parts]).toEqual(passages);
    expect([...alone.indptr]).toEqual([0, 2, 4]);
    const all = catalog.passages.readWithDocuments();
    expect([...all.ids]).toEqual([ids[0], ids[1], ids[0], ids[0]]);
    expect([...all.parts]).toEqual([0, 0, ...passages]);
    expect([...all.indptr]).toEqual([0, 3, 4, 6, 8]);
    expect(all.ties[2]).toBe(all.ties[0]);
    expect([...catalog.terms.read().ids]).toEqual(ids);
  });

  it('keep their ids and codes when only their words change, and lose them when they stand elsewhere', () => {
    const { catalog, ids, passages } = twoDocuments();
    const encoder = catalog.encoders.add(textEncoder('one'));
    catalog.passageCodes.put(encoder.id, passages, new Float32Array(8).fill(0.5));
    expect(catalog.passages.put(ids[0]!, [passage(0, 9, 'wave'), passage(10, 20)])).toEqual(passages);
    expect(catalog.passageCodes.count(encoder.id)).toBe(2);
    expect(catalog.terms.words(catalog.passages.numbers(passages[0]!)!.ids)).toEqual(['wave']);
    const revision = catalog.encoders.get(encoder.id).revision;
    const moved = catalog.passages.put(ids[0]!, [passage(0, 8, 'wave')]);
    expect(catalog.passageCodes.count(encoder.id)).toBe(0);
    expect(catalog.encoders.get(encoder.id).revision).toBeGreaterThan(revision);
    expect(catalog.passages.of(ids[0]!).map(({ id }) => id)).toEqual(moved);
  });

  it('go with their item, codes and all', () => {
    const { catalog, ids, passages } = twoDocuments();
    const encoder = catalog.encoders.add(textEncoder('one'));
    catalog.passageCodes.put(encoder.id, passages, new Float32Array(8));
    catalog.items.remove([ids[0]!]);
    expect(catalog.passages.count()).toBe(0);
    expect(catalog.passageCodes.count(encoder.id)).toBe(0);
  });
});

describe('Codes of passages', () => {
  it('are read with the item, the tie key and the passage of each', () => {
    const { catalog, ids, passages } = twoDocuments();
    const encoder = catalog.encoders.add(textEncoder('one'));
    const codes = Float32Array.from({ length: 8 }, (_, i) => i);
    catalog.passageCodes.put(encoder.id, passages, codes);
    const matrix = catalog.passageCodes.read(encoder.id);
    expect([...matrix.keys]).toEqual(passages);
    expect([...matrix.ids]).toEqual([ids[0], ids[0]]);
    expect(matrix.codes).toEqual(codes);
    expect(catalog.passageCodes.get(encoder.id, passages[1]!)).toEqual(codes.subarray(4));
  });

  it('that are missing keep an encoder from answering', () => {
    const { catalog, ids, passages } = twoDocuments();
    const encoder = catalog.encoders.add(textEncoder('one'));
    catalog.codes.put(encoder.id, ids, new Float32Array(8));
    expect(catalog.passageCodes.missing(encoder.id)).toEqual(passages);
    expect(codeOf(() => catalog.encoders.activate(encoder.id))).toBe('ENCODER_UNFINISHED');
    catalog.passageCodes.put(encoder.id, passages, new Float32Array(8));
    expect(catalog.passageCodes.missing(encoder.id)).toEqual([]);
    expect(catalog.encoders.activate(encoder.id).state).toBe('active');
    catalog.encoders.retire(encoder.id);
    expect(catalog.passageCodes.count(encoder.id)).toBe(0);
  });
});
