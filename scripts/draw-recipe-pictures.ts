// Draws docs/recipes/<name>.png: each named recipe trained for a few epochs on pictures of our own, and what it makes of them.
// npx tsx scripts/draw-recipe-pictures.ts [recipe …]   (build first)
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp, { type OverlayOptions } from 'sharp';
import { type DrawnDigits, drawDigits, writeIdx } from '../dist/lab/drawn-digits.js';
import { drawSheet } from '../dist/lab/sheet.js';
import { encodePictures, type RunManifest, readManifest, reconstructPictures } from '../dist/lab/trained-run.js';
import { type Recipe, recipes, train } from '../dist/sandglass.js';
import { drawPictures } from './draw-pictures.ts';

const OUTPUT = fileURLToPath(new URL('../docs/recipes', import.meta.url));
const SEED = 1234;
const TRAINED = 7000;
const TESTED = 1000;
const EPOCHS = 12;
const BATCH = 64;
/** Colour pictures are fewer, larger and all different: smaller steps, and more of them. */
const COLOUR_PICTURES = 924;
const COLOUR_TRAINING = { epochs: 40, batch: 8, rate: 1e-3 };
const COLOUR_COLUMNS = 5;
/** The block of the sheet where mountains and planets are. */
const COLOUR_BLOCK = 2;

/** Pictures in a line of a sheet, and lines that are shown. */
const COLUMNS = 8;
const BLOCKS = 2;
const SIDE = 28;
/** A picture of 28 × 28 on a sheet, with its gap. */
const STEP = 3 * SIDE + 2;
const GAP = 2;
const BLOCK_GAP = 10;
const SHEET_WIDTH = COLUMNS * STEP + GAP;
/** Shades that a digit is drawn with: a small file, and nobody sees the others. */
const SHADES = 16;
const MAP_COLOURS = 48;

/** Recipes whose first layer is worth a look. */
const WITH_FILTERS: ReadonlySet<string> = new Set(['tied', 'sparse', 'contractive']);

/** Of the digits on the map. */
const COLOURS = [
  '#4269d0',
  '#efb118',
  '#ff725c',
  '#6cc5b0',
  '#3ca951',
  '#ff8ab7',
  '#a463f2',
  '#97bbf5',
  '#9c6b4e',
  '#333',
];

