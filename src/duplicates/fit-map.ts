// The map of the plane that leads some places nearest to others, in the sum of squares.
import { foreshortening, type Place, type PlaneMap } from './plane-map.ts';

/** Of an affine map, which three places fix, … */
const PLACES_OF_AFFINE = 3;
/** … and of a projective one, which four places fix. */
const PLACES_OF_PERSPECTIVE = 4;
/** A flat thing that was photographed is seldom drawn three times as large at one side as at the other. */
const MOST_FORESHORTENED = 4;
/** The equations weigh places by their depth, which is known only from the round before. */
const ROUNDS = 3;

/** The affine map; undefined when the places lie on a line or are fewer than three. */
export function fittedAffine(from: readonly Place[], to: readonly Place[]): PlaneMap | undefined {
  const n = from.length;
  if (n < PLACES_OF_AFFINE) return undefined;
  const p = meanOf(from);
  const q = meanOf(to);
  let [xx, xy, yy, ux, uy, vx, vy] = [0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const x = from[i]!.x - p.x;
    const y = from[i]!.y - p.y;
    const u = to[i]!.x - q.x;
    const v = to[i]!.y - q.y;
    xx += x * x;
    xy += x * y;
    yy += y * y;
    ux += u * x;
    uy += u * y;
    vx += v * x;
    vy += v * y;
  }
  const det = xx * yy - xy * xy;
  // on a line, or nearly: what is across it would be a guess
  if (det < 1e-3 * (xx + yy) ** 2) return undefined;
  const a = (ux * yy - uy * xy) / det;
  const b = (uy * xx - ux * xy) / det;
  const d = (vx * yy - vy * xy) / det;
  const e = (vy * xx - vx * xy) / det;
  return { a, b, c: q.x - a * p.x - b * p.y, d, e, f: q.y - d * p.x - e * p.y, g: 0, h: 0 };
}

/**
 * The projective map: the direct linear transformation (Hartley & Zisserman, *Multiple View Geometry*, 2004, chapter 4), the
 * equations weighted anew by the depth that was found, so that errors are counted in the second picture. Undefined when the
 * places are fewer than four, lie on a line, or no camera would see the frame so.
 */
export function fittedPerspective(from: readonly Place[], to: readonly Place[]): PlaneMap | undefined {
  if (from.length < PLACES_OF_PERSPECTIVE || fittedAffine(from, to) === undefined) return undefined;
  let map: PlaneMap | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    map = weightedPerspective(from, to, map);
    if (map === undefined || foreshortening(map) > MOST_FORESHORTENED) return undefined;
  }
  return map;
}

function weightedPerspective(
  from: readonly Place[],
  to: readonly Place[],
  before: PlaneMap | undefined,
): PlaneMap | undefined {
  const normal = Array.from({ length: 8 }, () => new Float64Array(9));
  const add = (row: readonly number[], weight: number) => {
    for (let i = 0; i < 8; i++) for (let j = 0; j < 9; j++) normal[i]![j]! += weight * row[i]! * row[j]!;
  };
  for (const [i, { x, y }] of from.entries()) {
    const { x: u, y: v } = to[i]!;
    const weight = before === undefined ? 1 : 1 / (before.g * x + before.h * y + 1) ** 2;
    add([x, y, 1, 0, 0, 0, -u * x, -u * y, u], weight);
    add([0, 0, 0, x, y, 1, -v * x, -v * y, v], weight);
  }
  const solution = solved(normal);
  if (solution === undefined) return undefined;
  const [a, b, c, d, e, f, g, h] = solution as [number, number, number, number, number, number, number, number];
  return { a, b, c, d, e, f, g, h };
}

/** Gauss with the largest pivot; undefined when the equations say too little. */
function solved(rows: Float64Array[]): number[] | undefined {
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const first = rows[column]!;
    if (Math.abs(first[column]!) < 1e-12) return undefined;
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = rows[row]![column]! / first[column]!;
      for (let j = column; j <= size; j++) rows[row]![j]! -= factor * first[j]!;
    }
  }
  return rows.map((row, i) => row[size]! / row[i]!);
}

function meanOf(places: readonly Place[]): Place {
  const n = places.length;
  return {
    x: places.reduce((sum, { x }) => sum + x, 0) / n,
    y: places.reduce((sum, { y }) => sum + y, 0) / n,
  };
}
