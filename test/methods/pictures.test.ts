import { describe, expect, it } from '@jest/globals';
import { hashMethod } from '../../src/methods/hashes.ts';
import { loneMethods } from '../../src/methods/lone.ts';
import { isFlat, pixelMethod } from '../../src/methods/pixels.ts';
import { itKeepsTheContract } from './conformance.ts';
import { drawn, flat, joined, ranking } from './features.ts';

async function features() {
  const some = await Promise.all([0, 1, 2, 3, 4, 5, 6].map(drawn));
  return {
    rows: [...some, some[2]!],
    queries: await Promise.all([31, 32, 33].map(drawn)),
    empty: await flat(),
  };
}

for (const name of ['phash', 'dhash'] as const) {
  itKeepsTheContract(name, async () => {
    const all = await features();
    const method = hashMethod(
      name,
      ranking(all.rows.length),
      joined(all.rows.map((row) => row[name])),
      joined(all.rows.map(({ pixels }) => pixels)),
    );
    return { method, ...all };
  });
}

itKeepsTheContract('pixels', async () => {
  const all = await features();
  return { method: pixelMethod(ranking(all.rows.length), joined(all.rows.map(({ pixels }) => pixels))), ...all };
});

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

describe('A hash', () => {
  it('has a distance in bits', async () => {
    const method = hashMethod('dhash', ranking(1), new Uint8Array(8), (await drawn(1)).pixels);
    const bits = new Uint8Array(8);
    bits[0] = 0b1010_0001;
    const score = method.scores({ bits, flat: false })[0]!;
    expect(score).toBeCloseTo(1 - 6 / 64, 6);
    expect(method.distance(score)).toBe(3);
  });
});

describe('Without an index', () => {
  it('there are the plain methods that learn nothing', async () => {
    expect(loneMethods('text').map(({ name }) => name)).toEqual(['bow']);
    const names = ['phash', 'dhash', 'pixels'];
    const lone = loneMethods('image');
    expect(lone.map(({ name }) => name)).toEqual(names);
    const pair = [await drawn(1), await drawn(2)];
    const { rows } = { rows: pair };
    const within = [
      ...(['phash', 'dhash'] as const).map((name) =>
        hashMethod(name, ranking(2), joined(rows.map((row) => row[name])), joined(rows.map(({ pixels }) => pixels))),
      ),
      pixelMethod(ranking(2), joined(rows.map(({ pixels }) => pixels))),
    ];
    for (const [i, method] of lone.entries()) {
      const [a, b] = await method.represent(pair);
      const inside = within[i]!;
      const [query] = await inside.represent([pair[0]!]);
      expect(method.similarity(a, b)).toBeCloseTo(inside.scores(query as never)[1]!, 5);
      expect(method.search(a, 5)).toEqual([]);
    }
  });
});
