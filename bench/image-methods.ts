// What the picture benchmarks compare: the library's plain methods and encoders in folders, each through the product's own ranking.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Encoder } from '../dist/encoders/encoder.js';
import { loadEncoder } from '../dist/encoders/load-encoder.js';
import type { ImageFeature } from '../dist/image/image-feature.js';
import { PICTURE_CODES, type PictureCode, pictureCode } from '../dist/image/picture-codes.js';
import { hammingScores } from '../dist/index/hamming.js';
import { packSigns } from '../dist/index/sign-bits.js';
import { bitMethod } from '../dist/methods/bits.js';
import { codeMethod } from '../dist/methods/codes.js';
import type { PairMethod, Ranking } from '../dist/methods/method.js';
import { pictureMethod } from '../dist/methods/pictures.js';
import { floatCodes } from '../dist/methods/searched-codes.js';
import { widen } from '../dist/methods/wide-bits.js';

/** A way to rank some pictures, represented once for all. */
export interface PictureRanker {
  readonly name: string;
  /** What is kept of a picture. */
  readonly kept: string;
  /** The scores of the pictures in `rows` for the one in `query`; higher is more alike. */
  among(rows: readonly number[]): (query: number) => Float32Array;
}

/** The plain methods over these pictures. */
export function plainRankers(features: readonly ImageFeature[]): Promise<PictureRanker[]> {
  const chosen = (code: PictureCode, rows: readonly number[]) => joined(rows.map((row) => code.of(features[row]!)));
  const grid = pictureCode('pixels')!;
  return Promise.all(
    PICTURE_CODES.map((code) =>
      rankerOf(features, (rows) => pictureMethod(code, rankingOf(rows), chosen(code, rows), chosen(grid, rows))),
    ),
  );
}

/** The folders of encoders that a path names: the path itself, or those below it. */
export function encoderFolders(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (existsSync(join(path, 'manifest.json'))) return [resolve(path)];
    const below = readdirSync(path).map((name) => resolve(path, name));
    const found = below.filter((folder) => existsSync(join(folder, 'manifest.json'))).sort();
    if (found.length === 0) throw new RangeError(`Expected a folder of encoders for --encoder but received ${path}`);
    return found;
  });
}

export function openEncoderFolder(folder: string): Promise<Encoder> {
  const names = readdirSync(folder).filter((name) => !name.endsWith('.md'));
  const files = Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));
  return loadEncoder(files, { device: 'cpu', where: folder });
}

/**
 * An encoder over these pictures: its numbers, their signs asked with signs, their signs asked with numbers.
 *
 * @param sizes code sizes beside its own: fewer numbers are the first of them, twice as many bits those of ae-bits-wide
 */
export async function encoderRankers(
  folder: string,
  features: readonly ImageFeature[],
  sizes: readonly number[] = [],
): Promise<PictureRanker[]> {
  const encoder = await openEncoderFolder(folder);
  const own = await encoder.encode(features);
  const { dimensions } = encoder;
  await encoder.release();
  const rankers: PictureRanker[] = [];
  for (const size of new Set([dimensions, ...sizes])) {
    const codes =
      size === dimensions ? own : size === 2 * dimensions ? widen(own, dimensions) : firstOf(own, dimensions, size);
    const name = basename(folder);
    if (size <= dimensions) rankers.push(await codeRanker(`${name} ${size} floats`, codes, size));
    rankers.push(await bitRanker(`${name} ${size} bits`, codes, size, 'bits'));
    rankers.push(await bitRanker(`${name} ${size} bits, asked with floats`, codes, size, 'numbers'));
  }
  return rankers;
}

/** Bits compared one by one. */
export function bitsRanker(name: string, bits: Uint8Array, bytes: number): PictureRanker {
  const of = (row: number) => bits.subarray(row * bytes, (row + 1) * bytes);
  return {
    name,
    kept: `${bytes} bytes`,
    among(rows) {
      const database = joined(rows.map(of));
      return (query) => hammingScores(database, of(query));
    },
  };
}

/** The codes of an encoder, by their cosine. */
export function codeRanker(name: string, codes: Float32Array, size: number): Promise<PictureRanker> {
  return rankerOf(rowsOf(codes, size), (rows) =>
    codeMethod({
      name,
      encoder: keptCodes(size) as Encoder,
      codes: floatCodes(floatRows(codes, size, rows), rankingOf(rows), size),
    }),
  );
}

function bitRanker(
  name: string,
  codes: Float32Array,
  size: number,
  askWith: 'numbers' | 'bits',
): Promise<PictureRanker> {
  return rankerOf(rowsOf(codes, size), (rows) => {
    const bits = packSigns(floatRows(codes, size, rows), size);
    return bitMethod({ name, encoder: keptCodes(size), items: rankingOf(rows), bits, askWith });
  });
}

/** Stands where a method would encode: the codes are there already. */
function keptCodes(dimensions: number): Pick<Encoder, 'kind' | 'dimensions' | 'encode'> {
  return {
    kind: 'image',
    dimensions,
    encode: async (codes) => Float32Array.from((codes as unknown as Float32Array[]).flatMap((code) => [...code])),
  };
}

async function rankerOf(
  represented: readonly unknown[],
  over: (rows: readonly number[]) => PairMethod<never> | PairMethod<Float32Array> | PairMethod<unknown>,
): Promise<PictureRanker> {
  const empty = over([]) as PairMethod;
  const representations: unknown[] = [];
  // In parts: codes of all pictures at once would be held twice.
  for (let from = 0; from < represented.length; from += 1_000)
    representations.push(...(await empty.represent(represented.slice(from, from + 1_000) as never)));
  return {
    name: empty.name,
    kept: `${empty.bytesPerItem} bytes`,
    among(rows) {
      const method = over(rows) as PairMethod;
      return (query) => method.scores(representations[query]);
    },
  };
}

/** The first numbers of each code, of length 1 again. */
function firstOf(codes: Float32Array, dimensions: number, size: number): Float32Array {
  if (size > dimensions)
    throw new RangeError(`Expected at most ${dimensions}, or ${2 * dimensions}, for --sizes but received ${size}`);
  return Float32Array.from(
    rowsOf(codes, dimensions).flatMap((code) => {
      const first = code.subarray(0, size);
      const length = Math.hypot(...first) || 1;
      return [...first].map((value) => value / length);
    }),
  );
}

function rankingOf(rows: readonly number[]): Ranking {
  return { ids: Int32Array.from(rows), ties: new Uint32Array(rows.length) };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function rowsOf(codes: Float32Array, size: number): Float32Array[] {
  return Array.from({ length: codes.length / size }, (_, row) => codes.subarray(row * size, (row + 1) * size));
}

function floatRows(codes: Float32Array, size: number, rows: readonly number[]): Float32Array {
  const chosen = new Float32Array(rows.length * size);
  rows.forEach((row, place) => {
    chosen.set(codes.subarray(row * size, (row + 1) * size), place * size);
  });
  return chosen;
}