const scratch = mkdtempSync(join(tmpdir(), 'sandglass-recipes-'));
try {
  mkdirSync(OUTPUT, { recursive: true });
  const digits = join(scratch, 'digits');
  const drawn = drawDigits({ count: TRAINED + TESTED, seed: SEED });
  const test = part(drawn, TRAINED, TRAINED + TESTED);
  await writeIdx(digits, { train: part(drawn, 0, TRAINED), test });
  const asked = process.argv.slice(2);
  for (const recipe of await recipes()) {
    if (recipe.input.values !== 'pixels' || (asked.length > 0 && !asked.includes(recipe.name))) continue;
    const began = performance.now();
    const file = join(OUTPUT, `${recipe.name}.png`);
    if (recipe.input.shape[0] === 3) await drawColour(recipe, file);
    else await drawDigitsOf(recipe, digits, test, file);
    console.log(`${recipe.name}  ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function drawDigitsOf(recipe: Recipe, data: string, test: DrawnDigits, file: string): Promise<void> {
  const out = join(scratch, recipe.name);
  const manifest = await trained(recipe, data, out, { epochs: EPOCHS, batch: BATCH });
  const parts: Promise<Buffer>[] = [];
  if (recipe.bits) parts.push(sheetWithBits(out, manifest, test));
  else parts.push(lastSheet(out, manifest));
  if (WITH_FILTERS.has(recipe.name)) parts.push(cutOut(join(out, 'first-layer.png'), SHEET_WIDTH, linesHigh(2)));
  if (recipe.name === 'vae') parts.push(cutOut(join(out, 'samples.png'), SHEET_WIDTH, linesHigh(2)));
  const hasMap = recipe.name === 'deep-mnist-2';
  if (hasMap) parts.push(map(out, manifest, test));
  await writeStacked(await Promise.all(parts), hasMap ? MAP_COLOURS : SHADES, file);
}

/** Pictures in colour make large files: a line of five. */
async function drawColour(recipe: Recipe, file: string): Promise<void> {
  const pictures = await drawPictures(join(scratch, 'drawings'), { count: COLOUR_PICTURES, seed: SEED });
  const out = join(scratch, recipe.name);
  const { epoch } = await trained(recipe, pictures.originals, out, COLOUR_TRAINING);
  const [, side = 0] = recipe.input.shape;
  const step = side + GAP;
  const block = COLOUR_BLOCK * (3 * step + BLOCK_GAP - GAP);
  const sheet = await cutOut(sheetFile(out, epoch), COLOUR_COLUMNS * step + GAP, 3 * step + GAP, block);
  await sharp(sheet).png({ palette: true, colours: 64 }).toFile(file);
}

async function trained(
  recipe: Recipe,
  data: string,
  out: string,
  changes: { readonly epochs: number; readonly batch: number; readonly rate?: number },
): Promise<RunManifest> {
  for await (const _ of train({ recipe: recipe.name, data, out, device: 'cpu', ...changes }));
  return (await readManifest(out))!;
}

function sheetFile(out: string, epoch: number): string {
  return join(out, `sheets/epoch-${String(epoch).padStart(4, '0')}.png`);
}

/** The first sixteen pictures of the sheet of the epoch that was kept. */
function lastSheet(out: string, { epoch, denoising }: RunManifest): Promise<Buffer> {
  return cutOut(sheetFile(out, epoch), SHEET_WIDTH, blocksHigh(denoising === undefined ? 2 : 3));
}

/** Originals, reconstructions, and between them the code: 64 bits as 8 × 8 squares. */
async function sheetWithBits(out: string, manifest: RunManifest, { pixels }: DrawnDigits): Promise<Buffer> {
  const rows = COLUMNS * BLOCKS;
  const width = SIDE * SIDE;
  const shown = pixels.slice(0, rows * width);
  const { bits } = await encodePictures(out, manifest, { pixels: shown, rows, width }, 'cpu');
  const codes = new Uint8Array(rows * width);
  for (let at = 0; at < codes.length; at++) {
    const [y, x] = [Math.floor((at % width) / SIDE) - 2, (at % SIDE) - 2];
    if (y < 0 || x < 0 || y >= 24 || x >= 24) continue;
    const bit = 8 * Math.floor(y / 3) + Math.floor(x / 3);
    codes[at] = (bits![Math.floor(at / width) * 8 + (bit >> 3)]! >> (bit & 7)) & 1 ? 255 : 40;
  }
  const sheet = await drawSheet(
    [
      { label: 'original', pictures: shown },
      { label: 'bits', pictures: codes },
      { label: 'reconstruction', pictures: await reconstructPictures(out, shown, 'cpu') },
    ],
    { shape: [SIDE, SIDE] },
  );
  return Buffer.from(sheet);
}

/** Each test picture at the place that the two numbers of its code name, written as its digit. */
async function map(out: string, manifest: RunManifest, { pixels, labels }: DrawnDigits): Promise<Buffer> {
  const rows = labels.length;
  const { codes } = await encodePictures(out, manifest, { pixels, rows, width: SIDE * SIDE }, 'cpu');
  const height = 380;
  const place = (axis: 0 | 1, length: number) => {
    const values = Array.from({ length: rows }, (_, i) => codes[2 * i + axis]!);
    const sorted = values.toSorted((a, b) => a - b);
    // A few far ones would squeeze all others together.
    const [low, high] = [sorted[Math.floor(rows * 0.01)]!, sorted[Math.ceil(rows * 0.99) - 1]!];
    return values.map((value) => 12 + ((value - low) / (high - low)) * (length - 24));
  };
  const [xs, ys] = [place(0, SHEET_WIDTH), place(1, height)];
  const marks = xs.map((x, i) => {
    const digit = labels[i]!;
    return `<circle cx="${x.toFixed(1)}" cy="${ys[i]!.toFixed(1)}" r="4" fill="${COLOURS[digit]}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" shape-rendering="crispEdges" width="${SHEET_WIDTH}" height="${height}"><rect width="100%" height="100%" fill="#fff"/>${marks.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

function linesHigh(lines: number): number {
  return lines * STEP + GAP;
}

function blocksHigh(bands: number): number {
  return BLOCKS * bands * STEP + (BLOCKS - 1) * (BLOCK_GAP - GAP) + GAP;
}

/** From the left edge, from the top or a little below. */
function cutOut(file: string, width: number, height: number, top = 0): Promise<Buffer> {
  return sharp(readFileSync(file)).extract({ left: 0, top, width, height }).png().toBuffer();
}

/** Pictures of one width under one another, in one file. */
async function writeStacked(parts: readonly Buffer[], colours: number, file: string): Promise<void> {
  const overlays: OverlayOptions[] = [];
  let top = 0;
  for (const input of parts) {
    overlays.push({ input, left: 0, top });
    top += (await sharp(input).metadata()).height + BLOCK_GAP;
  }
  const height = top - BLOCK_GAP;
  const paper = sharp({ create: { width: SHEET_WIDTH, height, channels: 3, background: '#808080' } });
  const flat = await paper.composite(overlays).png().toBuffer();
  await sharp(flat).png({ palette: true, colours, dither: 0 }).toFile(file);
}

function part({ pixels, labels }: DrawnDigits, first: number, end: number): DrawnDigits {
  return { pixels: pixels.subarray(first * SIDE * SIDE, end * SIDE * SIDE), labels: labels.subarray(first, end) };
}
