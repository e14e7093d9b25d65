// Codes of two bits a number: the transform is a rotation (the method itself: bits.test.ts).
import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../src/compare/random.ts';
import { widen } from '../../src/methods/wide-bits.ts';

describe('widen', () => {
  it('refuses numbers that are no whole rows', () => {
    expect(() => widen(new Float32Array(7), 4)).toThrow(
      new RangeError('Expected rows of 4 numbers but received 7 in all'),
    );
  });

  it('is the code and its product with the Hadamard matrix, by hand', () => {
    const half = Math.SQRT1_2;
    const wide = [...widen(Float32Array.of(1, 2, 3, 4), 4)];
    // H₄ / 2: rows (+ + + +), (+ − + −), (+ + − −), (+ − − +).
    const expected = [1, 2, 3, 4, 5, -1, -2, 0].map((value) => value * half);
    for (const [i, value] of expected.entries()) expect(wide[i]).toBeCloseTo(value, 6);
  });

  it('keeps cosines where the dimensions are a power of two', () => {
    const draw = seededRandom('widen', 1);
    const codes = Float32Array.from({ length: 2 * 128 }, () => draw() - 0.5);
    const wide = widen(codes, 128);
    const dot = (all: Float32Array, size: number) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += all[i]! * all[size + i]!;
      return sum;
    };
    expect(dot(wide, 256)).toBeCloseTo(dot(codes, 128), 5);
  });

  it('takes sizes that are no power of two, and leaves zeros zeros', () => {
    expect([...widen(new Float32Array(6), 3)]).toEqual(new Array(12).fill(0));
    const wide = widen(Float32Array.of(1, 0, 0), 3);
    expect([...wide.subarray(3)].every((value) => Math.abs(value - Math.SQRT1_2 / 2) < 1e-6)).toBe(true);
  });
});
