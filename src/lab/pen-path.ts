// The path of a pen as short straight lines: each writer's hand bends, slants and shakes it.
import type { Random } from '../training/random.ts';
import type { DigitForm, PenPoint, Stroke } from './digit-strokes.ts';

/** Straight pieces of a path, five numbers each: from x, y to x, y and the half width of the pen there. */
export type PenPath = Float64Array;
export const PIECE = 5;

type Point = [x: number, y: number];
type Bend = (point: Point) => Point;

/** Straight pieces between two points of a stroke. */
const PIECES = 7;
/** Standard deviations, in heights of a digit where they are lengths. */
const POINT_JITTER = 0.026;
const WOBBLE = 0.042;
const WIDTH_SPREAD = 0.2;
const MEAN_SLANT = 0.14;
const SLANT_SPREAD = 0.22;
const TURN_SPREAD = 0.08;
const PRESSURE_SPREAD = 0.13;

/** The form as one hand writes it, before it is scaled to a picture; the half width of the pen is around 1. */
export function writeForm(form: DigitForm, random: Random): PenPath {
  const bend = handOf(random);
  // A point that two strokes share moves for both.
  const moved = new Map<string, Point>();
  const move = ([x, y]: PenPoint): Point => {
    const key = `${x} ${y}`;
    const known = moved.get(key);
    if (known !== undefined) return known;
    const point = bend([x + POINT_JITTER * spread(random), y + POINT_JITTER * spread(random)]);
    moved.set(key, point);
    return point;
  };
  const pieces: number[] = [];
  for (const stroke of form.strokes) {
    const pressure = pressureOf(random);
    for (const part of smoothParts(stroke)) addCurve(part.map(move), pressure, pieces);
  }
  return Float64Array.from(pieces);
}

/** Standard normal but for its tails, where digits cannot be read. */
function spread(random: Random): number {
  return Math.min(Math.max(random.normal(), -2), 2);
}

/** Slant, turn, width and a slow wobble. */
function handOf(random: Random): Bend {
  const width = Math.exp(WIDTH_SPREAD * spread(random));
  const slant = MEAN_SLANT + SLANT_SPREAD * spread(random);
  const turn = TURN_SPREAD * spread(random);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const sway = waveOf(random);
  const lift = waveOf(random);
  return ([x, y]) => {
    const right = width * (x + sway(y)) + slant * (0.5 - y);
    const down = y + lift(x);
    return [cos * right - sin * down, sin * right + cos * down];
  };
}

function waveOf(random: Random): (at: number) => number {
  const amplitude = WOBBLE * spread(random);
  const frequency = random.between(0.6, 1.8);
  const phase = random.between(0, 2 * Math.PI);
  return (at) => amplitude * Math.sin(2 * Math.PI * frequency * at + phase);
}

/** How thick the pen writes along a stroke, around 1. */
function pressureOf(random: Random): (along: number) => number {
  const amplitude = Math.min(Math.abs(PRESSURE_SPREAD * spread(random)), 2 * PRESSURE_SPREAD);
  const frequency = random.between(0.3, 1.2);
  const phase = random.between(0, 2 * Math.PI);
  return (along) => 1 + amplitude * Math.sin(2 * Math.PI * frequency * along + phase);
}

/** A stroke cut at its corners. */
function smoothParts(stroke: Stroke): Stroke[] {
  const parts: PenPoint[][] = [[]];
  stroke.forEach((point, i) => {
    parts.at(-1)!.push(point);
    if (point[2] === 1 && i > 0 && i < stroke.length - 1) parts.push([point]);
  });
  return parts;
}

/** A Catmull–Rom spline through the points. */
function addCurve(points: readonly Point[], pressure: (along: number) => number, pieces: number[]): void {
  const last = points.length - 1;
  for (let i = 0; i < last; i++) {
    const [b, c] = [points[i]!, points[i + 1]!];
    const a = points[i - 1] ?? mirrored(c, b);
    const d = points[i + 2] ?? mirrored(b, c);
    let from = b;
    for (let piece = 1; piece <= PIECES; piece++) {
      const t = piece / PIECES;
      const to: Point = [spline(a[0], b[0], c[0], d[0], t), spline(a[1], b[1], c[1], d[1], t)];
      pieces.push(from[0], from[1], to[0], to[1], pressure((i + t) / last));
      from = to;
    }
  }
}

/** The point beyond `end` that continues the line from `start`. */
function mirrored(start: Point, end: Point): Point {
  return [2 * end[0] - start[0], 2 * end[1] - start[1]];
}

function spline(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}
