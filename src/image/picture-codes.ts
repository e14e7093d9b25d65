// The plain codes of pictures, made without learning: each listed once, with all that others need to know of it.
import { COLOUR_BYTES } from './colour.ts';
import type { ImageFeature } from './image-feature.ts';
import { PDQ_LEAST_QUALITY } from './pdq.ts';

/** One way to compare pictures without having learned anything: a method of this name ranks by it. */
export interface PictureCode {
  readonly name: string;
  /**
   * - `bits`: how many differ;
   * - `grid`: the cosine of two small pictures, each less its mean colour;
   * - `shares`: the cosine of two histograms.
   */
  readonly compares: 'bits' | 'grid' | 'shares';
  /** Bits or bytes that are compared. */
  readonly dimensions: number;
  /** Bytes that are kept: those compared and, for some hashes, one more that says how good they are. */
  readonly bytes: number;
  /** Names what makes the code, so that codes made in different ways never meet; changes when the bytes do. */
  readonly fingerprint: string;
  of(feature: ImageFeature): Uint8Array;
  /** False for a code that says too little to be compared. Absent where only flat pictures have such codes. */
  saysEnough?(code: Uint8Array): boolean;
}

/** Every plain code; methods, catalog, explanations and help go by this list. */
export const PICTURE_CODES: readonly PictureCode[] = [
  hash('phash', 64, (feature) => feature.phash),
  hash('phash-16', 256, (feature) => feature.phash16),
  hash('dhash', 64, (feature) => feature.dhash),
  hash('ahash', 64, (feature) => feature.ahash),
  hash('whash', 64, (feature) => feature.whash),
  {
    ...hash('pdq', 256, (feature) => feature.pdq),
    bytes: 33,
    saysEnough: (code) => code[32]! >= PDQ_LEAST_QUALITY,
  },
  hash('blockhash', 256, (feature) => feature.blockhash),
  {
    name: 'colour',
    compares: 'shares',
    dimensions: COLOUR_BYTES,
    bytes: COLOUR_BYTES,
    fingerprint: 'colour/1',
    of: (feature) => feature.colour,
  },
  {
    name: 'pixels',
    compares: 'grid',
    dimensions: 192,
    bytes: 192,
    fingerprint: 'pixels/1',
    of: (feature) => feature.pixels,
  },
];

/** The plain code of this name, if there is one. */
export function pictureCode(name: string): PictureCode | undefined {
  return PICTURE_CODES.find((code) => code.name === name);
}

function hash(name: string, bits: number, of: PictureCode['of']): PictureCode {
  return { name, compares: 'bits', dimensions: bits, bytes: bits / 8, fingerprint: `${name}/1`, of };
}
