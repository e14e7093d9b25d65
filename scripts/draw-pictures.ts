// Draws a folder of pictures, all different, and edited copies of them: something to search that needs no download.
// Alone: tsx scripts/draw-pictures.ts <folder> [count]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { type Drawing, HEIGHT, WIDTH } from './pictures/canvas.ts';
import { curves, maze, panels, rays, shapes, tiles } from './pictures/compositions.ts';
import { EDITS } from './pictures/edit.ts';
import { chart, letter, map } from './pictures/papers.ts';
import { Random } from './pictures/random.ts';
import { city, flowers, mountains, planet, sea, tree } from './pictures/scenes.ts';
import { cells, currents, deadLeaves, julia, marble, plasma, relief } from './pictures/textures.ts';

const SUBJECTS: Readonly<Record<string, (random: Random) => Drawing>> = {
  mountains,
  city,
  sea,
  tree,
  planet,
  flowers,
  plasma,
  marble,
  cells,
  julia,
  'dead-leaves': deadLeaves,
  currents,
  relief,
  panels,
  shapes,
  tiles,
  maze,
  curves,
  rays,
  chart,
  letter,
  map,
};

/** Quality of the originals, as a camera would save them. */
const QUALITY = 92;

export interface DrawnPictures {
  /** Folder of the originals: JPEG files, 400 × 300. */
  readonly originals: string;
  /** Folder of the edited copies, one subfolder for each kind of edit. */
  readonly edited: string;
  /** Table of path<TAB>original that tells which copy was made of which picture; for `sandglass compare --labels`. */
  readonly labels: string;
  readonly originalCount: number;
  readonly editedCount: number;
}

export interface DrawOptions {
  /** How many originals. */
  readonly count: number;
  readonly seed: number;
  onDrawn?(done: number, total: number): void;
}

/** Draws `count` originals and one edited copy of each, the kinds of edits taking turns. Same seed, same pictures. */
export async function drawPictures(folder: string, { count, seed, onDrawn }: DrawOptions): Promise<DrawnPictures> {
  const originals = join(folder, 'drawings');
  const edited = join(folder, 'edited');
  const labels = join(folder, 'labels.tsv');
  mkdirSync(originals, { recursive: true });
  for (const { name } of EDITS) mkdirSync(join(edited, name), { recursive: true });

  const subjects = Object.entries(SUBJECTS);
  const rows: string[] = [];
  for (let drawn = 0; drawn < count; drawn++) {
    const [subject, draw] = subjects[drawn % subjects.length]!;
    const random = new Random(seed * 10_007 + drawn);
    const file = `${subject}-${String(1 + Math.floor(drawn / subjects.length)).padStart(2, '0')}.jpg`;
    const picture = await asJpeg(draw(random));
    writeFileSync(join(originals, file), picture);
    const edit = EDITS[(drawn + Math.floor(drawn / subjects.length)) % EDITS.length]!;
    writeFileSync(join(edited, edit.name, file), await edit.apply(picture, random));
    rows.push(`drawings/${file}\t${file}`, `edited/${edit.name}/${file}\t${file}`);
    onDrawn?.(drawn + 1, count);
  }
  writeFileSync(labels, `${rows.join('\n')}\n`);
  return { originals, edited, labels, originalCount: count, editedCount: count };
}

function asJpeg(drawing: Drawing): Promise<Buffer> {
  const picture =
    'svg' in drawing
      ? sharp(Buffer.from(drawing.svg))
      : sharp(drawing.pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
  return picture.flatten().jpeg({ quality: QUALITY }).toBuffer();
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, count = '176'] = process.argv.slice(2);
  if (folder === undefined) {
    process.stderr.write('usage: tsx scripts/draw-pictures.ts <folder> [count]\n');
    process.exitCode = 2;
  } else await drawPictures(folder, { count: Number(count), seed: 1234 });
}
