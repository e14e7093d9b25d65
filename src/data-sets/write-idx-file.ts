// Writes an IDX file of unsigned bytes.
import { open } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { idxHeader } from './idx-header.ts';

/**
 * @param sizes of each axis; their product is the number of values
 * @throws RangeError when the values do not fill the axes; the errors of node:fs
 */
export async function writeIdxFile(
  path: string,
  sizes: readonly number[],
  values: Uint8Array,
  { gzip = false }: { readonly gzip?: boolean } = {},
): Promise<void> {
  const expected = sizes.reduce((product, size) => product * size, 1);
  if (values.length !== expected) {
    throw new RangeError(`Expected ${expected} values (${sizes.join(' × ')}) but received ${values.length}.`);
  }
  const content = [idxHeader(sizes), values];
  const file = await open(path, 'w');
  try {
    for (const bytes of gzip ? [gzipSync(Buffer.concat(content))] : content) await file.writeFile(bytes);
  } finally {
    await file.close();
  }
}
