// Takes files out of the index, with all that the index knows of them; the files themselves stay.
import { realpathSync } from 'node:fs';
import { basename, relative, resolve, sep } from 'node:path';
import { forgetContents } from '../duplicates/check-memory.ts';
import { SandglassError } from '../errors.ts';
import { nameFilter } from '../files/name-filter.ts';
import { sizeOf } from '../index/index-size.ts';
import type { RootRecord } from '../index/roots.ts';
import { acquireWriterLock } from '../index/writer-lock.ts';
import { refreshCodeFiles } from './code-files.ts';
import { absolutePath, isWithin } from './folders.ts';
import { type KeptOut, keptOut, rememberKeptOut, textOf } from './kept-out.ts';
import { removeUnfitGraphs } from './unfit-graphs.ts';
import type { Workspace } from './workspace.ts';

export interface ForgetOptions {
  /** Only tell what would be forgotten. @default false */
  readonly dryRun?: boolean;
  /** Remember to leave them out: the next indexing would find them again. @default false */
  readonly keepOut?: boolean;
  /** Write the catalog anew without them, which gives their space back. @default true */
  readonly compact?: boolean;
  /** Seconds to wait for another process that writes this index. @default 0 */
  readonly waitSeconds?: number;
  readonly signal?: AbortSignal;
}

export interface Forgotten {
  readonly schema: 1;
  readonly dryRun: boolean;
  /** The files whose items were taken out; absolute. */
  readonly forgotten: readonly string[];
  /** Folders that were forgotten as a whole: the next indexing does not look at them. */
  readonly folders: readonly string[];
  /** Targets that nothing in the index matches. */
  readonly unmatched: readonly string[];
  /** What is kept out from now on, by folder. */
  readonly keptOut: readonly { readonly folder: string; readonly entries: readonly string[] }[];
  /** Bytes that the index is smaller by. */
  readonly bytes: number;
  readonly notes: readonly string[];
}

/** What one target names in one root. */
interface Match {
  readonly root: RootRecord;
  /** The root itself. */
  readonly whole: boolean;
  readonly entry: KeptOut;
  readonly items: readonly { readonly id: number; readonly path: string }[];
  /** Paths of files that could not be read. */
  readonly failures: readonly string[];
}

/**
 * Forgets files, folders and what matches patterns.
 *
 * @param targets each a path, or, where nothing indexed is there, a pattern as of `glob`, for the paths in every indexed folder
 * @throws SandglassError SETTING_INVALID, INDEX_LOCKED, INDEX_READ_ONLY, DISK_FULL, ABORTED
 */
