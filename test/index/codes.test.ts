import { afterEach, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { cleanUp, codeOf, opened, temporaryIndex, textEncoder, textItem } from './temporary-index.ts';

afterEach(cleanUp);

function worldOf(items: number) {
  const layout = temporaryIndex();
  const catalog = opened(layout);
  const root = catalog.roots.put('/texts');
  const ids = catalog.items.put(Array.from({ length: items }, (_, i) => textItem(root.id, `${i}`)));
  return { layout, catalog, root, ids };
}

describe('Codes', () => {
  it('are refused when they are not what their encoder gives', () => {
    const { catalog, ids } = worldOf(2);
    const floats = catalog.encoders.add(textEncoder('floats'));
    const bits = catalog.encoders.add(textEncoder('bits', { form: 'bits', dimensions: 64 }));
    expect(() => catalog.codes.put(floats.id, ids, new Float32Array(6))).toThrow('4 float32 (16 bytes)');
    expect(() => catalog.codes.put(floats.id, ids, new Float32Array(7))).toThrow(RangeError);
    expect(() => catalog.codes.put(floats.id, ids, new Uint8Array(32))).toThrow('but received Uint8Array of 16 bytes');
    expect(() => catalog.codes.put(bits.id, ids, new Uint8Array(18))).toThrow('64 bits (8 bytes)');
    expect(() => catalog.codes.put(bits.id, ids, new Float32Array(4))).toThrow(RangeError);
    expect(catalog.codes.count(floats.id) + catalog.codes.count(bits.id)).toBe(0);
  });

  it('are refused of an encoder that nobody added', () => {
    const { catalog, ids } = worldOf(1);
    expect(codeOf(() => catalog.codes.put(9, ids, new Float32Array(4)))).toBe('ENCODER_MISSING');
    expect(codeOf(() => catalog.codes.read(9))).toBe('ENCODER_MISSING');
  });

  it('are damaged when their length is not that of their encoder, which is said', () => {
    const { layout, catalog, ids } = worldOf(2);
    const encoder = catalog.encoders.add(textEncoder('e'));
    catalog.codes.put(encoder.id, ids, new Float32Array(8));
    const hand = new Sqlite(layout.catalog);
    hand.prepare("UPDATE code SET code = x'00' WHERE item_id = ?").run(ids[1]);
    hand.close();
    expect(codeOf(() => catalog.codes.read(encoder.id))).toBe('INDEX_DAMAGED');
    expect(() => catalog.codes.get(encoder.id, ids[1]!)).toThrow(
      `the code of item ${ids[1]} has 1 bytes instead of 16`,
    );
  });

  it('are read as one block, with ids and tie keys', () => {
    const { catalog, ids } = worldOf(3);
    const encoder = catalog.encoders.add(textEncoder('e', { dimensions: 2 }));
    catalog.codes.put(encoder.id, [ids[2]!, ids[0]!], Float32Array.of(5, 6, 1, 2));
    const matrix = catalog.codes.read(encoder.id);
    expect(matrix.codes).toEqual(Float32Array.of(1, 2, 5, 6));
    expect([...matrix.ids]).toEqual([ids[0], ids[2]]);
    expect([...matrix.ties]).toEqual([ids[0], ids[2]].map((id) => catalog.items.get(id!)!.tie));
    expect(matrix.encoder.fingerprint).toBe(encoder.fingerprint);
  });

  it('of an encoder that went since it was looked up are there no more, which is no error', () => {
    const { catalog, ids } = worldOf(2);
    const encoder = catalog.encoders.add(textEncoder('e', { dimensions: 2 }));
    catalog.codes.put(encoder.id, ids, Float32Array.of(1, 2, 3, 4));
    expect(catalog.codes.codeOf(encoder, ids[1]!)).toEqual(Float32Array.of(3, 4));
    catalog.encoders.remove(encoder.id);
    expect(catalog.codes.codeOf(encoder, ids[1]!)).toBeUndefined();
    expect(codeOf(() => catalog.codes.get(encoder.id, ids[1]!))).toBe('ENCODER_MISSING');
  });

  it('of different encoders never meet', () => {
    const { catalog, ids } = worldOf(2);
    const one = catalog.encoders.add(textEncoder('one'));
    const two = catalog.encoders.add(textEncoder('two'));
    catalog.codes.put(one.id, ids, new Float32Array(8).fill(1));
    catalog.codes.put(two.id, ids.slice(1), new Float32Array(4).fill(2));
    expect([...new Set(catalog.codes.read(one.id).codes)]).toEqual([1]);
    expect([...new Set(catalog.codes.read(two.id).codes)]).toEqual([2]);
    expect(catalog.codes.missing(two.id)).toEqual([ids[0]]);
  });

  it('come back bit for bit, whatever their bytes, in any form and more than one piece', () => {
    const { catalog, ids } = worldOf(5_000);
    const bytes = catalog.encoders.add(textEncoder('bytes', { form: 'bytes', dimensions: 3 }));
    const stored = Uint8Array.from({ length: 15_000 }, (_, i) => (i * 2_654_435_761) >>> 13);
    catalog.codes.put(bytes.id, ids, stored);
    expect(catalog.codes.read(bytes.id).codes).toEqual(stored);
    const floats = catalog.encoders.add(textEncoder('floats', { dimensions: 1 }));
    fc.assert(
      fc.property(fc.float32Array({ minLength: 20, maxLength: 20 }), (codes) => {
        catalog.codes.put(floats.id, ids.slice(0, 20), codes);
        const read = catalog.codes.read(floats.id).codes;
        expect(new Uint32Array(read.buffer)).toEqual(new Uint32Array(codes.slice().buffer));
        expect(catalog.codes.get(floats.id, ids[7]!)![0]).toBe(codes[7]);
      }),
      { numRuns: 20 },
    );
  });

  it('that are missing can be asked for batch by batch', () => {
    const { catalog, root, ids } = worldOf(5);
    catalog.items.put([textItem(root.id, 'picture', { kind: 'image', format: 'png' })]);
    const encoder = catalog.encoders.add(textEncoder('e'));
    catalog.codes.put(encoder.id, [ids[1]!], new Float32Array(4));
    expect(catalog.codes.missing(encoder.id)).toEqual([ids[0], ids[2], ids[3], ids[4]]);
    expect(catalog.codes.missing(encoder.id, 2)).toEqual([ids[0], ids[2]]);
    expect(catalog.codes.missing(encoder.id, 2, ids[2])).toEqual([ids[3], ids[4]]);
    expect(catalog.codes.get(encoder.id, ids[0]!)).toBeUndefined();
  });
});
