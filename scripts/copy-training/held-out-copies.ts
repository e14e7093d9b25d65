// The check while an encoder is made: which copies of pictures it never saw does it find? The damage is like that of the
// benchmark (bench/images), and nowhere the same; what is tuned is tuned on this.
import sharp, { type Sharp } from 'sharp';
import { writtenLines } from '../../dist/image/caption.js';
import { pipelineOf } from '../../dist/image/decode.js';
import type { Picture } from '../../dist/image/picture.js';
import { addNoise, brighten, changeContrast } from '../../dist/image/recolour.js';
import { thumbnail } from '../../dist/image/thumbnail.js';
import { Random } from '../../dist/training/random.js';

/** What is done to a picture; or the bytes of a file it was saved to. */
type Change = (picture: Picture, random: Random) => Sharp | Picture | Promise<Uint8Array>;

const BLACK = { background: '#000000' } as const;

const middle =
  (share: number): Change =>
  (picture) => {
    const [width, height] = [Math.round(picture.width * share), Math.round(picture.height * share)];
    const [left, top] = [Math.round((picture.width - width) / 2), Math.round((picture.height - height) / 2)];
    return pipelineOf(picture).extract({ left, top, width, height });
  };
const turned =
  (degrees: number): Change =>
  (picture) =>
    pipelineOf(picture).rotate(degrees, BLACK);
const sheared =
  (degrees: number, axis: 0 | 1): Change =>
  (picture) => {
    const slope = Math.tan((degrees * Math.PI) / 180);
    return pipelineOf(picture).affine(
      axis === 0
        ? [
            [1, slope],
            [0, 1],
          ]
        : [
            [1, 0],
            [slope, 1],
          ],
      { ...BLACK, interpolator: 'bilinear' },
    );
  };
const perPixel =
  (change: (value: number, random: Random) => number): Change =>
  ({ rgb, ...size }, random) => ({
    ...size,
    rgb: new Uint8Array(Uint8ClampedArray.from(rgb, (value) => change(value, random)).buffer),
  });
const written =
  (letters: number): Change =>
  (picture, random) => {
    const { width, height } = picture;
    const size = height / 12;
    const perLine = Math.min(letters, 12);
    const lines = Array.from({ length: Math.ceil(letters / perLine) }, (_, line) => ({
      left: random.between(0.02, 0.1) * width,
      top: random.between(0, 0.3) * height + line * 1.5 * size,
      height: size,
      letters: perLine,
      colour: random.chance(0.5) ? '#ffffff' : '#000000',
    }));
    return pipelineOf(picture).composite([
      { input: writtenLines(width, height, lines, () => random.uniform()), left: 0, top: 0 },
    ]);
  };

const HELD_OUT_CHANGES: Readonly<Record<string, Change>> = {
  'noise .03': (picture, random) => addNoise(picture, 255 * Math.sqrt(0.03), () => random.uniform()),
  'speckle .04': perPixel((value, random) => value * (1 + 0.2 * random.normal())),
  'salt and pepper .08': perPixel((value, random) => (random.chance(0.08) ? 255 * random.integer(2) : value)),
  blur: (picture) => pipelineOf(picture).blur(2.2),
  'median 4': (picture) => pipelineOf(picture).median(4),
  'jpeg 25': (picture) => pipelineOf(picture).jpeg({ quality: 25 }).toBuffer(),
  'scale .55': (picture) => pipelineOf(picture).resize(Math.round(picture.width * 0.55)),
  'middle .86': middle(0.86),
  'middle .7': middle(0.7),
  'middle .48': middle(0.48),
  'turned 7': turned(7),
  'turned -14': turned(-14),
  'turned 29': turned(29),
  'turned -48': turned(-48),
  'sheared 4': sheared(4, 0),
  'sheared 8': sheared(-8, 1),
  'sheared 15': sheared(15, 0),
  'sheared 18': sheared(18, 1),
  'contrast .6': (picture) => changeContrast(picture, 0.6),
  'contrast 1.7': (picture) => changeContrast(picture, 1.7),
  'brightness .55': (picture) => brighten(picture, 0.55),
  'brightness 1.8': (picture) => brighten(picture, 1.8),
  'saturation .4': (picture) => pipelineOf(picture).modulate({ saturation: 0.4 }),
  'saturation 1.8': (picture) => pipelineOf(picture).modulate({ saturation: 1.8 }),
  sharpened: (picture) => pipelineOf(picture).sharpen({ sigma: 2 }),
  '12 letters': written(12),
  '36 letters': written(36),
};

/** Thumbnails of pictures and of their copies. */
export interface CopySet {
  readonly names: readonly string[];
  /** How many of the first pictures of either half have copies. */
  readonly copied: number;
  /** [pictures, 3, 64, 64]; those to find. */
  readonly database: Uint8Array;
  /** [changes, copied, 3, 64, 64] of pictures in the database. */
  readonly copies: Uint8Array;
  /** The same of pictures that are not in it. */
  readonly strangers: Uint8Array;
}

