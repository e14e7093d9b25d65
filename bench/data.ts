// The data sets, unpacked where benchmarks find them again. They are named by SANDGLASS_DATA.
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const DATA = resolve(process.env.SANDGLASS_DATA ?? join(import.meta.dirname, '../../shared/data'));
const CACHE = join(tmpdir(), 'sandglass-bench');
const BLOCK = 512;

export interface DataFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Where a file of the data sets is, or would be. */
export function dataPath(archive: string): string {
  return join(DATA, archive);
}

/** Ends the benchmark, with the reason, when an archive is not there. */
export function demand(...archives: string[]): void {
  for (const archive of archives) {
    if (existsSync(join(DATA, archive))) continue;
    console.log(`skipped: ${join(DATA, archive)} is not there (name the folder of data sets with SANDGLASS_DATA)`);
    process.exit(0);
  }
}

/** The regular files of a tar or tar.gz archive, in its order. Long names stand in a record of their own before the file, or in two fields. */
export function* archivedFiles(archive: string): Generator<DataFile> {
  const packed = readFileSync(join(DATA, archive));
  const tar = archive.endsWith('.gz') ? gunzipSync(packed) : packed;
  const text = (from: number, length: number) => tar.toString('utf8', from, from + length).replace(/\0.*$/s, '');
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const type = text(at + 156, 1);
    if (type === 'L') longName = text(at + BLOCK, size);
    else if (type === 'x') longName = /(?:^|\n)\d+ path=(.*)\n/.exec(text(at + BLOCK, size))?.[1];
    else {
      const folder = text(at + 257, 6).startsWith('ustar') && text(at + 262, 1) !== ' ' ? text(at + 345, 155) : '';
      const name = longName ?? (folder === '' ? text(at, 100) : `${folder}/${text(at, 100)}`);
      longName = undefined;
      if (type === '0' || type === '') yield { name, bytes: tar.subarray(at + BLOCK, at + BLOCK + size) };
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** The JPEGs of an archive. */
export function* jpegs(archive: string): Generator<DataFile> {
  for (const file of archivedFiles(archive)) if (file.name.endsWith('.jpg')) yield file;
}

/**
 * A folder that is made once and kept for later runs; `--fresh` makes it anew.
 *
 * @param make fills an empty folder
 */
export async function cached(name: string, make: (folder: string) => void | Promise<void>): Promise<string> {
  const folder = join(CACHE, name);
  if (process.argv.includes('--fresh')) rmSync(folder, { recursive: true, force: true });
  if (existsSync(folder)) return folder;
  console.error(`making ${folder}`);
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await make(unfinished);
  renameSync(unfinished, folder);
  return folder;
}

/** Writes files below a folder, making the folders between. */
export function writeFiles(folder: string, files: Iterable<DataFile>): void {
  for (const { name, bytes } of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
}

/** An empty folder's path, or a copy of `original`; whatever stood there is removed. */
export function scratch(name: string, original?: string): string {
  const folder = join(CACHE, `scratch-${name}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  if (original !== undefined) cpSync(original, folder, { recursive: true });
  return folder;
}
