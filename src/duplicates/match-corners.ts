// Which map of the plane leads most corners of one picture to their like in another?
//
// A similarity – shift, turn, scale, mirror – is found first, from two corners; it holds for a part of a picture that was seen from
// the side. From there the map grows: what agrees with it bends it, until no more corners join.
import { type CornerFeatures, PATCH_LENGTH, PATCH_SIDE } from './corner-features.ts';
import { fittedAffine } from './fit-map.ts';
import { type Frame, grownPerspective, type Match, placesOf, TOLERANCE, turnOf } from './grow-perspective.ts';
import type { PlaneMap } from './plane-map.ts';

/** A map of shares of the first picture to shares of the second that some corners agree on. */
export interface CornerMap {
  readonly map: PlaneMap;
  readonly mirrored: boolean;
  /** Radians, clockwise as pictures are drawn. */
  readonly angle: number;
  /** How much longer lengths are in the second, both longer sides being 1. */
  readonly scale: number;
  /** Corners that agree. */
  readonly agreeing: number;
  /** True for what only a camera does: lines that were parallel are not. */
  readonly perspective: boolean;
}

/** A corner's nearest patch counts when the second nearest is clearly farther (Lowe 2004; Brown et al. 2005). */
const RATIO = 0.8;
/** Squared distance of two patches of length 1 above which they are no match at all. */
const FARTHEST = 0.7;
/** Matches, the clearest first, of which pairs are tried. */
const TRIED = 70;
/** Fewer agreeing corners say nothing. */
const LEAST_AGREEING = 4;
/** So many make an affine map out of a similarity, … */
const ENOUGH_FOR_AFFINE = 8;
/** … and it is left for a perspective if that is agreed on by so many times the corners that agree on the affine one. */
const CLEARLY_MORE = 1.15;
const LARGEST_SCALE = 8;
/** How far a pair's turn may be from the turn of its corners, as a cosine. */
const LEAST_COSINE = 0.8;

/** Points as complex numbers, the longer side being 1. */
interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Up to four maps: with mirroring and without, an affine one and, where more corners agree on it, a perspective. Best first. */
export function cornerMaps(a: CornerFeatures, frameA: Frame, b: CornerFeatures, frameB: Frame): CornerMap[] {
  const pointsA = pointsOf(a, frameA);
  const pointsB = pointsOf(b, frameB);
  const found: CornerMap[] = [];
  for (const mirrored of [false, true]) {
    const matches = matchesOf(a, b, mirrored);
    const best = bestSimilarity(matches, a, pointsA, b, pointsB, mirrored);
    if (best === undefined) continue;
    found.push({
      mirrored,
      angle: Math.atan2(best.imaginary, best.real),
      scale: Math.hypot(best.real, best.imaginary),
      map: refined(best, a, frameA, b, frameB),
      agreeing: best.agreeing.length,
      perspective: false,
    });
    const bent = grownPerspective(matches, found.at(-1)!.map, a, frameA, b, frameB);
    if (bent !== undefined && bent.agreeing >= CLEARLY_MORE * best.agreeing.length)
      found.push({ mirrored, ...turnOf(bent.map, mirrored, frameA, frameB), ...bent, perspective: true });
  }
  return found.sort((one, other) => other.agreeing - one.agreeing);
}

function pointsOf({ count, x, y }: CornerFeatures, { width, height }: Frame): Points {
  const longer = Math.max(width, height);
  return {
    x: Float64Array.from({ length: count }, (_, i) => (x[i]! * width) / longer),
    y: Float64Array.from({ length: count }, (_, i) => (y[i]! * height) / longer),
  };
}

/** Each corner of the first with the nearest patch of the second; one to one, clearest first. */
function matchesOf(a: CornerFeatures, b: CornerFeatures, mirrored: boolean): Match[] {
  const matches: Match[] = [];
  const asked = new Float32Array(PATCH_LENGTH);
  const { patches } = b;
  for (let from = 0; from < a.count; from++) {
    copyPatch(a.patches, from, mirrored, asked);
    let nearest = -1;
    let best = -1;
    let next = -1;
    for (let to = 0, start = 0; to < b.count; to++, start += PATCH_LENGTH) {
      const product = productOf(asked, patches, start);
      if (product > best) {
        next = best;
        best = product;
        nearest = to;
      } else if (product > next) next = product;
    }
    // patches have length 1: the squared distance is 2 − 2 · product
    const [near, nextNear] = [2 - 2 * best, 2 - 2 * next];
    if (nearest < 0 || near > FARTHEST || near > RATIO * nextNear) continue;
    matches.push({ from, to: nearest, ratio: near / Math.max(nextNear, 1e-6) });
  }
  matches.sort((one, other) => one.ratio - other.ratio || one.from - other.from);
  const taken = new Set<number>();
  return matches.filter(({ to }) => !taken.has(to) && taken.add(to));
}

/** The inner product of a patch and the one that begins at `start`. */
function productOf(patch: Float32Array, patches: Float32Array, start: number): number {
  // four sums that do not wait for one another
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let i = 0, at = start; i < PATCH_LENGTH; i += 4, at += 4) {
    first += patch[i]! * patches[at]!;
    second += patch[i + 1]! * patches[at + 1]!;
    third += patch[i + 2]! * patches[at + 2]!;
    fourth += patch[i + 3]! * patches[at + 3]!;
  }
  return first + second + (third + fourth);
}

