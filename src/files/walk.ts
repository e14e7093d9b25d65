// Finds the files of a folder, in one fixed order, leaving out what ignore files and patterns leave out.
import { isUtf8 } from 'node:buffer';
import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { SandglassError } from '../errors.ts';
import { errnoOf } from '../output-error.ts';
import { fileError } from './file-error.ts';
import { enterFolder, IGNORE_FILES, type IgnoreLayers, isIgnored, layersAround, readPatterns } from './ignore-rules.ts';
import { type NameFilter, nameFilter } from './name-filter.ts';

export interface WalkOptions {
  /** Walk files and folders whose name begins with a dot. @default false */
  readonly hidden?: boolean;
  /** Read no ignore file, and walk `node_modules`. @default false */
  readonly noIgnore?: boolean;
  /** Only files that match one of these patterns (see name-filter.ts). @default [] (all) */
  readonly glob?: readonly string[];
  /** No file or folder that matches one of these. @default [] */
  readonly exclude?: readonly string[];
  /** The user's own ignore file; `null` for none. @default `ignore` in the user's configuration folder of Sandglass */
  readonly globalIgnoreFile?: string | null;
}

export interface WalkedFile {
  readonly type: 'file';
  /** Relative to the root, with '/'; a root that is a file has its own name here. */
  readonly path: string;
  readonly absolute: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970, with the fraction that the file system gives. */
  readonly mtimeMs: number;
}

/** Something that could not be walked; the walk goes on. */
export interface WalkFailure {
  readonly type: 'failure';
  /** As in {@link WalkedFile}, '' for the root; bytes of a name that are not UTF-8 are written as `\xNN`. */
  readonly path: string;
  /** True when all that is under `path` stays unknown: it must not be taken for vanished. */
  readonly folder: boolean;
  readonly error: SandglassError;
}

export type WalkEntry = WalkedFile | WalkFailure;

const NEVER_WALKED: ReadonlySet<string> = new Set([
  '.git',
  '.sandglass',
  '@eaDir',
  'System Volume Information',
  '$RECYCLE.BIN',
]);
const NOT_WALKED_BY_DEFAULT: ReadonlySet<string> = new Set(['node_modules']);

/** So many files are asked for their size at once. */
const STAT_BATCH = 256;

interface Folder {
  /** Relative to the root: '' or with a trailing '/'. */
  readonly path: string;
  readonly layers: IgnoreLayers;
}

interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly ignoreFiles: readonly string[];
  /** Names that are not UTF-8: readable enough to match patterns, and escaped to be shown. */
  readonly illegible: readonly { readonly lossy: string; readonly escaped: string; readonly folder: boolean }[];
}

/**
 * Every regular file under `root` – or `root` itself when it is a file – a folder's files before its subfolders, each
 * sorted by the bytes of their names. Memory grows with the largest folder, not with the number of files.
 *
 * Links are not followed, except when `root` itself is one: what a link inside the root points to is found where it
 * stands, and what lies outside was not asked for. So nothing leads out of the root and there are no loops. Sockets,
 * pipes and devices are passed over. A file that vanishes during the walk was not there.
 *
 * Ignore files (`.gitignore`, `.ignore`, `.sandglassignore`, in every folder and in those above the root up to the top
 * of its git repository, and the user's own) follow git's rules. Nothing is thrown for what is found; a root that is
 * absent or cannot be read is a {@link WalkFailure} with path ''.
 */