const PIXELS = 3 * 64 * 64;

/** @param pictures the first half becomes the database, copies of the second half must not be found in it */
export async function makeCopySet(pictures: readonly Picture[], copied: number, seed = 5): Promise<CopySet> {
  const names = Object.keys(HELD_OUT_CHANGES);
  const half = Math.floor(pictures.length / 2);
  const random = new Random(seed);
  const database = new Uint8Array(half * PIXELS);
  for (let i = 0; i < half; i++) database.set(thumbnailOf(pictures[i]!), i * PIXELS);
  const sides = [];
  for (const first of [0, half]) {
    const thumbnails = new Uint8Array(names.length * copied * PIXELS);
    for (const [n, name] of names.entries()) {
      for (let i = 0; i < copied; i++) {
        const copy = await changed(pictures[first + i]!, HELD_OUT_CHANGES[name]!, random);
        thumbnails.set(thumbnailOf(copy), (n * copied + i) * PIXELS);
      }
    }
    sides.push(thumbnails);
  }
  return { names, copied, database, copies: sides[0]!, strangers: sides[1]! };
}

export function thumbnailOf({ rgb, width, height }: Picture): Uint8Array {
  return thumbnail(rgb, width, height);
}

async function changed(picture: Picture, change: Change, random: Random): Promise<Picture> {
  const made = await change(picture, random);
  if ('rgb' in made) return made;
  const bytes = made instanceof Uint8Array ? made : await made.png().toBuffer();
  const { data, info } = await sharp(bytes)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { rgb: data, width: info.width, height: info.height };
}

/** How similar each of some rows is to all of the database: [rows × database]. */
export type Similarity = (queries: Float32Array, database: Float32Array, dimensions: number) => Float32Array;

export interface Recall {
  /** Share of copies that are found, and found as the right picture, where so many strangers pass for known. */
  readonly recall: number;
  readonly byChange: Readonly<Record<string, number>>;
}

/** Share of strangers that may pass for known pictures. */
export const FALSE_POSITIVES = 0.005;

/** Recall at {@link FALSE_POSITIVES} of codes of a {@link CopySet}. */
export function recallOf(
  { names, copied }: CopySet,
  codes: { readonly database: Float32Array; readonly copies: Float32Array; readonly strangers: Float32Array },
  dimensions: number,
  similarity: Similarity,
): Recall {
  const best = (queries: Float32Array) => {
    const columns = codes.database.length / dimensions;
    const all = similarity(queries, codes.database, dimensions);
    return Array.from({ length: all.length / columns }, (_, row) => {
      let at = 0;
      for (let i = 1; i < columns; i++) if (all[row * columns + i]! > all[row * columns + at]!) at = i;
      return { at, score: all[row * columns + at]! };
    });
  };
  const wrong = best(codes.strangers)
    .map(({ score }) => score)
    .sort((a, b) => b - a);
  const threshold = wrong[Math.floor(wrong.length * FALSE_POSITIVES)]!;
  const found = best(codes.copies).map(({ at, score }, row) => score > threshold && at === row % copied);
  const share = (list: readonly boolean[]) => list.filter(Boolean).length / list.length;
  return {
    recall: share(found),
    byChange: Object.fromEntries(names.map((name, n) => [name, share(found.slice(n * copied, (n + 1) * copied))])),
  };
}

export const cosine: Similarity = (queries, database, dimensions) =>
  products(unit(queries, dimensions), unit(database, dimensions), dimensions);
/** One minus twice the share of signs that differ. */
export const signs: Similarity = (queries, database, dimensions) =>
  products(signsOf(queries, dimensions), signsOf(database, dimensions), dimensions);
/** The query's numbers against the database's signs. */
export const asymmetric: Similarity = (queries, database, dimensions) =>
  products(unit(queries, dimensions), signsOf(database, dimensions), dimensions);

function products(a: Float32Array, b: Float32Array, dimensions: number): Float32Array {
  const [rows, columns] = [a.length / dimensions, b.length / dimensions];
  const result = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let i = 0; i < dimensions; i++) sum += a[row * dimensions + i]! * b[column * dimensions + i]!;
      result[row * columns + column] = sum;
    }
  }
  return result;
}

function unit(codes: Float32Array, dimensions: number): Float32Array {
  const result = codes.slice();
  for (let at = 0; at < codes.length; at += dimensions) {
    const length = Math.hypot(...codes.subarray(at, at + dimensions)) || 1;
    for (let i = at; i < at + dimensions; i++) result[i]! /= length;
  }
  return result;
}

function signsOf(codes: Float32Array, dimensions: number): Float32Array {
  return codes.map((value) => (value > 0 ? 1 : -1) / Math.sqrt(dimensions));
}
