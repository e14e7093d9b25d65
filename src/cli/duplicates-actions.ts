// What `sandglass duplicates` does beside listing: apply a plan, undo a run, remember a decision.
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type AppliedPlan,
  type DecisionDescription,
  type DuplicatePlan,
  type RunDescription,
  type Sandglass,
  SandglassError,
  saveDuplicatePlan,
  type UndoneRun,
} from '../sandglass.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { bytes, count } from './progress.ts';
import { nearPath } from './query.ts';
import type { Session } from './session.ts';
import { tableText } from './table.ts';
import { printable } from './terminal.ts';

export const ACTIONS = ['list', 'apply', 'undo', 'runs', 'ignore', 'keep', 'forget', 'decisions'] as const;
export type Action = (typeof ACTIONS)[number];

/** How many targets each action has. */
const TARGETS: Readonly<Record<Action, readonly string[]>> = {
  list: [],
  apply: ['the plan'],
  undo: ['the name of a run'],
  runs: [],
  ignore: ['a file', 'another file'],
  keep: ['a file', 'another file'],
  forget: ['a file', 'another file'],
  decisions: [],
};

/** Actions that only look. */
export const ASKING: readonly Action[] = ['list', 'runs', 'decisions'];

export interface ActionFlags {
  readonly to: string;
  readonly wait: number;
  readonly json?: boolean;
}

/** @throws SandglassError SETTING_INVALID with what was expected */
export function demandAction(given: string, targets: readonly string[]): Action {
  const action = ACTIONS.find((name) => name === given);
  const invalid = (what: string) => new SandglassError('SETTING_INVALID', `${what} See: sandglass duplicates --help`);
  if (action === undefined) throw invalid(`Expected one of ${ACTIONS.join(', ')} but received "${given}".`);
  const expected = TARGETS[action];
  if (targets.length < expected.length) throw invalid(`Expected ${expected[targets.length]} after ${action}.`);
  if (targets.length > expected.length)
    throw invalid(`Expected nothing more after ${action} but received "${targets[expected.length]}".`);
  return action;
}

export async function runAction(
  action: Exclude<Action, 'list'>,
  index: Sandglass,
  targets: readonly string[],
  flags: ActionFlags,
  session: Session,
  signal: AbortSignal,
): Promise<ExitCode> {
  const [first, second] = targets as [string, string];
  const common = {
    waitSeconds: flags.wait,
    signal,
    onFile: (done: number, total: number) => session.progress.update(`moving  ${count(done)}/${count(total)}`),
  };
  switch (action) {
    case 'apply': {
      const applied = await index.applyPlan(readPlan(first), { ...common, to: flags.to });
      if (flags.json) session.printJson(applied);
      else printApplied(applied, session);
      if (applied.refused.length > 0) return EXIT.error;
      return applied.moved.length > 0 ? EXIT.ok : EXIT.none;
    }
    case 'undo': {
      const undone = await index.undoPlan(first, common);
      if (flags.json) session.printJson(undone);
      else printUndone(undone, session);
      return undone.refused.length > 0 ? EXIT.error : EXIT.ok;
    }
    case 'runs': {
      const runs = await index.appliedPlans();
      if (flags.json) session.printJson({ schema: 1, runs });
      else if (runs.length > 0) session.print(runTable(runs));
      else session.notice('No plan was applied yet.');
      return runs.length > 0 ? EXIT.ok : EXIT.none;
    }
    case 'decisions': {
      const decisions = await index.duplicateDecisions();
      if (flags.json) session.printJson({ schema: 1, decisions });
      else if (decisions.length > 0) session.print(decisions.map(decisionText).join('\n'));
      else session.notice('Nothing was decided yet.');
      return decisions.length > 0 ? EXIT.ok : EXIT.none;
    }
    default: {
      const verdict = { ignore: 'distinct', keep: 'keep-both', forget: undefined } as const;
      await index.decideDuplicate(first, second, verdict[action], { waitSeconds: flags.wait });
      const [a, b] = [printable(first), printable(second)];
      session.notice(
        action === 'forget' ? `${a} and ${b} are looked at again.` : `${a} and ${b} are not listed again.`,
      );
      return EXIT.ok;
    }
  }
}

/** Writes a plan where nothing is yet: one that was changed by hand is not written over. */
export async function writePlan(plan: DuplicatePlan, file: string, session: Session): Promise<void> {
  await saveDuplicatePlan(plan, file);
  const going = plan.groups.flatMap(({ move }) => move);
  const looks = plan.groups.reduce((sum, { look }) => sum + look.length, 0);
  const size = going.reduce((sum, move) => sum + move.size, 0);
  session.notice(
    `${printable(file)}: ${count(going.length)} files would go (${bytes(size)})${looks > 0 ? `, ${count(looks)} are left for you to look at` : ''}. Read it, change it, then: sandglass duplicates apply ${printable(file)}`,
  );
}

function readPlan(file: string): unknown {
  const invalid = (why: string, cause: unknown) =>
    new SandglassError('PLAN_INVALID', `${file} is no plan: ${why}.`, { path: resolve(file), cause });
  try {
    if (statSync(file).isDirectory()) throw new Error('it is a folder');
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT')
      throw new SandglassError('FILE_VANISHED', `There is no file ${file}.`, { path: resolve(file), cause: thrown });
    throw invalid(thrown instanceof Error ? thrown.message : String(thrown), thrown);
  }
}

function printApplied({ run, moved, refused, bytes: size }: AppliedPlan, session: Session): void {
  for (const { path, to } of moved) session.print(`${printable(nearPath(path))} → ${printable(to)}`);
  for (const { code, message } of refused) session.notice(`refused: ${printable(message)} [${code}]`);
  session.notice(
    `${count(moved.length)} files moved (${bytes(size)})${refused.length > 0 ? `, ${count(refused.length)} refused` : ''}.`,
  );
  if (run !== undefined && moved.length > 0) session.notice(`Back again with: sandglass duplicates undo ${run}`);
}

function printUndone({ restored, refused, present }: UndoneRun, session: Session): void {
  for (const { path } of restored) session.print(printable(nearPath(path)));
  for (const { code, message } of refused) session.notice(`refused: ${printable(message)} [${code}]`);
  const there = present > 0 ? `, ${count(present)} were there already` : '';
  const not = refused.length > 0 ? `, ${count(refused.length)} refused` : '';
  session.notice(`${count(restored.length)} files restored${there}${not}.`);
  if (restored.length > 0) session.notice('They are found again after: sandglass index');
}

function runTable(runs: readonly RunDescription[]): string {
  return tableText(
    [
      ['run', 'left'],
      ['at', 'left'],
      ['moved', 'right'],
      ['restored', 'right'],
      ['to', 'left'],
    ],
    runs.map(({ run, at, moved, restored, to }) => [run, at, count(moved), count(restored), printable(to)]),
  );
}

function decisionText({ verdict, at, files, hashes }: DecisionDescription): string {
  const names = files.map((paths, i) => {
    const path = i === 1 && hashes[0] === hashes[1] ? paths[1] : paths[0];
    return path === undefined ? `(not indexed: ${hashes[i]!.slice(0, 12)})` : printable(nearPath(path));
  });
  return `${verdict === 'distinct' ? 'no duplicates' : 'keep both    '}  ${at.slice(0, 10)}  ${names.join('  ')}`;
}
