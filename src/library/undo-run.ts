// Undoes an applied plan from its journal, whatever state the run was left in.
import { lstatSync, mkdirSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Journal, type JournalEntry, listRuns, readJournal } from '../duplicates/journal.ts';
import { moveFile, ReplacedError, sweepUnfinished } from '../duplicates/move-file.ts';
import { asSandglassError, SandglassError, throwIfAborted } from '../errors.ts';
import { readWholeFile } from '../files/read-file.ts';
import { acquireWriterLock } from '../index/writer-lock.ts';
import { errnoOf } from '../output-error.ts';
import type { ApplyOptions } from './apply-plan.ts';
import type { Workspace } from './workspace.ts';

export interface UndoneRun {
  readonly schema: 1;
  readonly run: string;
  /** Files that are back where they were. */
  readonly restored: readonly { readonly path: string; readonly from: string }[];
  /** Files that are not, and why. */
  readonly refused: readonly { readonly path: string; readonly code: string; readonly message: string }[];
  /** Files that are there already: never moved, or restored before. */
  readonly present: number;
}

/** One applied plan, as its journal tells it. */
export interface RunDescription {
  readonly run: string;
  /** ISO 8601. */
  readonly at: string;
  /** `trash`, or the folder that files were moved to. */
  readonly to: string;
  /** Files that were moved, and those of them that were restored. */
  readonly moved: number;
  readonly restored: number;
}

/** The plans that were applied, the first one first. */
export async function describeRuns({ layout }: Workspace): Promise<RunDescription[]> {
  const runs: RunDescription[] = [];
  for (const run of await listRuns(layout.runs)) {
    const { at, to, entries } = await readJournal(layout.runs, run);
    const restored = entries.filter(({ state }) => state === 'restored').length;
    runs.push({ run, at, to, moved: entries.filter(({ state }) => state === 'moved').length + restored, restored });
  }
  return runs;
}

/**
 * Puts the files of a run back where they were. What stands there now is never replaced. May be asked again.
 *
 * @throws SandglassError RUN_UNKNOWN, INDEX_LOCKED, INDEX_READ_ONLY, ABORTED between two files
 */
export async function undoRun(
  { layout }: Workspace,
  run: string,
  { waitSeconds = 0, signal, onFile }: Pick<ApplyOptions, 'waitSeconds' | 'signal' | 'onFile'> = {},
): Promise<UndoneRun> {
  // A run that is not there is told at once, without waiting for its turn.
  await readJournal(layout.runs, run);
  const lock = await acquireWriterLock(layout, {
    command: 'sandglass duplicates undo',
    waitMs: waitSeconds * 1000,
    ...(signal ? { signal } : {}),
  });
  try {
    // Another process may have gone on with the run meanwhile.
    const { entries } = await readJournal(layout.runs, run);
    const journal = await Journal.reopen(layout.runs, run);
    try {
      return await restoreAll(journal, entries, signal, onFile);
    } finally {
      await journal.close();
    }
  } finally {
    lock.release();
  }
}

async function restoreAll(
  journal: Journal,
  entries: readonly JournalEntry[],
  signal: AbortSignal | undefined,
  onFile: ApplyOptions['onFile'],
): Promise<UndoneRun> {
  const restored: { path: string; from: string }[] = [];
  const refused: { path: string; code: string; message: string }[] = [];
  let present = 0;
  for (const [i, entry] of entries.toReversed().entries()) {
    throwIfAborted(signal, 'Stopped between two files.');
    try {
      if (await restore(entry)) restored.push({ path: entry.from, from: entry.to });
      else present++;
      if (entry.state !== 'failed') await journal.write({ step: 'restored', number: entry.number });
    } catch (error) {
      const { code, message } = asSandglassError(error, 'FILE_UNREADABLE', entry.from);
      refused.push({ path: entry.from, code, message });
    }
    onFile?.(i + 1, entries.length);
  }
  await journal.write({ step: 'end' });
  return { schema: 1, run: journal.run, restored, refused, present };
}

/** @returns false when the file is where it was without our doing */
async function restore({ from, to, hash, note, state }: JournalEntry): Promise<boolean> {
  // a process that was killed on the way to another disk, or back
  for (const place of [to, from]) await sweepUnfinished(place);
  const there = hashAt(to);
  const here = hashAt(from);
  if (here === hash) {
    // Ended between the two names of one file, between its copy on another disk and itself, or before anything happened.
    const isSame = there === hash && (isOneFile(from, to) || (state === 'move' && isOnOtherDisk(from, to)));
    if (isSame) await unlink(to);
    // another copy in the trash stays there, with its note
    if (isSame || there === undefined) await forgetNote(note);
    return false;
  }
  if (state === 'restored' || state === 'failed') {
    // moved, changed or deleted by someone since
    return false;
  }
  if (there === undefined)
    throw new SandglassError('FILE_VANISHED', `${to} is gone (was the trash emptied?): ${from} cannot be restored.`, {
      path: from,
    });
  if (there !== hash)
    throw new SandglassError('FILE_CHANGED', `${to} is not what was moved there; it stays.`, { path: from });
  if (lstatSync(from, { throwIfNoEntry: false }) !== undefined) throw inTheWay(from, to);
  mkdirSync(dirname(from), { recursive: true });
  try {
    await moveFile(to, from, async (path) => hashAt(path) === hash);
  } catch (thrown) {
    if (errnoOf(thrown) === 'EEXIST') throw inTheWay(from, to);
    if (thrown instanceof ReplacedError)
      throw new SandglassError('FILE_CHANGED', `${to} changed while it was restored; it stays.`, { path: from });
    throw thrown;
  }
  await forgetNote(note);
  return true;
}

function inTheWay(from: string, to: string): SandglassError {
  return new SandglassError('OUTPUT_EXISTS', `There is another file at ${from} now; what was moved stays at ${to}.`, {
    path: from,
  });
}

async function forgetNote(note: string | undefined): Promise<void> {
  if (note !== undefined) await unlink(note).catch(() => undefined);
}

function isOneFile(a: string, b: string): boolean {
  const [one, other] = [lstatSync(a), lstatSync(b, { throwIfNoEntry: false })];
  return other !== undefined && one.ino === other.ino && one.dev === other.dev;
}

function isOnOtherDisk(a: string, b: string): boolean {
  return lstatSync(a).dev !== lstatSync(b).dev;
}

/** The SHA-256 of the file at a path; undefined when there is no file. */
function hashAt(path: string): string | undefined {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  return readWholeFile(path).hash;
}
