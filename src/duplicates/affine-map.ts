// Maps of the plane: where a place of one picture lies in another. Places are shares of width and height, 0…1.

/** x' = a·x + b·y + c, y' = d·x + e·y + f. */
export interface AffineMap {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

export function mapX({ a, b, c }: AffineMap, x: number, y: number): number {
  return a * x + b * y + c;
}

export function mapY({ d, e, f }: AffineMap, x: number, y: number): number {
  return d * x + e * y + f;
}

export function determinant({ a, b, d, e }: AffineMap): number {
  return a * e - b * d;
}

/** The eight ways to turn and mirror a whole frame; the first leaves it as it is. */
export const FRAME_TURNS: readonly { readonly degrees: number; readonly mirrored: boolean; readonly map: AffineMap }[] =
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
  return { degrees, mirrored, map: { a, b, c, d, e, f } };
}

/**
 * The affine map that leads each `from` nearest to its `to` in the sum of squares; undefined when the places lie on a line or
 * are fewer than three.
 */
export function fittedAffine(from: readonly Place[], to: readonly Place[]): AffineMap | undefined {
  const n = from.length;
  if (n < 3) return undefined;
  const mean = (places: readonly Place[]) => ({
    x: places.reduce((sum, { x }) => sum + x, 0) / n,
    y: places.reduce((sum, { y }) => sum + y, 0) / n,
  });
  const p = mean(from);
  const q = mean(to);
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
  return { a, b, c: q.x - a * p.x - b * p.y, d, e, f: q.y - d * p.x - e * p.y };
}
