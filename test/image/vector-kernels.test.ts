import { describe, expect, it } from '@jest/globals';
import { reducePlainly } from '../../src/image/reduce-picture.ts';
import { reduceWithVectors } from '../../src/image/vector-kernels.ts';
import { type Drawing, drawnPicture } from './drawn-picture.ts';

const SIZES = [
  [64, 64],
  [65, 67],
  [97, 131],
  [321, 481],
  [512, 384],
  [1023, 65],
  [66, 4095],
] as const;

describe('the vector kernels', () => {
  it('leave to the plain path what they have no tables or memory for', () => {
    expect(reduceWithVectors(drawnPicture('noise', 63, 200))).toBeUndefined();
    expect(reduceWithVectors(drawnPicture('flat', 4097, 64))).toBeUndefined();
  });

  it.each(SIZES)('give the bytes of the plain path on %i × %i', (width, height) => {
    for (const name of ['noise', 'down', 'checks', 'flat'] satisfies Drawing[]) {
      const picture = drawnPicture(name, width, height);
      const plain = reducePlainly(picture);
      const fast = reduceWithVectors(picture)!;
      for (const part of ['thumbnail', 'phashPixels', 'dhashPixels'] as const) {
        expect(`${name} ${part} ${Buffer.from(fast[part]).toString('hex')}`).toBe(
          `${name} ${part} ${Buffer.from(plain[part]).toString('hex')}`,
        );
      }
    }
  });

  it('do not mix up pictures of different sizes in turn', () => {
    const sizes = [SIZES[3], SIZES[2], SIZES[3]] as const;
    for (const [width, height] of sizes) {
      const picture = drawnPicture('noise', width, height);
      expect(reduceWithVectors(picture)).toEqual(reducePlainly(picture));
    }
  });
});
