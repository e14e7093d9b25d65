// imagededup's transformed set on the photos: crop, both flips, rotation, aspect; which pairs are taken for copies?
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { seededRandom } from '../dist/compare/random.js';
import { featuresOf, type PictureFiles, photoFiles } from './attacked-photos.ts';
import { cached } from './data.ts';
import { decodedPixels, pixelsOf, pngOf, resized, sharpOf, turned } from './image-attacks.ts';
import { encoderRankers, type PictureRanker, plainRankers } from './image-methods.ts';
import type { Draw, Pixels } from './image-pixels.ts';

/** Names what is made; a change of the transforms needs another number. */
const VERSION = 1;
/** Of 560 × 420 from 640 × 480. */
const CROP = 0.875;
const DEGREES = 25;
const PRECISIONS = [0.99, 0.999];
/** imagededup's own thresholds for hashes of 64 bits. */
const DISTANCES = [0, 10];

const TRANSFORMS: Readonly<Record<string, (picture: Pixels, draw: Draw) => Pixels | Promise<Pixels>>> = {
  crop: (picture, draw) => {
    const [width, height] = [Math.round(CROP * picture.width), Math.round(CROP * picture.height)];
    const left = Math.floor(draw() * (picture.width - width + 1));
    const top = Math.floor(draw() * (picture.height - height + 1));
    return pixelsOf(sharpOf(picture).extract({ left, top, width, height }));
  },
  mirrored: (picture) => pixelsOf(sharpOf(picture).flop()),
  'upside down': (picture) => pixelsOf(sharpOf(picture).flip()),
  turned: (picture) => turned(picture, DEGREES, false),
  square: (picture) => {
    const side = Math.min(picture.width, picture.height);
    return resized(picture, side, side);
  },
};
const NAMES = Object.keys(TRANSFORMS);
const GROUP = NAMES.length + 1;

const PROTOCOL =
  'each of 300 photos with five transforms (imagededup: 1,800 photos of UKBench): a random crop of 7/8 of the sides, mirrored, ' +
  `upside down, turned by ${DEGREES}° against the clock on black at its own size, made square; lossless files. All pairs of the 1,800 pictures: of ` +
  'one photo (15 a photo) a copy, else none. "R at P ≥ .99": recall at the lowest threshold that keeps this precision on these ' +
  'pairs; then the share of each transform that is paired with its photo there';
const PUBLISHED =
  'published by imagededup on its set: phash P 1.000 R .050 at distance 0, P .341 R .079 at 10; CNN P .999 R .384 at cosine .9';

export async function reportTransforms(encoders: readonly string[], sizes: readonly number[]): Promise<void> {
  const files = await transformedPhotos();
  const features = await featuresOf('all', files);
  const rankers = await plainRankers(features);
  for (const folder of encoders) rankers.push(...(await encoderRankers(folder, features, sizes)));
  console.log(`protocol: ${PROTOCOL}`);
  console.log(`${PUBLISHED}\n`);
  const width = Math.max(...rankers.map(({ name }) => name.length));
  console.log(
    `${''.padEnd(width)}  ${PRECISIONS.map((precision) => `R at P ≥ ${figure(precision, 3)}`).join('  ')}  ${NAMES.map((name) => name.padEnd(11)).join(' ')}`,
  );
  for (const ranker of rankers) printRanker(ranker, files.paths.length, width);
}

/** The photo, then its transforms, of one photo after another. */
async function transformedPhotos(): Promise<PictureFiles> {
  const photos = await photoFiles();
  const folder = await cached(`transformed-photos-${VERSION}`, async (into) => {
    for (const photo of photos.paths) {
      const picture = await decodedPixels(readFileSync(join(photos.folder, photo)));
      writeFileSync(join(into, photo), readFileSync(join(photos.folder, photo)));
      for (const [name, transform] of Object.entries(TRANSFORMS)) {
        const made = await transform(picture, seededRandom('transform', photo, name));
        writeFileSync(join(into, `${basename(photo, '.jpg')}-${name}.png`), await pngOf(made));
      }
    }
  });
  return {
    folder,
    paths: photos.paths.flatMap((photo) => [photo, ...NAMES.map((name) => `${basename(photo, '.jpg')}-${name}.png`)]),
  };
}

function printRanker(ranker: PictureRanker, pictures: number, width: number): void {
  const { copies, others, ofTransform } = pairScores(ranker, pictures);
  const at = (threshold: number) => {
    const [right, wrong] = [atLeast(copies, threshold), atLeast(others, threshold)];
    return { precision: right / (right + wrong), recall: right / copies.length };
  };
  const [strictest, ...rest] = PRECISIONS.map((least) => {
    const threshold = [...copies].find((score) => at(score).precision >= least) ?? Number.POSITIVE_INFINITY;
    return { threshold, recall: at(threshold).recall };
  });
  const cells = [strictest!, ...rest].map(({ recall }) => figure(recall, 3).padEnd(13));
  const shares = NAMES.map((_, i) => {
    const scores = ofTransform[i]!;
    return figure(scores.filter((score) => score >= strictest!.threshold).length / scores.length, 2).padEnd(11);
  });
  const fixed =
    ranker.kept === '8 bytes' && !ranker.name.includes(' ')
      ? DISTANCES.map((distance) => {
          const { precision, recall } = at(1 - (2 * (distance + 0.5)) / 64);
          return `at ${distance}: P ${figure(precision, 3)} R ${figure(recall, 3)}`;
        })
      : [];
  console.log(`${ranker.name.padEnd(width)}  ${cells.join('  ')}${shares.join(' ')} ${fixed.join('; ')}`);
}

/** Scores of pairs, ascending; and of each transform with its photo. */
function pairScores(
  ranker: PictureRanker,
  pictures: number,
): { copies: Float32Array; others: Float32Array; ofTransform: number[][] } {
  const scoresOf = ranker.among(Array.from({ length: pictures }, (_, row) => row));
  const photos = pictures / GROUP;
  const copies = new Float32Array((photos * GROUP * (GROUP - 1)) / 2);
  const others = new Float32Array((pictures * (pictures - 1)) / 2 - copies.length);
  const ofTransform: number[][] = NAMES.map(() => []);
  let [copy, other] = [0, 0];
  for (let a = 0; a < pictures; a++) {
    const scores = scoresOf(a);
    const end = (Math.floor(a / GROUP) + 1) * GROUP;
    for (let b = a + 1; b < end; b++) copies[copy++] = scores[b]!;
    if (a % GROUP === 0) for (const [i, list] of ofTransform.entries()) list.push(scores[a + 1 + i]!);
    others.set(scores.subarray(end), other);
    other += pictures - end;
  }
  return { copies: copies.sort(), others: others.sort(), ofTransform };
}

/** How many of these ascending numbers are `threshold` or more. */
function atLeast(ascending: Float32Array, threshold: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < threshold) low = middle + 1;
    else high = middle;
  }
  return ascending.length - low;
}

function figure(value: number, digits: number): string {
  return (Number.isNaN(value) ? '–' : value.toFixed(digits)).replace(/^0/, '');
}
