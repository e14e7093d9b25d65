import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../src/compare/random.ts';
import { turnedHashes } from '../../src/duplicates/turned-hash.ts';
import { pairsByCode } from '../../src/library/duplicate-candidates.ts';

const BYTES = 8;
const ROWS = 200;

function randomCodes(): Uint8Array {
  const draw = seededRandom('candidates', 1);
  return Uint8Array.from({ length: ROWS * BYTES }, () => Math.floor(256 * draw()));
}

/** Ways in which the pair of two rows is proposed. */
function waysOf(codes: Uint8Array, method: string, isHash: boolean, a: number, b: number): string[] {
  return [...pairsByCode(method, isHash, { codes, bytes: BYTES })]
    .filter(({ pairs }) => pairs.some((pair) => pair.a === a && pair.b === b))
    .map(({ asked }) => asked);
}

describe('pairsByCode', () => {
  it('proposes rows whose codes differ in a few bits', () => {
    const codes = randomCodes();
    codes.copyWithin(7 * BYTES, 3 * BYTES, 4 * BYTES);
    codes[7 * BYTES]! ^= 0b101;
    expect(waysOf(codes, 'dhash', true, 3, 7)).toEqual(['dhash']);
    expect(waysOf(codes, 'some-encoder', false, 3, 7)).toEqual(['some-encoder']);
  });

  it('proposes a negative by a hash, not by the code of an encoder', () => {
    const codes = randomCodes();
    for (let i = 0; i < BYTES; i++) codes[9 * BYTES + i] = ~codes[2 * BYTES + i]!;
    expect(waysOf(codes, 'dhash', true, 2, 9)).toEqual(['dhash, negative']);
    expect(waysOf(codes, 'some-encoder', false, 2, 9)).toEqual([]);
  });

  it.each([0, 1, 2, 3, 4, 5, 6])('proposes a picture in turn %# of another by phash', (turn) => {
    const codes = randomCodes();
    codes.set(turnedHashes(codes)[turn]!.subarray(5 * BYTES, 6 * BYTES), 11 * BYTES);
    expect(waysOf(codes, 'phash', true, 5, 11)).toContain('phash, turned');
    expect(waysOf(codes, 'dhash', true, 5, 11)).toEqual([]);
  });
});
