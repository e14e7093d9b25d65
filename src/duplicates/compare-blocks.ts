// Two pictures laid over one another by a map, compared block by block: does what lies there look the same?

import { LEVEL_STEP, type LumaLevel, lumaAt } from './luma-pyramid.ts';
import { affineAt, areaAt, mapX, mapY, type PlaneMap } from './plane-map.ts';

export interface BlockAgreement {
  /** Blocks with something to see in them, in one of the two at least. */
  readonly blocks: number;
  /** The share of these that look the same: correlation of their greys at least {@link ALIKE}. */
  readonly share: number;
  /** The share that looks like the negative. */
  readonly negativeShare: number;
  /**
   * The correlation of what is left of a block when the slope of its greys is taken off, −1…1, of the middle one of all blocks: edges
   * and grain. A light in the middle, a sky that darkens upwards, are slopes, in which pictures of different things agree.
   * Undefined where few blocks hold anything but slopes.
   */
  readonly grain: number | undefined;
  /** The share of the first picture that lies on the second, and the other way round. */
  readonly overlapA: number;
  readonly overlapB: number;
  /** Mean difference of the greys where they overlap, 0…255. */
  readonly difference: number;
  /** The same of the block that differs most: what was written or stamped on one of the two stands in a few. */
  readonly worst: number;
}

/** Blocks along each axis of the overlap. */
const BLOCKS = 8;
/** Samples along each axis of a block. */
const SAMPLES = 8;
const GRID = BLOCKS * SAMPLES;
/** Normalised cross-correlation of two blocks that look the same. */
const ALIKE = 0.7;
/** Standard deviation of greys below which a block is empty: paper, sky, black. */
const EMPTY = 5;
/** The same of what is left when the slope is taken off. */
const GRAINLESS = 2.5;
/** So many blocks tell how the grain agrees. */
const LEAST_GRAINED = 8;

/** @param map from shares of the first picture to shares of the second */
export function compareBlocks(a: readonly LumaLevel[], b: readonly LumaLevel[], map: PlaneMap): BlockAgreement {
  const box = overlapBox(map);
  const nothing = {
    blocks: 0,
    share: 0,
    negativeShare: 0,
    grain: undefined,
    overlapA: 0,
    overlapB: 0,
    difference: 255,
    worst: 255,
  };
  if (box === undefined) return nothing;
  const { left, top, width, height } = box;
  const [stepX, stepY] = [width / GRID, height / GRID];
  const levelA = levelFor(a, (w, h) => Math.max(stepX * w, stepY * h));
  const middle = affineAt(map, left + width / 2, top + height / 2);
  const levelB = levelFor(b, (w, h) =>
    Math.max(
      Math.hypot(middle.a * stepX * w, middle.d * stepX * h),
      Math.hypot(middle.b * stepY * w, middle.e * stepY * h),
    ),
  );
  let [blocks, alike, opposite, inside, difference, worst, areaB] = [0, 0, 0, 0, 0, 0, 0];
  const grains: number[] = [];
  const [greysA, greysB] = [new Float32Array(SAMPLES * SAMPLES), new Float32Array(SAMPLES * SAMPLES)];
  const places = new Uint8Array(SAMPLES * SAMPLES);
  for (let block = 0; block < BLOCKS * BLOCKS; block++) {
    const firstX = (block % BLOCKS) * SAMPLES;
    const firstY = Math.floor(block / BLOCKS) * SAMPLES;
    let [within, ofBlock] = [0, 0];
    for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
      const x = left + (firstX + (sample % SAMPLES) + 0.5) * stepX;
      const y = top + (firstY + Math.floor(sample / SAMPLES) + 0.5) * stepY;
      const u = mapX(map, x, y);
      const v = mapY(map, x, y);
      if (u < 0 || u > 1 || v < 0 || v > 1) continue;
      greysA[within] = lumaAt(levelA, x * levelA.width - 0.5, y * levelA.height - 0.5);
      greysB[within] = lumaAt(levelB, u * levelB.width - 0.5, v * levelB.height - 0.5);
      ofBlock += Math.abs(greysA[within]! - greysB[within]!);
      areaB += Math.abs(areaAt(map, x, y));
      places[within] = sample;
      within++;
    }
    inside += within;
    difference += ofBlock;
    // the corners of a turned overlap are cut off: half a block still shows what is in it
    if (within < (SAMPLES * SAMPLES) / 2) continue;
    worst = Math.max(worst, ofBlock / within);
    const grain = grainCorrelation(greysA, greysB, places, within);
    if (grain !== undefined) grains.push(grain);
    const correlation = correlationOf(greysA, greysB, within);
    if (correlation === undefined) continue;
    blocks++;
    if (correlation >= ALIKE) alike++;
    else if (correlation <= -ALIKE) opposite++;
  }
  if (inside === 0) return nothing;
  const sampleArea = stepX * stepY;
  return {
    blocks,
    share: blocks === 0 ? 0 : alike / blocks,
    negativeShare: blocks === 0 ? 0 : opposite / blocks,
    grain: grains.length < LEAST_GRAINED ? undefined : medianOf(grains),
    overlapA: inside * sampleArea,
    overlapB: Math.min(1, areaB * sampleArea),
    difference: difference / inside,
    worst,
  };
}

