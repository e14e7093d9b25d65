import { describe, expect, it } from '@jest/globals';
import { featureOf } from '../../src/image/compute-feature.ts';
import type { ImageFeature } from '../../src/image/image-feature.ts';
import { PICTURE_CODES, type PictureCode, pictureCode } from '../../src/image/picture-codes.ts';
import { hashMethod } from '../../src/methods/hashes.ts';
import { loneMethods } from '../../src/methods/lone.ts';
import type { PairMethod } from '../../src/methods/method.ts';
import { pictureMethod } from '../../src/methods/pictures.ts';
import { isFlat } from '../../src/methods/pixels.ts';
import { drawnPicture } from '../image/drawn-picture.ts';
import { itKeepsTheContract } from './conformance.ts';
import { detailed, drawn, flat, joined, ranking } from './features.ts';

async function features(make: typeof drawn) {
  const some = await Promise.all([0, 1, 2, 3, 4, 5, 6].map(make));
  return {
    rows: [...some, some[2]!],
    queries: await Promise.all([31, 32, 33].map(make)),
    empty: await flat(),
  };
}

/** The method of a plain code over these pictures. */
function over(code: PictureCode, rows: readonly ImageFeature[]): PairMethod {
  const grids = joined(rows.map(({ pixels }) => pixels));
  return pictureMethod(code, ranking(rows.length), joined(rows.map(code.of)), grids);
}

for (const code of PICTURE_CODES) {
  itKeepsTheContract(code.name, async () => {
    const all = await features(code.saysEnough ? detailed : drawn);
    return { method: over(code, all.rows), ...all };
  });
}

describe('A flat picture', () => {
  it('is never a hit before one of structure, whatever bits its rounding gave', async () => {
    const [some, none] = [await drawn(1), await flat()];
    expect([isFlat(some.pixels), isFlat(none.pixels)]).toEqual([false, true]);
    const method = hashMethod(
      'phash',
      ranking(2),
      joined([none.phash, some.phash]),
      joined([none.pixels, some.pixels]),
    );
    const [query] = await method.represent([some]);
    expect(Array.from(method.scores(query!))).toEqual([0, 1]);
  });
});

describe('A hash of low quality', () => {
  it('matches nothing, not even itself', async () => {
    const blurred = featureOf(drawnPicture('across', 200, 150));
    expect([isFlat(blurred.pixels), blurred.pdq[32]]).toEqual([false, 47]);
    const method = over(pictureCode('pdq')!, [blurred, await detailed(1)]);
    const [query, good] = await method.represent([blurred, await detailed(1)]);
    expect(method.isEmpty(query)).toBe(true);
    expect(Array.from(method.scores(query))).toEqual([0, 0]);
    expect(Array.from(method.scores(good))).toEqual([0, 1]);
  });
});

describe('A hash', () => {
  it('is asked by the name of one', () => {
    expect(() => hashMethod('pixels', ranking(0), new Uint8Array(), new Uint8Array())).toThrow(TypeError);
  });

  it('has a distance in bits', async () => {
    const method = hashMethod('dhash', ranking(1), new Uint8Array(8), (await drawn(1)).pixels);
    const bits = new Uint8Array(8);
    bits[0] = 0b1010_0001;
    const score = method.scores({ bits, empty: false })[0]!;
    expect(score).toBeCloseTo(1 - 6 / 64, 6);
    expect(method.distance(score)).toBe(3);
  });
});

describe('Without an index', () => {
  it('there are the plain methods that learn nothing', async () => {
    expect(loneMethods('text').map(({ name }) => name)).toEqual(['bow']);
    const lone = loneMethods('image');
    const names = ['phash', 'phash-16', 'dhash', 'ahash', 'whash', 'pdq', 'blockhash', 'colour', 'pixels'];
    expect(lone.map(({ name }) => name)).toEqual(names);
    const pair = [await drawn(1), await drawn(2)];
    const within = PICTURE_CODES.map((code) => over(code, pair));
    for (const [i, method] of lone.entries()) {
      const [a, b] = await method.represent(pair);
      const inside = within[i]!;
      const [query] = await inside.represent([pair[0]!]);
      expect(method.similarity(a, b)).toBeCloseTo(inside.scores(query as never)[1]!, 5);
      expect(method.search(a, 5)).toEqual([]);
    }
  });
});