export async function forget(
  workspace: Workspace,
  targets: readonly string[],
  { dryRun = false, keepOut = false, compact = true, waitSeconds = 0, signal }: ForgetOptions = {},
): Promise<Forgotten> {
  const { catalog, layout } = workspace;
  if (dryRun) return { ...summaryOf(workspace, targets), schema: 1, dryRun, keptOut: [], bytes: 0, notes: [] };
  const lock = await acquireWriterLock(layout, {
    command: 'sandglass forget',
    waitMs: waitSeconds * 1000,
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    const before = await sizeOf(layout.directory);
    const summary = summaryOf(workspace, targets);
    const matches = summary.matches;
    catalog.erasing(() => catalog.write(() => remove(workspace, matches, keepOut)));
    const notes: string[] = [];
    if (matches.length > 0) {
      // Graphs hold the codes of what was forgotten.
      for (const { method, file } of await removeUnfitGraphs(workspace))
        notes.push(`The graph of ${method} (${basename(file)}) was removed; the next indexing builds it anew.`);
      await refreshCodeFiles(workspace, {
        signal: signal ?? new AbortController().signal,
        notice: (text) => notes.push(text),
      });
      await forgetContents(layout.checks, catalog.items.hashes());
      if (compact) compactOrSay(workspace, notes);
    }
    const keptOutNow = keepOut ? catalog.roots.list().flatMap((root) => describeKeptOut(workspace, root)) : [];
    const bytes = before - (await sizeOf(layout.directory));
    return { ...withoutMatches(summary), schema: 1, dryRun, keptOut: keptOutNow, bytes, notes };
  } finally {
    lock.release();
  }
}

/**
 * Lets in again what was kept out: the next indexing finds it.
 *
 * @param targets as they were given to {@link forget}
 * @returns what is let in, and what was not kept out
 */
export async function letIn(
  workspace: Workspace,
  targets: readonly string[],
  { waitSeconds = 0, signal }: Pick<ForgetOptions, 'waitSeconds' | 'signal'> = {},
): Promise<{ readonly letIn: readonly string[]; readonly unmatched: readonly string[] }> {
  const { catalog, layout } = workspace;
  const lock = await acquireWriterLock(layout, {
    command: 'sandglass forget --let-in',
    waitMs: waitSeconds * 1000,
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    const letIn: string[] = [];
    const unmatched: string[] = [];
    catalog.write(() => {
      for (const target of targets) {
        let found = false;
        for (const root of catalog.roots.list()) {
          const entries = keptOut(catalog, root);
          const names = new Set([target, ...placesOf(target, root)]);
          const left = entries.filter((entry) => !names.has(textOf(entry)));
          if (left.length === entries.length) continue;
          rememberKeptOut(catalog, root, left);
          found = true;
        }
        (found ? letIn : unmatched).push(target);
      }
    });
    return { letIn, unmatched };
  } finally {
    lock.release();
  }
}

/** What is kept out of a folder, for a person. */
function describeKeptOut({ catalog }: Workspace, root: RootRecord): Forgotten['keptOut'] {
  const entries = keptOut(catalog, root).map(textOf);
  return entries.length === 0 ? [] : [{ folder: root.path, entries }];
}

type Summary = Pick<Forgotten, 'forgotten' | 'folders' | 'unmatched'> & { readonly matches: readonly Match[] };

function withoutMatches({ forgotten, folders, unmatched }: Summary): Omit<Summary, 'matches'> {
  return { forgotten, folders, unmatched };
}

function summaryOf(workspace: Workspace, targets: readonly string[]): Summary {
  if (targets.length === 0)
    throw new SandglassError('SETTING_INVALID', 'Expected a path or a pattern of what to forget.');
  const unmatched: string[] = [];
  const matches: Match[] = [];
  for (const target of targets) {
    const found = matchesOf(workspace, target);
    if (found.length === 0) unmatched.push(target);
    matches.push(...found);
  }
  const paths = new Set(matches.flatMap(({ root, items }) => items.map(({ path }) => absolutePath(root, path))));
  const folders = new Set(matches.filter(({ whole }) => whole).map(({ root }) => root.path));
  return { matches, forgotten: [...paths].sort(), folders: [...folders], unmatched };
}

/** What a target names: something at that path, else all that match it as a pattern. */
function matchesOf(workspace: Workspace, target: string): Match[] {
  const roots = workspace.catalog.roots.list();
  const named = roots.flatMap((root): Match[] => {
    for (const place of placesOf(target, root)) {
      if (place === '') return [{ root, whole: true, entry: { pattern: '*' }, ...within(workspace, root, '') }];
      const found = within(workspace, root, place);
      if (found.items.length + found.failures.length > 0)
        return [{ root, whole: false, entry: { path: place }, ...found }];
    }
    return [];
  });
  return named.length > 0 ? named : roots.flatMap((root) => matching(workspace, root, target));
}

/** Where a target is in a root, as a path with '/', '' for the root itself: as it is written, and with all links followed. */
function placesOf(target: string, root: RootRecord): string[] {
  const absolute = new Set([resolve(target)]);
  try {
    absolute.add(realpathSync(target));
  } catch {
    // Nothing is there now, which is no reason not to forget it.
  }
  return [...absolute]
    .filter((path) => isWithin(root.path, path))
    .map((path) => relative(root.path, path).split(sep).join('/'));
}

function within({ catalog }: Workspace, root: RootRecord, path: string): Pick<Match, 'items' | 'failures'> {
  const isBelow = (each: string) => path === '' || each === path || each.startsWith(`${path}/`);
  // '0' is what comes after '/'.
  const items = catalog.database
    .prepare<{ id: number; path: string }>(
      `SELECT id, path FROM item WHERE root_id = ? AND (? = '' OR path = ? OR (path > ? AND path < ?)) ORDER BY path`,
    )
    .all(root.id, path, path, `${path}/`, `${path}0`);
  const failures = catalog.failures.list(root.id).map((failure) => failure.path);
  return { items, failures: failures.filter(isBelow) };
}

function matching({ catalog }: Workspace, root: RootRecord, target: string): Match[] {
  if (/^!|^\/*$/.test(target))
    throw new SandglassError(
      'SETTING_INVALID',
      `Expected a path or a pattern such as "*.tmp" but received "${target}".`,
    );
  const inside = target.startsWith(`${root.path}${sep}`) ? target.slice(root.path.length) : target;
  const pattern = inside.split(sep).join('/');
  const { acceptsPath } = nameFilter([pattern], []);
  const items: { id: number; path: string }[] = [];
  catalog.database
    .prepareRaw<readonly [number, string]>('SELECT id, path FROM item WHERE root_id = ? ORDER BY path')
    .each(([id, path]) => {
      if (acceptsPath(path)) items.push({ id, path });
    }, root.id);
  const failures = catalog.failures.list(root.id).flatMap(({ path }) => (acceptsPath(path) ? [path] : []));
  return items.length + failures.length > 0 ? [{ root, whole: false, entry: { pattern }, items, failures }] : [];
}

function remove({ catalog }: Workspace, matches: readonly Match[], keepOut: boolean): void {
  for (const { root, whole, entry, items, failures } of matches) {
    catalog.items.remove(items.map(({ id }) => id));
    catalog.failures.clear(root.id, failures);
    if (whole) {
      catalog.roots.remove(root.id);
      for (const key of [`folder:${root.id}`, `kept-out:${root.id}`]) catalog.settings.set(key, undefined);
    } else if (keepOut) rememberKeptOut(catalog, root, [...keptOut(catalog, root), entry]);
  }
  if (matches.some(({ items }) => items.length > 0)) catalog.terms.removeUnused();
}

function compactOrSay({ catalog }: Workspace, notes: string[]): void {
  try {
    catalog.compact();
  } catch (error) {
    // They are forgotten all the same.
    if (!(error instanceof SandglassError && ['DISK_FULL', 'INDEX_LOCKED'].includes(error.code))) throw error;
    notes.push(`The space is not given back yet: ${error.message} Later: sandglass gc`);
  }
}
