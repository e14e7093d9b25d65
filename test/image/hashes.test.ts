import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { featureOf, imageFeature } from '../../src/image/compute-feature.ts';
import { decodeImage, pipelineOf } from '../../src/image/decode.ts';
import type { ImageFeature } from '../../src/image/image-feature.ts';
import { archivedFiles, missing } from './data-set.ts';
import { type Drawing, drawnPicture } from './drawn-picture.ts';

const NAMES = ['phash', 'phash-16', 'dhash', 'ahash', 'whash', 'pdq', 'blockhash'] as const;

type Hashes = Readonly<Record<(typeof NAMES)[number], string>> & { readonly pdqQuality: number };

interface Reference {
  readonly drawn: readonly (Hashes & { readonly name: Drawing; readonly width: number; readonly height: number })[];
  readonly kodak: Readonly<Record<string, Hashes>>;
  readonly bsds: Readonly<Record<string, Hashes>>;
}

/** Made by scripts/fixtures/image-hashes.py. */
const reference: Reference = JSON.parse(readFileSync(join(import.meta.dirname, 'image-hashes.json'), 'utf8'));

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function hashesOf(feature: ImageFeature): Hashes {
  const { pdq } = feature;
  return {
    phash: hex(feature.phash),
    'phash-16': hex(feature.phash16),
    dhash: hex(feature.dhash),
    ahash: hex(feature.ahash),
    whash: hex(feature.whash),
    pdq: hex(pdq.subarray(0, 32)),
    pdqQuality: pdq[32]!,
    blockhash: hex(feature.blockhash),
  };
}

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

/** The hashes of photos, with those of the references. */
async function photos(archives: readonly string[], expected: Readonly<Record<string, Hashes>>) {
  const found: { name: string; ours: Hashes; theirs: Hashes }[] = [];
  for (const archive of archives) {
    for (const { name, bytes } of archivedFiles(archive)) {
      const theirs = expected[name];
      if (theirs) found.push({ name, ours: hashesOf((await imageFeature(bytes)).feature), theirs });
    }
  }
  return found;
}

describe('the hashes of a picture', () => {
  it.each(reference.drawn)(
    'of a drawing ($name, $width × $height) are those of the references, bit for bit',
    ({ name, width, height, ...theirs }) => {
      expect(hashesOf(featureOf(drawnPicture(name, width, height)))).toEqual(theirs);
    },
  );

  it('stay the same when the picture goes through a PNG file', async () => {
    const drawing = reference.drawn.find(({ name, width }) => name === 'noise' && width === 481)!;
    const picture = drawnPicture('noise', drawing.width, drawing.height);
    const file = await pipelineOf(picture).png().toBuffer();
    expect(Buffer.compare((await decodeImage(file)).rgb, picture.rgb)).toBe(0);
    expect(hex((await imageFeature(file)).feature.phash)).toBe(drawing.phash);
  });

  dataTest(['photos-kodak/kodak.tar'], 'of the Kodak photos are those of the references, bit for bit', async () => {
    const found = await photos(['photos-kodak/kodak.tar'], reference.kodak);
    expect(found).toHaveLength(24);
    for (const { name, ours, theirs } of found) expect({ name, ...ours }).toEqual({ name, ...theirs });
  });

  const bsds = ['photos-bsds500/bsds500-train.tar', 'photos-bsds500/bsds500-val.tar'];
  // Decoders of JPEG may differ in the last digit of a pixel.
  dataTest(bsds, 'of JPEG photos are the same on at least 98 of 100, and nearly on the rest', async () => {
    const found = await photos(bsds, reference.bsds);
    expect(found).toHaveLength(Object.keys(reference.bsds).length);
    for (const name of NAMES) {
      const distances = found.map(({ ours, theirs }) => bits(ours[name], theirs[name]));
      expect(distances.filter((distance) => distance === 0).length).toBeGreaterThanOrEqual(0.98 * found.length);
      expect(Math.max(...distances)).toBeLessThanOrEqual(2);
    }
  });
});
