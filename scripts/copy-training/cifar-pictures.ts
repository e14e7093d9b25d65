// The pictures of CIFAR-10, for training and for the check on pictures that were never trained on.
import sharp from 'sharp';
import { archivedFiles, demand } from '../../bench/data.ts';
import type { Picture } from '../../dist/image/picture.js';

const ARCHIVE = 'cifar10-jpeg/cifar10-jpeg.tar.gz';
/** Files that are decoded at a time. */
const AT_ONCE = 512;

/** Pictures of a part, enlarged without edges between pixels; in the order of the archive. */
export async function* cifarPictures(part: 'train' | 'test', side: number): AsyncGenerator<Picture[]> {
  demand(ARCHIVE);
  const files = [...archivedFiles(ARCHIVE)].filter(({ name }) => new RegExp(`(^|/)${part}/.*\\.jpg$`).test(name));
  for (let from = 0; from < files.length; from += AT_ONCE) {
    yield Promise.all(files.slice(from, from + AT_ONCE).map(({ bytes }) => enlarged(bytes, side)));
  }
}

async function enlarged(file: Buffer, side: number): Promise<Picture> {
  const rgb = await sharp(file)
    .resize(side, side, { kernel: 'lanczos3' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  return { width: side, height: side, rgb };
}
