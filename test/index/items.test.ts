import { afterEach, describe, expect, it } from '@jest/globals';
import { tieKey } from '../../src/index/items.ts';
import { cleanUp, opened, sha256, temporaryIndex, textEncoder, textItem } from './temporary-index.ts';

afterEach(cleanUp);

describe('Storing items', () => {
  it('refuses what is no hash', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/texts');
    expect(() => catalog.items.put([textItem(root.id, 'a', { hash: 'abc' })])).toThrow(
      '64 hexadecimal digits for hash',
    );
    expect(catalog.items.counts().text).toBe(0);
    expect(catalog.items.any('text')).toBe(false);
  });

  it('refuses an item of a root that does not exist', () => {
    const catalog = opened(temporaryIndex());
    expect(() => catalog.items.put([textItem(7, 'a')])).toThrow('FOREIGN KEY');
  });

  it('keeps every fact, and leaves out what was not said', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/texts');
    const text = textItem(root.id, 'a\nnew line/b.md', {
      title: 'A',
      snippet: 'B',
      words: 12,
      mtimeMs: 1.7e12 + 0.123,
    });
    const image = textItem(root.id, 'c.png', { kind: 'image', format: 'png', width: 640, height: 480 });
    const [first, second] = catalog.items.put([text, image]);
    expect(catalog.items.get(first!)).toEqual({
      ...text,
      id: first,
      tie: tieKey(text.hash),
      indexedAt: expect.any(Number),
    });
    expect(catalog.items.find(root.id, 'c.png')).toEqual({
      ...image,
      id: second,
      tie: tieKey(image.hash),
      indexedAt: expect.any(Number),
    });
    expect(catalog.items.get(first!)).not.toHaveProperty('width');
  });

  it('gives tie keys that depend on the content alone', () => {
    expect(tieKey(`ffffffff${'0'.repeat(56)}`)).toBe(0xffffffff);
    expect(tieKey(`00000001${'f'.repeat(56)}`)).toBe(1);
  });

  it('keeps the id of a known path and replaces all that belonged to its former content', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/texts');
    const old = catalog.encoders.add(textEncoder('old'));
    const other = catalog.encoders.add(textEncoder('other', { method: 'other' }));
    const code = Float32Array.of(1, 0, 0, 0);
    const codes = [old, other].map(({ id }) => ({ encoderId: id, code }));
    const bag = { terms: ['sand'], counts: [1] };
    const [id] = catalog.items.put([
      textItem(root.id, 'a', { title: 'T', bag, codes, thumbnail: new Uint8Array(12_288) }),
    ]);
    const next = Float32Array.of(0, 1, 0, 0);
    const again = textItem(root.id, 'a', { hash: sha256('changed'), codes: [{ encoderId: old.id, code: next }] });
    expect(catalog.items.put([again])).toEqual([id]);
    expect(catalog.items.get(id!)).toMatchObject({ hash: sha256('changed') });
    expect(catalog.items.get(id!)).not.toHaveProperty('title');
    expect(catalog.terms.get(id!)).toBeUndefined();
    expect(catalog.thumbnails.count()).toBe(0);
    expect(catalog.codes.get(old.id, id!)).toEqual(next);
    expect(catalog.codes.get(other.id, id!)).toBeUndefined();
  });

  it('forgets that the file failed before', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/texts');
    catalog.failures.put([
      { rootId: root.id, path: 'a', size: 1, mtimeMs: 1, code: 'TEXT_BROKEN', message: 'no', at: 1 },
    ]);
    catalog.items.put([textItem(root.id, 'a')]);
    expect(catalog.failures.list()).toEqual([]);
  });
});

