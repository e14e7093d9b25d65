// Real documents of many programs, whole and damaged, read straight from the archive that SANDGLASS_DATA names.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const ARCHIVE = join(
  resolve(process.env.SANDGLASS_DATA ?? join(import.meta.dirname, '../../../../shared/data')),
  'documents-dev/documents-dev.tar.gz',
);

/** Why the documents cannot be read, or undefined when they can. */
export const DOCUMENTS_ABSENT = existsSync(ARCHIVE) ? undefined : 'documents-dev.tar.gz is not in SANDGLASS_DATA';

export interface RealDocument {
  /** The path inside the archive. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The documents whose names end so, in the order of the archive. */
export function realDocuments(...extensions: readonly string[]): RealDocument[] {
  const tar = gunzipSync(readFileSync(ARCHIVE));
  const documents: RealDocument[] = [];
  // a tar file: blocks of 512 bytes; a header has the name at 0, the size in octal at 124, the type at 156
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const name = tar.toString('utf8', at, tar.indexOf(0, at));
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8);
    if (tar[at + 156] === 0x30 && extensions.some((extension) => name.endsWith(`.${extension}`))) {
      documents.push({ name, bytes: tar.subarray(at + 512, at + 512 + size) });
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return documents;
}
