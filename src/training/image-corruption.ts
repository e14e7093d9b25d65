// Corruption of pictures for training: bent, recoloured, blurred, noisy, painted and written over. Drawn here, applied in
// the graph.
import type { NumericTensor } from '../runtime/numeric-tensor.ts';
import { abs, add, div, mul, sub } from './graph/elementwise.ts';
import { emit, type Tensor } from './graph/graph.ts';
import { averagePool } from './graph/pooling.ts';
import { mean } from './graph/reduction.ts';
import { affineGrid, gridSample, resizeLinear } from './graph/sampling.ts';
import { and, clip, greater, less, max, where } from './graph/selection.ts';
import { reshape, slice } from './graph/shaping.ts';
import type { Noise } from './noise.ts';
import type { InputDescription } from './program.ts';
import type { Random } from './random.ts';

/** Rectangles painted over each picture. */
const RECTANGLES = 3;
/** Numbers of a rectangle: centre x and y, width, height (shares of the picture; 0 is none), red, green, blue. */
const RECTANGLE_NUMBERS = 7;
/** Numbers of a picture's colour and blur: fill black, fill white, gain, contrast, saturation, blur, noise. */
const TONE_NUMBERS = 7;
/**
 * Numbers of what is written over a picture: left, top, width and the height of a line (shares of the picture), lines (0 is
 * none), ink and paper (red, green, blue), whether there is paper.
 */
const WRITING_NUMBERS = 12;
/** Of the height of a line, what letters take up; the rest is the gap to the next. */
const LETTER_HEIGHT = 0.8;
/** Of the area of a line, what is ink. */
const INK = 0.5;

/** What is drawn for each picture. */
export type CorruptionInput = 'matrices' | 'tones' | 'rectangles' | 'writing';

/** The streamed inputs that {@link drawCorruption} fills and {@link corruptPictures} reads. */
export function corruptionInputs(batchSize: number) {
  return {
    matrices: { type: 'float32', shape: [batchSize, 2, 3] },
    tones: { type: 'float32', shape: [batchSize, TONE_NUMBERS] },
    rectangles: { type: 'float32', shape: [batchSize, RECTANGLES * RECTANGLE_NUMBERS] },
    writing: { type: 'float32', shape: [batchSize, WRITING_NUMBERS] },
  } as const satisfies Record<CorruptionInput, InputDescription>;
}

/** What crops leave of each side at least, unless it is said. */
export const SMALLEST_PART = 0.5;

/**
 * Draws corruptions for the pictures of `steps` steps.
 *
 * @param smallestPart what crops leave of each side at least
 */
export function drawCorruption(
  random: Random,
  steps: number,
  batchSize: number,
  smallestPart = SMALLEST_PART,
): Record<CorruptionInput, NumericTensor> {
  const rows = steps * batchSize;
  const matrices = new Float32Array(rows * 6);
  const tones = new Float32Array(rows * TONE_NUMBERS);
  const rectangles = new Float32Array(rows * RECTANGLES * RECTANGLE_NUMBERS);
  const writing = new Float32Array(rows * WRITING_NUMBERS);
  for (let row = 0; row < rows; row++) {
    matrices.set(drawMatrix(random, smallestPart), row * 6);
    tones.set(drawTones(random), row * TONE_NUMBERS);
    for (let i = 0; i < RECTANGLES; i++) {
      if (random.chance(0.15)) rectangles.set(drawRectangle(random), (row * RECTANGLES + i) * RECTANGLE_NUMBERS);
    }
    if (random.chance(0.35)) writing.set(drawWriting(random), row * WRITING_NUMBERS);
  }
  return {
    matrices: { data: matrices, shape: [steps, batchSize, 2, 3] },
    tones: { data: tones, shape: [steps, batchSize, TONE_NUMBERS] },
    rectangles: { data: rectangles, shape: [steps, batchSize, RECTANGLES * RECTANGLE_NUMBERS] },
    writing: { data: writing, shape: [steps, batchSize, WRITING_NUMBERS] },
  };
}

