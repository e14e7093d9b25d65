// Are pictures of one class near one another? CIFAR-10 and MNIST: encoders beside pixels, PCA and PHash.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sample, seededRandom } from '../dist/compare/random.js';
import type { Encoder } from '../dist/encoders/encoder.js';
import { extractAll } from '../dist/features/pool.js';
import { featureOf } from '../dist/image/compute-feature.js';
import { type ImageFeature, ofThumbnail } from '../dist/image/image-feature.js';
import { packSigns } from '../dist/index/sign-bits.js';
import { fitPca } from '../dist/lab/pca.js';
import { type LabelledCodes, measureRetrieval } from '../dist/lab/retrieval.js';
import { CLASS_ENCODERS_PROTOCOL, classEncoders, type NamedEncoder, THUMBNAIL_BYTES } from './class-encoders.ts';
import { ARCHIVES } from './collections.ts';
import { archivedFiles, cached, dataPath, writeFiles } from './data.ts';
import { openEncoderFolder } from './image-methods.ts';

const QUERIES = 1_000;
const SEED = 1;
const ENCODED_AT_ONCE = 256;
const PCA_SIZES = [32, 128];
const DIGIT_SIDE = 28;
/** PCA of rows wider than 2,048 takes too long: 32 × 32 × 3 are averaged to 16 × 16 × 3. */
const PIXEL_SIDE = 16;

interface ClassSet {
  readonly title: string;
  readonly protocol: string;
  readonly archives: readonly string[];
  /** The database, then the queries. */
  load(): Promise<{
    labels: Uint8Array;
    queries: number;
    pictures: AsyncIterable<{ feature: ImageFeature; pixels: Uint8Array }>;
  }>;
}

export const CLASS_SETS: readonly ClassSet[] = [
  {
    title: 'CIFAR-10 (as JPEGs)',
    protocol: `${QUERIES} test pictures (100 of each class, seed ${SEED}) ask the 50,000 training pictures; pixels and PCA: averaged over ${PIXEL_SIDE} × ${PIXEL_SIDE} × 3`,
    archives: [ARCHIVES.cifar],
    load: cifar,
  },
  {
    title: 'MNIST',
    protocol: `${QUERIES} test digits (seed ${SEED}) ask the 60,000 training digits; pixels and PCA: ${DIGIT_SIDE} × ${DIGIT_SIDE}`,
    archives: ['train', 't10k'].flatMap((part) => [
      `mnist/${part}-images-idx3-ubyte.gz`,
      `mnist/${part}-labels-idx1-ubyte.gz`,
    ]),
    load: async () => mnist(),
  },
];

export async function reportClasses(encoderPaths: readonly string[]): Promise<void> {
  for (const set of CLASS_SETS) {
    console.log(
      `${set.title}\nprotocol: ${set.protocol}; equally near ones in a random order; ${CLASS_ENCODERS_PROTOCOL}; nothing has seen the queries, unless its card says so`,
    );
    const { labels, queries, pictures } = await set.load();
    const made = await represented(pictures, labels.length);
    const database = labels.length - queries;
    const split = (codes: Float32Array | Uint8Array): { database: LabelledCodes; queries: LabelledCodes } => {
      const width = codes.length / labels.length;
      return {
        database: { codes: codes.subarray(0, database * width), labels: labels.subarray(0, database) },
        queries: { codes: codes.subarray(database * width), labels: labels.subarray(database) },
      };
    };
    const print = async (
      name: string,
      codes: Float32Array | Uint8Array,
      metric: 'euclidean' | 'cosine' | 'hamming',
    ) => {
      const figures = await measureRetrieval({ ...split(codes), metric, seed: SEED });
      console.log(
        `${name.padEnd(52)} mAP ${figure(figures.meanAveragePrecision)}  P@100 ${figure(figures.precisionAt100)}  5-NN ${figure(figures.accuracy5nn)}`,
      );
    };
    await print('pixels', made.pixels, 'euclidean');
    const width = made.pixels.length / labels.length;
    const pca = await fitPca(made.pixels.subarray(0, database * width), database, width);
    for (const size of PCA_SIZES) await print(`PCA-${size}`, pca.encode(made.pixels, size), 'euclidean');
    await print('phash', made.phash, 'hamming');
    for await (const { name, encoder } of encodersFor(
      encoderPaths,
      made.thumbnails.subarray(0, database * THUMBNAIL_BYTES),
    )) {
      const codes = await encoded(encoder, made.thumbnails);
      await encoder.release();
      await print(`${name}, ${encoder.dimensions} numbers`, codes, 'cosine');
      await print(`${name}, ${encoder.dimensions} bits`, packSigns(codes, encoder.dimensions), 'hamming');
    }
    console.log();
  }
}

async function* encodersFor(paths: readonly string[], thumbnails: Uint8Array): AsyncGenerator<NamedEncoder> {
  yield* classEncoders(thumbnails);
  for (const path of paths) yield { name: basename(path), encoder: await openEncoderFolder(path) };
}

