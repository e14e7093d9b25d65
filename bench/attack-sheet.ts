// All attacks on one photo as one picture, to look at them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type OverlayOptions } from 'sharp';
import { seededRandom } from '../dist/compare/random.js';
import { photoFiles } from './attacked-photos.ts';
import { scratch } from './data.ts';
import { ATTACKS, attackedFile, decodedPixels } from './image-attacks.ts';

const COLUMNS = 10;
const CELL = { width: 200, height: 150 };
const LABEL = 16;

/** Draws the sheet for the photo in this place of the sorted 300. @returns the path of the PNG */
export async function drawAttackSheet(place: number): Promise<string> {
  const { folder, paths } = await photoFiles();
  const picture = await decodedPixels(readFileSync(join(folder, paths[place]!)));
  const cells: OverlayOptions[] = [];
  for (const [i, attack] of ATTACKS.entries()) {
    const { bytes } = await attackedFile(attack, picture, seededRandom('attack', paths[place]!, attack.name));
    const [left, top] = [(i % COLUMNS) * CELL.width, Math.floor(i / COLUMNS) * (CELL.height + LABEL)];
    const label = `<svg width="${CELL.width}" height="${LABEL}"><text x="4" y="12" font-size="12" font-family="sans-serif">${attack.name}</text></svg>`;
    cells.push(
      { input: Buffer.from(label), left, top },
      {
        input: await sharp(bytes).resize(CELL.width, CELL.height, { fit: 'inside' }).png().toBuffer(),
        left,
        top: top + LABEL,
      },
    );
  }
  const rows = Math.ceil(ATTACKS.length / COLUMNS);
  const sheet = sharp({
    create: { width: COLUMNS * CELL.width, height: rows * (CELL.height + LABEL), channels: 3, background: 'white' },
  });
  const file = `${scratch('attack-sheet')}.png`;
  writeFileSync(file, await sheet.composite(cells).png().toBuffer());
  return file;
}