/** A mirrored patch: upright to its gradient, only what is across is the other way round. */
function copyPatch(patches: Float32Array, corner: number, mirrored: boolean, into: Float32Array): void {
  const start = corner * PATCH_LENGTH;
  for (let row = 0; row < PATCH_SIDE; row++) {
    const source = start + (mirrored ? PATCH_SIDE - 1 - row : row) * PATCH_SIDE;
    for (let column = 0; column < PATCH_SIDE; column++) into[row * PATCH_SIDE + column] = patches[source + column]!;
  }
}

interface Similarity {
  /** z' = m · z + n, or m · conj(z) + n where it mirrors; m = real + i · imaginary. */
  readonly real: number;
  readonly imaginary: number;
  readonly shiftX: number;
  readonly shiftY: number;
  readonly mirrored: boolean;
  readonly agreeing: readonly Match[];
}

/** Every pair of clear matches gives one similarity; the one that most matches agree with, of equal ones the first. */
function bestSimilarity(
  matches: readonly Match[],
  a: CornerFeatures,
  p: Points,
  b: CornerFeatures,
  q: Points,
  mirrored: boolean,
): Similarity | undefined {
  let best: Similarity | undefined;
  const tried = matches.slice(0, TRIED);
  for (let i = 0; i < tried.length; i++) {
    for (let j = i + 1; j < tried.length; j++) {
      const similarity = throughTwo(tried[i]!, tried[j]!, a, p, b, q, mirrored);
      if (similarity === undefined) continue;
      const agreeing = matches.filter((match) => agrees(similarity, match, a, p, b, q));
      if (agreeing.length >= LEAST_AGREEING && agreeing.length > (best?.agreeing.length ?? 0))
        best = { ...similarity, agreeing };
    }
  }
  return best;
}

function throughTwo(
  one: Match,
  other: Match,
  a: CornerFeatures,
  p: Points,
  b: CornerFeatures,
  q: Points,
  mirrored: boolean,
): Omit<Similarity, 'agreeing'> | undefined {
  const sign = mirrored ? -1 : 1;
  const dx = p.x[other.from]! - p.x[one.from]!;
  const dy = sign * (p.y[other.from]! - p.y[one.from]!);
  const squares = dx * dx + dy * dy;
  // two corners at one place fix no turn
  if (squares < 0.0016) return undefined;
  const u = q.x[other.to]! - q.x[one.to]!;
  const v = q.y[other.to]! - q.y[one.to]!;
  const real = (u * dx + v * dy) / squares;
  const imaginary = (v * dx - u * dy) / squares;
  const scale = Math.hypot(real, imaginary);
  if (scale < 1 / LARGEST_SCALE || scale > LARGEST_SCALE) return undefined;
  for (const { from, to } of [one, other]) {
    const turn = b.angle[to]! - sign * a.angle[from]!;
    if ((Math.cos(turn) * real + Math.sin(turn) * imaginary) / scale < LEAST_COSINE) return undefined;
  }
  const x = p.x[one.from]!;
  const y = sign * p.y[one.from]!;
  return {
    real,
    imaginary,
    mirrored,
    shiftX: q.x[one.to]! - (real * x - imaginary * y),
    shiftY: q.y[one.to]! - (imaginary * x + real * y),
  };
}

function agrees(
  { real, imaginary, shiftX, shiftY, mirrored }: Omit<Similarity, 'agreeing'>,
  { from, to }: Match,
  a: CornerFeatures,
  p: Points,
  b: CornerFeatures,
  q: Points,
): boolean {
  const x = p.x[from]!;
  const y = mirrored ? -p.y[from]! : p.y[from]!;
  const dx = real * x - imaginary * y + shiftX - q.x[to]!;
  const dy = imaginary * x + real * y + shiftY - q.y[to]!;
  const allowed = TOLERANCE * (b.size[to]! + a.size[from]! * Math.hypot(real, imaginary));
  return dx * dx + dy * dy <= allowed * allowed;
}

/** The similarity as a map of shares, or where enough corners agree the affine map that fits them better. */
function refined(similarity: Similarity, a: CornerFeatures, frameA: Frame, b: CornerFeatures, frameB: Frame): PlaneMap {
  const { agreeing } = similarity;
  if (agreeing.length >= ENOUGH_FOR_AFFINE) {
    const fitted = fittedAffine(...placesOf(agreeing, a, b));
    if (fitted) return fitted;
  }
  const { real, imaginary, shiftX, shiftY, mirrored } = similarity;
  const sign = mirrored ? -1 : 1;
  const unitA = Math.max(frameA.width, frameA.height);
  const unitB = Math.max(frameB.width, frameB.height);
  const [wa, ha] = [frameA.width / unitA, frameA.height / unitA];
  const [wb, hb] = [frameB.width / unitB, frameB.height / unitB];
  return {
    a: (real * wa) / wb,
    b: (-sign * imaginary * ha) / wb,
    c: shiftX / wb,
    d: (imaginary * wa) / hb,
    e: (sign * real * ha) / hb,
    f: shiftY / hb,
    g: 0,
    h: 0,
  };
}
