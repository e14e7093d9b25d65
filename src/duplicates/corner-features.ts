// Corners of a picture with what they look like: found again in a crop, a turned copy, a picture pasted onto a page.
//
// After Brown, Szeliski & Winder, "Multi-Image Matching using Multi-Scale Oriented Patches" (CVPR 2005): Harris corners on
// several sizes, spread over the picture by adaptive non-maximal suppression, each with the 8 × 8 patch around it, upright to its
// gradient, of mean 0 and length 1. No learning, no randomness.
import { LEVEL_STEP, type LumaLevel, lumaAt } from './luma-pyramid.ts';

/** Numbers of a patch. */
export const PATCH_SIDE = 8;
export const PATCH_LENGTH = PATCH_SIDE * PATCH_SIDE;

export interface CornerFeatures {
  readonly count: number;
  /** Places, as shares of the picture's width and height. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Size of the surroundings, as a share of the picture's longer side. */
  readonly size: Float32Array;
  /** Direction of the gradient, radians. */
  readonly angle: Float32Array;
  /** [count, 64], each of mean 0 and length 1. */
  readonly patches: Float32Array;
}

/** Corners kept of the first level; each smaller level keeps half as many as the area says, at least {@link LEAST_CORNERS}. */
const MOST_CORNERS = 80;
const LEAST_CORNERS = 12;
/** Strongest corners that are looked at; the spread is chosen from these. */
const CONSIDERED = 600;
/** A corner suppresses weaker ones whose strength is less than this share of its own (Brown et al.: 0.9). */
const ROBUST = 0.9;
/** Pixels of a level between two samples of a patch. */
const SPACING = 3;
/** Corners nearer to the edge than this would look at what is not there. */
const MARGIN = 5;
/** Harris strength below which there is no corner but noise. */
const LEAST_STRENGTH = 8;

interface Corner {
  readonly x: number;
  readonly y: number;
  readonly strength: number;
}

export function cornerFeatures(levels: readonly LumaLevel[]): CornerFeatures {
  const all: { corner: Corner; level: number; angle: number; patch: Float32Array }[] = [];
  levels.forEach((level, number) => {
    const wanted = Math.max(LEAST_CORNERS, Math.round(MOST_CORNERS * LEVEL_STEP ** (2 * number)));
    // a patch is sampled where the picture is smooth enough for its spacing
    const smooth = levels[Math.min(number + 2, levels.length - 1)]!;
    for (const corner of spread(cornersOf(level), wanted)) {
      const angle = directionAt(smooth, level, corner);
      const patch = patchAt(smooth, level, corner, angle);
      if (patch) all.push({ corner, level: number, angle, patch });
    }
  });
  const count = all.length;
  const features = {
    count,
    x: new Float32Array(count),
    y: new Float32Array(count),
    size: new Float32Array(count),
    angle: new Float32Array(count),
    patches: new Float32Array(count * PATCH_LENGTH),
  };
  all.forEach(({ corner, level: number, angle, patch }, i) => {
    const { width, height } = levels[number]!;
    features.x[i] = (corner.x + 0.5) / width;
    features.y[i] = (corner.y + 0.5) / height;
    features.size[i] = 1 / Math.max(width, height);
    features.angle[i] = angle;
    features.patches.set(patch, i * PATCH_LENGTH);
  });
  return features;
}

/** Local maxima of the harmonic mean of the eigenvalues of the gradients' second moments, strongest first. */
function cornersOf({ width, height, luma }: LumaLevel): Corner[] {
  if (Math.min(width, height) <= 2 * MARGIN + 2) return [];
  const xx = new Float32Array(width * height);
  const xy = new Float32Array(width * height);
  const yy = new Float32Array(width * height);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1, at = y * width + 1; x < width - 1; x++, at++) {
      const dx = (luma[at + 1]! - luma[at - 1]!) / 2;
      const dy = (luma[at + width]! - luma[at - width]!) / 2;
      xx[at] = dx * dx;
      xy[at] = dx * dy;
      yy[at] = dy * dy;
    }
  }
  for (const plane of [xx, xy, yy]) smoothed(plane, width, height);
  const strength = new Float32Array(width * height);
  for (let at = 0; at < strength.length; at++) {
    const trace = xx[at]! + yy[at]!;
    strength[at] = trace < 1e-6 ? 0 : (xx[at]! * yy[at]! - xy[at]! * xy[at]!) / trace;
  }
  const corners: Corner[] = [];
  for (let y = MARGIN; y < height - MARGIN; y++) {
    for (let x = MARGIN; x < width - MARGIN; x++) {
      const at = y * width + x;
      const here = strength[at]!;
      if (here >= LEAST_STRENGTH && isPeak(strength, at, width)) corners.push({ x, y, strength: here });
    }
  }
  corners.sort((a, b) => b.strength - a.strength || a.y - b.y || a.x - b.x);
  return corners.slice(0, CONSIDERED);
}

