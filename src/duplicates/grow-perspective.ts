// A map that holds for a part of two pictures grows: what agrees with it bends it into a perspective, until no more corners join.
import type { CornerFeatures } from './corner-features.ts';
import { fittedAffine, fittedPerspective } from './fit-map.ts';
import { affineAt, areaAt, mapX, mapY, type Place, type PlaneMap } from './plane-map.ts';

/** Size of a picture, only its ratio counts. */
export interface Frame {
  readonly width: number;
  readonly height: number;
}

/** A corner of the first picture and its like in the second, by number. */
export interface Match {
  readonly from: number;
  readonly to: number;
  readonly ratio: number;
}

/** Pixels, each corner on its own level, by which agreeing corners may be off. */
export const TOLERANCE = 1.8;
/** So many bend a map at all, … */
const ENOUGH_FOR_AFFINE = 8;
/** … so many a perspective, which has eight unknowns. */
const ENOUGH_FOR_PERSPECTIVE = 10;
/** Widths of the search, in tolerances, for corners that would agree if the map was bent a little. */
const GROWTH = [4, 3, 2, 1.5, 1, 1];

/** The perspective that most matches agree with, grown out of a map that holds for some of them; undefined when there is none. */
export function grownPerspective(
  matches: readonly Match[],
  start: PlaneMap,
  a: CornerFeatures,
  frameA: Frame,
  b: CornerFeatures,
  frameB: Frame,
): { readonly map: PlaneMap; readonly agreeing: number } | undefined {
  let map = start;
  let isPerspective = false;
  for (const width of GROWTH) {
    const agreeing = matches.filter((match) => agreesWithin(width * TOLERANCE, map, match, a, frameA, b, frameB));
    if (agreeing.length < ENOUGH_FOR_AFFINE) return undefined;
    const places = placesOf(agreeing, a, b);
    const bent = agreeing.length >= ENOUGH_FOR_PERSPECTIVE ? fittedPerspective(...places) : undefined;
    const fitted = bent ?? fittedAffine(...places);
    if (fitted === undefined) return undefined;
    map = fitted;
    isPerspective = bent !== undefined;
  }
  const agreeing = matches.filter((match) => agreesWithin(TOLERANCE, map, match, a, frameA, b, frameB)).length;
  return isPerspective && agreeing >= ENOUGH_FOR_PERSPECTIVE ? { map, agreeing } : undefined;
}

/** How a map turns and scales what is in the middle of the frame. */
export function turnOf(
  map: PlaneMap,
  mirrored: boolean,
  frameA: Frame,
  frameB: Frame,
): { angle: number; scale: number } {
  const { a, b, d, e } = affineAt(map, 0.5, 0.5);
  const [longerA, longerB] = [Math.max(frameA.width, frameA.height), Math.max(frameB.width, frameB.height)];
  const [wa, ha, wb, hb] = [
    frameA.width / longerA,
    frameA.height / longerA,
    frameB.width / longerB,
    frameB.height / longerB,
  ];
  const sign = mirrored ? -1 : 1;
  const real = ((a * wb) / wa + (sign * e * hb) / ha) / 2;
  const imaginary = ((d * hb) / wa - (sign * b * wb) / ha) / 2;
  return { angle: Math.atan2(imaginary, real), scale: Math.hypot(real, imaginary) };
}

function agreesWithin(
  tolerance: number,
  map: PlaneMap,
  { from, to }: Match,
  a: CornerFeatures,
  frameA: Frame,
  b: CornerFeatures,
  frameB: Frame,
): boolean {
  const [x, y] = [a.x[from]!, a.y[from]!];
  // lengths in shares of the longer side
  const longerB = Math.max(frameB.width, frameB.height);
  const dx = ((mapX(map, x, y) - b.x[to]!) * frameB.width) / longerB;
  const dy = ((mapY(map, x, y) - b.y[to]!) * frameB.height) / longerB;
  const areas = areaOf(frameB) / areaOf(frameA);
  const scale = Math.sqrt(Math.abs(areaAt(map, x, y)) * areas);
  const allowed = tolerance * (b.size[to]! + a.size[from]! * scale);
  return dx * dx + dy * dy <= allowed * allowed;
}

/** The area of a frame whose longer side is 1. */
function areaOf({ width, height }: Frame): number {
  return Math.min(width, height) / Math.max(width, height);
}

export function placesOf(
  matches: readonly Match[],
  a: CornerFeatures,
  b: CornerFeatures,
): [from: Place[], to: Place[]] {
  return [
    matches.map(({ from }) => ({ x: a.x[from]!, y: a.y[from]! })),
    matches.map(({ to }) => ({ x: b.x[to]!, y: b.y[to]! })),
  ];
}
