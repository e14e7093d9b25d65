import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { packSigns, signScores } from '../../src/index/sign-bits.ts';

const numbers = (length: number) =>
  fc
    .array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: length, maxLength: length })
    .map((values) => Float32Array.from(values));

describe('Signs', () => {
  it('of rows that are not whole are refused', () => {
    expect(() => packSigns(new Float32Array(7), 3)).toThrow(RangeError);
    expect(() => signScores(new Uint8Array(3), new Float32Array(16))).toThrow(RangeError);
    expect(() => signScores(new Uint8Array(4), new Float32Array(16), new Float32Array(3))).toThrow(RangeError);
  });

  it('are packed the first in the lowest bit, the rest of the last byte empty', () => {
    expect(Array.from(packSigns(Float32Array.of(1, -1, 0, 2, -1, -1, -1, -1, 3), 9))).toEqual([0b1001, 1]);
  });

  it('of zeros are zeros, and never of anything else', () => {
    expect(Array.from(packSigns(new Float32Array(10), 10))).toEqual([0, 0]);
    expect(Array.from(packSigns(Float32Array.of(-3, -1, -2), 3))).toEqual([0b10]);
    expect(Array.from(packSigns(Float32Array.of(0, -1, 0), 3))).toEqual([0b1]);
  });
});

describe('The score of signs', () => {
  it('is 1 for the own signs, −1 for the opposite, 0 where nothing is known', () => {
    const code = Float32Array.of(0.5, -2, 1, -0.25, 3, -1, 1, 1, -1, 2);
    const rows = [code, code.map((value) => -value), new Float32Array(10)];
    const bits = Uint8Array.from(rows.flatMap((row) => [...packSigns(row, 10)]));
    expect(Array.from(signScores(bits, code))).toEqual([1, -1, 0]);
    expect(Array.from(signScores(bits, new Float32Array(10), new Float32Array(3).fill(7)))).toEqual([0, 0, 0]);
  });

  it('counts each number as much as it is large', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 21 }).chain((size) => fc.tuple(numbers(size), numbers(size))),
        ([q, row]) => {
          const whole = q.reduce((sum, value) => sum + Math.abs(value), 0);
          fc.pre(whole > 1e-3 && row.some((value) => value > 0));
          const expected = q.reduce((sum, value, i) => sum + (row[i]! > 0 ? value : -value), 0) / whole;
          expect(signScores(packSigns(row, row.length), q)[0]).toBeCloseTo(expected, 5);
        },
      ),
    );
  });
});