export async function* walk(root: string, options: WalkOptions = {}): AsyncGenerator<WalkEntry, void, undefined> {
  const filter = nameFilter(options.glob ?? [], options.exclude ?? []);
  const top = resolve(root);
  const start = await statRoot(top);
  if (start.type !== 'folder') {
    yield start;
    return;
  }

  const around = options.noIgnore ? [] : await layersAround(top, globalIgnoreFile(options));
  const pending: Folder[] = [{ path: '', layers: around }];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const listing = await list(join(top, folder.path), folder.path, options);
    if ('error' in listing) {
      if (folder.path === '' || listing.error.code !== 'FILE_VANISHED') yield failure(folder.path, true, listing.error);
      continue;
    }

    let patterns = '';
    for (const name of options.noIgnore ? [] : IGNORE_FILES.filter((name) => listing.ignoreFiles.includes(name))) {
      try {
        patterns += `${await readPatterns(join(top, folder.path, name))}\n`;
      } catch (error) {
        yield failure(folder.path + name, false, fileError(error, folder.path + name, 'The ignore file'));
      }
    }
    const layers = enterFolder(folder.layers, folder.path, patterns);

    for (const { lossy, escaped, folder: isFolder } of listing.illegible) {
      const path = folder.path + lossy;
      if (isFolder ? wantsFolder(path, layers, filter) : wantsFile(path, layers, filter)) {
        yield failure(folder.path + escaped, false, notUtf8(folder.path + escaped, isFolder));
      }
    }

    const files = listing.files.map((name) => folder.path + name).filter((path) => wantsFile(path, layers, filter));
    for (let i = 0; i < files.length; i += STAT_BATCH) {
      for (const entry of await Promise.all(files.slice(i, i + STAT_BATCH).map((path) => statFile(top, path)))) {
        if (entry !== undefined) yield entry;
      }
    }

    for (let i = listing.folders.length - 1; i >= 0; i--) {
      const path = folder.path + listing.folders[i]!;
      if (wantsFolder(path, layers, filter)) pending.push({ path: `${path}/`, layers });
    }
  }
}

function globalIgnoreFile(options: WalkOptions): string | undefined {
  if (options.globalIgnoreFile !== undefined) return options.globalIgnoreFile ?? undefined;
  return join(envPaths('sandglass', { suffix: '' }).config, 'ignore');
}

function wantsFile(path: string, layers: IgnoreLayers, filter: NameFilter): boolean {
  return filter.acceptsFile(path) && !isIgnored(layers, path);
}

function wantsFolder(path: string, layers: IgnoreLayers, filter: NameFilter): boolean {
  return filter.acceptsFolder(path) && !isIgnored(layers, `${path}/`);
}

async function statRoot(top: string): Promise<WalkEntry | { type: 'folder' }> {
  try {
    const found = await stat(top);
    if (found.isDirectory()) return { type: 'folder' };
    if (found.isFile()) {
      return { type: 'file', path: basename(top), absolute: top, size: found.size, mtimeMs: found.mtimeMs };
    }
    const message = 'Expected a folder or a regular file but this is a socket, a pipe or a device.';
    return failure('', false, new SandglassError('FILE_NOT_REGULAR', message, { path: top }));
  } catch (error) {
    return failure('', true, fileError(error, top, 'The folder'));
  }
}

async function statFile(top: string, path: string): Promise<WalkEntry | undefined> {
  const absolute = join(top, path);
  try {
    const found = await lstat(absolute);
    return found.isFile() ? { type: 'file', path, absolute, size: found.size, mtimeMs: found.mtimeMs } : undefined;
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? undefined : failure(path, false, fileError(error, path));
  }
}

async function list(
  absolute: string,
  path: string,
  options: WalkOptions,
): Promise<Listing | { error: SandglassError }> {
  let found: Dirent<Buffer>[];
  try {
    found = await readdir(absolute, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    return { error: fileError(error, path === '' ? absolute : path, 'The folder') };
  }
  found.sort((a, b) => Buffer.compare(a.name, b.name));

  const files: string[] = [];
  const folders: string[] = [];
  const ignoreFiles: string[] = [];
  const illegible: { lossy: string; escaped: string; folder: boolean }[] = [];
  for (const entry of found) {
    const isFolder = entry.isDirectory();
    if (!isFolder && !entry.isFile()) continue;
    const name = entry.name.toString('utf8');
    if (!isFolder && IGNORE_FILES.includes(name)) ignoreFiles.push(name);
    if (name.startsWith('.') && !options.hidden) continue;
    if (!isUtf8(entry.name)) illegible.push({ lossy: name, escaped: escapeBytes(entry.name), folder: isFolder });
    else if (!isFolder) files.push(name);
    else if (!NEVER_WALKED.has(name) && (options.noIgnore || !NOT_WALKED_BY_DEFAULT.has(name))) folders.push(name);
  }
  return { files, folders, ignoreFiles, illegible };
}

function failure(path: string, folder: boolean, error: SandglassError): WalkFailure {
  return { type: 'failure', path: path.replace(/\/$/, ''), folder, error };
}

function notUtf8(path: string, folder: boolean): SandglassError {
  const what = folder
    ? 'The name of the folder is not valid UTF-8 and nothing in it is read'
    : 'The name is not valid UTF-8';
  return new SandglassError('NAME_NOT_UTF8', `${what}; rename it to have it indexed.`, { path });
}

function escapeBytes(name: Uint8Array): string {
  return Array.from(name, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join('');
}
