import { describe, expect, it } from '@jest/globals';
import { orthogonalPart, quantizingRotation } from '../../src/training/iterative-quantization.ts';
import { Random } from '../../src/training/random.ts';

const SIZE = 8;
const random = new Random(2);
/** Points near the corners of a cube that stands askew. */
const askew = orthogonalPart(
  Float64Array.from({ length: SIZE * SIZE }, () => random.normal()),
  SIZE,
);
const codes = new Float32Array(400 * SIZE);
for (let row = 0; row < 400; row++) {
  for (let i = 0; i < SIZE; i++) {
    const corner = (random.chance(0.5) ? 1 : -1) + 0.2 * random.normal();
    for (let j = 0; j < SIZE; j++) codes[row * SIZE + j]! += corner * askew[i * SIZE + j]!;
  }
}

function lossOf(rotation: Float32Array): number {
  let loss = 0;
  for (let row = 0; row < 400; row++) {
    for (let j = 0; j < SIZE; j++) {
      let turned = 0;
      for (let i = 0; i < SIZE; i++) turned += codes[row * SIZE + i]! * rotation[i * SIZE + j]!;
      loss += (turned - Math.sign(turned)) ** 2;
    }
  }
  return loss / 400;
}

describe('Iterative quantization', () => {
  it('refuses codes of another size, and stops when it is told to', async () => {
    await expect(quantizingRotation(codes, 7)).rejects.toThrow(RangeError);
    await expect(quantizingRotation(codes, SIZE, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });

  it('is a rotation that loses less with every round', async () => {
    const losses: number[] = [];
    for (const iterations of [0, 1, 5, 50]) {
      const rotation = await quantizingRotation(codes, SIZE, { iterations, seed: 1 });
      losses.push(lossOf(rotation));
      for (let i = 0; i < SIZE; i++)
        for (let j = 0; j < SIZE; j++) {
          let product = 0;
          for (let k = 0; k < SIZE; k++) product += rotation[k * SIZE + i]! * rotation[k * SIZE + j]!;
          expect(product).toBeCloseTo(i === j ? 1 : 0, 4);
        }
    }
    expect([...losses].sort((a, b) => b - a)).toEqual(losses);
    // It ends in a best place nearby, not always in the best of all: some corners may stay askew.
    expect(losses.at(-1)! / losses[0]!).toBeLessThan(0.7);
  });
});
