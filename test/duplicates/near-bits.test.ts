import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../src/compare/random.ts';
import { type NearPair, nearBits } from '../../src/duplicates/near-bits.ts';
import { nullRadius } from '../../src/duplicates/null-radius.ts';

/** Random codes, each followed by copies with 1, 2, … bits changed. */
function codesWithCopies(originals: number, copies: number, bytes: number): Uint8Array {
  const random = seededRandom('codes', bytes);
  const codes = new Uint8Array(originals * (copies + 1) * bytes);
  for (let original = 0; original < originals; original++) {
    const start = original * (copies + 1) * bytes;
    for (let i = 0; i < bytes; i++) codes[start + i] = Math.floor(random() * 256);
    for (let copy = 1; copy <= copies; copy++) {
      const at = start + copy * bytes;
      codes.copyWithin(at, start, start + bytes);
      for (let bit = 0; bit < copy; bit++) {
        const place = Math.floor((bit * bytes * 8) / copy);
        codes[at + (place >> 3)]! ^= 1 << (place & 7);
      }
    }
  }
  return codes;
}

function bitsBetween(codes: Uint8Array, asked: Uint8Array, bytes: number, a: number, b: number): number {
  let bits = 0;
  for (let i = 0; i < bytes; i++)
    for (let rest = asked[a * bytes + i]! ^ codes[b * bytes + i]!; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
}

function bruteForce(codes: Uint8Array, bytes: number, radius: number, rows: readonly number[]): NearPair[] {
  const pairs: NearPair[] = [];
  for (const a of rows) {
    for (let b = 0; b < codes.length / bytes; b++) {
      const distance = bitsBetween(codes, codes, bytes, a, b);
      if (a < b && distance <= radius) pairs.push({ a, b, distance });
    }
  }
  return pairs;
}

describe('Near bits', () => {
  it.each([
    [8, 11],
    [16, 23],
    [32, 31],
  ])(
    'of %i bytes are those that comparing all pairs finds, also when they are looked up in pieces',
    (bytes, radius) => {
      // more rows than are compared each with each
      const codes = codesWithCopies(1_800, 4, bytes);
      const found = nearBits({ codes, bytes }, { radius, perRow: 50 });
      const rows = Array.from({ length: 8 }, (_, i) => i * 1_000);
      const of = new Set(rows);
      expect(found.filter(({ a }) => of.has(a))).toEqual(bruteForce(codes, bytes, radius, rows));
      expect(found.length).toBeGreaterThanOrEqual(1_800 * 10);
    },
  );

  it('are limited to the nearest of each row', () => {
    const codes = codesWithCopies(1, 9, 8);
    const pairs = nearBits({ codes, bytes: 8 }, { radius: 64, perRow: 1 });
    expect(pairs).toContainEqual({ a: 0, b: 1, distance: 1 });
    expect(pairs.length).toBeLessThanOrEqual(10);
  });

  it('never pair a row with itself, asked another way', () => {
    const codes = codesWithCopies(20, 0, 8);
    const asked = codes.map((byte) => ~byte);
    codes.set(asked.subarray(0, 8), 8);
    const pairs = nearBits({ codes, bytes: 8 }, { radius: 3, perRow: 4, asked });
    expect(pairs).toEqual([{ a: 0, b: 1, distance: 0 }]);
  });
});

describe('The radius of chance', () => {
  it('lets a row meet no more strangers than were allowed', () => {
    const codes = codesWithCopies(2_000, 0, 8);
    const radius = nullRadius({ codes, bytes: 8 }, 1.5, 30);
    const met = nearBits({ codes, bytes: 8 }, { radius, perRow: 1_000 }).length;
    expect((2 * met) / 2_000).toBeLessThan(1.8);
    const more = nearBits({ codes, bytes: 8 }, { radius: radius + 1, perRow: 1_000 }).length;
    expect((2 * more) / 2_000).toBeGreaterThan(1.3);
  });

  it('is 0 where most codes are equal', () => {
    expect(nullRadius({ codes: new Uint8Array(8 * 500), bytes: 8 }, 1.5, 30)).toBe(0);
  });
});
