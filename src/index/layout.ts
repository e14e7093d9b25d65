// Where the files of one index lie.

import { closeSync, fsyncSync, mkdirSync, openSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { errnoOf } from '../output-error.ts';
import { writeError } from './file-errors.ts';

/** The name of an index directory that is found without being named. */
export const INDEX_DIRECTORY = '.sandglass';

/** The files of one index directory; absolute paths. */
export interface IndexLayout {
  readonly directory: string;
  readonly catalog: string;
  /** Settings of this index, written by the user. */
  readonly config: string;
  /** One folder for each trained or imported encoder, named by its fingerprint. */
  readonly encoders: string;
  /** Graph files, made from the codes and made again when they do not fit. */
  readonly hnsw: string;
  /** Code files, made from the codes and made again when they do not fit. Made with the first one. */
  readonly codes: string;
  /** One journal for each plan that was applied: how it is undone. Made with the first one. */
  readonly runs: string;
  /** What was seen of pairs of pictures; made again when it is not there. */
  readonly checks: string;
  /** Locked while a process writes. Never read: closing it a second time would drop the lock on some systems. */
  readonly lock: string;
  /** Says who writes. */
  readonly writer: string;
}

/** The layout of an index directory, whether or not it exists. */
export function indexLayout(directory: string): IndexLayout {
  const base = resolve(directory);
  return {
    directory: base,
    catalog: join(base, 'catalog.sqlite'),
    config: join(base, 'config.json'),
    encoders: join(base, 'encoders'),
    hnsw: join(base, 'hnsw'),
    codes: join(base, 'codes'),
    runs: join(base, 'runs'),
    checks: join(base, 'checks.jsonl'),
    lock: join(base, 'writer.lock'),
    writer: join(base, 'writer.json'),
  };
}

/** The folder of an encoder. @param fingerprint 64 hexadecimal digits */
export function encoderFolder(layout: IndexLayout, fingerprint: string): string {
  return join(layout.encoders, checkedFingerprint(fingerprint));
}

/** The graph file over the codes of an encoder, and the JSON beside it. @param fingerprint 64 hexadecimal digits */
export function hnswFiles(layout: IndexLayout, fingerprint: string): { graph: string; sidecar: string } {
  const name = checkedFingerprint(fingerprint);
  return { graph: join(layout.hnsw, `${name}.hnsw`), sidecar: join(layout.hnsw, `${name}.json`) };
}

/** A file of the codes of an encoder. @param fingerprint 64 hexadecimal digits @param what of the codes, and in which form */
export function codeFile(layout: IndexLayout, fingerprint: string, what: string): string {
  return join(layout.codes, `${checkedFingerprint(fingerprint)}-${what}.codes`);
}

// A fingerprint becomes a file name, and it may come from a catalog that someone else made.
function checkedFingerprint(fingerprint: string): string {
  if (/^[0-9a-f]{64}$/.test(fingerprint)) return fingerprint;
  throw new TypeError(`Expected 64 hexadecimal digits for fingerprint but received ${JSON.stringify(fingerprint)}`);
}

/**
 * Makes an index directory with its folders; what is there already is kept. A `.gitignore` inside keeps it out of commits.
 *
 * @throws SandglassError `INDEX_READ_ONLY` or `DISK_FULL` when it cannot be made
 */
export function createIndexDirectory(directory: string): IndexLayout {
  const layout = indexLayout(directory);
  try {
    const isNew = !isDirectory(layout.directory);
    mkdirSync(layout.encoders, { recursive: true });
    mkdirSync(layout.hnsw, { recursive: true });
    // Its name must outlive a power cut before anything in it is called stored.
    if (isNew) syncFolder(dirname(layout.directory));
    writeFileSync(join(layout.directory, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (thrown) {
    const madeBefore = errnoOf(thrown) === 'EEXIST' && isDirectory(layout.directory);
    if (!madeBefore) throw writeError(thrown, layout.directory);
  }
  return layout;
}

/** The nearest index directory in `from` or a folder above it, or undefined. */
export function findIndexDirectory(from: string): string | undefined {
  let folder = resolve(from);
  for (;;) {
    const candidate = join(folder, INDEX_DIRECTORY);
    if (isDirectory(candidate)) return candidate;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** Waits until the disk has the names in a folder, where the system can. */
function syncFolder(path: string): void {
  let folder: number | undefined;
  try {
    folder = openSync(path, 'r');
    fsyncSync(folder);
  } catch {
    // Windows opens no folders; its rename and creation must do.
  } finally {
    if (folder !== undefined) closeSync(folder);
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
