// What the shipped encoders of pictures learn from, as thumbnails; made once and kept for later runs.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../bench/data.ts';
import type { Picture } from '../../dist/image/picture.js';
import { Random } from '../../dist/training/random.js';
import type { Thumbnails } from '../../dist/training/recipes/image.js';
import { cifarPictures } from './cifar-pictures.ts';
import { type CopySet, makeCopySet, thumbnailOf } from './held-out-copies.ts';
import { proceduralPictures } from './procedural-pictures.ts';

const SIDE = 64;
const BYTES = 3 * SIDE * SIDE;
const CIFAR_PICTURES = 50_000;
/** Of the check: pictures of the test part, and how many of either half are copied. */
const CHECKED = 1000;
const COPIED = 100;

/** @param cifar how many of the 50,000 training pictures @param procedural how many drawn ones */
export async function trainingPictures(cifar: number, procedural: number, seed: number): Promise<Thumbnails> {
  const thumbnails = new Uint8Array((cifar + procedural) * BYTES);
  if (cifar > 0) {
    const all = await keptThumbnails('copy-cifar', async () => {
      const made = new Uint8Array(CIFAR_PICTURES * BYTES);
      let row = 0;
      for await (const pictures of cifarPictures('train', SIDE)) {
        for (const picture of pictures) made.set(thumbnailOf(picture), BYTES * row++);
      }
      return made;
    });
    // They lie by classes.
    const order = new Random(seed).permutation(CIFAR_PICTURES);
    for (let i = 0; i < cifar; i++) thumbnails.set(rowOf(all, order[i]!), i * BYTES);
  }
  if (procedural > 0) {
    const drawn = await keptThumbnails(`copy-procedural-${procedural}`, () => proceduralPictures(procedural));
    thumbnails.set(drawn, cifar * BYTES);
  }
  return { rows: cifar + procedural, thumbnails };
}

const PARTS = ['database', 'copies', 'strangers'] as const;

/** Copies of pictures of CIFAR-10's test part, which nothing is trained on. */
export async function checkedCopies(): Promise<CopySet> {
  const folder = await cached('copy-checked-2', async (empty) => {
    const { names, copied, ...parts } = await makeCopySet(await checkedPictures(), COPIED);
    for (const part of PARTS) writeFileSync(join(empty, part), parts[part]);
    writeFileSync(join(empty, 'set.json'), JSON.stringify({ names, copied }));
  });
  const { names, copied } = JSON.parse(readFileSync(join(folder, 'set.json'), 'utf8')) as CopySet;
  const [database, copies, strangers] = PARTS.map((part) => readFileSync(join(folder, part))) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  return { names, copied, database, copies, strangers };
}

async function checkedPictures(): Promise<Picture[]> {
  const pictures: Picture[] = [];
  let i = 0;
  for await (const some of cifarPictures('test', 160)) {
    // Every tenth, for they lie by classes; then shuffled, so that both halves are of all classes.
    for (const picture of some) if (i++ % 10 === 0) pictures.push(picture);
  }
  return [...new Random(1).permutation(pictures.length)].map((at) => pictures[at]!).slice(0, CHECKED);
}

async function keptThumbnails(name: string, make: () => Uint8Array | Promise<Uint8Array>): Promise<Uint8Array> {
  const file = 'thumbnails.bin';
  const folder = await cached(name, async (empty) => writeFileSync(join(empty, file), await make()));
  return readFileSync(join(folder, file));
}

function rowOf(thumbnails: Uint8Array, row: number): Uint8Array {
  return thumbnails.subarray(row * BYTES, (row + 1) * BYTES);
}
