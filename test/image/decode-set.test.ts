import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodeImage, decodeReduced, type Picture } from '../../src/image/decode.ts';
import { archivedFiles, missing } from './data-set.ts';

const FORMATS = 'image-formats-dev/image-formats-dev.tar.gz';
const reason = missing(FORMATS);
const skipped = reason === undefined ? '' : ` (skipped: ${reason})`;
const withFormats = reason === undefined ? it : it.skip;

/** By another program, see scripts/fixtures/pillow-pictures.py: width, height, colours of the quarters. */
const others: Readonly<Record<string, readonly number[]>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'pillow-pictures.json'), 'utf8'),
);
/** Faulty on purpose, or of a variant that is seldom seen; the other program reads what is left of them. */
const REFUSED = ['badplanes.bmp', 'pal8badindex.bmp', 'rletopdown.bmp', 'mmap_error.bmp'];
/** What rounding and other curves of grey account for; a channel or a quarter that is exchanged is far beyond it. */
const FARTHEST = 12;

const outcomes = new Map<string, number>();
const wrong: string[] = [];
const refused: string[] = [];
const strange: string[] = [];
let temporary: readonly string[] = [];

/** Average red, green and blue of the four quarters. */
function quarters({ width, height, rgb }: Picture): number[] {
  const sums = new Float64Array(12);
  const counts = new Float64Array(4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const quarter = (y * 2 >= height ? 2 : 0) + (x * 2 >= width ? 1 : 0);
      counts[quarter]!++;
      for (let colour = 0; colour < 3; colour++) sums[quarter * 3 + colour]! += rgb[(y * width + x) * 3 + colour]!;
    }
  }
  return [...sums].map((sum, i) => sum / counts[Math.floor(i / 3)]!);
}

async function readOne(name: string, bytes: Uint8Array): Promise<void> {
  const other = others[basename(name)];
  const picture = await (other === undefined ? decodeReduced : decodeImage)(bytes).catch((error) => {
    const { code, message } = error;
    if (error.name !== 'SandglassError' || !(message.length > 20)) strange.push(`${name}: ${error}`);
    outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
  });
  if (picture === undefined) {
    if (other !== undefined) refused.push(basename(name));
    return;
  }
  const outcome = picture.partial ? 'partial' : 'whole';
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  if (other === undefined) return;
  const [width, height, ...colours] = other;
  if (picture.width !== width || picture.height !== height) wrong.push(`${name}: ${picture.width} × ${picture.height}`);
  // quarters of a few pixels are cut differently
  if (Math.min(picture.width, picture.height) < 8) return;
  const far = Math.max(...quarters(picture).map((value, i) => Math.abs(value - colours[i]!)));
  if (far > FARTHEST) wrong.push(`${name}: off by ${far}`);
}

describe('real files of many programs, broken and hostile ones among them', () => {
  beforeAll(async () => {
    if (reason !== undefined) return;
    temporary = readdirSync(tmpdir()).filter((name) => /magick|vips/i.test(name));
    for (const { name, bytes } of archivedFiles(FORMATS)) await readOne(name, bytes);
  }, 900_000);

  withFormats(`are read, or refused with a reason${skipped}`, () => {
    expect(strange).toEqual([]);
    expect(outcomes.get('whole')).toBeGreaterThan(540);
    expect(outcomes.has('READ_TIMEOUT')).toBe(false);
  });

  withFormats(`look as they do in another program, in formats beyond the common ones${skipped}`, () => {
    expect(wrong).toEqual([]);
    expect(refused.sort()).toEqual(REFUSED.toSorted());
  });

  withFormats(`are not taken for white paper where a decoder gives up in silence${skipped}`, async () => {
    const tiles = [...archivedFiles(FORMATS)].find(({ name }) => name.endsWith('ojpeg-tile.tif'))!;
    const { rgb } = await decodeImage(tiles.bytes);
    expect(rgb.filter((value) => value > 250).length / rgb.length).toBeLessThan(0.1);
  });

  withFormats(`leave no temporary files${skipped}`, () => {
    expect(readdirSync(tmpdir()).filter((name) => /magick|vips/i.test(name))).toEqual(temporary);
  });
});
