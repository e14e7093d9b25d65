// How many pictures a second are encoded and hashed, and how long do pairs among 100,000 codes take?
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { seededRandom } from '../dist/compare/random.js';
import { featureOf, imageFeature } from '../dist/image/compute-feature.js';
import { decodeImage } from '../dist/image/decode.js';
import type { ImageFeature } from '../dist/image/image-feature.js';
import { hammingDistances } from '../dist/index/hamming.js';
import { featuresOf, photoFiles } from './attacked-photos.ts';
import { missingModules, pythonVersions, runContestant } from './contestant.ts';
import { openEncoderFolder } from './image-methods.ts';
import { type Contestant, interleave, printResults } from './rounds.ts';

const ROUNDS = 5;
const PICTURES = 2_400;
const BATCH = 256;
const CODES = 100_000;
/** Queries that are timed of all against all: the others take as long. */
const TIMED_QUERIES = 500;

export async function reportSpeed(encoderPaths: readonly string[]): Promise<void> {
  const photos = await photoFiles();
  const features = await featuresOf('photos', photos);
  await reportEncoders(encoderPaths, features);
  await reportHashes(photos.folder, photos.paths);
  reportPairs();
}

async function reportEncoders(paths: readonly string[], features: readonly ImageFeature[]): Promise<void> {
  if (paths.length === 0) return console.log('encoders: name one with --encoder\n');
  console.log(
    `codes of ${PICTURES} thumbnails in memory, ${BATCH} at once, ONNX Runtime on all cores (bar: 1,500 a second on two)`,
  );
  const pictures = Array.from({ length: PICTURES }, (_, i) => features[i % features.length]!);
  const contestants: Contestant[] = [];
  for (const path of paths) {
    const encoder = await openEncoderFolder(path);
    await encoder.encode(pictures.slice(0, BATCH));
    contestants.push({
      name: basename(path),
      run: () =>
        timed(PICTURES, async () => {
          for (let from = 0; from < PICTURES; from += BATCH) await encoder.encode(pictures.slice(from, from + BATCH));
        }),
    });
  }
  printResults(await interleave(contestants, ROUNDS));
  console.log();
}

async function reportHashes(folder: string, names: readonly string[]): Promise<void> {
  const noPython = missingModules('imagehash', 'PIL');
  console.log(
    `features of ${names.length} photos of 481 × 321 in one thread: thumbnail and all hashes; ${noPython ?? pythonVersions('ImageHash', 'pillow')}`,
  );
  const files = names.map((name) => new Uint8Array(readFileSync(join(folder, name))));
  const decoded = await Promise.all(files.map((bytes) => decodeImage(bytes)));
  const contestants: Contestant[] = [
    {
      name: 'sandglass: decode, all features',
      run: () =>
        timed(files.length, async () => {
          for (const bytes of files) await imageFeature(bytes);
        }),
    },
    {
      name: 'sandglass: features of pixels',
      run: () =>
        timed(files.length, async () => {
          for (const picture of decoded) featureOf(picture);
        }),
    },
    ...(noPython === undefined
      ? [{ name: 'imagehash: decode, phash', run: () => runContestant('phash.py', folder) }]
      : []),
  ];
  printResults(await interleave(contestants, ROUNDS));
  console.log();
}

function reportPairs(): void {
  console.log(
    `all pairs among ${CODES} random codes, exact, one thread, from ${TIMED_QUERIES} of the rows (bar of the whole search for duplicates: 60 s)`,
  );
  for (const bits of [64, 128, 256]) {
    const bytes = bits / 8;
    const draw = seededRandom('codes', bits);
    const codes = Uint8Array.from({ length: CODES * bytes }, () => Math.floor(256 * draw()));
    const distances = new Uint16Array(CODES);
    const run = (queries: number) => {
      for (let row = 0; row < queries; row++)
        hammingDistances(codes, codes.subarray(row * bytes, (row + 1) * bytes), distances);
    };
    run(TIMED_QUERIES / 10);
    const began = performance.now();
    run(TIMED_QUERIES);
    const seconds = ((performance.now() - began) / 1000 / TIMED_QUERIES) * CODES;
    // Each pair once: half of the rows, on average, stand behind the one that asks.
    console.log(`${String(bits).padStart(4)} bits: ${(seconds / 2).toFixed(0)} s`);
  }
}

async function timed(
  items: number,
  work: () => Promise<void>,
): Promise<{ seconds: number; cpuSeconds: number; items: number }> {
  const before = process.cpuUsage();
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { seconds, cpuSeconds: (user + system) / 1e6, items };
}
