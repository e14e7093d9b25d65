// Handwriting-like digits in the manner of MNIST, drawn from pen strokes of our own: for tests, pages and trials without it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeIdxFile } from '../data-sets/write-idx-file.ts';
import { Random } from '../training/random.ts';
import { DIGIT_FORMS, type DigitForm } from './digit-strokes.ts';
import { type PenPath, PIECE, writeForm } from './pen-path.ts';

// Taken out of Math once: a lookup of a global in a loop is slow wherever the module runs in a realm of its own (Jest).
const { ceil, floor, max, min, round, sqrt } = Math;

/** Height and width of a picture, in pixels. */
export const DIGIT_SIDE = 28;
const PIXELS = DIGIT_SIDE * DIGIT_SIDE;
/** The ink fits into a box of so many pixels a side, as in MNIST. */
const BOX = 20;
/** Half the width of the thinnest and the thickest pen, in pixels. */
const THIN = 0.85;
const THICK = 1.75;
/** Pixels over which the edge of a stroke fades. */
const EDGE = 1.3;

export interface DrawnDigits {
  /** [count, 784] bytes: 28 × 28 pixels, 0 is paper and 255 is ink. */
  readonly pixels: Uint8Array;
  /** The digit of each picture, 0 … 9. */
  readonly labels: Uint8Array;
}

export interface DrawDigitsOptions {
  readonly count: number;
  /** The same seed gives the same digits; a longer set begins like a shorter one. */
  readonly seed: number;
}

/** Draws digits of all kinds in random order, each about equally often. */
export function drawDigits({ count, seed }: DrawDigitsOptions): DrawnDigits {
  const pixels = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  const seeds = new Random(seed);
  for (let i = 0; i < count; i++) {
    const random = seeds.fork();
    const digit = random.integer(DIGIT_FORMS.length);
    labels[i] = digit;
    drawDigit(digit, random, pixels.subarray(i * PIXELS, (i + 1) * PIXELS));
  }
  return { pixels, labels };
}

export interface IdxContent {
  readonly train: DrawnDigits;
  readonly test: DrawnDigits;
  /** Compress the files with gzip and name them `.gz`. @default false */
  readonly gzip?: boolean;
}

/** Writes the four IDX files of MNIST's names into `folder`, which is made if need be. */
export async function writeIdx(folder: string, { train, test, gzip = false }: IdxContent): Promise<void> {
  await mkdir(folder, { recursive: true });
  const end = gzip ? '.gz' : '';
  for (const [name, { pixels, labels }] of [['train', train] as const, ['t10k', test] as const]) {
    const images = join(folder, `${name}-images-idx3-ubyte${end}`);
    await writeIdxFile(images, [labels.length, DIGIT_SIDE, DIGIT_SIDE], pixels, { gzip });
    await writeIdxFile(join(folder, `${name}-labels-idx1-ubyte${end}`), [labels.length], labels, { gzip });
  }
}

function drawDigit(digit: number, random: Random, picture: Uint8Array): void {
  const path = writeForm(chooseForm(DIGIT_FORMS[digit]!, random), random);
  const pen = random.between(THIN, THICK);
  fitIntoBox(path, pen);
  for (let at = 0; at < path.length; at += PIECE) drawPiece(path, at, picture);
}

function chooseForm(forms: readonly DigitForm[], random: Random): DigitForm {
  const total = forms.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.integer(total);
  for (const form of forms) {
    if (left < form.weight) return form;
    left -= form.weight;
  }
  throw new RangeError('Expected at least one form of a digit.');
}

/** Scales the path to the box, and puts its centre of mass in the middle of the picture: what was done to MNIST's digits. */
function fitIntoBox(path: PenPath, pen: number): void {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  let [mass, massX, massY] = [0, 0, 0];
  for (let at = 0; at < path.length; at += PIECE) {
    const [fromX, fromY, toX, toY, pressure] = path.subarray(at, at + PIECE) as unknown as Piece;
    left = min(left, fromX, toX);
    right = max(right, fromX, toX);
    top = min(top, fromY, toY);
    bottom = max(bottom, fromY, toY);
    const ink = Math.hypot(toX - fromX, toY - fromY) * pressure;
    mass += ink;
    massX += (ink * (fromX + toX)) / 2;
    massY += (ink * (fromY + toY)) / 2;
  }
  const scale = (BOX - 2 * pen) / max(right - left, bottom - top);
  const middle = DIGIT_SIDE / 2;
  const shiftX = inside(middle - (scale * massX) / mass, scale * left - pen, scale * right + pen);
  const shiftY = inside(middle - (scale * massY) / mass, scale * top - pen, scale * bottom + pen);
  for (let at = 0; at < path.length; at += PIECE) {
    for (const x of [at, at + 2]) path[x] = path[x]! * scale + shiftX;
    for (const y of [at + 1, at + 3]) path[y] = path[y]! * scale + shiftY;
    path[at + 4]! *= pen;
  }
}

type Piece = [fromX: number, fromY: number, toX: number, toY: number, pressure: number];

/** The shift, or the nearest one that keeps `low` … `high` within the picture. */
function inside(shift: number, low: number, high: number): number {
  return min(max(shift, 1 - low), DIGIT_SIDE - 1 - high);
}

/** Darkens the pixels near one straight piece; where pieces overlap the darker one counts. */
function drawPiece(path: PenPath, at: number, picture: Uint8Array): void {
  const fromX = path[at]!;
  const fromY = path[at + 1]!;
  const alongX = path[at + 2]! - fromX;
  const alongY = path[at + 3]! - fromY;
  const half = path[at + 4]!;
  const reach = half + EDGE / 2;
  const squared = alongX * alongX + alongY * alongY || 1;
  const firstX = max(floor(min(fromX, fromX + alongX) - reach), 0);
  const lastX = min(ceil(max(fromX, fromX + alongX) + reach), DIGIT_SIDE - 1);
  const firstY = max(floor(min(fromY, fromY + alongY) - reach), 0);
  const lastY = min(ceil(max(fromY, fromY + alongY) + reach), DIGIT_SIDE - 1);
  for (let y = firstY; y <= lastY; y++) {
    for (let x = firstX; x <= lastX; x++) {
      const rightward = x + 0.5 - fromX;
      const downward = y + 0.5 - fromY;
      const t = min(max((rightward * alongX + downward * alongY) / squared, 0), 1);
      const offX = rightward - t * alongX;
      const offY = downward - t * alongY;
      const ink = (reach - sqrt(offX * offX + offY * offY)) / EDGE;
      if (ink <= 0) continue;
      const value = ink >= 1 ? 255 : round(255 * ink);
      const pixel = y * DIGIT_SIDE + x;
      if (value > picture[pixel]!) picture[pixel] = value;
    }
  }
}
