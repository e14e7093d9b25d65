// sharp alone: decodes every picture of a folder to 64 × 64 raw pixels, two at a time. Usage: bare-sharp.mjs <folder>
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { measured } from './measured.mjs';

const LANES = 2;

const [folder] = process.argv.slice(2);
sharp.concurrency(1);
sharp.cache(false);

await measured(async () => {
  const files = readdirSync(folder).map((name) => join(folder, name));
  let next = 0;
  const lane = async () => {
    while (next < files.length) await sharp(files[next++]).resize(64, 64).raw().toBuffer();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return files.length;
});
