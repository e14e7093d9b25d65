import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fittedAffine, fittedPerspective } from '../../src/duplicates/fit-map.ts';
import {
  affineAt,
  areaAt,
  foreshortening,
  invertedMap,
  mapX,
  mapY,
  type Place,
  type PlaneMap,
} from '../../src/duplicates/plane-map.ts';

const PLACES: Place[] = [0.05, 0.35, 0.6, 0.95].flatMap((x) => [0.1, 0.4, 0.75, 0.9].map((y) => ({ x, y })));

const small = fc.double({ min: -0.3, max: 0.3, noNaN: true });
const maps: fc.Arbitrary<PlaneMap> = fc
  .tuple(small, small, small, small, small, small, small, small)
  .map(([a, b, c, d, e, f, g, h]) => ({ a: 1 + a, b, c, d, e: 1 + e, f, g, h }));

function led(map: PlaneMap): Place[] {
  return PLACES.map(({ x, y }) => ({ x: mapX(map, x, y), y: mapY(map, x, y) }));
}

describe('A map of the plane', () => {
  it('cannot be fitted to too few places, or to places on a line', () => {
    const line = [0.1, 0.3, 0.5, 0.8].map((x) => ({ x, y: x / 2 }));
    expect(fittedAffine(line.slice(0, 2), line.slice(0, 2))).toBeUndefined();
    expect(fittedAffine(line, line)).toBeUndefined();
    expect(fittedPerspective(line, line)).toBeUndefined();
    expect(fittedPerspective(PLACES.slice(0, 3), PLACES.slice(0, 3))).toBeUndefined();
  });

  it('is no perspective where the horizon would go through the frame', () => {
    const behind: PlaneMap = { a: 1, b: 0, c: 0, d: 0, e: 1, f: 0, g: -1.2, h: 0 };
    expect(foreshortening(behind)).toBe(Number.POSITIVE_INFINITY);
    expect(fittedPerspective(PLACES, led(behind))).toBeUndefined();
  });

  it('is found again from where it leads places', () => {
    fc.assert(
      fc.property(maps, (map) => {
        const found = fittedPerspective(PLACES, led(map))!;
        for (const key of Object.keys(map) as (keyof PlaneMap)[]) expect(found[key]).toBeCloseTo(map[key], 6);
        const affine = { ...map, g: 0, h: 0 };
        const fitted = fittedAffine(PLACES, led(affine))!;
        for (const key of Object.keys(map) as (keyof PlaneMap)[]) expect(fitted[key]).toBeCloseTo(affine[key], 6);
      }),
    );
  });

  it('leads back when it is inverted', () => {
    fc.assert(
      fc.property(maps, (map) => {
        const back = invertedMap(map);
        for (const { x, y } of PLACES) {
          const [u, v] = [mapX(map, x, y), mapY(map, x, y)];
          expect(mapX(back, u, v)).toBeCloseTo(x, 6);
          expect(mapY(back, u, v)).toBeCloseTo(y, 6);
        }
      }),
    );
  });

  it('is near an affine one around a place, which enlarges areas as it does', () => {
    fc.assert(
      fc.property(maps, fc.double({ min: 0.1, max: 0.9, noNaN: true }), (map, x) => {
        const near = affineAt(map, x, 0.5);
        expect(mapX(near, x, 0.5)).toBeCloseTo(mapX(map, x, 0.5), 9);
        expect(mapY(near, x + 1e-4, 0.5)).toBeCloseTo(mapY(map, x + 1e-4, 0.5), 6);
        expect(areaAt(near, x, 0.5)).toBeCloseTo(areaAt(map, x, 0.5), 9);
      }),
    );
  });
});
