// What the pictures are drawn on: a sheet of SVG or a grid of pixels, colours and smooth noise.
import type { Random } from './random.ts';

export const WIDTH = 400;
export const HEIGHT = 300;

/** Red, green, blue from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** A drawn picture, before it is a file. */
export type Drawing = { readonly svg: string } | { readonly pixels: Uint8Array };

export function sheet(...parts: readonly string[]): Drawing {
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">${parts.join('')}</svg>`,
  };
}

/** Calls `colourAt` for each pixel, with x and y in pixels. */
export function pixels(colourAt: (x: number, y: number) => Colour): Drawing {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const colour = colourAt(x, y);
      for (const channel of colour) data[at++] = Math.max(0, Math.min(255, channel));
    }
  }
  return { pixels: data };
}

/** Hue in degrees, saturation and lightness in per cent, as a CSS colour. */
export function hsl(hue: number, saturation: number, lightness: number, opacity = 1): string {
  return `hsla(${(((hue % 360) + 360) % 360).toFixed(0)},${saturation.toFixed(0)}%,${lightness.toFixed(0)}%,${opacity.toFixed(2)})`;
}

/** As {@link hsl}, for pixels. */
export function rgb(hue: number, saturation: number, lightness: number): Colour {
  const light = lightness / 100;
  const chroma = (saturation / 100) * Math.min(light, 1 - light);
  const channel = (n: number) => {
    const k = (n + hue / 30 + 360) % 12;
    return 255 * (light - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}

export function mix(a: Colour, b: Colour, share: number): Colour {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

/** A scale of colours: stops at even distances, `share` from 0 to 1. */
export function scale(stops: readonly Colour[], share: number): Colour {
  const place = Math.max(0, Math.min(0.9999, share)) * (stops.length - 1);
  const stop = Math.floor(place);
  return mix(stops[stop]!, stops[stop + 1]!, place - stop);
}

/** Four to five colours that go together, dark to light. */
export function palette(random: Random): Colour[] {
  const hue = random.between(0, 360);
  const turn = random.pick([30, 60, 120, 180, -40]);
  const count = random.whole(4, 5);
  return Array.from({ length: count }, (_, i) =>
    rgb((hue + (turn * i) / (count - 1) + 360) % 360, random.between(35, 85), 12 + (76 * i) / (count - 1)),
  );
}

const GRID = 256;

/** Smooth noise over the plane, about 0 to 1, the sum of `octaves` of doubling frequency (1/f). */
export function smoothNoise(random: Random): (x: number, y: number, octaves?: number) => number {
  const values = Float32Array.from({ length: GRID * GRID }, () => random.next());
  const single = (x: number, y: number) => {
    const column = Math.floor(x);
    const row = Math.floor(y);
    const across = ease(x - column);
    const left = column & (GRID - 1);
    const right = (column + 1) & (GRID - 1);
    const above = (row & (GRID - 1)) * GRID;
    const below = ((row + 1) & (GRID - 1)) * GRID;
    const top = values[above + left]! + (values[above + right]! - values[above + left]!) * across;
    const bottom = values[below + left]! + (values[below + right]! - values[below + left]!) * across;
    return top + (bottom - top) * ease(y - row);
  };
  return (x, y, octaves = 5) => {
    let sum = 0;
    let total = 0;
    for (let octave = 0, weight = 1, zoom = 1; octave < octaves; octave++, weight /= 2, zoom *= 2) {
      sum += weight * single(x * zoom + 17.3 * octave, y * zoom + 5.7 * octave);
      total += weight;
    }
    return sum / total;
  };
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}

export function gradient(id: string, stops: readonly string[], upright = true): string {
  const offsets = stops.map((stop, i) => `<stop offset="${i / (stops.length - 1)}" stop-color="${stop}"/>`).join('');
  return `<defs><linearGradient id="${id}" x1="0" y1="0" x2="${upright ? 0 : 1}" y2="${upright ? 1 : 0}">${offsets}</linearGradient></defs>`;
}

export function background(fill: string): string {
  return `<rect width="${WIDTH}" height="${HEIGHT}" fill="${fill}"/>`;
}

export function polygon(points: readonly (readonly [number, number])[], attributes: string): string {
  return `<polygon points="${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}" ${attributes}/>`;
}

export function polyline(points: readonly (readonly [number, number])[], attributes: string): string {
  return `<polyline points="${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}" fill="none" ${attributes}/>`;
}
