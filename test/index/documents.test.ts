import { deflateRawSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Catalog } from '../../src/index/catalog.ts';
import type { NewDocument } from '../../src/index/documents.ts';
import { cleanUp, codeOf, opened, temporaryIndex, textItem } from './temporary-index.ts';

afterEach(cleanUp);

function document(text: string, more: Partial<NewDocument> = {}): NewDocument {
  return { deflated: deflateRawSync(text), characters: text.length, language: 'en', rules: 7, ...more };
}

function withItems(...paths: string[]): { catalog: Catalog; ids: number[] } {
  const catalog = opened(temporaryIndex());
  const root = catalog.roots.put('/docs');
  return { catalog, ids: catalog.items.put(paths.map((path) => textItem(root.id, path))) };
}

describe('Documents', () => {
  it('whose bytes are damaged say so', () => {
    const { catalog, ids } = withItems('a');
    catalog.documents.put(ids[0]!, document('text', { deflated: new Uint8Array([255, 255, 1]) }));
    expect(codeOf(() => catalog.documents.text(ids[0]!))).toBe('INDEX_DAMAGED');
  });

  it('that were never stored are undefined', () => {
    const { catalog, ids } = withItems('a');
    expect(catalog.documents.text(ids[0]!)).toBeUndefined();
    expect(catalog.documents.get(ids[0]!)).toBeUndefined();
  });

  it('give back their text, in any script, and what they say of themselves', () => {
    const { catalog, ids } = withItems('a', 'b');
    const facts = { language: 'zh', author: '李白', date: '0744-05', pages: 2 };
    catalog.documents.put(ids[0]!, document('床前明月光 😀\u0000', facts));
    catalog.documents.put(ids[1]!, document('plain'));
    expect(catalog.documents.text(ids[0]!)).toBe('床前明月光 😀\u0000');
    expect(catalog.documents.get(ids[0]!)).toEqual({ ...facts, characters: 9, rules: 7 });
    expect(catalog.documents.get(ids[1]!)).toEqual({ characters: 5, language: 'en', rules: 7 });
    expect(catalog.documents.languages()).toEqual(
      new Map([
        ['en', 1],
        ['zh', 1],
      ]),
    );
  });

  it('are counted by language as they are now, whoever wrote them', () => {
    const layout = temporaryIndex();
    const [reading, writing] = [opened(layout), opened(layout)];
    const root = writing.roots.put('/docs');
    const [a, b] = writing.items.put(['a', 'b'].map((path) => textItem(root.id, path)));
    const languages = () => Object.fromEntries(reading.documents.languages());
    expect(languages()).toEqual({});
    writing.documents.put(a!, document('text'));
    writing.documents.put(b!, document('text'));
    expect(languages()).toEqual({ en: 2 });
    writing.documents.renew(b!, 'de', 7);
    expect(languages()).toEqual({ de: 1, en: 1 });
    const taken = () =>
      writing.write(() => {
        writing.documents.put(a!, document('text', { language: 'fr' }));
        expect(Object.fromEntries(writing.documents.languages())).toEqual({ de: 1, fr: 1 });
        throw new RangeError('taken back');
      });
    expect(taken).toThrow('taken back');
    expect(Object.fromEntries(writing.documents.languages())).toEqual({ de: 1, en: 1 });
    writing.items.remove([b!]);
    expect(languages()).toEqual({ en: 1 });
  });

  it('are handed out one after the other, all or some', () => {
    const { catalog, ids } = withItems('a', 'b', 'c');
    for (const [i, id] of ids.entries()) if (i !== 1) catalog.documents.put(id, document(`text ${i}`));
    const read = (some?: Iterable<number>) => {
      const found: [number, string][] = [];
      catalog.documents.eachText((id, text) => found.push([id, text]), some);
      return found;
    };
    expect(read()).toEqual([
      [ids[0], 'text 0'],
      [ids[2], 'text 2'],
    ]);
    expect(read([ids[2]!, ids[1]!, ids[0]!])).toEqual([
      [ids[2], 'text 2'],
      [ids[0], 'text 0'],
    ]);
  });

  it('made by other rules are listed until they are renewed', () => {
    const { catalog, ids } = withItems('a', 'b', 'c');
    for (const id of ids) catalog.documents.put(id, document('text'));
    expect(catalog.documents.outdated(7)).toEqual([]);
    catalog.documents.renew(ids[1]!, 'de', 8);
    expect(catalog.documents.outdated(8)).toEqual([ids[0], ids[2]]);
    expect(catalog.documents.outdated(8, 1, ids[0])).toEqual([ids[2]]);
    expect(catalog.documents.get(ids[1]!)?.language).toBe('de');
    expect(catalog.documents.text(ids[1]!)).toBe('text');
  });

  it('go with their item, and with its former content', () => {
    const { catalog, ids } = withItems('a', 'b');
    for (const id of ids) catalog.documents.put(id, document('text'));
    catalog.items.remove([ids[0]!]);
    catalog.items.put([textItem(1, 'b', { hash: '0'.repeat(64) })]);
    expect(ids.map((id) => catalog.documents.text(id))).toEqual([undefined, undefined]);
  });
});