async function represented(
  pictures: AsyncIterable<{ feature: ImageFeature; pixels: Uint8Array }>,
  count: number,
): Promise<{ pixels: Uint8Array; phash: Uint8Array; thumbnails: Uint8Array }> {
  let pixels = new Uint8Array();
  const phash = new Uint8Array(count * 8);
  const thumbnails = new Uint8Array(count * THUMBNAIL_BYTES);
  let at = 0;
  for await (const picture of pictures) {
    if (at === 0) pixels = new Uint8Array(count * picture.pixels.length);
    pixels.set(picture.pixels, at * picture.pixels.length);
    phash.set(picture.feature.phash, at * 8);
    thumbnails.set(picture.feature.thumbnail, at++ * THUMBNAIL_BYTES);
  }
  return { pixels, phash, thumbnails };
}

async function encoded(encoder: Encoder, thumbnails: Uint8Array): Promise<Float32Array> {
  const count = thumbnails.length / THUMBNAIL_BYTES;
  const codes = new Float32Array(count * encoder.dimensions);
  for (let from = 0; from < count; from += ENCODED_AT_ONCE) {
    const features = Array.from({ length: Math.min(ENCODED_AT_ONCE, count - from) }, (_, i) =>
      ofThumbnail(thumbnails.subarray((from + i) * THUMBNAIL_BYTES, (from + i + 1) * THUMBNAIL_BYTES)),
    );
    codes.set(await encoder.encode(features), from * encoder.dimensions);
  }
  return codes;
}

async function cifar(): ReturnType<ClassSet['load']> {
  const folder = await cached('cifar10', (into) => writeFiles(into, archivedFiles(ARCHIVES.cifar)));
  const names = [...archivedFiles(ARCHIVES.cifar)].map(({ name }) => name).filter((name) => name.endsWith('.jpg'));
  const classOf = (name: string) => name.split('/').at(-2)!;
  const classes = [...new Set(names.map(classOf))].sort();
  const database = names.filter((name) => name.includes('train/'));
  const tests = names.filter((name) => name.includes('test/'));
  const asked = classes.flatMap((label) =>
    sample(
      tests.filter((name) => classOf(name) === label),
      QUERIES / classes.length,
      seededRandom('cifar', SEED, label),
    ),
  );
  const paths = [...database, ...asked];
  async function* pictures() {
    for await (const { result } of extractAll(paths.map((path) => ({ absolute: join(folder, path) })))) {
      if (result.status !== 'ok' || result.kind !== 'image') throw new Error('Expected a picture');
      yield { feature: result.feature, pixels: averaged(result.feature.thumbnail) };
    }
  }
  return {
    labels: Uint8Array.from(paths, (path) => classes.indexOf(classOf(path))),
    queries: asked.length,
    pictures: pictures(),
  };
}

function mnist(): Awaited<ReturnType<ClassSet['load']>> {
  const read = (part: string, what: string, header: number) =>
    new Uint8Array(gunzipSync(readFileSync(dataPath(`mnist/${part}-${what}-ubyte.gz`)))).subarray(header);
  const images = { train: read('train', 'images-idx3', 16), test: read('t10k', 'images-idx3', 16) };
  const labels = { train: read('train', 'labels-idx1', 8), test: read('t10k', 'labels-idx1', 8) };
  const asked = sample([...labels.test.keys()], QUERIES, seededRandom('mnist', SEED));
  const size = DIGIT_SIDE ** 2;
  async function* pictures() {
    const digitOf = (all: Uint8Array, row: number) => {
      const pixels = all.subarray(row * size, (row + 1) * size);
      const rgb = Uint8Array.from({ length: size * 3 }, (_, i) => pixels[Math.floor(i / 3)]!);
      return { feature: featureOf({ width: DIGIT_SIDE, height: DIGIT_SIDE, rgb }), pixels };
    };
    for (let row = 0; row < labels.train.length; row++) yield digitOf(images.train, row);
    for (const row of asked) yield digitOf(images.test, row);
  }
  const all = Uint8Array.from([...labels.train, ...asked.map((row) => labels.test[row]!)]);
  return { labels: all, queries: asked.length, pictures: pictures() };
}

/** A thumbnail's planes averaged over 16 × 16 cells. */
function averaged(planes: Uint8Array): Uint8Array {
  const side = Math.sqrt(planes.length / 3);
  const block = side / PIXEL_SIDE;
  const result = new Uint8Array(3 * PIXEL_SIDE ** 2);
  for (let cell = 0; cell < result.length; cell++) {
    const [plane, place] = [Math.floor(cell / PIXEL_SIDE ** 2), cell % PIXEL_SIDE ** 2];
    const top = (plane * side + Math.floor(place / PIXEL_SIDE) * block) * side + (place % PIXEL_SIDE) * block;
    let sum = 0;
    for (let y = 0; y < block; y++) for (let x = 0; x < block; x++) sum += planes[top + y * side + x]!;
    result[cell] = Math.round(sum / block ** 2);
  }
  return result;
}

function figure(value: number): string {
  return value.toFixed(3).replace(/^0/, '');
}
