// Frames of pictures: the first one is the item, further ones have thumbnails and codes of their own.
import { afterEach, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { Catalog } from '../../src/index/catalog.ts';
import { MIGRATIONS } from '../../src/index/catalog-schema.ts';
import type { NewItem } from '../../src/index/items.ts';
import { cleanUp, opened, sha256, temporaryIndex, textEncoder, textItem } from './temporary-index.ts';

afterEach(cleanUp);

const VERSION_3 = MIGRATIONS.slice(0, 3);

function animation(rootId: number, path: string, more: Partial<NewItem> = {}): NewItem {
  return textItem(rootId, path, { kind: 'image', format: 'gif', frames: 3, ...more });
}

/** An encoder of pictures, and an animation of which all three frames are kept. */
function withAnimation() {
  const catalog = opened(temporaryIndex());
  const root = catalog.roots.put('/somewhere', undefined);
  const encoder = catalog.encoders.add(textEncoder('pictures', { kind: 'image', form: 'bits', dimensions: 8 }));
  const code = (value: number) => [{ encoderId: encoder.id, code: Uint8Array.of(value) }];
  const innerFrames = [1, 2].map((ordinal) => ({
    ordinal,
    thumbnail: new Uint8Array(3 * 64 * 64).fill(ordinal),
    codes: code(10 + ordinal),
  }));
  const item = animation(root.id, 'a.gif', { codes: code(10), innerFrames, frameLimit: 64 });
  const [id] = catalog.items.put([item]);
  return { catalog, root, encoder, item, id: id! };
}

describe('Frames of a picture', () => {
  it('are kept with their thumbnails and codes', () => {
    const { catalog, encoder, id } = withAnimation();
    const frames = catalog.frames.of(id);
    expect(frames.map(({ itemId, ordinal }) => [itemId, ordinal])).toEqual([
      [id, 1],
      [id, 2],
    ]);
    expect(catalog.frames.get(frames[1]!.id)).toEqual(frames[1]);
    expect(catalog.frames.count()).toBe(2);
    expect(catalog.items.get(id)).toMatchObject({ frames: 3 });
    expect(catalog.items.get(id)).not.toHaveProperty('partial');
    const { keys, ids, codes } = catalog.frameCodes.read(encoder.id);
    expect([...keys]).toEqual(frames.map((frame) => frame.id));
    expect([...ids]).toEqual([id, id]);
    expect([...codes]).toEqual([11, 12]);
    expect(catalog.partCodes('image').count(encoder.id)).toBe(2);
    expect(catalog.frameThumbnails.read(9).map(({ planes }) => planes[0])).toEqual([1, 2]);
    expect(catalog.thumbnails.count()).toBe(0);
  });

  it('go with the content that they are of, and with the item', () => {
    const { catalog, root, encoder, item, id } = withAnimation();
    const { revision } = catalog.encoders.get(encoder.id);
    catalog.items.put([{ ...item, hash: sha256('another'), innerFrames: item.innerFrames!.slice(0, 1) }]);
    expect(catalog.frames.of(id)).toHaveLength(1);
    expect([...catalog.frameCodes.read(encoder.id).codes]).toEqual([11]);
    expect(catalog.frameThumbnails.count()).toBe(1);
    expect(catalog.encoders.get(encoder.id).revision).toBeGreaterThan(revision);
    catalog.items.remove([id]);
    expect([catalog.frames.count(), catalog.frameCodes.count(encoder.id), catalog.frameThumbnails.count()]).toEqual([
      0, 0, 0,
    ]);
    expect(catalog.items.byRoot(root.id, 64).size).toBe(0);
  });

  it('that lack a code of an encoder are told', () => {
    const { catalog, id } = withAnimation();
    const late = catalog.encoders.add(textEncoder('late', { kind: 'image', form: 'bits', dimensions: 8 }));
    expect(catalog.frameCodes.missing(late.id)).toEqual(catalog.frames.of(id).map((frame) => frame.id));
    expect(catalog.passageCodes.missing(late.id)).toEqual([]);
  });

  it('are missed where fewer were to be kept when the file was read', () => {
    const { catalog, root } = withAnimation();
    catalog.items.put([
      animation(root.id, 'first.gif'),
      animation(root.id, 'still.gif', { frames: 1 }),
      textItem(root.id, 'a.txt'),
    ]);
    const incomplete = (limit?: number) =>
      [...catalog.items.byRoot(root.id, limit)].flatMap(([path, file]) => (file.incomplete ? [path] : [])).sort();
    expect(incomplete()).toEqual(['a.txt']);
    expect(incomplete(64)).toEqual(['a.txt', 'first.gif']);
    expect(incomplete(65)).toEqual(['a.gif', 'a.txt', 'first.gif']);
    catalog.frames.clear();
    expect(catalog.frames.count()).toBe(0);
    expect(incomplete(64)).toEqual(['a.gif', 'a.txt', 'first.gif']);
  });

  it('leave the time at which their content was indexed when they are read later', async () => {
    const { catalog, item, id } = withAnimation();
    const { indexedAt } = catalog.items.get(id)!;
    await new Promise((done) => setTimeout(done, 5));
    catalog.items.put([item]);
    expect(catalog.items.get(id)!.indexedAt).toBe(indexedAt);
    catalog.items.put([{ ...item, hash: sha256('new') }]);
    expect(catalog.items.get(id)!.indexedAt).toBeGreaterThan(indexedAt);
  });
});

describe('A catalog of version 3', () => {
  it('is upgraded: animations are counted when their frames are asked for, and still formats are known to be still', () => {
    const layout = temporaryIndex();
    Catalog.open(layout, { migrations: VERSION_3 }).close();
    const former = new Sqlite(layout.catalog);
    former.exec(`INSERT INTO root (path) VALUES ('/somewhere');
      INSERT INTO item (root_id, path, kind, format, size, mtime, hash, tie, indexed_at)
        SELECT 1, 'a.' || value, 'image', value, 1, 1, zeroblob(32), 0, 1
        FROM json_each('["gif","jpeg","png","tiff"]')`);
    former.close();
    const catalog = opened(layout);
    const { id: rootId } = catalog.roots.list()[0]!;
    expect(catalog.items.find(rootId, 'a.jpeg')).toMatchObject({ frames: 1 });
    expect(catalog.items.find(rootId, 'a.gif')).not.toHaveProperty('frames');
    expect([...catalog.items.byRoot(rootId)].some(([, file]) => file.incomplete)).toBe(false);
    const wanted = [...catalog.items.byRoot(rootId, 64)].filter(([, file]) => file.incomplete);
    expect(wanted.map(([path]) => path)).toEqual(['a.gif', 'a.tiff']);
  });
});
