import { describe, expect, it } from '@jest/globals';
import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import { seededRandom } from '../../src/compare/random.ts';
import { COPY_SCORE, confirmPictures, PICTURE_RULES } from '../../src/duplicates/confirm-pictures.ts';
import { type PictureSketch, pictureSketch } from '../../src/duplicates/picture-sketch.ts';
import { type PictureRelation, relationAt } from '../../src/duplicates/relation.ts';
import { decodeReduced, type Picture } from '../../src/image/decode.ts';
import { seenFromTheSide } from '../../src/image/perspective.ts';
import { archivedFiles, missing } from '../image/data-set.ts';
import { drawnPicture } from '../image/drawn-picture.ts';

const ARCHIVE = 'photos-bsds500/bsds500-val.tar';
const absent = missing(ARCHIVE);
const onPhotos = absent === undefined ? describe : describe.skip;

async function sketchOf(bytes: Uint8Array): Promise<PictureSketch> {
  return pictureSketch(await decodeReduced(bytes));
}

function photos(count: number): Buffer[] {
  return [...archivedFiles(ARCHIVE)]
    .filter(({ name }) => name.endsWith('.jpg'))
    .slice(0, count)
    .map(({ bytes }) => bytes);
}

describe('Pictures without structure', () => {
  it('say nothing: two of one colour, and one against a photo-like noise, are no copies', () => {
    const flat = pictureSketch(drawnPicture('flat', 200, 100));
    const noise = pictureSketch(drawnPicture('noise', 200, 100));
    for (const other of [pictureSketch(drawnPicture('flat', 90, 300)), noise])
      expect(confirmPictures(flat, other).score).toBeLessThan(0.2);
  });

  it('but with a light in the middle say little: what differs in its grain is no copy', () => {
    const lit = (seed: number, gain: number) => {
      const random = seededRandom('grain', seed);
      const side = 200;
      const rgb = Uint8Array.from({ length: side * side * 3 });
      for (let at = 0; at < side * side; at += 1) {
        const distance = Math.hypot((at % side) - side / 2, Math.floor(at / side) - side / 2);
        rgb.fill(gain * (210 - distance + 40 * (random() - 0.5)), at * 3, at * 3 + 3);
      }
      return pictureSketch({ width: side, height: side, rgb });
    };
    const one = lit(1, 1);
    expect(confirmPictures(one, lit(2, 1)).score).toBeLessThan(COPY_SCORE);
    expect(confirmPictures(one, lit(1, 0.8)).score).toBeGreaterThan(0.9);
  });

  it('of any shape are compared without failing', () => {
    const sizes = [
      [1, 1],
      [1, 5_000],
      [5_000, 1],
      [3, 3],
      [40, 40],
    ] as const;
    const sketches = sizes.map(([width, height]) => pictureSketch(drawnPicture('noise', width, height)));
    for (const a of sketches) {
      for (const b of sketches) {
        const { score } = confirmPictures(a, b);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
      }
    }
  });
});

/** A square of one colour, to be laid upon a photo. @param side pixels */
function mark(background: string, side: number): OverlayOptions {
  return { input: { create: { width: side, height: side, channels: 3, background } }, left: 30, top: 200 };
}

