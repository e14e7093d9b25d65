import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hammingDistances, hammingScores, searchHamming } from '../../src/index/hamming.ts';

function differingBits(a: Uint8Array, b: Uint8Array): number {
  let bits = 0;
  for (const [i, byte] of a.entries()) bits += (byte ^ b[i]!).toString(2).replaceAll('0', '').length;
  return bits;
}

describe('The bits that differ from every row', () => {
  it('refuses codes that are not whole rows, and room for another number of distances', () => {
    expect(() => hammingDistances(new Uint8Array(12), new Uint8Array(8))).toThrow('codes of 8 bytes but received 12');
    expect(() => hammingDistances(new Uint8Array(8), new Uint8Array(0))).toThrow(RangeError);
    expect(() => hammingDistances(new Uint8Array(8), new Uint8Array(8), new Uint16Array(2))).toThrow('room for 1');
  });

  it.each([1, 4, 7, 8, 12, 16, 32, 64])('are counted in codes of %i bytes, wherever they lie in memory', (bytes) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: bytes, maxLength: bytes * 6 }), fc.nat({ max: 5 }), (values, offset) => {
        const query = values.slice(0, bytes);
        const rows = Math.floor(values.length / bytes) - 1;
        const memory = new Uint8Array(offset + rows * bytes);
        memory.set(values.subarray(bytes, bytes * (rows + 1)), offset);
        const codes = memory.subarray(offset);
        const expected = Array.from({ length: rows }, (_, r) =>
          differingBits(query, codes.slice(r * bytes, (r + 1) * bytes)),
        );
        expect([...hammingDistances(codes, query)]).toEqual(expected);
      }),
    );
  });

  it.each([8, 16, 32])('are all of them for an inverted code of %i bytes', (bytes) => {
    const codes = new Uint8Array(bytes * 2).fill(255);
    codes.fill(0, bytes);
    expect([...hammingDistances(codes, new Uint8Array(bytes))]).toEqual([bytes * 8, 0]);
    expect([...hammingScores(codes, new Uint8Array(bytes))]).toEqual([-1, 1]);
  });
});

describe('Search by differing bits', () => {
  it('gives the nearest codes, ties by tie key, filtered', () => {
    const codes = Uint8Array.of(0b111, 0b1, 0b10, 0, 0b11);
    const ranked = { ids: Int32Array.of(1, 2, 3, 4, 5), ties: Uint32Array.of(0, 7, 3, 9, 0) };
    const hits = searchHamming(codes, Uint8Array.of(0), 4, ranked, (row) => row !== 0);
    expect(hits).toEqual([
      { row: 3, score: 1 },
      { row: 2, score: 0.75 },
      { row: 1, score: 0.75 },
      { row: 4, score: 0.5 },
    ]);
  });
});
