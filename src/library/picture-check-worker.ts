// Runs in the threads of picture-check-threads.ts: reads, compares and damages pictures, and notes which piece it is at.
import { hash } from 'node:crypto';
import { seededRandom } from '../compare/random.ts';
import { confirmPictures, type PictureVerdict } from '../duplicates/confirm-pictures.ts';
import { type DifferenceOptions, drawnDifference, matchingSize } from '../duplicates/draw-difference.ts';
import { type PictureSketch, pictureSketch, sharedSketch } from '../duplicates/picture-sketch.ts';
import { asSandglassError, SandglassError } from '../errors.ts';
import type { ErrorReport } from '../features/extract-result.ts';
import type { GuardedTask } from '../features/guarded-threads.ts';
import { readPicture } from '../features/read-picture.ts';
import { IMAGE_CORRUPTIONS } from '../image/corrupt-image.ts';
import { type DecodeLimits, decodeImage, decodeReduced, type Picture, pipelineOf } from '../image/decode.ts';
import { shrunk } from './shrunk-picture.ts';

/** A content, and the files that held it when they were indexed. */
export interface KnownPicture {
  readonly hash: string;
  readonly paths: readonly string[];
}

/** What can be done, and what comes of it. */
export interface PictureErrands {
  /** What pictures are compared by. */
  readonly sketch: { readonly ask: KnownPicture; readonly answer: PictureSketch };
  /** The SHA-256 of every pixel, with the size. */
  readonly pixels: { readonly ask: KnownPicture; readonly answer: string };
  /** Two pictures laid over one another. */
  readonly verdict: {
    readonly ask: { readonly a: PictureSketch; readonly b: PictureSketch; readonly paths: readonly string[] };
    readonly answer: PictureVerdict;
  };
  /** A small JPEG. */
  readonly thumbnail: { readonly ask: KnownPicture; readonly answer: Uint8Array };
  /** A small JPEG of where the second differs from the first, and the share of what both show that does. */
  readonly difference: { readonly ask: ComparedPictures; readonly answer: DrawnDifference };
  /** Scores of damaged copies, and the picture's colours. */
  readonly damage: { readonly ask: KnownPicture & Damage; readonly answer: DamagedCopies };
}

/** Which damages, by their place in the list, and the seed of their randomness. */
export interface Damage {
  readonly damages: readonly number[];
  readonly seed: number;
}

export interface ComparedPictures extends KnownPicture, DifferenceOptions {
  readonly other: KnownPicture;
}

export interface DrawnDifference {
  readonly jpeg: Uint8Array;
  readonly differing: number;
}

export interface DamagedCopies {
  readonly copies: number[];
  readonly colours: number[];
}

export type ErrandName = keyof PictureErrands;

export interface PictureTask extends GuardedTask {
  readonly errand: ErrandName;
  readonly asks: readonly PictureErrands[ErrandName]['ask'][];
  readonly maxSeconds: number;
}

/** Exactly one of the two is there. */
export interface PictureAnswer<Name extends ErrandName = ErrandName> {
  readonly answer?: PictureErrands[Name]['answer'];
  readonly error?: ErrorReport;
}

const DO: {
  readonly [Name in ErrandName]: (
    ask: PictureErrands[Name]['ask'],
    limits: DecodeLimits,
  ) => Promise<PictureErrands[Name]['answer']> | PictureErrands[Name]['answer'];
} = {
  sketch: async (known, limits) => sharedSketch(pictureSketch(await decodeReduced(bytesOf(known), limits))),
  pixels: async (known, limits) => {
    const { width, height, rgb } = await decodeImage(bytesOf(known), limits);
    return `${width}×${height} ${hash('sha256', rgb)}`;
  },
  verdict: ({ a, b }) => confirmPictures(a, b),
  thumbnail: async (known, limits) => smallJpeg(await decodeReduced(bytesOf(known), limits)),
  difference: differenceOf,
  damage: damagedCopies,
};

export default async function doErrands({ errand, asks, maxSeconds, begun }: PictureTask): Promise<PictureAnswer[]> {
  const answers: PictureAnswer[] = [];
  const work = DO[errand] as (ask: unknown, limits: DecodeLimits) => Promise<PictureErrands[ErrandName]['answer']>;
  for (const ask of asks) {
    Atomics.add(begun, 0, 1);
    try {
      answers.push({ answer: await work(ask, { maxSeconds }) });
    } catch (error) {
      answers.push({ error: asSandglassError(error, 'IMAGE_BROKEN', ask.paths[0]!).toJSON() });
    }
  }
  return answers;
}

/** @throws SandglassError why the last of its files could not be read; FILE_CHANGED when it holds something else now */
function bytesOf({ hash, paths }: KnownPicture): Uint8Array {
  let failure: unknown;
  for (const path of paths) {
    try {
      return readPicture({ path, hash });
    } catch (error) {
      failure =
        error instanceof SandglassError && error.code === 'FILE_CHANGED'
          ? new SandglassError('FILE_CHANGED', 'It changed since it was indexed; run sandglass index.', { path })
          : error;
    }
  }
  throw failure;
}

async function damagedCopies(ask: KnownPicture & Damage, limits: DecodeLimits): Promise<DamagedCopies> {
  const picture = await decodeReduced(bytesOf(ask), limits);
  const sketch = pictureSketch(picture);
  const small = shrunk(picture);
  const copies: number[] = [];
  for (const which of ask.damages) {
    const corruption = IMAGE_CORRUPTIONS[which % IMAGE_CORRUPTIONS.length]!;
    const random = seededRandom('damage', ask.hash, corruption.name, ask.seed);
    const copy = await decodeReduced(await corruption.apply(small, random), limits);
    copies.push(confirmPictures(sketch, pictureSketch(copy)).score);
  }
  return { copies, colours: Array.from(sketch.colours, Math.round) };
}

/** Longer side of what is shown to people, in pixels. */
const SHOWN_SIDE = 256;

async function smallJpeg(picture: Picture): Promise<Uint8Array> {
  const small = await resized(picture, sizeWithin(picture, SHOWN_SIDE));
  return pipelineOf(small).jpeg({ quality: 75 }).toBuffer();
}

async function differenceOf({ other, ...first }: ComparedPictures, limits: DecodeLimits): Promise<DrawnDifference> {
  const a = await decodeReduced(bytesOf(first), limits);
  const b = await decodeReduced(bytesOf(other), limits);
  const smallA = await resized(a, sizeWithin(a, SHOWN_SIDE));
  const smallB = await resized(b, matchingSize(smallA, b, first.map));
  const { picture, differing } = drawnDifference(smallA, smallB, first);
  return { jpeg: await pipelineOf(picture).jpeg({ quality: 80 }).toBuffer(), differing };
}

function sizeWithin({ width, height }: Picture, side: number) {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(scale * width)), height: Math.max(1, Math.round(scale * height)) };
}

async function resized(picture: Picture, { width, height }: Omit<Picture, 'rgb'>): Promise<Picture> {
  if (width === picture.width && height === picture.height) return picture;
  const rgb = await pipelineOf(picture).resize(width, height, { fit: 'fill' }).raw().toBuffer();
  return { width, height, rgb };
}
