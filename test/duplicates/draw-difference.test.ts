import { describe, expect, it } from '@jest/globals';
import { drawnDifference, matchingSize } from '../../src/duplicates/draw-difference.ts';
import { FRAME_TURNS, invertedMap } from '../../src/duplicates/plane-map.ts';
import type { Picture } from '../../src/image/decode.ts';

function picture(width: number, height: number, greyAt: (x: number, y: number) => number): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) rgb.fill(greyAt(at % width, Math.floor(at / width)), at * 3, at * 3 + 3);
  return { width, height, rgb };
}

const steps = picture(60, 40, (x, y) => (Math.floor(x / 10) * 37 + Math.floor(y / 10) * 53) % 256);
const AS_IT_IS = FRAME_TURNS[0]!.map;

function redShare({ rgb }: Picture): number {
  let red = 0;
  for (let at = 0; at < rgb.length; at += 3) if (rgb[at]! > rgb[at + 1]! + 40) red++;
  return red / (rgb.length / 3);
}

describe('The difference of two pictures', () => {
  it('is nothing for the same, however they lie, and for a negative that is told to be one', () => {
    expect(drawnDifference(steps, steps, { map: AS_IT_IS }).differing).toBe(0);
    for (const { map } of FRAME_TURNS.filter(({ degrees }) => degrees % 180 === 0)) {
      const turned = picture(60, 40, (x, y) => {
        const back = invertedMap(map);
        const [u, v] = [(x + 0.5) / 60, (y + 0.5) / 40];
        const px = Math.floor((back.a * u + back.b * v + back.c) * 60);
        const py = Math.floor((back.d * u + back.e * v + back.f) * 40);
        return steps.rgb[(py * 60 + px) * 3]!;
      });
      expect(drawnDifference(steps, turned, { map }).differing).toBe(0);
    }
    const negative = picture(60, 40, (x, y) => 255 - steps.rgb[(y * 60 + x) * 3]!);
    expect(drawnDifference(steps, negative, { map: AS_IT_IS, negative: true }).differing).toBe(0);
    expect(drawnDifference(steps, negative, { map: AS_IT_IS }).differing).toBeGreaterThan(0.5);
  });

  it('is red where something else is to be seen, and nowhere else', () => {
    const changed = picture(60, 40, (x, y) => (x < 15 && y < 20 ? 255 : 0) || steps.rgb[(y * 60 + x) * 3]!);
    const { picture: drawn, differing } = drawnDifference(steps, changed, { map: AS_IT_IS });
    expect(differing).toBeCloseTo(1 / 8, 1);
    expect(redShare(drawn)).toBeCloseTo(differing, 1);
  });

  it('counts what both show: beside a crop are stripes', () => {
    const half = picture(30, 40, (x, y) => steps.rgb[(y * 60 + x) * 3]!);
    const { picture: drawn, differing } = drawnDifference(steps, half, { map: { ...AS_IT_IS, a: 2 } });
    expect(differing).toBe(0);
    expect(redShare(drawn)).toBe(0);
    expect([drawn.width, drawn.height]).toEqual([60, 40]);
  });

  it('is looked for at the size of the smaller one', () => {
    const large = picture(600, 400, () => 0);
    expect(matchingSize(steps, large, AS_IT_IS)).toEqual({ width: 60, height: 40 });
    expect(matchingSize(steps, large, { ...AS_IT_IS, a: 0.5, e: 0.5 })).toEqual({ width: 120, height: 80 });
    expect(matchingSize(steps, steps, { ...AS_IT_IS, a: 0.5, e: 0.5 })).toEqual({ width: 60, height: 40 });
  });
});
