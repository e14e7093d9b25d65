// Pictures without structure: of one colour but for noise, however it came about.

/** A picture whose samples differ from the mean of their colour by less than this (root mean square, of 255) is flat. */
export const FLAT = 2;

/**
 * True for a thumbnail that shows nothing: what an encoder makes of it would match every other picture of that colour.
 *
 * @param planes [3, side, side] bytes: red, green, blue
 */
export function isFlatThumbnail(planes: Uint8Array): boolean {
  const size = planes.length / 3;
  let deviation = 0;
  for (let plane = 0; plane < 3; plane++) {
    let [sum, squares] = [0, 0];
    for (let at = plane * size; at < (plane + 1) * size; at++) {
      const value = planes[at]!;
      sum += value;
      squares += value * value;
    }
    deviation += squares - (sum * sum) / size;
  }
  return deviation < FLAT * FLAT * planes.length;
}
