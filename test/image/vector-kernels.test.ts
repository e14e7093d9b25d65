import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Picture } from '../../src/image/decode.ts';
import { KERNELS_SOURCE_HASH } from '../../src/image/kernels-binary.ts';
import { reducePlainly } from '../../src/image/reduce-picture.ts';
import type { ReducedPicture } from '../../src/image/reduced-picture.ts';
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
  [333, 600],
  [900, 1100],
] as const;

function expectTheSame(picture: Picture, fast: ReducedPicture | undefined): void {
  const { blockSums, pdqSamples, ...bytes } = reducePlainly(picture);
  const hex = (parts: Record<string, Uint8Array>) =>
    Object.fromEntries(Object.entries(parts).map(([part, value]) => [part, Buffer.from(value).toString('hex')]));
  const { blockSums: fastSums, pdqSamples: fastSamples, ...fastBytes } = fast!;
  expect(hex(fastBytes)).toEqual(hex(bytes));
  expect(fastSums.join()).toBe(blockSums.join());
  expect(Math.max(...fastSamples.map((sample, at) => Math.abs(sample - pdqSamples[at]!)))).toBeLessThan(1e-9);
}

describe('the vector kernels', () => {
  it('were assembled from kernels.wat as it is now', () => {
    const source = readFileSync(join(import.meta.dirname, '../../src/image/kernels.wat'), 'utf8');
    expect(createHash('sha256').update(source.replaceAll('\r\n', '\n')).digest('hex')).toBe(KERNELS_SOURCE_HASH);
  });

  it('leave to the plain path what they have no tables or memory for', () => {
    expect(reduceWithVectors(drawnPicture('noise', 63, 200))).toBeUndefined();
    expect(reduceWithVectors(drawnPicture('flat', 4097, 64))).toBeUndefined();
  });

  it.each(SIZES)('give the bytes of the plain path on %i × %i', (width, height) => {
    for (const name of ['noise', 'down', 'checks', 'flat'] satisfies Drawing[]) {
      const picture = drawnPicture(name, width, height);
      expectTheSame(picture, reduceWithVectors(picture));
    }
  });

  it('do not mix up pictures of different sizes in turn', () => {
    const sizes = [SIZES[3], SIZES[2], SIZES[3]] as const;
    for (const [width, height] of sizes) {
      const picture = drawnPicture('noise', width, height);
      expectTheSame(picture, reduceWithVectors(picture));
    }
  });
});
