// Files of the data sets that tests may use, read straight out of their archives.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const FOLDER = resolve(process.env.SANDGLASS_DATA ?? join(import.meta.dirname, '../../../shared/data'));
const BLOCK = 512;

export interface DataFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Why the archive cannot be used, for the title of a skipped test; undefined when it is there. */
export function missing(archive: string): string | undefined {
  return existsSync(join(FOLDER, archive)) ? undefined : `${archive} is not in SANDGLASS_DATA`;
}

/** The regular files of a tar or tar.gz archive. */
export function* archivedFiles(archive: string): Generator<DataFile> {
  const packed = readFileSync(join(FOLDER, archive));
  const tar = archive.endsWith('.gz') ? gunzipSync(packed) : packed;
  const text = (from: number, length: number) => tar.toString('utf8', from, from + length).replace(/\0.*$/s, '');
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const type = text(at + 156, 1);
    if (type === '0' || type === '') {
      const folder = text(at + 345, 155);
      const name = folder === '' ? text(at, 100) : `${folder}/${text(at, 100)}`;
      yield { name, bytes: tar.subarray(at + BLOCK, at + BLOCK + size) };
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}
