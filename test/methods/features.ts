// Features of small documents and drawn pictures, through the code that indexing uses.
import sharp from 'sharp';
import { seededRandom } from '../../src/compare/random.ts';
import { imageFeature } from '../../src/image/compute-feature.ts';
import type { ImageFeature } from '../../src/image/image-feature.ts';
import type { TextFeature } from '../../src/text/text-feature.ts';
import { countTerms } from '../../src/text/tokenize.ts';
import { picture } from '../library/collection.ts';

export const text = (words: string): TextFeature => countTerms(words);

export async function drawn(number: number): Promise<ImageFeature> {
  return (await imageFeature(await picture(number))).feature;
}

/** A picture full of details, which PDQ takes for good enough to be compared; another for each number. */
export async function detailed(number: number): Promise<ImageFeature> {
  const random = seededRandom('detailed', number);
  const side = 40;
  const cells = Uint8Array.from({ length: side * side * 3 }, () => Math.floor(random() * 256));
  const raw = { width: side, height: side, channels: 3 } as const;
  return (await imageFeature(await sharp(cells, { raw }).resize(160, 120, { fit: 'fill' }).png().toBuffer())).feature;
}

export async function flat(): Promise<ImageFeature> {
  const grey = { width: 32, height: 32, channels: 3, background: { r: 120, g: 121, b: 122 } } as const;
  return (await imageFeature(await sharp({ create: grey }).png().toBuffer())).feature;
}

/** Ids and tie keys of `count` rows: ids rise as the catalog's do, ties are in another order. */
export function ranking(count: number) {
  return {
    ids: Int32Array.from({ length: count }, (_, row) => 10 + 3 * row),
    ties: Uint32Array.from({ length: count }, (_, row) => (row * 2_654_435_761) >>> 0),
  };
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
