// How many bytes an index takes on the disk.

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../output-error.ts';
import type { IndexLayout } from './layout.ts';

/** Bytes, part by part. */
export interface IndexSize {
  /** With its write-ahead log, while there is one. */
  readonly catalog: number;
  readonly encoders: number;
  readonly hnsw: number;
  /** Code files. */
  readonly codes: number;
}

export async function indexSize(layout: IndexLayout): Promise<IndexSize> {
  const [database, log, encoders, hnsw, codes] = await Promise.all([
    sizeOf(layout.catalog),
    sizeOf(`${layout.catalog}-wal`),
    sizeOf(layout.encoders),
    sizeOf(layout.hnsw),
    sizeOf(layout.codes),
  ]);
  return { catalog: database + log, encoders, hnsw, codes };
}

/** Bytes of a file, or of all files below a folder; 0 of what is not there. Opens nothing: see `lock` in layout.ts. */
export async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return found.size;
    const sizes = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))));
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch (thrown) {
    // Another process may take a file away while its folder is read.
    if (errnoOf(thrown) === 'ENOENT') return 0;
    throw thrown;
  }
}