/** Higher than its eight neighbours; of equal ones the first. */
function isPeak(strength: Float32Array, at: number, width: number): boolean {
  const here = strength[at]!;
  for (const before of [at - width - 1, at - width, at - width + 1, at - 1])
    if (strength[before]! >= here) return false;
  for (const after of [at + 1, at + width - 1, at + width, at + width + 1]) if (strength[after]! > here) return false;
  return true;
}

/** Twice the binomial filter 1 4 6 4 1 along each axis, in place. */
function smoothed(plane: Float32Array, width: number, height: number): void {
  const line = new Float32Array(Math.max(width, height));
  const filter = (start: number, step: number, length: number) => {
    for (let i = 0; i < length; i++) line[i] = plane[start + i * step]!;
    for (let i = 2; i < length - 2; i++) {
      plane[start + i * step] = (line[i - 2]! + line[i + 2]! + 4 * (line[i - 1]! + line[i + 1]!) + 6 * line[i]!) / 16;
    }
  };
  for (let y = 0; y < height; y++) filter(y * width, 1, width);
  for (let x = 0; x < width; x++) filter(x, width, height);
}

/** Adaptive non-maximal suppression: the `wanted` corners that are farthest from a clearly stronger one. */
function spread(corners: readonly Corner[], wanted: number): Corner[] {
  if (corners.length <= wanted) return [...corners];
  const radii = corners.map((corner, i) => {
    let nearest = Number.POSITIVE_INFINITY;
    for (let j = 0; j < i; j++) {
      const other = corners[j]!;
      if (corner.strength >= ROBUST * other.strength) continue;
      nearest = Math.min(nearest, (corner.x - other.x) ** 2 + (corner.y - other.y) ** 2);
    }
    return { corner, nearest, i };
  });
  radii.sort((a, b) => b.nearest - a.nearest || a.i - b.i);
  return radii.slice(0, wanted).map(({ corner }) => corner);
}

function directionAt(smooth: LumaLevel, level: LumaLevel, { x, y }: Corner): number {
  const [sx, sy, scale] = onto(smooth, level, x, y);
  // over the surroundings of the corner, which a copy changes less than the corner itself
  let [dx, dy] = [0, 0];
  const step = SPACING * scale;
  for (let j = -1; j <= 1; j++) {
    for (let i = -1; i <= 1; i++) {
      const cx = sx + i * step;
      const cy = sy + j * step;
      const weight = (i === 0 ? 2 : 1) * (j === 0 ? 2 : 1);
      dx += weight * (lumaAt(smooth, cx + step, cy) - lumaAt(smooth, cx - step, cy));
      dy += weight * (lumaAt(smooth, cx, cy + step) - lumaAt(smooth, cx, cy - step));
    }
  }
  return Math.atan2(dy, dx);
}

function patchAt(smooth: LumaLevel, level: LumaLevel, { x, y }: Corner, angle: number): Float32Array | undefined {
  const [sx, sy, scale] = onto(smooth, level, x, y);
  const cos = Math.cos(angle) * SPACING * scale;
  const sin = Math.sin(angle) * SPACING * scale;
  const patch = new Float32Array(PATCH_LENGTH);
  const middle = (PATCH_SIDE - 1) / 2;
  let mean = 0;
  for (let row = 0, at = 0; row < PATCH_SIDE; row++) {
    for (let column = 0; column < PATCH_SIDE; column++, at++) {
      const u = column - middle;
      const v = row - middle;
      const value = lumaAt(smooth, sx + u * cos - v * sin, sy + u * sin + v * cos);
      patch[at] = value;
      mean += value / PATCH_LENGTH;
    }
  }
  let squares = 0;
  for (let at = 0; at < PATCH_LENGTH; at++) {
    patch[at]! -= mean;
    squares += patch[at]! ** 2;
  }
  const length = Math.sqrt(squares);
  if (length < PATCH_LENGTH / 16) return undefined;
  for (let at = 0; at < PATCH_LENGTH; at++) patch[at]! /= length;
  return patch;
}

/** A place of a level on a smaller one, and by what lengths shrink. */
function onto(smooth: LumaLevel, level: LumaLevel, x: number, y: number): [x: number, y: number, scale: number] {
  const across = smooth.width / level.width;
  const down = smooth.height / level.height;
  return [(x + 0.5) * across - 0.5, (y + 0.5) * down - 0.5, Math.sqrt(across * down)];
}
