// Codes asked with a picture in every orientation: the contract, and what lies otherwise is found.
import { describe, expect, it } from '@jest/globals';
import type { Feature } from '../../src/features/feature.ts';
import { ofThumbnail } from '../../src/image/image-feature.ts';
import { ORIENTATIONS, orientationsOf } from '../../src/image/orientations.ts';
import { codeMethod } from '../../src/methods/codes.ts';
import type { Ranking } from '../../src/methods/method.ts';
import { floatCodes } from '../../src/methods/searched-codes.ts';
import { turnedCodeMethod } from '../../src/methods/turned-codes.ts';
import { itKeepsTheContract, NOT_SYMMETRIC } from './conformance.ts';
import { detailed, drawn, flat, ranking } from './features.ts';

const SIDE = 8;

/** The thumbnail at every eighth pixel, around its mean and of length 1; of a flat picture zeros. */
const encoder = {
  kind: 'image' as const,
  dimensions: 3 * SIDE * SIDE,
  async encode(features: readonly Feature[]): Promise<Float32Array> {
    return Float32Array.from(
      features.flatMap((feature) => {
        if (feature.kind !== 'image') throw new TypeError('Expected pictures');
        const seen = [0, 1, 2].flatMap((plane) =>
          Array.from({ length: SIDE * SIDE }, (_, i) => {
            const [y, x] = [8 * Math.floor(i / SIDE) + 3, 8 * (i % SIDE) + 3];
            return feature.thumbnail[plane * 64 * 64 + y * 64 + x]!;
          }),
        );
        const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
        const plain = Math.max(...seen) - Math.min(...seen) > 200 || new Set(seen).size > 9;
        const length = plain ? Math.hypot(...seen.map((value) => value - mean)) : Number.POSITIVE_INFINITY;
        return seen.map((value) => (value - mean) / length);
      }),
    );
  },
};

async function over(rows: readonly Feature[], items: Ranking = ranking(rows.length)) {
  return turnedCodeMethod({
    name: 'ae-turned',
    encoder,
    codes: floatCodes(await encoder.encode(rows), items, encoder.dimensions),
  });
}

itKeepsTheContract(
  'ae-turned',
  async () => {
    const some = await Promise.all([0, 1, 2, 3, 4, 5, 6].map(drawn));
    const rows = [...some, some[2]!];
    return { method: await over(rows), rows, queries: await Promise.all([31, 32, 33].map(drawn)), empty: await flat() };
  },
  NOT_SYMMETRIC,
);

describe('the orientations of a thumbnail', () => {
  it('are sixteen different ones, the first of them the thumbnail itself, and each a negative of another', async () => {
    const { thumbnail } = await detailed(1);
    const all = orientationsOf(thumbnail);
    expect(all).toHaveLength(2 * ORIENTATIONS);
    expect(all[0]).toEqual(thumbnail);
    expect(new Set(all.map((planes) => Buffer.from(planes).toString('base64'))).size).toBe(16);
    for (let way = 0; way < ORIENTATIONS; way++) {
      expect(all[ORIENTATIONS + way]!.every((value, i) => value === 255 - all[way]![i]!)).toBe(true);
    }
  });

  it('turn each pixel to where it belongs', async () => {
    const { thumbnail } = await detailed(2);
    const at = (planes: Uint8Array, y: number, x: number) => planes[64 * 64 + y * 64 + x];
    const all = orientationsOf(thumbnail);
    expect(at(all[1]!, 5, 9)).toBe(at(thumbnail, 5, 63 - 9));
    expect(at(all[2]!, 5, 9)).toBe(at(thumbnail, 63 - 5, 9));
    expect(at(all[4]!, 5, 9)).toBe(at(thumbnail, 9, 5));
  });
});

describe('asking with all orientations', () => {
  it('finds pictures by turned, mirrored and negative copies, as if they were themselves', async () => {
    const rows = await Promise.all([1, 2, 3, 4, 5].map(detailed));
    const turned = await over(rows);
    const plain = codeMethod({
      name: 'ae',
      encoder: encoder as never,
      codes: floatCodes(await encoder.encode(rows), ranking(rows.length), encoder.dimensions),
    });
    for (const planes of orientationsOf(rows[3]!.thumbnail).slice(1)) {
      const copy = [ofThumbnail(planes)];
      const [query] = await turned.represent(copy);
      expect(turned.search(query!, 1)[0]).toMatchObject({ row: 3 });
      // The eighth pixels of a mirrored picture are not quite those of the picture.
      expect(turned.search(query!, 1)[0]!.score).toBeGreaterThan(0.5);
      const [asItLies] = await plain.represent(copy);
      expect(plain.scores(asItLies!)[3]).toBeLessThan(0.5);
    }
  });
});
