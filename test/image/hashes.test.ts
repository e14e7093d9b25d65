import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { featureOf, imageFeature } from '../../src/image/compute-feature.ts';
import { decodeImage, pipelineOf } from '../../src/image/decode.ts';
import { archivedFiles, missing } from './data-set.ts';
import { type Drawing, drawnPicture } from './drawn-picture.ts';

interface Hashes {
  readonly phash: string;
  readonly dhash: string;
}

interface Reference {
  readonly drawn: readonly (Hashes & { readonly name: Drawing; readonly width: number; readonly height: number })[];
  readonly kodak: Readonly<Record<string, Hashes>>;
  readonly bsds: Readonly<Record<string, Hashes>>;
}

/** Made by scripts/fixtures/image-hashes.py. */
const reference: Reference = JSON.parse(readFileSync(join(import.meta.dirname, 'image-hashes.json'), 'utf8'));

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function bits(a: string, b: string): number {
  let difference = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  let count = 0;
  for (; difference > 0n; difference >>= 1n) count += Number(difference & 1n);
  return count;
}

function dataTest(archives: readonly string[], title: string, body: () => Promise<void>) {
  const reasons = archives.flatMap((archive) => missing(archive) ?? []);
  if (reasons.length > 0) it.skip(`${title} (skipped: ${reasons.join(', ')})`, body);
  else it(title, body);
}

async function distances(archives: readonly string[], expected: Readonly<Record<string, Hashes>>) {
  const found: { name: string; phash: number; dhash: number }[] = [];
  for (const archive of archives) {
    for (const { name, bytes } of archivedFiles(archive)) {
      const hashes = expected[name];
      if (!hashes) continue;
      const { feature } = await imageFeature(bytes);
      const phash = bits(hex(feature.phash), hashes.phash);
      found.push({ name, phash, dhash: bits(hex(feature.dhash), hashes.dhash) });
    }
  }
  return found;
}

describe('the hashes of a picture', () => {
  it.each(reference.drawn)(
    'of a drawing ($name, $width × $height) are those of Python imagehash, bit for bit',
    (drawing) => {
      const feature = featureOf(drawnPicture(drawing.name, drawing.width, drawing.height));
      expect({ phash: hex(feature.phash), dhash: hex(feature.dhash) }).toEqual({
        phash: drawing.phash,
        dhash: drawing.dhash,
      });
    },
  );

  it('stay the same when the picture goes through a PNG file', async () => {
    const drawing = reference.drawn.find(({ name, width }) => name === 'noise' && width === 481)!;
    const picture = drawnPicture('noise', drawing.width, drawing.height);
    const file = await pipelineOf(picture).png().toBuffer();
    expect(Buffer.compare((await decodeImage(file)).rgb, picture.rgb)).toBe(0);
    expect(hex((await imageFeature(file)).feature.phash)).toBe(drawing.phash);
  });

  dataTest(['photos-kodak/kodak.tar'], 'of the Kodak photos are those of Python imagehash, bit for bit', async () => {
    const found = await distances(['photos-kodak/kodak.tar'], reference.kodak);
    expect(found).toHaveLength(24);
    expect(found.filter(({ phash, dhash }) => phash + dhash > 0)).toEqual([]);
  });

  const bsds = ['photos-bsds500/bsds500-train.tar', 'photos-bsds500/bsds500-val.tar'];
  dataTest(bsds, 'of JPEG photos are the same on at least 98 of 100, and within 2 bits on the rest', async () => {
    const found = await distances(bsds, reference.bsds);
    expect(found).toHaveLength(Object.keys(reference.bsds).length);
    for (const kind of ['phash', 'dhash'] as const) {
      expect(found.filter((photo) => photo[kind] === 0).length).toBeGreaterThanOrEqual(0.98 * found.length);
      expect(found.filter((photo) => photo[kind] > 2)).toEqual([]);
    }
  });
});
