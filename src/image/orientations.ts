// A thumbnail in all the ways in which a copy may lie: mirrored, turned by quarters, and each of these as a negative.
import { THUMBNAIL_SIDE } from './image-feature.ts';

const SIDE = THUMBNAIL_SIDE;
const CELLS = SIDE * SIDE;
const WHITE = 255;

/** Ways for a square to lie. */
export const ORIENTATIONS = 8;

/**
 * @param planes [3, 64, 64] bytes
 * @returns the thumbnail itself, its seven other orientations, and the negatives of all eight, in this order
 */
export function orientationsOf(planes: Uint8Array): Uint8Array[] {
  const turned = Array.from({ length: ORIENTATIONS }, (_, way) => oriented(planes, way));
  return [...turned, ...turned.map((each) => each.map((value) => WHITE - value))];
}

/** @param way bit 0: left and right change places; bit 1: top and bottom; bit 2: then lines become columns */
function oriented(planes: Uint8Array, way: number): Uint8Array {
  const result = new Uint8Array(planes.length);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const [line, column] = (way & 4) === 0 ? [y, x] : [x, y];
      const from = ((way & 2) === 0 ? line : SIDE - 1 - line) * SIDE + ((way & 1) === 0 ? column : SIDE - 1 - column);
      for (let plane = 0; plane < planes.length; plane += CELLS) {
        result[plane + y * SIDE + x] = planes[plane + from]!;
      }
    }
  }
  return result;
}
