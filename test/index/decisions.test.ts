import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanUp, codeOf, opened, sha256, temporaryIndex, textItem } from './temporary-index.ts';

const FIXTURE = new URL('./fixtures/catalog-2.sqlite.gz', import.meta.url);
const [A, B, C] = [sha256('a'), sha256('b'), sha256('c')];

afterEach(cleanUp);

describe('Decisions', () => {
  it('are about two contents in either order, the last one counts, and they can be taken back', () => {
    const { decisions } = opened(temporaryIndex());
    expect(decisions.remove(A, B)).toBe(false);
    decisions.put(A, B, 'distinct');
    decisions.put(B, A, 'keep-both');
    expect(decisions.list()).toMatchObject([{ hashes: [A, B].sort(), verdict: 'keep-both' }]);
    expect(decisions.all().has(A, B)).toBe(true);
    expect(decisions.all().has(B, A)).toBe(true);
    expect(decisions.all().has(A, C)).toBe(false);
    expect(decisions.remove(B, A)).toBe(true);
    expect(decisions.list()).toEqual([]);
  });

  it('may be about copies of one content', () => {
    const { decisions } = opened(temporaryIndex());
    decisions.put(A, A, 'keep-both');
    expect(decisions.all().has(A, A)).toBe(true);
    expect(decisions.all().has(A, B)).toBe(false);
  });

  it('stay when the items of these contents go', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/notes');
    const [id] = catalog.items.put([textItem(root.id, 'a', { hash: A })]);
    catalog.decisions.put(A, B, 'distinct');
    catalog.items.remove([id!]);
    catalog.roots.remove(root.id);
    expect(catalog.decisions.all().has(A, B)).toBe(true);
  });

  it('can be made in a catalog of version 2, which keeps what it holds', () => {
    const layout = temporaryIndex();
    writeFileSync(layout.catalog, gunzipSync(readFileSync(FIXTURE)));
    expect(codeOf(() => opened(layout, true))).toBe('INDEX_READ_ONLY');
    const catalog = opened(layout);
    expect(catalog.check()).toEqual([]);
    expect(catalog.items.counts()).toEqual({ text: 3, image: 0 });
    const [item] = catalog.items.findByHash(sha256('2.txt'));
    expect(catalog.documents.text(item!.id)).toBe('the oven does the rest');
    catalog.decisions.put(A, B, 'distinct');
    expect(catalog.decisions.list()).toHaveLength(1);
  });
});