onPhotos(`Photos${absent === undefined ? '' : ` (skipped: ${absent})`}`, () => {
  const cases: [what: string, expected: PictureRelation, change: (photo: Sharp) => Sharp | Promise<Sharp>][] = [
    ['another program wrote', 're-encoded', (photo) => photo.jpeg({ quality: 60 })],
    ['WebP wrote', 're-encoded', (photo) => photo.webp({ quality: 70 })],
    ['were reduced', 'resized', (photo) => photo.resize(200).jpeg({ quality: 85 })],
    ['were enlarged', 'resized', (photo) => photo.resize(1_000).jpeg({ quality: 85 })],
    ['were mirrored', 'turned', (photo) => photo.flop().jpeg()],
    ['were turned by 90°', 'turned', (photo) => photo.rotate(90).jpeg()],
    ['were turned by 180°', 'turned', (photo) => photo.rotate(180).jpeg()],
    ['were turned by 12°', 'turned', (photo) => photo.rotate(12, { background: '#fff' }).jpeg()],
    ['were cropped', 'cropped', (photo) => photo.extract({ left: 40, top: 30, width: 220, height: 200 }).jpeg()],
    [
      'got a frame',
      'cropped',
      (photo) => photo.extend({ top: 60, bottom: 60, left: 90, right: 90, background: '#000' }).jpeg(),
    ],
    ['lost their colour', 'edited', (photo) => photo.greyscale().jpeg()],
    ['were blurred', 'edited', (photo) => photo.blur(4).jpeg()],
    ['were made brighter', 'edited', (photo) => photo.linear(1.3, 20).jpeg()],
    ['became negatives', 'edited', (photo) => photo.negate().jpeg()],
    ['got a red mark on a hundredth of them', 'edited', (photo) => photo.composite([mark('#f00', 40)]).jpeg()],
    ['got a white mark on a two-hundredth of them', 'edited', (photo) => photo.composite([mark('#fff', 28)]).jpeg()],
    [
      'got a red mark and were reduced',
      'edited',
      async (photo) =>
        sharp(
          await photo
            .composite([mark('#f00', 60)])
            .png()
            .toBuffer(),
        )
          .resize(240)
          .jpeg(),
    ],
  ];

  it.each(cases)('that %s are told as %s', async (_, expected, change) => {
    const told: (PictureRelation | undefined)[] = [];
    for (const photo of photos(3)) {
      const copy = await sketchOf(await (await change(sharp(photo))).toBuffer());
      told.push(relationAt(confirmPictures(await sketchOf(photo), copy), COPY_SCORE));
    }
    // a grey photo loses no colour, a dark sky no light: one may be told otherwise
    expect(told.filter((relation) => relation === expected).length).toBeGreaterThanOrEqual(2);
    expect(told).not.toContain(undefined);
  });

  it.each([0.9, 0.8, 0.7, 0.6])(
    'are known when they are seen so far from the side that one is %d of the other',
    async (narrow) => {
      let found = 0;
      const all = photos(4);
      for (const [i, bytes] of all.entries()) {
        const photo = await decodeReduced(bytes);
        const seen = seenFromTheSide(photo, narrow, i % 2 === 0 ? 'left' : 'right', i < 2 ? 0 : 255);
        const { score, ifCopy, evidence } = confirmPictures(pictureSketch(photo), pictureSketch(seen));
        if (score < COPY_SCORE || evidence.corners === undefined) continue;
        found++;
        expect(['edited', 'cropped']).toContain(ifCopy);
        if (evidence.foreshortening !== undefined) expect(evidence.foreshortening).toBeCloseTo(1 / narrow, 0);
      }
      expect(found).toBeGreaterThanOrEqual(all.length - 1);
    },
  );

  it('tell how a copy was turned, and how much of the photo it shows', async () => {
    const [photo] = photos(1);
    const original = await sketchOf(photo!);
    const turned = confirmPictures(original, await sketchOf(await sharp(photo).rotate(90).jpeg().toBuffer()));
    expect(turned.evidence).toMatchObject({ turned: 90, mirrored: false });
    const { width, height } = await sharp(photo).metadata();
    const half = { left: 0, top: 0, width: Math.floor(width * 0.6), height: Math.floor(height * 0.6) };
    const cropped = confirmPictures(original, await sketchOf(await sharp(photo).extract(half).jpeg().toBuffer()));
    expect(cropped.evidence.ofFirst).toBeCloseTo(0.36, 1);
    expect(cropped.evidence.ofSecond).toBeGreaterThan(0.95);
    expect(cropped.evidence.scale).toBeCloseTo(1, 1);
  });

  it('of different things are no copies', async () => {
    const sketches = await Promise.all(photos(14).map(sketchOf));
    for (const [i, a] of sketches.entries())
      for (const b of sketches.slice(i + 1)) expect(confirmPictures(a, b).score).toBeLessThan(COPY_SCORE / 2);
  });

  it('are compared alike in either order', async () => {
    const [photo] = photos(1);
    const a = await sketchOf(photo!);
    const b = await sketchOf(
      await sharp(photo).extract({ left: 40, top: 30, width: 220, height: 200 }).jpeg().toBuffer(),
    );
    const [one, other] = [confirmPictures(a, b), confirmPictures(b, a)];
    expect(other.ifCopy).toBe(one.ifCopy);
    expect(Math.abs(other.score - one.score)).toBeLessThan(0.2);
  });
});

/** Discs of many sizes, seen from some way to the right and below. */
function discs(width: number, height: number, from: number): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let grey = 200;
      for (let disc = 0; disc < 40; disc++) {
        const [cx, cy, radius] = [(disc * 71) % 240, (disc * 113) % 200, 6 + ((disc * 29) % 23)];
        if (Math.hypot(x + from - cx, y + from - cy) < radius) grey = (disc * 47) % 256;
      }
      rgb.fill(grey, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return { width, height, rgb };
}

describe('What is remembered of pictures', () => {
  it('counts as long as they would be judged alike: when this fails, raise the number in PICTURE_RULES', () => {
    const whole = discs(240, 200, 0);
    const { score, ifCopy, evidence } = confirmPictures(pictureSketch(whole), pictureSketch(discs(190, 160, 30)));
    const { compared, corners, grain, ofFirst, difference } = evidence;
    const seen = [score, grain, ofFirst, difference].map((value) => value?.toFixed(4));
    expect([PICTURE_RULES, ifCopy, compared, corners, ...seen]).toEqual([
      ...['pictures 2', 'cropped', 58, 88],
      ...['1.0000', '0.9855', '0.6336', '2.5485'],
    ]);
  });
});
