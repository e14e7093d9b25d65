// The handwritten digits of MNIST, read straight from the four files that SANDGLASS_DATA names.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const FOLDER = join(resolve(process.env.SANDGLASS_DATA ?? join(import.meta.dirname, '../../../shared/data')), 'mnist');

/** Why tests on MNIST cannot run; undefined when they can. */
export const MNIST_ABSENT = existsSync(join(FOLDER, 'train-images-idx3-ubyte.gz'))
  ? undefined
  : 'mnist is not in SANDGLASS_DATA';

/** Pictures [rows, 784] of the `train` or `t10k` files, and their digits. */
export function readMnist(part: 'train' | 't10k'): { pixels: Uint8Array; labels: Uint8Array } {
  const read = (name: string, header: number) =>
    new Uint8Array(gunzipSync(readFileSync(join(FOLDER, `${part}-${name}-ubyte.gz`)))).slice(header);
  return { pixels: read('images-idx3', 16), labels: read('labels-idx1', 8) };
}