describe('Items that are stored', () => {
  it('are listed by path, to be compared with what is on the disk', () => {
    const catalog = opened(temporaryIndex());
    const here = catalog.roots.put('/here');
    const there = catalog.roots.put('/there');
    const [id] = catalog.items.put([textItem(here.id, 'a', { size: 5, mtimeMs: 9.5 }), textItem(there.id, 'b')]);
    expect(catalog.items.byRoot(here.id)).toEqual(
      new Map([['a', { id, size: 5, mtimeMs: 9.5, hash: sha256('a'), incomplete: true }]]),
    );
  });

  it('note a new time without losing their codes', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/texts');
    const encoder = catalog.encoders.add(textEncoder('e'));
    const code = Float32Array.of(1, 0, 0, 0);
    const [id] = catalog.items.put([textItem(root.id, 'a', { codes: [{ encoderId: encoder.id, code }] })]);
    catalog.items.touch(id!, 10, 77.5);
    expect(catalog.items.get(id!)).toMatchObject({ size: 10, mtimeMs: 77.5 });
    expect(catalog.codes.count(encoder.id)).toBe(1);
  });

  it('keep their codes when they are renamed, even into another root, or with each other', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/texts');
    const other = catalog.roots.put('/other');
    const encoder = catalog.encoders.add(textEncoder('e'));
    const item = (path: string, first: number) =>
      textItem(root.id, path, { codes: [{ encoderId: encoder.id, code: Float32Array.of(first, 0, 0, 0) }] });
    const [a, b, c, inTheWay] = catalog.items.put([item('a', 1), item('b', 2), item('c', 3), item('d', 4)]);
    const revision = catalog.encoders.get(encoder.id).revision;
    catalog.items.rename([
      { id: a!, rootId: root.id, path: 'b' },
      { id: b!, rootId: root.id, path: 'a' },
    ]);
    expect(catalog.items.find(root.id, 'a')?.id).toBe(b);
    expect(catalog.items.find(root.id, 'b')?.id).toBe(a);
    expect(catalog.encoders.get(encoder.id).revision).toBe(revision);
    catalog.items.rename([
      { id: a!, rootId: root.id, path: 'd' },
      { id: c!, rootId: other.id, path: 'moved' },
    ]);
    expect(catalog.items.find(root.id, 'd')?.id).toBe(a);
    expect(catalog.items.get(inTheWay!)).toBeUndefined();
    expect(catalog.items.find(other.id, 'moved')?.id).toBe(c);
    expect(catalog.codes.get(encoder.id, a!)?.[0]).toBe(1);
    expect(catalog.codes.get(encoder.id, c!)?.[0]).toBe(3);
  });

  it('are found by content', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/texts');
    const hash = sha256('same');
    const ids = catalog.items.put([
      textItem(root.id, 'a', { hash }),
      textItem(root.id, 'b'),
      textItem(root.id, 'c', { hash }),
    ]);
    expect(catalog.items.findByHash(hash).map((item) => item.id)).toEqual([ids[0], ids[2]]);
    expect(catalog.items.findByHash(sha256('none'))).toEqual([]);
  });

  it('are counted by kind, and visited in order of id', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/mixed');
    const other = catalog.roots.put('/other');
    const ids = catalog.items.put([
      textItem(root.id, 'z'),
      textItem(root.id, 'p', { kind: 'image', format: 'png' }),
      textItem(other.id, 'a'),
    ]);
    expect(catalog.items.counts()).toEqual({ text: 2, image: 1 });
    expect([catalog.items.any('text'), catalog.items.any('image')]).toEqual([true, true]);
    expect(catalog.items.counts(other.id)).toEqual({ text: 1, image: 0 });
    const visited: string[] = [];
    catalog.items.each((item) => visited.push(item.path));
    catalog.items.each((item) => visited.push(item.path), 'image');
    expect(visited).toEqual(['z', 'p', 'a', 'p']);
    expect(catalog.items.many([ids[2]!, 999, ids[0]!]).map((item) => item.path)).toEqual(['a', 'z']);
  });

  it('are removed with all that belongs to them', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/texts');
    const encoder = catalog.encoders.add(textEncoder('e'));
    const ids = catalog.items.put(
      ['a', 'b'].map((path) =>
        textItem(root.id, path, {
          bag: { terms: ['x'], counts: [1] },
          thumbnail: new Uint8Array(3),
          codes: [{ encoderId: encoder.id, code: new Float32Array(4) }],
        }),
      ),
    );
    const revision = catalog.encoders.get(encoder.id).revision;
    catalog.items.remove([ids[0]!, 12_345]);
    expect([...catalog.codes.read(encoder.id).ids]).toEqual([ids[1]]);
    expect([...catalog.terms.read().ids]).toEqual([ids[1]]);
    expect(catalog.thumbnails.count()).toBe(1);
    expect(catalog.encoders.get(encoder.id).revision).toBeGreaterThan(revision);
  });
});
