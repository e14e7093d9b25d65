// Pictures drawn with integer arithmetic alone, by the same rules as scripts/fixtures/image-hashes.py draws them.
import type { Picture } from '../../src/image/decode.ts';

// A lookup of a global in a loop is slow in Jest's realm.
const { floor, imul, max } = Math;

export type Drawing = 'flat' | 'across' | 'down' | 'checks' | 'noise';

type Painter = (x: number, y: number, width: number, height: number) => readonly [number, number, number];

const grey = (value: number) => [value, value, value] as const;

const PAINTERS: Record<Drawing, Painter> = {
  flat: () => [120, 60, 200],
  across: (x, _y, width) => grey(floor((x * 255) / max(width - 1, 1))),
  down: (_x, y, _width, height) => {
    const value = floor((y * 255) / max(height - 1, 1));
    return [value, 90, 255 - value];
  },
  checks: (x, y, width, height) => grey(((floor((x * 8) / width) + floor((y * 8) / height)) % 2) * 255),
  noise: (x, y, width) => [noise(y * width + x, 0), noise(y * width + x, 1), noise(y * width + x, 2)],
};

export function drawnPicture(name: Drawing, width: number, height: number): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) rgb.set(PAINTERS[name](x, y, width, height), at);
  }
  return { width, height, rgb };
}

function noise(index: number, channel: number): number {
  let state = imul(index * 3 + channel + 1, 2654435761) >>> 0;
  state = imul(state ^ (state >>> 15), 2246822519) >>> 0;
  return (state ^ (state >>> 13)) % 256;
}
