// Finds the files of a folder, in one fixed order, leaving out what ignore files and patterns leave out.
import { lstatSync, type Stats, statSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SandglassError } from '../errors.ts';
import { errnoOf } from '../output-error.ts';
import { fileError } from './file-error.ts';
import { FolderRules, folderOf, type RuleOptions } from './folder-rules.ts';
import { type Listing, listFolder, notUtf8 } from './list-folder.ts';

export interface WalkOptions extends RuleOptions {
  /** Enter no folder that is on another device than the root. @default false */
  readonly oneFileSystem?: boolean;
  /** Told of every folder that is on another device than the folder it lies in: where another disk is mounted. */
  readonly onMount?: (path: string) => void;
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
  /** When the content, the name or the permissions changed last, as {@link mtimeMs}; nobody can set it. */
  readonly ctimeMs: number;
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

/** So many files are asked for their size between two turns of the event loop. */
const STAT_BATCH = 256;
/**
 * Milliseconds that a file may take to be asked; where it takes longer so many batches running (a network, a disk that seeks, and
 * not only a machine at work), many files are asked at once.
 */
const PROMPT_MS = 0.1;
const SLOW_BATCHES = 5;

interface Folder {
  /** Relative to the root: '' or with a trailing '/'. */
  readonly path: string;
  readonly device: number;
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
  const walker = walkerAt(root, options);
  if (walker instanceof Walker) yield* walker.below({ path: '', device: walker.device });
  else yield walker;
}

/**
 * What {@link walk} would find at some paths of the root (with '/'; '' is all of it) and below them. Only the folders that
 * hold these paths are listed. What is not there, or is left out, is not told of.
 */
export async function* walkPaths(
  root: string,
  paths: Iterable<string>,
  options: WalkOptions = {},
): AsyncGenerator<WalkEntry, void, undefined> {
  const walker = walkerAt(root, options);
  if (walker instanceof Walker) yield* walker.at(paths);
  else yield walker;
}

function walkerAt(root: string, options: WalkOptions): Walker | WalkEntry {
  // Patterns are checked first: a mistake in them is told wherever the root is.
  const top = resolve(root);
  const rules = new FolderRules(top, options);
  try {
    const found = statSync(top);
    if (found.isDirectory()) return new Walker(top, rules, options, found.dev);
    if (found.isFile()) return walkedFile(basename(top), top, found);
    const message = 'Expected a folder or a regular file but this is a socket, a pipe or a device.';
    return failure('', false, new SandglassError('FILE_NOT_REGULAR', message, { path: top }));
  } catch (error) {
    return failure('', true, fileError(error, top, 'The folder'));
  }
}

class Walker {
  readonly device: number;
  readonly #top: string;
  readonly #rules: FolderRules;
  readonly #options: WalkOptions;
  #slow = 0;

  constructor(top: string, rules: FolderRules, options: WalkOptions, device: number) {
    this.#top = top;
    this.#rules = rules;
    this.#options = options;
    this.device = device;
  }

  async *below(start: Folder): AsyncGenerator<WalkEntry, void, undefined> {
    const pending: (Folder | { readonly left: string })[] = [start];
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      if ('left' in folder) {
        this.#rules.forget(folder.left);
        continue;
      }
      const { path } = folder;
      const listing = this.#list(path);
      if ('type' in listing) {
        if (path === '' || listing.error.code !== 'FILE_VANISHED') yield listing;
        continue;
      }
      const unreadable: WalkFailure[] = [];
      this.#rules.layersIn(path, listing.ignoreFiles, (file, error) =>
        unreadable.push(failure(file, false, fileError(error, file, 'The ignore file'))),
      );
      yield* unreadable;
      yield* this.#illegible(path, listing);
      yield* this.#files(listing.files.map((name) => path + name).filter((file) => this.#rules.takesFile(file)));

