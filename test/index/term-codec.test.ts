import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeTermsInto,
  encodeTerms,
  MAX_TERM_COUNT,
  MAX_TERM_ID,
  TermBlobError,
} from '../../src/index/term-codec.ts';

function decode(blob: Uint8Array, room = 100): [number, number][] {
  const ids = new Uint32Array(room);
  const counts = new Uint16Array(room);
  const end = decodeTermsInto(blob, ids, counts, 0);
  return Array.from({ length: end }, (_, i) => [ids[i]!, counts[i]!]);
}

const bags = fc
  .uniqueArray(fc.integer({ min: 1, max: MAX_TERM_ID }), { maxLength: 60 })
  .map((ids) => ids.sort((a, b) => a - b))
  .chain((ids) =>
    fc.tuple(
      fc.constant(ids),
      fc.array(fc.integer({ min: 1, max: MAX_TERM_COUNT }), { minLength: ids.length, maxLength: ids.length }),
    ),
  );

describe('Decoding a bag of words', () => {
  it.each([
    ['a term id that is cut off', [0x80]],
    ['a term id that never ends', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 0x01]],
    ['a term id beyond the largest', [0xff, 0xff, 0xff, 0xff, 0x7f, 0x01]],
    ['ids that do not rise', [0x05, 0x01, 0x00, 0x01]],
    ['a missing count', [0x05]],
    ['a count that is cut off', [0x05, 0x80]],
    ['a count that never ends', [0x05, 0x80, 0x80, 0x80, 0x01]],
    ['a count of none', [0x05, 0x00]],
    ['a count beyond the largest', [0x05, 0xff, 0xff, 0x7f]],
  ])('refuses %s', (_, bytes) => {
    expect(() => decode(Uint8Array.from(bytes))).toThrow(TermBlobError);
  });

  it('refuses more terms than there is room for', () => {
    expect(() => decode(encodeTerms([1, 2, 3], [1, 1, 1]), 2)).toThrow('more terms than were counted');
  });

  it('gives a bag or refuses, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        let read: [number, number][];
        try {
          read = decode(bytes);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(TermBlobError);
          return;
        }
        for (const [i, [id, count]] of read.entries()) {
          expect(id).toBeGreaterThan(i === 0 ? 0 : read[i - 1]![0]);
          expect(id).toBeLessThanOrEqual(MAX_TERM_ID);
          expect(count).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('Encoding a bag of words', () => {
  it.each<[string, number[], number[]]>([
    ['an id of zero', [0], [1]],
    ['ids that fall', [2, 1], [1, 1]],
    ['an id twice', [2, 2], [1, 1]],
    ['an id beyond the largest', [MAX_TERM_ID + 1], [1]],
    ['a count of none', [1], [0]],
    ['a count beyond the largest', [1], [MAX_TERM_COUNT + 1]],
    ['half a count', [1], [1.5]],
    ['fewer counts than ids', [1, 2], [1]],
  ])('refuses %s', (_, ids, counts) => {
    expect(() => encodeTerms(ids, counts)).toThrow(RangeError);
  });

  it('is undone by decoding', () => {
    fc.assert(
      fc.property(bags, ([ids, counts]) => {
        expect(decode(encodeTerms(ids, counts))).toEqual(ids.map((id, i) => [id, counts[i]]));
      }),
    );
  });

  it('takes two bytes for a term near the last one that occurs a few times, none for an empty bag', () => {
    expect(encodeTerms([100, 200, 300], [1, 2, 3])).toHaveLength(6);
    expect(encodeTerms([], [])).toHaveLength(0);
  });
});
