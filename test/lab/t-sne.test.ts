// t-SNE: groups stay apart, the same seed gives the same map, bad input is refused.
import { describe, expect, it } from '@jest/globals';
import { drawDigits } from '../../src/lab/drawn-digits.ts';
import { mapAccuracy } from '../../src/lab/map-accuracy.ts';
import { fitPca } from '../../src/lab/pca.ts';
import { tsne } from '../../src/lab/t-sne.ts';
import { Random } from '../../src/training/random.ts';

const SHORT = { iterations: 50, seed: 3 };

describe('tsne', () => {
  it('refuses fewer than four rows', async () => {
    await expect(tsne(new Float32Array(6), 3, 2)).rejects.toMatchObject({ code: 'TRAINING_TOO_SMALL' });
  });

  it('refuses numbers that are not as many rows as promised', async () => {
    await expect(tsne(new Float32Array(9), 5, 2)).rejects.toThrow(
      new RangeError('Expected 5 rows of 2 numbers for t-SNE but received 9 numbers'),
    );
  });

  it('refuses a perplexity that the rows are too few for', async () => {
    await expect(tsne(new Float32Array(20), 10, 2, { perplexity: 5 })).rejects.toThrow(
      new RangeError('Expected a perplexity from 1 to 3.0 for 10 rows but received 5'),
    );
  });

  it('refuses a broken number of iterations', async () => {
    await expect(tsne(new Float32Array(20), 10, 2, { iterations: 0 })).rejects.toThrow(
      'Expected a whole number of iterations from 1 for t-SNE but received 0',
    );
  });

  it('refuses rows that hold NaN', async () => {
    await expect(tsne(new Float32Array(20).fill(Number.NaN), 10, 2)).rejects.toThrow(/finite numbers for t-SNE/);
  });

  it('does not begin when it was stopped before', async () => {
    const stopped = tsne(groups(10), 30, 5, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('stops in the middle when asked to', async () => {
    const stopping = new AbortController();
    const onProgress = () => stopping.abort();
    const stopped = tsne(groups(10), 30, 5, { iterations: 1e6, signal: stopping.signal, onProgress });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('passes on what the caller throws at a word about progress', async () => {
    const onProgress = () => {
      throw new Error('no more room');
    };
    await expect(tsne(groups(10), 30, 5, { ...SHORT, onProgress })).rejects.toThrow('no more room');
  });

  it('gives the same map for the same seed and another one for another', async () => {
    const [first, again] = [await tsne(groups(10), 30, 5, SHORT), await tsne(groups(10), 30, 5, SHORT)];
    expect(again).toEqual(first);
    expect(await tsne(groups(10), 30, 5, { ...SHORT, seed: 4 })).not.toEqual(first);
  });

  it('says how far it is', async () => {
    const seen: number[] = [];
    await tsne(groups(10), 30, 5, { iterations: 25, onProgress: ({ iteration }) => seen.push(iteration) });
    expect(seen).toEqual([10, 20, 25]);
  });

  it('lays out rows that are all alike', async () => {
    const points = await tsne(new Float32Array(40).fill(1), 20, 2, SHORT);
    expect(points.every(Number.isFinite)).toBe(true);
  });

  it('keeps groups apart', async () => {
    const points = await tsne(groups(60), 180, 5, { iterations: 400 });
    expect(
      mapAccuracy(
        points,
        Uint8Array.from({ length: 180 }, (_, row) => row % 3),
      ),
    ).toBe(1);
  });

  it('keeps drawn digits apart better than the first two principal components', async () => {
    const { pixels, labels } = drawDigits({ count: 400, seed: 5 });
    const pca = await fitPca(pixels, 400, 784);
    const points = await tsne(pca.encode(pixels, 30), 400, 30, { iterations: 500 });
    expect(mapAccuracy(points, labels)).toBeGreaterThan(mapAccuracy(pca.encode(pixels, 2), labels) + 0.2);
  });
});

/** Three clouds in five dimensions, in turn. */
function groups(rowsOfEach: number): Float32Array {
  const random = new Random(1);
  return Float32Array.from(
    { length: rowsOfEach * 15 },
    (_, i) => random.normal() + (Math.floor(i / 5) % 3 === i % 5 ? 12 : 0),
  );
}
