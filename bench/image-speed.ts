// How many pictures a second are encoded and hashed, and how long do pairs among 100,000 codes take?
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { seededRandom } from '../dist/compare/random.js';
import { featureOf, imageFeature } from '../dist/image/compute-feature.js';
import { decodeImage } from '../dist/image/decode.js';
import type { ImageFeature } from '../dist/image/image-feature.js';
import { pictureCode } from '../dist/image/picture-codes.js';
import { hammingDistances } from '../dist/index/hamming.js';
import { packSigns } from '../dist/index/sign-bits.js';
import { pairsByCode } from '../dist/library/duplicate-candidates.js';
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
  await reportPairs(encoderPaths, features);
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

/**
 * What the search for duplicates asks of each code, among codes whose pieces of 16 bits are those of photos, drawn piece by
 * piece: buckets are as full as real ones, and pairs are chance.
 */
async function reportPairs(encoderPaths: readonly string[], features: readonly ImageFeature[]): Promise<void> {
  console.log(
    `pairs proposed among ${CODES} codes, one thread (bar: 60 s); plain: each compared with each, from ${TIMED_QUERIES} of the rows`,
  );
  let whole = 0;
  for (const { method, bytes, codes: real } of [
    ...hashCodes(features),
    ...(await encoderCodes(encoderPaths, features)),
  ]) {
    const bits = { codes: drawnByPiece(real, bytes), bytes };
    const began = performance.now();
    const counts = [...pairsByCode(method, pictureCode(method) !== undefined, bits)].map(({ pairs }) => pairs.length);
    const seconds = (performance.now() - began) / 1000;
    whole += seconds;
    const plain = plainSeconds(bits) * counts.length;
    console.log(
      `${method.padEnd(6)} ${String(bytes * 8).padStart(3)} bits, asked in ${counts.length} ways: ${seconds.toFixed(1)} s, plain ${plain.toFixed(0)} s (${(plain / seconds).toFixed(1)} times as long); ${counts.reduce((sum, count) => sum + count, 0)} pairs`,
    );
  }
  console.log(`together ${whole.toFixed(1)} s`);
}

interface RealCodes {
  readonly method: string;
  readonly bytes: number;
  /** [pictures, bytes]. */
  readonly codes: Uint8Array;
}

function hashCodes(features: readonly ImageFeature[]): RealCodes[] {
  return (['phash', 'dhash', 'pdq'] as const).map((method) => {
    const bytes = pictureCode(method)!.dimensions / 8;
    return { method, bytes, codes: Buffer.concat(features.map((feature) => feature[method].subarray(0, bytes))) };
  });
}

/** The signs of the codes of encoders. */
async function encoderCodes(paths: readonly string[], features: readonly ImageFeature[]): Promise<RealCodes[]> {
  const found: RealCodes[] = [];
  for (const path of paths) {
    const encoder = await openEncoderFolder(path);
    const codes = packSigns(await encoder.encode(features), encoder.dimensions);
    found.push({ method: basename(path), bytes: encoder.dimensions / 8, codes });
  }
  return found;
}

function drawnByPiece(real: Uint8Array, bytes: number): Uint8Array {
  const draw = seededRandom('codes', bytes * 8);
  const codes = new Uint8Array(CODES * bytes);
  for (let at = 0; at < codes.length; at += 2) {
    const from = Math.floor(draw() * (real.length / bytes)) * bytes + (at % bytes);
    codes.set(real.subarray(from, from + 2), at);
  }
  return codes;
}

function plainSeconds({ codes, bytes }: { codes: Uint8Array; bytes: number }): number {
  const distances = new Uint16Array(CODES);
  const began = performance.now();
  for (let row = 0; row < TIMED_QUERIES; row++)
    hammingDistances(codes, codes.subarray(row * bytes, (row + 1) * bytes), distances);
  // Each pair once: half of the rows, on average, stand behind the one that asks.
  return ((performance.now() - began) / 1000 / TIMED_QUERIES) * (CODES / 2);
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
