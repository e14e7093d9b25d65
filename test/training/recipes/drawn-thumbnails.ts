// Thumbnails drawn for tests: discs of all colours and sizes on a slope of two colours.
import { Random } from '../../../src/training/random.ts';

const SIDE = 64;
const CELLS = SIDE * SIDE;
const DISCS = 6;

/** [rows, 3, 64, 64] bytes. */
export function drawnThumbnails(rows: number, seed = 31): Uint8Array {
  const random = new Random(seed);
  const colour = () => [random.uniform(), random.uniform(), random.uniform()] as const;
  const bytes = new Uint8Array(rows * 3 * CELLS);
  for (let row = 0; row < rows; row++) {
    const [from, to] = [colour(), colour()];
    const discs = Array.from({ length: DISCS }, () => {
      return { x: random.integer(SIDE), y: random.integer(SIDE), radius: random.between(4, 20), colour: colour() };
    });
    for (let cell = 0; cell < CELLS; cell++) {
      const [x, y] = [cell % SIDE, Math.floor(cell / SIDE)];
      const disc = discs.find((each) => Math.hypot(x - each.x, y - each.y) < each.radius);
      for (let plane = 0; plane < 3; plane++) {
        const level = disc ? disc.colour[plane]! : from[plane]! + ((to[plane]! - from[plane]!) * (x + y)) / (2 * SIDE);
        bytes[(row * 3 + plane) * CELLS + cell] = Math.round(255 * level);
      }
    }
  }
  return bytes;
}

/** Every line of pixels from right to left. */
export function mirrored(thumbnails: Uint8Array): Uint8Array {
  return thumbnails.map((_, i) => thumbnails[i - (i % SIDE) + SIDE - 1 - (i % SIDE)]!);
}