/** Crop or border, rotation, shear, change of aspect, mirror: where each pixel of the result lies in the picture. */
function drawMatrix(random: Random, smallestPart: number): number[] {
  const degrees = random.chance(0.5) ? random.between(-60, 60) : random.between(-5, 5);
  const quarter = random.chance(0.1) ? 90 * (1 + random.integer(3)) : 0;
  const angle = ((degrees + quarter) * Math.PI) / 180;
  const scale = random.chance(0.6) ? random.between(smallestPart, 1) : random.chance(0.6) ? random.between(1, 1.7) : 1;
  const aspect = Math.exp(random.between(-0.25, 0.25));
  const mirrorX = random.chance(0.3) ? -1 : 1;
  const mirrorY = random.chance(0.1) ? -1 : 1;
  const shear = random.chance(0.3) ? random.between(-0.4, 0.4) : 0;
  const freedom = 1 - Math.min(1, scale);
  const wide = scale * Math.sqrt(aspect);
  const high = scale / Math.sqrt(aspect);
  return [
    mirrorX * wide * Math.cos(angle),
    -mirrorX * high * Math.sin(angle) + shear,
    random.between(-freedom, freedom),
    mirrorY * wide * Math.sin(angle) + shear / 2,
    mirrorY * high * Math.cos(angle),
    random.between(-freedom, freedom),
  ];
}

function drawTones(random: Random): number[] {
  // Programs mostly fill with black.
  const fill = random.integer(4);
  const saturation = random.chance(0.15) ? 0 : random.chance(0.5) ? Math.exp(random.between(-0.8, 0.8)) : 1;
  return [
    fill <= 1 ? 1 : 0,
    fill === 2 ? 1 : 0,
    random.chance(0.6) ? Math.exp(random.between(-0.8, 0.9)) : 1,
    random.chance(0.5) ? Math.exp(random.between(-0.8, 0.8)) : 1,
    saturation,
    random.chance(0.25) ? 1 : 0,
    random.chance(0.3) ? random.between(0, 0.12) : 0,
  ];
}

function drawRectangle(random: Random): number[] {
  const uniform = () => random.uniform();
  return [uniform(), uniform(), random.between(0.05, 0.4), random.between(0.02, 0.2), uniform(), uniform(), uniform()];
}

function drawWriting(random: Random): number[] {
  const uniform = () => random.uniform();
  const colour = (): number[] =>
    random.chance(0.6) ? new Array(3).fill(random.integer(2)) : [uniform(), uniform(), uniform()];
  return [
    random.between(-0.1, 0.6),
    random.between(0, 0.8),
    random.between(0.2, 0.9),
    random.between(0.05, 0.14),
    1 + random.integer(3),
    ...colour(),
    ...colour(),
    random.integer(2),
  ];
}

/**
 * Applies drawn corruptions to pictures; the result is in 0…1. It may be smaller than its source: then an enlarged part still
 * shows all that the source has.
 *
 * @param pictures [rows, 3, height, width]: the source
 * @param others in 0…1, [rows, 3, side, side], which is the shape of the result too: what shows beside a picture that became
 *   smaller, where neither black nor white does
 * @param whole the largest value of `pictures`: they are brought to 0…1 when they are small
 */
export function corruptPictures(
  noise: Noise,
  pictures: Tensor,
  others: Tensor,
  drawn: Readonly<Record<CorruptionInput, Tensor>>,
  whole = 1,
): Tensor {
  const rows = pictures.shape[0]!;
  const tone = (i: number) => reshape(slice(drawn.tones, 1, i, i + 1), [rows, 1, 1, 1]);
  const [black, white, gain, contrast, saturation, blur, deviation] = Array.from({ length: TONE_NUMBERS }, (_, i) =>
    tone(i),
  ) as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
  const fill = add(mul(others, sub(sub(1, black), white)), white);
  // What is too bright for a picture is lost, as in one that was saved.
  const bent = clip(mul(bend(pictures, whole, fill, drawn.matrices), gain), 0, 1);
  const level = mean(bent, { axes: [1, 2, 3], keepAxes: true });
  const contrasted = add(mul(sub(bent, level), contrast), level);
  const grey = mean(contrasted, { axes: [1], keepAxes: true });
  const coloured = add(mul(sub(contrasted, grey), saturation), grey);
  const blurred = add(coloured, mul(sub(coarse(coloured), coloured), blur));
  const noisy = add(blurred, mul(noise.normal(others.shape), deviation));
  return clip(paint(write(noise, noisy, drawn.writing), drawn.rectangles), 0, 1);
}

