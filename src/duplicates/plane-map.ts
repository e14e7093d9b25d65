// Maps of the plane: where a place of one picture lies in another. Places are shares of width and height, 0…1.

/**
 * A projective map: x' = (a·x + b·y + c) / w, y' = (d·x + e·y + f) / w with w = g·x + h·y + 1. With g = h = 0 it is affine;
 * otherwise it is what a camera sees of a flat thing from the side.
 */
export interface PlaneMap {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
  readonly g: number;
  readonly h: number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

export function mapX({ a, b, c, g, h }: PlaneMap, x: number, y: number): number {
  return (a * x + b * y + c) / (g * x + h * y + 1);
}

export function mapY({ d, e, f, g, h }: PlaneMap, x: number, y: number): number {
  return (d * x + e * y + f) / (g * x + h * y + 1);
}

/** How much larger a small area is behind the map; negative where it mirrors. */
export function areaAt({ a, b, c, d, e, f, g, h }: PlaneMap, x: number, y: number): number {
  const determinant = a * (e - f * h) - b * (d - f * g) + c * (d * h - e * g);
  return determinant / (g * x + h * y + 1) ** 3;
}

/** The affine map that is nearest around a place: what a small thing there looks like. */
export function affineAt(map: PlaneMap, x: number, y: number): PlaneMap {
  const { g, h } = map;
  if (g === 0 && h === 0) return map;
  const w = g * x + h * y + 1;
  const [u, v] = [mapX(map, x, y), mapY(map, x, y)];
  const a = (map.a - u * g) / w;
  const b = (map.b - u * h) / w;
  const d = (map.d - v * g) / w;
  const e = (map.e - v * h) / w;
  return { a, b, c: u - a * x - b * y, d, e, f: v - d * x - e * y, g: 0, h: 0 };
}

/**
 * How many times as large things are drawn at the near side of the frame as at the far one; 1 for an affine map, infinite when the
 * horizon goes through the frame.
 */
export function foreshortening({ g, h }: PlaneMap): number {
  const depths = [1, 1 + g, 1 + h, 1 + g + h];
  const nearest = Math.min(...depths);
  return nearest <= 0 ? Number.POSITIVE_INFINITY : Math.max(...depths) / nearest;
}

/** The map that leads back. */
export function invertedMap({ a, b, c, d, e, f, g, h }: PlaneMap): PlaneMap {
  const last = a * e - b * d;
  return {
    a: (e - f * h) / last,
    b: (c * h - b) / last,
    c: (b * f - c * e) / last,
    d: (f * g - d) / last,
    e: (a - c * g) / last,
    f: (c * d - a * f) / last,
    g: (d * h - e * g) / last,
    h: (b * g - a * h) / last,
  };
}

/** The eight ways to turn and mirror a whole frame; the first leaves it as it is. */
export const FRAME_TURNS: readonly { readonly degrees: number; readonly mirrored: boolean; readonly map: PlaneMap }[] =
  [
    turn(0, false, 1, 0, 0, 0, 1, 0),
    turn(90, false, 0, -1, 1, 1, 0, 0),
    turn(180, false, -1, 0, 1, 0, -1, 1),
    turn(270, false, 0, 1, 0, -1, 0, 1),
    turn(0, true, -1, 0, 1, 0, 1, 0),
    turn(90, true, 0, -1, 1, -1, 0, 1),
    turn(180, true, 1, 0, 0, 0, -1, 1),
    turn(270, true, 0, 1, 0, 1, 0, 0),
  ];

function turn(
  degrees: number,
  mirrored: boolean,
  ...[a, b, c, d, e, f]: [number, number, number, number, number, number]
) {
  return { degrees, mirrored, map: { a, b, c, d, e, f, g: 0, h: 0 } };
}
