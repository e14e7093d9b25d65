// Compares what the catalog knows of a folder with what a walk found; decides what may be removed.
import { SandglassError } from '../errors.ts';

/** What the catalog knows of a file. */
export interface KnownFile {
  readonly size: number;
  readonly mtimeMs: number;
  /** SHA-256 of the content, in hexadecimal. */
  readonly hash: string;
}

/** What a walk tells of a file. */
export interface FoundFile {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

export interface FolderChanges<F extends FoundFile> {
  readonly added: readonly F[];
  /** Size or time differ from what is known; the hash of the content decides whether there is a change. */
  readonly touched: readonly F[];
  readonly unchanged: readonly F[];
  /** Known paths that the walk did not find. */
  readonly vanished: readonly string[];
  /** Known paths that the walk could not look for, because a folder above them could not be read; they are kept. */
  readonly unseen: readonly string[];
}

/** A known file whose path is gone and whose content is found under another path. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

/** Fewer removals than this are never refused. */
const PRUNE_FREELY = 10;

/**
 * Sorts the files of one root; `found` in the order given, known paths in the order of the map.
 *
 * @param unreadable paths of the walk's failures: of folders ('' is the whole root) and of single files
 */
export function compareFolder<F extends FoundFile>(
  known: ReadonlyMap<string, KnownFile>,
  found: Iterable<F>,
  unreadable: readonly string[] = [],
): FolderChanges<F> {
  const added: F[] = [];
  const touched: F[] = [];
  const unchanged: F[] = [];
  const seen = new Set<string>();
  for (const file of found) {
    const before = known.get(file.path);
    if (before === undefined) added.push(file);
    else if (before.size === file.size && before.mtimeMs === file.mtimeMs) unchanged.push(file);
    else touched.push(file);
    if (before !== undefined) seen.add(file.path);
  }

  const hidden = new Set(unreadable);
  const vanished: string[] = [];
  const unseen: string[] = [];
  for (const path of known.keys()) {
    if (!seen.has(path)) (isBelowAny(path, hidden) ? unseen : vanished).push(path);
  }
  return { added, touched, unchanged, vanished, unseen };
}

/** True for a path that is in the set, or in a folder that is; '' is the folder that holds all. */
export function isBelowAny(path: string, paths: ReadonlySet<string>): boolean {
  if (paths.size === 0) return false;
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1))
    if (paths.has(path.slice(0, end))) return true;
  return paths.has('');
}

/** Those of the added files that may be a vanished one under a new name: worth hashing before anything else is done. */
export function renameCandidates<F extends FoundFile>(
  added: Iterable<F>,
  vanished: Iterable<string>,
  known: ReadonlyMap<string, KnownFile>,
): F[] {
  const sizes = new Set<number>();
  for (const path of vanished) sizes.add(expectKnown(known, path).size);
  return [...added].filter((file) => file.size > 0 && sizes.has(file.size));
}

/**
 * Which vanished files came back under another path: the content hashes are equal. Each vanished file is used once;
 * among several with the same content the one with the same last name is preferred, then the first.
 *
 * @param added hash of the content of added files by path
 */
export function matchRenames(
  added: ReadonlyMap<string, string>,
  vanished: Iterable<string>,
  known: ReadonlyMap<string, KnownFile>,
): Rename[] {
  const byHash = new Map<string, string[]>();
  for (const path of vanished) {
    const { hash } = expectKnown(known, path);
    const paths = byHash.get(hash);
    if (paths === undefined) byHash.set(hash, [path]);
    else paths.push(path);
  }

  const renames: Rename[] = [];
  const left: [to: string, hash: string][] = [];
  for (const [to, hash] of added) {
    const at = byHash.get(hash)?.findIndex((from) => lastName(from) === lastName(to)) ?? -1;
    if (at >= 0) renames.push({ from: byHash.get(hash)!.splice(at, 1)[0]!, to });
    else left.push([to, hash]);
  }
  for (const [to, hash] of left) {
    const from = byHash.get(hash)?.shift();
    if (from !== undefined) renames.push({ from, to });
  }
  return renames;
}

/**
 * The PRUNE_REFUSED error when removing `removed` of a root's `known` items needs the user's word: more than half, and
 * more than {@link PRUNE_FREELY}. Count renamed items as kept.
 */
export function pruneRefusal(root: string, known: number, removed: number): SandglassError | undefined {
  if (removed <= PRUNE_FREELY || removed * 2 <= known) return undefined;
  const message =
    `${removed} of ${known} items of ${root} are not there any more; nothing was removed. ` +
    'If they were deleted on purpose, run: sandglass index --prune';
  return new SandglassError('PRUNE_REFUSED', message, { path: root });
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function expectKnown(known: ReadonlyMap<string, KnownFile>, path: string): KnownFile {
  const file = known.get(path);
  if (file === undefined) throw new RangeError(`Expected a known path but received "${path}".`);
  return file;
}
