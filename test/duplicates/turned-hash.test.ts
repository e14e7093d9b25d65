import { describe, expect, it } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { turnedHashes } from '../../src/duplicates/turned-hash.ts';
import { imageFeature } from '../../src/image/compute-feature.ts';
import { archivedFiles, missing } from '../image/data-set.ts';

const ARCHIVE = 'photos-bsds500/bsds500-val.tar';
const absent = missing(ARCHIVE);

(absent === undefined ? describe : describe.skip)(
  `Turned hashes${absent === undefined ? '' : ` (skipped: ${absent})`}`,
  () => {
    it('are near the hashes of turned photos', async () => {
      const photos = [...archivedFiles(ARCHIVE)].filter(({ name }) => name.endsWith('.jpg')).slice(0, 6);
      for (const { bytes } of photos) {
        const variants = turnedHashes((await imageFeature(bytes)).feature.phash);
        for (const turn of [
          (picture: Sharp) => picture.flop(),
          (picture: Sharp) => picture.flip(),
          (picture: Sharp) => picture.rotate(90),
          (picture: Sharp) => picture.rotate(180),
          (picture: Sharp) => picture.rotate(270),
        ]) {
          const turned = (await imageFeature(await turn(sharp(bytes)).png().toBuffer())).feature.phash;
          expect(Math.min(...variants.map((variant) => differing(variant, turned)))).toBeLessThanOrEqual(8);
        }
      }
    });
  },
);

function differing(a: Uint8Array, b: Uint8Array): number {
  let bits = 0;
  for (let i = 0; i < a.length; i++) for (let rest = a[i]! ^ b[i]!; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
}
