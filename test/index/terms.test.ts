import { afterEach, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { cleanUp, codeOf, opened, temporaryIndex, textItem } from './temporary-index.ts';

afterEach(cleanUp);

describe('The words of documents', () => {
  it('are refused when a word is named twice, has no count, or occurs too often', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/texts');
    const put = (terms: string[], counts: number[]) => () =>
      catalog.items.put([textItem(root.id, 'a', { bag: { terms, counts } })]);
    expect(put(['a', 'a'], [1, 1])).toThrow(RangeError);
    expect(put(['a', 'b'], [1])).toThrow('as many counts as terms (2) but received 1');
    expect(put(['a'], [70_000])).toThrow('a count from 1 to 65535 but received 70000');
  });

  it.each<[string, string]>([
    ['a blob that is cut off', 'UPDATE item_terms SET terms = substr(terms, 1, length(terms) - 1)'],
    ['a blob of noise', "UPDATE item_terms SET terms = x'ffffffffffffff'"],
    ['a wrong number of terms', 'UPDATE item_terms SET pairs = pairs + 1'],
  ])('are damaged by %s, which is said', (_, damage) => {
    const layout = temporaryIndex();
    const catalog = opened(layout);
    const root = catalog.roots.put('/texts');
    const [id] = catalog.items.put([textItem(root.id, 'a', { bag: { terms: ['x', 'y'], counts: [300, 2] } })]);
    const hand = new Sqlite(layout.catalog);
    hand.exec(damage);
    hand.close();
    expect(codeOf(() => catalog.terms.read())).toBe('INDEX_DAMAGED');
    if (!damage.includes('pairs')) expect(() => catalog.terms.get(id!)).toThrow(`the words of item ${id}`);
  });

  it('are damaged when a word is missing from the dictionary', () => {
    const layout = temporaryIndex();
    const catalog = opened(layout);
    const root = catalog.roots.put('/texts');
    const [id] = catalog.items.put([textItem(root.id, 'a', { bag: { terms: ['x'], counts: [1] } })]);
    const hand = new Sqlite(layout.catalog);
    hand.exec('DELETE FROM term');
    hand.close();
    expect(codeOf(() => catalog.terms.get(id!))).toBe('INDEX_DAMAGED');
  });

  it('are read as one sparse matrix, document by document', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/texts');
    const ids = catalog.items.put([
      textItem(root.id, 'a', { bag: { terms: ['john', 'likes', 'movies'], counts: [1, 2, 1] } }),
      textItem(root.id, 'empty', { bag: { terms: [], counts: [] } }),
      textItem(root.id, 'b', { bag: { terms: ['games', 'john'], counts: [1, 3] } }),
    ]);
    const matrix = catalog.terms.read();
    const wordOf = catalog.terms.words(Uint32Array.from(catalog.terms.vocabulary().ids));
    expect(wordOf).toEqual(['john', 'likes', 'movies', 'games']);
    expect([...matrix.ids]).toEqual(ids);
    expect([...matrix.ties]).toEqual(ids.map((id) => catalog.items.get(id)!.tie));
    expect([...matrix.indptr]).toEqual([0, 3, 3, 5]);
    expect([...matrix.termIds]).toEqual([1, 2, 3, 1, 4]);
    expect([...matrix.counts]).toEqual([1, 2, 1, 3, 1]);
  });

  it('are found by word, unknown words being left out', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/texts');
    catalog.items.put([textItem(root.id, 'a', { bag: { terms: ['naïve', '東京'], counts: [1, 1] } })]);
    expect(catalog.terms.ids(['東京', 'osaka', 'naïve'])).toEqual(
      new Map([
        ['東京', 2],
        ['naïve', 1],
      ]),
    );
    expect(catalog.terms.get(999)).toBeUndefined();
  });

  it('keep their ids from one writer to the next', () => {
    const layout = temporaryIndex();
    const first = opened(layout);
    const root = first.roots.put('/texts');
    first.items.put([textItem(root.id, 'a', { bag: { terms: ['sand'], counts: [1] } })]);
    const second = opened(layout);
    second.items.put([textItem(root.id, 'b', { bag: { terms: ['glass', 'sand'], counts: [1, 1] } })]);
    expect(second.terms.ids(['sand']).get('sand')).toBe(1);
    expect([...second.terms.read().termIds].filter((id) => id === 1)).toHaveLength(2);
  });

  it('come back as they were stored, whatever they are and however many documents there are', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1 });
    const bag = fc
      .uniqueArray(fc.tuple(word, fc.integer({ min: 1, max: 65_535 })), { selector: ([text]) => text, maxLength: 8 })
      .map((pairs) => ({ terms: pairs.map(([text]) => text), counts: pairs.map(([, count]) => count) }));
    fc.assert(
      fc.property(fc.array(bag, { maxLength: 12 }), (documents) => {
        const catalog = opened(temporaryIndex());
        const root = catalog.roots.put('/texts');
        const ids = catalog.items.put(documents.map((each, i) => textItem(root.id, `${i}`, { bag: each })));
        const matrix = catalog.terms.read();
        for (const [row, document] of documents.entries()) {
          const found = new Map<string, number>();
          for (let i = matrix.indptr[row]!; i < matrix.indptr[row + 1]!; i++) {
            found.set(catalog.terms.words([matrix.termIds[i]!])[0]!, matrix.counts[i]!);
          }
          const expected = new Map(document.terms.map((text, i) => [text, document.counts[i]!]));
          expect(found).toEqual(expected);
          const single = catalog.terms.get(ids[row]!)!;
          expect(new Map(single.terms.map((text, i) => [text, single.counts[i]!]))).toEqual(expected);
        }
      }),
      { numRuns: 25 },
    );
    cleanUp();
  });

  it('are read whole when there are more documents than one piece holds', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/texts');
    const documents = 9_000;
    catalog.items.put(
      Array.from({ length: documents }, (_, i) =>
        textItem(root.id, `${i}`, { bag: { terms: ['every', `w${i % 700}`], counts: [1, (i % 300) + 1] } }),
      ),
    );
    const matrix = catalog.terms.read();
    expect(matrix.ids).toHaveLength(documents);
    expect(matrix.termIds).toHaveLength(2 * documents);
    const id = catalog.terms.ids(['w123']).get('w123')!;
    for (let row = 123; row < documents; row += 700) {
      const at = matrix.indptr[row]!;
      expect([matrix.termIds[at + 1], matrix.counts[at + 1]]).toEqual([id, (row % 300) + 1]);
    }
  });
});
