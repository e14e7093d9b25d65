import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeShinglesInto, encodeShingles, ShingleBlobError } from '../../src/index/shingle-codec.ts';
import { cleanUp, opened, temporaryIndex, textItem } from './temporary-index.ts';

afterEach(cleanUp);

describe('The codec of shingles', () => {
  it('refuses hashes that do not rise', () => {
    expect(() => encodeShingles(Uint32Array.of(5, 5))).toThrow(RangeError);
    expect(() => encodeShingles(Uint32Array.of(5, 4))).toThrow('received 4 after 5');
  });

  it.each([
    ['a hash that is cut off', [0x80]],
    ['a hash of more than 32 bits', [0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['a step of nothing', [5, 0]],
    ['more hashes than there is room for', [1, 1, 1, 1]],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeShinglesInto(Uint8Array.from(bytes), new Uint32Array(3), 0)).toThrow(ShingleBlobError);
  });

  it('gives back what it was given', () => {
    const hashes = fc.uniqueArray(fc.nat({ max: 2 ** 32 - 1 })).map((all) => Uint32Array.from(all).sort());
    fc.assert(
      fc.property(hashes, (given) => {
        const read = new Uint32Array(given.length + 1);
        expect(decodeShinglesInto(encodeShingles(given), read, 1)).toBe(given.length + 1);
        expect(read.subarray(1)).toEqual(given);
      }),
    );
  });
});

describe('Shingles', () => {
  it('are read one document after the other, those without any among them', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/docs');
    const hashes = [Uint32Array.of(0, 7, 4_294_967_295), new Uint32Array(), Uint32Array.of(7)];
    const ids = catalog.items.put(hashes.map((shingles, i) => textItem(root.id, `${i}`, { shingles })));
    const all = catalog.shingles.read();
    expect([...all.ids]).toEqual(ids);
    expect([...all.indptr]).toEqual([0, 3, 3, 4]);
    expect([...all.hashes]).toEqual([0, 7, 4_294_967_295, 7]);
    expect(catalog.shingles.get(ids[0]!)).toEqual(hashes[0]);
    expect(catalog.shingles.get(99)).toBeUndefined();
    catalog.items.remove(ids);
    expect(catalog.shingles.read().ids).toHaveLength(0);
  });
});
