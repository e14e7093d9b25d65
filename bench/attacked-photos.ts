// The photos of the attack benchmark and their attacked copies as files, made once, and what the product makes of them.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { seededRandom } from '../dist/compare/random.js';
import { extractAll } from '../dist/features/pool.js';
import { imageFeature } from '../dist/image/compute-feature.js';
import type { ImageFeature } from '../dist/image/image-feature.js';
import { photoFolder } from './collections.ts';
import { cached } from './data.ts';
import { ATTACKS, ATTACKS_VERSION, attackedFile, decodedPixels } from './image-attacks.ts';

const PHOTOS = 300;
/** Pictures that are made at once: while one is computed here, another is packed by sharp. */
const LANES = 4;
/** Features that are made and kept at once. */
const PART = 500;
/** Features that tell whether the kept ones are still what would be made. */
const SAMPLES = 40;

/** Pictures in one order, in files. */
export interface PictureFiles {
  /** The folder that the paths are below. */
  readonly folder: string;
  readonly paths: readonly string[];
}

/** The photos, sorted by name. */
export async function photoFiles(): Promise<PictureFiles> {
  const folder = await photoFolder(PHOTOS);
  return { folder, paths: readdirSync(folder).sort() };
}

/** All attacks on all photos: the attacks of the first photo in the order of {@link ATTACKS}, then those of the second. */
export async function attackedPhotos(): Promise<PictureFiles> {
  const photos = await photoFiles();
  const collection = `attacked-photos-${ATTACKS_VERSION}`;
  let folder = '';
  for (const photo of photos.paths) {
    const name = basename(photo, '.jpg');
    // A folder a photo, so that an interrupted run goes on where it was.
    const made = await cached(join(collection, name), async (into) => {
      const picture = await decodedPixels(readFileSync(join(photos.folder, photo)));
      await inLanes(ATTACKS, LANES, async (attack) => {
        const { bytes, extension } = await attackedFile(attack, picture, seededRandom('attack', name, attack.name));
        writeFileSync(join(into, `${attack.name}.${extension}`), bytes);
      });
    });
    folder = dirname(made);
  }
  const paths = photos.paths.flatMap((photo) =>
    ATTACKS.map(({ name, family }) => join(basename(photo, '.jpg'), `${name}.${family === 'JPEG' ? 'jpg' : 'png'}`)),
  );
  return { folder, paths };
}

/**
 * The features of pictures by the product's own reading, in the order of their paths. They are kept for as long as those of some
 * samples come out the same: making all of them takes minutes.
 *
 * @param name of the collection, for the place they are kept in
 */
export async function featuresOf(name: string, { folder, paths }: PictureFiles): Promise<readonly ImageFeature[]> {
  const absolute = paths.map((path) => join(folder, path));
  const kept = `${folder}-${name}-features`;
  const present = join(kept, await keyOf(absolute));
  if (existsSync(kept)) {
    for (const other of readdirSync(kept))
      if (join(kept, other) !== present) rmSync(join(kept, other), { recursive: true });
  }
  mkdirSync(present, { recursive: true });
  // In parts, so that an interrupted run goes on where it was.
  const features: ImageFeature[] = [];
  for (let file = partAfter(present, features); existsSync(file); file = partAfter(present, features))
    features.push(...(deserialize(readFileSync(file)) as ImageFeature[]));
  let part: ImageFeature[] = [];
  for await (const { file, result } of extractAll(
    absolute.slice(features.length).map((path) => ({ absolute: path })),
  )) {
    if (result.status !== 'ok' || result.kind !== 'image') throw new Error(`Expected a picture in ${file.absolute}`);
    // What a thread sends may be a view of a larger buffer, which would be written whole.
    part.push(structuredClone(result.feature));
    if (part.length < PART && features.length + part.length < absolute.length) continue;
    const whole = partAfter(present, features);
    writeFileSync(`${whole}.unfinished`, serialize(part));
    renameSync(`${whole}.unfinished`, whole);
    features.push(...part);
    part = [];
    process.stderr.write(`\rfeatures ${features.length} of ${absolute.length} `);
  }
  return features;
}

/** The file of the part that comes after these features. */
function partAfter(folder: string, features: readonly ImageFeature[]): string {
  return join(folder, String(features.length));
}

/** Changes when features of some of the files do. */
async function keyOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (let i = 0; i < SAMPLES; i++) {
    const path = paths[Math.floor((i * paths.length) / SAMPLES)]!;
    const { feature } = await imageFeature(new Uint8Array(readFileSync(path)));
    for (const [field, value] of Object.entries(feature).sort()) hash.update(field).update(value);
  }
  return hash.digest('hex').slice(0, 16);
}

async function inLanes<T>(all: readonly T[], lanes: number, work: (one: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let one = all[next++]; one !== undefined; one = all[next++]) await work(one);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