/** Samples through the affine matrices, with `fill` where they look beside the picture. */
function bend(pictures: Tensor, whole: number, fill: Tensor, matrices: Tensor): Tensor {
  const [rows, , height, width] = fill.shape as unknown as [number, number, number, number];
  const grid = affineGrid(matrices, height, width);
  const places = abs(grid);
  const furthest = max(slice(places, 3, 0, 1), slice(places, 3, 1, 2));
  const inside = reshape(less(furthest, 1), [rows, 1, height, width]);
  const sampled = gridSample(pictures, grid);
  return where(inside, whole === 1 ? sampled : mul(sampled, 1 / whole), fill);
}

/** Half the size and back. */
function coarse(pictures: Tensor): Tensor {
  const [, , height, width] = pictures.shape as unknown as [number, number, number, number];
  return resizeLinear(averagePool(pictures, 2), height, width);
}

/** Where the pixels are, from 0 to 1: [1, 1, 1, width] and [1, 1, height, 1]. */
function placesIn(pictures: Tensor): { readonly across: Tensor; readonly down: Tensor } {
  const [, , height, width] = pictures.shape as unknown as [number, number, number, number];
  const centres = (count: number) => Float32Array.from({ length: count }, (_, i) => (i + 0.5) / count);
  return {
    across: pictures.graph.constant(centres(width), 'float32', [1, 1, 1, width]),
    down: pictures.graph.constant(centres(height), 'float32', [1, 1, height, 1]),
  };
}

/** Lines of something like letters: pixels of ink at random, with paper or the picture between them. */
function write(noise: Noise, pictures: Tensor, writing: Tensor): Tensor {
  const [rows, , height, width] = pictures.shape as unknown as [number, number, number, number];
  const { across, down } = placesIn(pictures);
  const part = (from: number, count = 1) => reshape(slice(writing, 1, from, from + count), [rows, count, 1, 1]);
  const right = sub(across, part(0));
  // In lines from the top of the first.
  const below = div(sub(down, part(1)), max(part(3), 1e-3));
  const withinLine = sub(below, emit('Floor', [below], below.shape));
  const isLine = and(and(greater(below, 0), less(below, part(4))), less(withinLine, LETTER_HEIGHT));
  const isWritten = and(isLine, and(greater(right, 0), less(right, part(2))));
  const isInk = and(isWritten, less(noise.uniform([rows, 1, height, width]), INK));
  const isPaper = and(isWritten, greater(part(11), 0.5));
  return where(isInk, part(5, 3), where(isPaper, part(8, 3), pictures));
}

function paint(pictures: Tensor, rectangles: Tensor): Tensor {
  const [rows] = pictures.shape as unknown as [number];
  const { across, down } = placesIn(pictures);
  let painted = pictures;
  for (let i = 0; i < RECTANGLES; i++) {
    const part = (from: number, count = 1) =>
      reshape(slice(rectangles, 1, i * RECTANGLE_NUMBERS + from, i * RECTANGLE_NUMBERS + from + count), [
        rows,
        count,
        1,
        1,
      ]);
    const covers = and(
      less(abs(sub(across, part(0))), mul(part(2), 0.5)),
      less(abs(sub(down, part(1))), mul(part(3), 0.5)),
    );
    painted = where(covers, part(4, 3), painted);
  }
  return painted;
}