      pending.push({ left: path });
      for (const name of listing.folders.toReversed()) {
        const inner = this.#enter(folder, `${path}${name}/`);
        if (inner !== undefined) pending.push(inner);
      }
    }
  }

  async *at(paths: Iterable<string>): AsyncGenerator<WalkEntry, void, undefined> {
    const byFolder = new Map<string, Set<string>>();
    for (const path of paths) {
      if (path === '') {
        yield* this.below({ path: '', device: this.device });
        return;
      }
      const folder = folderOf(path);
      const names = byFolder.get(folder) ?? new Set();
      byFolder.set(folder, names.add(path.slice(folder.length)));
    }
    const walked: string[] = [];
    for (const [path, names] of [...byFolder].sort(([a], [b]) => a.length - b.length)) {
      if (walked.some((above) => path.startsWith(above))) continue;
      const folder = this.#folderAt(path);
      if (folder === undefined) continue;
      const listing = this.#list(path);
      if ('type' in listing) {
        if (listing.error.code !== 'FILE_VANISHED') yield listing;
        continue;
      }
      yield* this.#illegible(path, { illegible: listing.illegible.filter(({ lossy }) => names.has(lossy)) });
      const asked = askedFor(names);
      const files = listing.files.filter(asked).map((name) => path + name);
      yield* this.#files(files.filter((file) => this.#rules.takesFile(file)));
      for (const name of listing.folders.filter(asked)) {
        const inner = this.#enter(folder, `${path}${name}/`);
        if (inner === undefined) continue;
        walked.push(inner.path);
        yield* this.below(inner);
      }
    }
  }

  #list(path: string): Listing | WalkFailure {
    const absolute = join(this.#top, path);
    try {
      return listFolder(absolute, this.#rules);
    } catch (error) {
      return failure(path, true, fileError(error, path === '' ? absolute : path, 'The folder'));
    }
  }

  *#illegible(path: string, { illegible }: Pick<Listing, 'illegible'>): Generator<WalkFailure, void, undefined> {
    for (const { lossy, escaped, folder } of illegible) {
      if (folder ? this.#rules.takesFolder(`${path}${lossy}/`) : this.#rules.takesFile(path + lossy)) {
        yield failure(path + escaped, false, notUtf8(path + escaped, folder));
      }
    }
  }

  async *#files(paths: readonly string[]): AsyncGenerator<WalkEntry, void, undefined> {
    for (let i = 0; i < paths.length; i += STAT_BATCH) {
      const batch = paths.slice(i, i + STAT_BATCH);
      const began = performance.now();
      const isPrompt = this.#slow < SLOW_BATCHES;
      const entries = isPrompt ? batch.map((path) => this.#ask(path)) : await this.#askAtOnce(batch);
      if (isPrompt) {
        this.#slow = performance.now() - began < batch.length * PROMPT_MS ? 0 : this.#slow + 1;
        if (batch.length === STAT_BATCH) await nextTurn();
      }
      for (const entry of entries) if (entry !== undefined) yield entry;
    }
  }

  #ask(path: string): WalkEntry | undefined {
    const absolute = join(this.#top, path);
    try {
      return answer(path, absolute, lstatSync(absolute));
    } catch (error) {
      return refusal(path, error);
    }
  }

  #askAtOnce(paths: readonly string[]): Promise<(WalkEntry | undefined)[]> {
    const ask = async (path: string): Promise<WalkEntry | undefined> => {
      const absolute = join(this.#top, path);
      try {
        return answer(path, absolute, await lstat(absolute));
      } catch (error) {
        return refusal(path, error);
      }
    };
    return Promise.all(paths.map(ask));
  }

  /** A folder that the walk goes into; undefined for one that it leaves out. */
  #enter(above: Folder, path: string): Folder | undefined {
    if (!this.#rules.takesFolder(path)) return undefined;
    const device = this.#deviceOf(path) ?? above.device;
    if (device === above.device) return { path, device };
    this.#options.onMount?.(path.slice(0, -1));
    return this.#options.oneFileSystem ? undefined : { path, device };
  }

  /** A folder that a walk from the root would come to; undefined when it would not, or the folder is a link. */
  #folderAt(path: string): Folder | undefined {
    if (path === '') return { path, device: this.device };
    const above = this.#folderAt(folderOf(path));
    const name = path.slice(above?.path.length ?? 0, -1);
    if (above === undefined || !this.#rules.takesName(name, true) || this.#deviceOf(path) === undefined)
      return undefined;
    return this.#enter(above, path);
  }

  #deviceOf(path: string): number | undefined {
    try {
      const found = lstatSync(join(this.#top, path.slice(0, -1)));
      return found.isDirectory() ? found.dev : undefined;
    } catch {
      return undefined;
    }
  }
}

/**
 * Whether a stored name is one of those that were asked for. Systems that do not tell two spellings of Unicode apart may report
 * a change under one and store the other.
 */
function askedFor(names: ReadonlySet<string>): (stored: string) => boolean {
  const composed = new Set([...names].map((name) => name.normalize('NFC')));
  return (stored) => names.has(stored) || composed.has(stored.normalize('NFC'));
}

function walkedFile(path: string, absolute: string, { size, mtimeMs, ctimeMs }: Stats): WalkedFile {
  return { type: 'file', path, absolute, size, mtimeMs, ctimeMs };
}

function answer(path: string, absolute: string, found: Stats): WalkedFile | undefined {
  return found.isFile() ? walkedFile(path, absolute, found) : undefined;
}

function refusal(path: string, error: unknown): WalkFailure | undefined {
  return errnoOf(error) === 'ENOENT' ? undefined : failure(path, false, fileError(error, path));
}

function failure(path: string, folder: boolean, error: SandglassError): WalkFailure {
  return { type: 'failure', path: path.replace(/\/$/, ''), folder, error };
}
