// The report's pictures: what each training drew, and auto-encoders beside PCA with as many numbers.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Device } from '../runtime/onnx-session.ts';
import type { LabData } from './lab-data.ts';
import type { LabRecipe } from './lab-recipes.ts';
import type { Pca } from './pca.ts';
import type { LabSheet } from './results.ts';
import { pictureShape } from './run-pictures.ts';
import { drawSheet } from './sheet.ts';
import { type RunManifest, reconstructPictures } from './trained-run.ts';

/** Test pictures that are shown beside PCA. */
const COMPARED = 16;

/** The sheet of a training's last epoch, and what else it drew that is worth a place. */
export async function sheetsOfRun(folder: string, manifest: RunManifest, listed: LabRecipe): Promise<LabSheet[]> {
  const { recipe, epoch, denoising } = manifest;
  const run = recipe.name;
  const sheets: LabSheet[] = [];
  const add = async (name: string, sheet: Omit<LabSheet, 'png' | 'run'>) => {
    const png = await readFile(join(folder, name)).catch(() => undefined);
    if (png !== undefined) sheets.push({ ...sheet, run, png: base64(png) });
  };
  await add(`sheets/epoch-${String(epoch).padStart(4, '0')}.png`, {
    title: denoising === undefined ? 'Test pictures and their reconstructions' : 'Noisy test pictures, restored',
    caption:
      denoising === undefined
        ? 'Above what went in, below what came out.'
        : 'Above what the network saw, in the middle what it made of it, below the clean picture it never saw.',
    bands: denoising === undefined ? ['original', 'reconstruction'] : ['noisy', 'restored', 'clean'],
    blocks: 4,
  });
  await add('samples.png', {
    title: 'Pictures that were never there',
    caption: 'Codes drawn from the standard normal distribution, and what the decoder makes of them.',
    bands: [],
  });
  if (listed.filters) {
    await add('first-layer.png', {
      title: 'What the first layer looks for',
      caption: 'The weights of each unit: white where light speaks for it, black where light speaks against it.',
      bands: [],
    });
  }
  return sheets;
}

/** The first test pictures as they are, as the auto-encoder and as PCA gives them back. */
export async function sheetBesidePca(
  folder: string,
  manifest: RunManifest,
  pca: Pca,
  { test, shape }: LabData,
  device: Device,
): Promise<LabSheet> {
  const { codeSize } = manifest;
  const pixels = test.pixels.subarray(0, Math.min(COMPARED, test.rows) * test.width);
  const labels = ['original', `auto-encoder, ${codeSize}`, `PCA, ${codeSize}`];
  const png = await drawSheet(
    [
      { label: labels[0]!, pictures: pixels },
      { label: labels[1]!, pictures: await reconstructPictures(folder, pixels, device) },
      { label: labels[2]!, pictures: pca.decode(pca.encode(pixels, codeSize), codeSize) },
    ],
    { shape: pictureShape(shape)! },
  );
  return {
    title: `${codeSize} numbers a picture`,
    caption: `Above the original, in the middle the auto-encoder’s, below PCA’s reconstruction from ${codeSize} numbers.`,
    bands: labels,
    blocks: Math.ceil(pixels.length / test.width / 8),
    png: base64(png),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
