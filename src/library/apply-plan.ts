// Applies a plan: every file is looked at once more before it is moved, and every step is in a journal before it is done.
import { lstatSync, mkdirSync, realpathSync, type Stats } from 'node:fs';
import { unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { syncFile } from '../atomic-file.ts';
import { Journal } from '../duplicates/journal.ts';
import { moveFile, ReplacedError } from '../duplicates/move-file.ts';
import { type DuplicatePlan, type PlannedKeeper, type PlannedMove, parsePlan } from '../duplicates/plan.ts';
import { placeInTrash, type Trash, type TrashPlace, trashFor } from '../duplicates/trash.ts';
import { asSandglassError, SandglassError, throwIfAborted } from '../errors.ts';
import { readWholeFile } from '../files/read-file.ts';
import type { RootRecord } from '../index/roots.ts';
import { acquireWriterLock } from '../index/writer-lock.ts';
import { outputError } from '../output-error.ts';
import { type IndexedFile, isWithin, itemAt } from './folders.ts';
import type { Workspace } from './workspace.ts';

export interface ApplyOptions {
  /** `trash`, or a folder: outside of all indexed ones, made when absent. @default 'trash' */
  readonly to?: string;
  /** Seconds to wait for another process that writes this index. @default 0 */
  readonly waitSeconds?: number;
  readonly signal?: AbortSignal;
  onFile?(done: number, total: number): void;
}

export interface AppliedPlan {
  readonly schema: 1;
  /** The name to undo it by; absent when nothing could be moved. */
  readonly run?: string;
  readonly moved: readonly { readonly path: string; readonly to: string }[];
  /** Files that stay where they are, and why. */
  readonly refused: readonly { readonly path: string; readonly code: string; readonly message: string }[];
  /** Bytes of the moved files. */
  readonly bytes: number;
}

/** A planned move that was found right. */
interface ReadyMove extends IndexedFile {
  readonly move: PlannedMove;
  readonly keep: PlannedKeeper;
}

/**
 * Moves the files of a plan to the trash or a folder. A file that changed, is not in the index, or whose keeper is not there is
 * refused, and the others are moved. Nothing is deleted.
 *
 * @throws SandglassError PLAN_INVALID, TRASH_UNAVAILABLE and SETTING_INVALID before anything is moved; INDEX_LOCKED,
 *   INDEX_READ_ONLY, DISK_FULL, OUTPUT_UNWRITABLE; ABORTED between two files
 */
export async function applyPlan(
  workspace: Workspace,
  value: unknown,
  options: ApplyOptions = {},
): Promise<AppliedPlan> {
  const plan = parsePlan(value, 'What was given');
  const { catalog, layout } = workspace;
  if (plan.index !== catalog.id)
    throw new SandglassError('PLAN_INVALID', 'The plan was made from another index; make a new one from this index.');
  const lock = await acquireWriterLock(layout, {
    command: 'sandglass duplicates apply',
    waitMs: (options.waitSeconds ?? 0) * 1000,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  try {
    return await applyLocked(workspace, plan, options);
  } finally {
    lock.release();
  }
}

async function applyLocked(
  { catalog, layout }: Workspace,
  plan: DuplicatePlan,
  { to = 'trash', signal, onFile }: ApplyOptions,
): Promise<AppliedPlan> {
  const roots = catalog.roots.list();
  const folder = to === 'trash' ? undefined : demandFolderOutside(resolve(to), roots);
  const refused: { path: string; code: string; message: string }[] = [];
  const refuse = (path: string, error: unknown) => {
    const { code, message } = asSandglassError(error, 'FILE_UNREADABLE', path);
    refused.push({ path, code, message });
  };
  const going = new Set(plan.groups.flatMap(({ move }) => move.map(({ path }) => path)));
  const ready: ReadyMove[] = [];
  for (const { keep, move: moves } of plan.groups) {
    for (const move of moves) {
      try {
        if (going.has(keep.path))
          throw new SandglassError('KEEPER_MISSING', `${keep.path} is to be kept and to be moved at once.`);
        indexedAt(catalog, roots, keep.path);
        ready.push({ move, keep, ...indexedAt(catalog, roots, move.path) });
      } catch (error) {
        refuse(move.path, error);
      }
    }
  }
  // Before anything is moved: a trash that is not there for one file stops all.
  const trashes = folder === undefined ? new Map(ready.map(({ move }) => [move.path, trashFor(move.path)])) : undefined;

  const moved: { path: string; to: string }[] = [];
  const movedIds: number[] = [];
  let bytes = 0;
  let journal: Journal | undefined;
  try {
    for (const [number, one] of ready.entries()) {
      throwIfAborted(signal, 'Stopped between two files.');
      try {
        const before = demandUnchanged(one.move);
        demandKeeper(one);
        journal ??= await Journal.begin(layout.runs, { at: new Date().toISOString(), to: folder ?? 'trash' }).catch(
          cannotWrite(layout.runs),
        );
        const place = placeFor(one, trashes?.get(one.move.path), folder, journal.run);
        await moveOne(journal, number, one, place, before);
        moved.push({ path: one.move.path, to: place.file });
        movedIds.push(one.item.id);
        bytes += before.size;
      } catch (error) {
        if (error instanceof SandglassError && error.code === 'OUTPUT_UNWRITABLE') throw error;
        if (error instanceof SandglassError && error.code === 'DISK_FULL') throw error;
        refuse(one.move.path, error);
      }
      onFile?.(number + 1, ready.length);
    }
  } finally {
    await journal?.write({ step: 'end' });
    await journal?.close();
    catalog.items.remove(movedIds);
  }
  return { schema: 1, ...(journal ? { run: journal.run } : {}), moved, refused, bytes };
}

/** The item at an absolute path, in a folder that is there, reached without a link that leads out of it. */
function indexedAt(catalog: Workspace['catalog'], roots: readonly RootRecord[], path: string): IndexedFile {
  if (resolve(path) !== path)
    throw new SandglassError('OUTSIDE_ROOT', `Expected an absolute path without "." and ".." but received ${path}.`);
  const found = itemAt(catalog, roots, path);
  if (found === undefined)
    throw new SandglassError('OUTSIDE_ROOT', `${path} is not in the index; only indexed files are moved.`, { path });
  demandInside(found.root, path);
  return found;
}

function demandInside(root: RootRecord, path: string): void {
  let real: [root: string, folder: string];
  try {
    real = [realpathSync(root.path), realpathSync(dirname(path))];
  } catch (cause) {
    throw new SandglassError('FILE_VANISHED', `${path} is not there any more.`, { path, cause });
  }
  if (path === root.path || isWithin(...real)) return;
  throw new SandglassError('OUTSIDE_ROOT', `${path} leads out of ${root.path} through a link.`, { path });
}

function demandKeeper({ keep, move }: ReadyMove): void {
  const lost = (what: string, cause?: unknown) =>
    new SandglassError('KEEPER_MISSING', `${move.path} stays: ${keep.path}, which is to be kept, ${what}.`, {
      path: move.path,
      cause,
    });
  let hash: string;
  try {
    if (realpathSync.native(keep.path) === realpathSync.native(move.path)) throw lost('is the same file');
    hash = readWholeFile(keep.path).hash;
  } catch (error) {
    if (error instanceof SandglassError && error.code === 'KEEPER_MISSING') throw error;
    throw lost('is not there any more', error);
  }
  if (hash !== keep.hash) throw lost('has changed since the plan was made');
  if (move.relation === 'identical' && move.hash !== keep.hash) throw lost('is not identical');
}

/** What the file is now: the one that the plan was made for. */
function demandUnchanged({ path, hash }: PlannedMove): Stats {
  const before = lstatSync(path, { throwIfNoEntry: false });
  if (before === undefined) throw new SandglassError('FILE_VANISHED', `${path} is not there any more.`, { path });
  if (!before.isFile())
    throw new SandglassError('FILE_NOT_REGULAR', `${path} is no file but a link or a folder.`, { path });
  if (readWholeFile(path).hash === hash) return before;
  throw new SandglassError('FILE_CHANGED', `${path} changed since the plan was made; it stays.`, { path });
}

function placeFor(
  { move, root }: ReadyMove,
  trash: Trash | undefined,
  folder: string | undefined,
  run: string,
): TrashPlace {
  if (trash !== undefined) return placeInTrash(trash, move.path, new Date());
  const below =
    move.path === root.path ? basename(move.path) : join(basename(root.path), relative(root.path, move.path));
  const file = join(folder!, run, below);
  mkdirSync(dirname(file), { recursive: true });
  return { file };
}

async function moveOne(
  journal: Journal,
  number: number,
  { move: { path, hash } }: ReadyMove,
  { file, note }: TrashPlace,
  before: Stats,
): Promise<void> {
  await journal.write({ step: 'move', number, from: path, to: file, hash, ...(note ? { note: note.path } : {}) });
  try {
    if (note) {
      await writeFile(note.path, note.text, { flag: 'wx', mode: 0o600 });
      await syncFile(note.path);
    }
    await moveFile(path, file, async (there, how) =>
      how === 'copied' ? readWholeFile(there).hash === hash : isSame(there, before),
    );
  } catch (thrown) {
    if (note) await unlink(note.path).catch(() => undefined);
    await journal.write({ step: 'failed', number });
    if (thrown instanceof ReplacedError)
      throw new SandglassError('FILE_CHANGED', `${path} was replaced while it was moved; it stays.`, { path });
    throw outputError(thrown, file, {
      full: `There is no room for ${file}. What was moved can be undone with: sandglass duplicates undo ${journal.run}`,
      refused: (errno) => `${path} cannot be moved to ${file}: ${errno}.`,
    });
  }
  await journal.write({ step: 'moved', number });
}

function isSame(path: string, before: Stats): boolean {
  const now = lstatSync(path);
  return now.ino === before.ino && now.size === before.size && now.mtimeMs === before.mtimeMs;
}

function demandFolderOutside(folder: string, roots: readonly RootRecord[]): string {
  const root = roots.find(({ path }) => isWithin(path, folder));
  if (root !== undefined) {
    throw new SandglassError(
      'SETTING_INVALID',
      `Expected a folder outside of the indexed ones but received ${folder}, in ${root.path}: what is moved there would be found again.`,
    );
  }
  try {
    mkdirSync(folder, { recursive: true });
    return realpathSync(folder);
  } catch (thrown) {
    return cannotWrite(folder)(thrown);
  }
}

function cannotWrite(path: string): (thrown: unknown) => never {
  return (thrown) => {
    throw outputError(thrown, path, {
      full: `There is no room to write ${path}. Nothing was moved.`,
      refused: (errno) => `${path} cannot be written: ${errno}. Nothing was moved.`,
    });
  };
}