/** Cells along each axis of the coarse look at a whole frame. */
const COARSE = 16;

/**
 * How well two whole frames agree at a coarse look: the size of the correlation of their greys, 0…1. A copy that lies so agrees
 * by far the best of all eight ways, at a fiftieth of the work of {@link compareBlocks}.
 */
export function coarseAgreement(a: readonly LumaLevel[], b: readonly LumaLevel[], map: PlaneMap): number {
  const [levelA, levelB] = [a.at(-1)!, b.at(-1)!];
  const [greysA, greysB] = [new Float32Array(COARSE * COARSE), new Float32Array(COARSE * COARSE)];
  for (let cell = 0; cell < COARSE * COARSE; cell++) {
    const x = ((cell % COARSE) + 0.5) / COARSE;
    const y = (Math.floor(cell / COARSE) + 0.5) / COARSE;
    greysA[cell] = lumaAt(levelA, x * levelA.width - 0.5, y * levelA.height - 0.5);
    greysB[cell] = lumaAt(levelB, mapX(map, x, y) * levelB.width - 0.5, mapY(map, x, y) * levelB.height - 0.5);
  }
  return Math.abs(correlationOf(greysA, greysB, COARSE * COARSE) ?? 0);
}

/** The part of the first picture, as shares, whose image can lie on the second. */
function overlapBox(map: PlaneMap): { left: number; top: number; width: number; height: number } | undefined {
  const steps = 64;
  let [left, top, right, bottom] = [1, 1, 0, 0];
  for (let j = 0; j < steps; j++) {
    const y = (j + 0.5) / steps;
    for (let i = 0; i < steps; i++) {
      const x = (i + 0.5) / steps;
      const u = mapX(map, x, y);
      const v = mapY(map, x, y);
      if (u < 0 || u > 1 || v < 0 || v > 1) continue;
      left = Math.min(left, i / steps);
      right = Math.max(right, (i + 1) / steps);
      top = Math.min(top, j / steps);
      bottom = Math.max(bottom, (j + 1) / steps);
    }
  }
  return right > left && bottom > top ? { left, top, width: right - left, height: bottom - top } : undefined;
}

/** The level whose pixels are about as large as the step between samples, so that none is skipped. */
function levelFor(levels: readonly LumaLevel[], pixelsAStep: (width: number, height: number) => number): LumaLevel {
  const { width, height } = levels[0]!;
  const number = Math.round(Math.log(Math.max(1, pixelsAStep(width, height))) / -Math.log(LEVEL_STEP));
  return levels[Math.min(number, levels.length - 1)]!;
}

/** Pearson's; 0 when only one of the two is empty, undefined when both are. */
function correlationOf(a: Float32Array, b: Float32Array, count: number): number | undefined {
  let [sumA, sumB] = [0, 0];
  for (let i = 0; i < count; i++) {
    sumA += a[i]!;
    sumB += b[i]!;
  }
  let [aa, bb, ab] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const x = a[i]! - sumA / count;
    const y = b[i]! - sumB / count;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  const least = EMPTY * EMPTY * count;
  if (aa < least && bb < least) return undefined;
  return aa < least / 4 || bb < least / 4 ? 0 : ab / Math.sqrt(aa * bb);
}

/**
 * The correlation of two blocks, the slope of each taken off; undefined when nothing else was in them.
 *
 * @param places number of each of `count` samples in the block
 */
function grainCorrelation(a: Float32Array, b: Float32Array, places: Uint8Array, count: number): number | undefined {
  const planeA = planeOf(a, places, count);
  const planeB = planeOf(b, places, count);
  let [aa, bb, ab] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const x = (places[i]! % SAMPLES) - MIDDLE;
    const y = Math.floor(places[i]! / SAMPLES) - MIDDLE;
    const u = a[i]! - planeA.mean - planeA.across * x - planeA.down * y;
    const v = b[i]! - planeB.mean - planeB.across * x - planeB.down * y;
    aa += u * u;
    bb += v * v;
    ab += u * v;
  }
  const least = GRAINLESS * GRAINLESS * count;
  if (aa < least && bb < least) return undefined;
  return aa * bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}

const MIDDLE = (SAMPLES - 1) / 2;

/** The plane through the greys of a block; nearly the best one where a corner of the block is cut off. */
function planeOf(greys: Float32Array, places: Uint8Array, count: number) {
  let [mean, across, down, xx, yy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < count; i++) mean += greys[i]! / count;
  for (let i = 0; i < count; i++) {
    const x = (places[i]! % SAMPLES) - MIDDLE;
    const y = Math.floor(places[i]! / SAMPLES) - MIDDLE;
    across += (greys[i]! - mean) * x;
    down += (greys[i]! - mean) * y;
    xx += x * x;
    yy += y * y;
  }
  return { mean, across: across / xx, down: down / yy };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
