// The photos of the attack benchmark and their attacked copies as files, made once, and what the product makes of them.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { seededRandom } from '../dist/compare/random.js';
import { extractAll } from '../dist/features/pool.js';
import type { ImageFeature } from '../dist/image/image-feature.js';
import { photoFolder } from './collections.ts';
import { cached } from './data.ts';
import { ATTACKS, ATTACKS_VERSION, attackedFile, decodedPixels } from './image-attacks.ts';

const PHOTOS = 300;
/** Pictures that are made at once: while one is computed here, another is packed by sharp. */
const LANES = 4;
const IMAGE_CODE = join(import.meta.dirname, '../dist/image');

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
 * The features of pictures by the product's own reading, in the order of their paths. They are kept until the code that makes
 * them changes.
 *
 * @param name of the collection, for the place they are kept in
 */
export async function featuresOf(name: string, { folder, paths }: PictureFiles): Promise<readonly ImageFeature[]> {
  const file = `${folder}-${name}-features`;
  const key = codeKey();
  if (existsSync(file)) {
    const kept = deserialize(readFileSync(file)) as { key: string; features: ImageFeature[] };
    if (kept.key === key && kept.features.length === paths.length) return kept.features;
    rmSync(file);
  }
  const features: ImageFeature[] = [];
  const files = paths.map((path) => ({ absolute: join(folder, path) }));
  for await (const { file: read, result } of extractAll(files)) {
    if (result.status !== 'ok' || result.kind !== 'image') throw new Error(`Expected a picture in ${read.absolute}`);
    // What a thread sends may be a view of a larger buffer, which would be written whole.
    features.push(structuredClone(result.feature));
    if (features.length % 500 === 0) process.stderr.write(`\rfeatures ${features.length} of ${paths.length} `);
  }
  process.stderr.write('\n');
  writeFileSync(file, serialize({ key, features }));
  return features;
}

/** Changes with every change of the code that makes features. */
function codeKey(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(IMAGE_CODE).sort()) {
    if (file.endsWith('.js')) hash.update(file).update(readFileSync(join(IMAGE_CODE, file)));
  }
  return hash.digest('hex');
}

async function inLanes<T>(all: readonly T[], lanes: number, work: (one: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let one = all[next++]; one !== undefined; one = all[next++]) await work(one);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
