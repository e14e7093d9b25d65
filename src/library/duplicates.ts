// Which files are copies of one another? Codes propose, an exact look confirms, groups hold together.
import { resolve } from 'node:path';
import type { Calibration } from '../duplicates/calibration.ts';
import { COPY_SCORE } from '../duplicates/confirm-pictures.ts';
import { TEXT_COPY_SCORE } from '../duplicates/confirm-texts.ts';
import type { KeepRules } from '../duplicates/keeper.ts';
import { duplicateRelations, relationAt } from '../duplicates/relation.ts';
import { SandglassError } from '../errors.ts';
import type { Kind } from '../features/feature.ts';
import { PictureChecker } from './check-pictures.ts';
import { TextChecker } from './check-texts.ts';
import { calibrationOf, measure } from './duplicate-calibration.ts';
import { type Candidate, candidatePairs } from './duplicate-candidates.ts';
import type { Check, Checker } from './duplicate-checks.ts';
import { type Content, contentsOf } from './duplicate-contents.ts';
import { arrangeGroups, type ConfirmedPair } from './duplicate-groups.ts';
import type { DuplicateGroup, Duplicates, DuplicatesOptions } from './duplicates-result.ts';
import { isWithin } from './folders.ts';
import type { Workspace } from './workspace.ts';

const KINDS: readonly Kind[] = ['image', 'text'];
const DEFAULT_PRECISION = 0.99;
/**
 * A pair below this score is no copy, whatever the calibration: the strangers that are nearest among thousands resemble each other
 * more than those of a sample do.
 */
const LEAST_THRESHOLD: Readonly<Record<Kind, number>> = { image: 0.5, text: 0.3 };
/** Groups up to this size are completed: every two of them are looked at. */
const COMPLETED = 24;

/**
 * Looks for duplicates among all that is indexed.
 *
 * @throws SandglassError NOTHING_INDEXED, SETTING_INVALID, ABORTED
 */
export async function findDuplicates(workspace: Workspace, options: DuplicatesOptions = {}): Promise<Duplicates> {
  checkOptions(options);
  const counts = workspace.catalog.items.counts();
  const kinds = KINDS.filter((kind) => counts[kind] > 0 && (options.kind ?? kind) === kind);
  if (kinds.length === 0)
    throw new SandglassError(
      'NOTHING_INDEXED',
      `The index holds no ${options.kind === undefined ? '' : `${options.kind} `}item to look for copies of.`,
    );
  const all: Duplicates[] = [];
  for (const kind of kinds) all.push(await duplicatesOfKind(workspace, kind, options));
  const sum = (of: (part: Duplicates) => number) => all.reduce((total, part) => total + of(part), 0);
  return {
    schema: 1,
    items: sum(({ items }) => items),
    candidates: sum(({ candidates }) => candidates),
    remembered: sum(({ remembered }) => remembered),
    groups: all.flatMap(({ groups }) => groups).sort((a, b) => b.bytes - a.bytes || compare(a, b)),
    others: all.flatMap(({ others }) => others),
    calibration: all.flatMap(({ calibration }) => calibration),
    decided: sum(({ decided }) => decided),
    notes: all.flatMap(({ notes }) => notes),
  };
}

function compare({ files: [a] }: DuplicateGroup, { files: [b] }: DuplicateGroup): number {
  return a.path < b.path ? -1 : 1;
}

function checkOptions({ precision = DEFAULT_PRECISION, across }: DuplicatesOptions): void {
  if (!(precision > 0 && precision < 1))
    throw new SandglassError('SETTING_INVALID', `Expected a precision above 0 and below 1 but received ${precision}.`);
  if (across !== undefined && across.length < 2)
    throw new SandglassError('SETTING_INVALID', 'Expected at least two folders to look across but received one.');
}

async function duplicatesOfKind(workspace: Workspace, kind: Kind, options: DuplicatesOptions): Promise<Duplicates> {
  const { signal, threads } = options;
  const checker =
    kind === 'image'
      ? await PictureChecker.open(workspace.layout, { signal, ...(threads === undefined ? {} : { threads }) })
      : new TextChecker(workspace, signal);
  try {
    return await duplicatesBy(checker, workspace, kind, options);
  } finally {
    await checker.close();
  }
}

async function duplicatesBy(
  checker: Checker,
  workspace: Workspace,
  kind: Kind,
  options: DuplicatesOptions,
): Promise<Duplicates> {
  const { precision = DEFAULT_PRECISION, seed = 1234, signal, onProgress } = options;
  const across = options.across?.map((folder) => resolve(folder));
  const contents = contentsOf(workspace, kind, across && ((path) => across.some((folder) => isWithin(folder, path))));
  onProgress?.({ phase: 'propose', kind, done: 0, total: contents.length });
  const proposed = workspace.catalog.read(() => candidatePairs(workspace, kind, contents));
  const decisions = workspace.catalog.decisions.all();
  const isOpen = ({ a, b }: PairOfRows) => !decisions.has(contents[a]!.hash, contents[b]!.hash);
  const checked = await checkAll(checker, contents, proposed.filter(isOpen), kind, options);
  const rememberedFirst = checker.remembered;

  const measured = await measure(workspace, checker, contents, proposed, {
    seed,
    signal,
    onStep: (done, total) => onProgress?.({ phase: 'calibrate', kind, done, total }),
  });
  const rememberedToMeasure = checker.remembered - rememberedFirst;
  const usual = kind === 'image' ? COPY_SCORE : TEXT_COPY_SCORE;
  const calibration = calibrationOf(measured, {
    precision,
    share: shareOfCopies(checked, usual),
    least: LEAST_THRESHOLD[kind],
  });
  const threshold = calibration?.threshold ?? usual;
  const between = missingPairs(
    checked.filter(({ check }) => check.score >= threshold),
    contents.length,
  );
  const completed = [...checked, ...(await checkAll(checker, contents, between.filter(isOpen), kind, options))];
  if (checker instanceof PictureChecker && across === undefined) await checker.clean(contents.map(({ hash }) => hash));
  const probability = calibration?.probability ?? usualProbability(usual);
  const wanted = new Set(options.relations ?? duplicateRelations(kind));
  const confirmed = completed.flatMap(({ check, ...pair }): ConfirmedPair[] => {
    const relation = relationAt(check, threshold);
    if (relation === undefined || !wanted.has(relation)) return [];
    const isCertain = check.score === 1 && (relation === 'same-pixels' || relation === 'same-text');
    return [{ ...pair, check, relation, probability: isCertain ? 1 : probability(check.score) }];
  });
  return {
    schema: 1,
    items: contents.reduce((sum, { files }) => sum + files.length, 0),
    candidates: completed.length,
    remembered: checker.remembered - rememberedToMeasure,
    ...arrangeGroups(contents, confirmed, {
      kind,
      withIdentical: wanted.has('identical'),
      keepsBoth: (hash) => decisions.has(hash, hash),
      folders: across,
      rules: keepRules(options),
    }),
    calibration: [
      {
        kind,
        measured: calibration !== undefined,
        threshold,
        ...(calibration ? { precision: calibration.precision, recall: calibration.recall } : {}),
        copies: measured.copies.length,
        strangers: measured.strangers.length,
      },
    ],
    decided: proposed.filter((pair) => !isOpen(pair)).length,
    notes: [...checker.notes, ...(contents.length < 2 ? [] : notesOf(kind, calibration, precision, checker))],
  };
}

interface PairOfRows {
  readonly a: number;
  readonly b: number;
}

async function checkAll(
  checker: Checker,
  contents: readonly Content[],
  candidates: readonly Candidate[],
  kind: Kind,
  { onProgress }: DuplicatesOptions,
): Promise<(Candidate & { readonly check: Check })[]> {
  const checks = await checker.checkAll(
    candidates.map(({ a, b }) => [contents[a]!, contents[b]!]),
    (done, total) => onProgress?.({ phase: 'confirm', kind, done, total }),
  );
  return candidates.flatMap((candidate, i) => {
    const check = checks[i];
    return check === undefined ? [] : [{ ...candidate, check }];
  });
}

/** Pairs that nobody proposed, of contents that confirmed pairs join: so that a group is whole, or known not to be one. */
function missingPairs(pairs: readonly PairOfRows[], rows: number): Candidate[] {
  const neighbours = new Map<number, Set<number>>();
  const join = (row: number, other: number) => neighbours.set(row, (neighbours.get(row) ?? new Set()).add(other));
  for (const { a, b } of pairs) {
    join(a, b);
    join(b, a);
  }
  const missing = new Set<number>();
  for (const [, near] of neighbours) {
    const rising = [...near].sort((a, b) => a - b).slice(0, COMPLETED);
    for (const a of rising) for (const b of rising) if (a < b && !neighbours.get(a)!.has(b)) missing.add(a * rows + b);
  }
  return [...missing]
    .sort((a, b) => a - b)
    .map((key) => ({ a: Math.floor(key / rows), b: key % rows, proposedBy: ['neighbours'] }));
}

/** How many of the pairs that were looked at are copies, by their own scores; never none and never all. */
function shareOfCopies(checked: readonly { readonly check: Check }[], usual: number): number {
  return (checked.filter(({ check }) => check.score >= usual).length + 1) / (checked.length + 2);
}

/** Where nothing could be measured: half at the usual threshold, .99 a quarter above it. */
function usualProbability(threshold: number): (score: number) => number {
  return (score) => 1 / (1 + Math.exp(-18 * (score - threshold)));
}

function keepRules({ keepIn = [], prefer }: DuplicatesOptions): KeepRules {
  return {
    folders: keepIn.map((name) => ({ name, has: (path: string) => isWithin(resolve(name), path) })),
    ...(prefer === undefined ? {} : { prefer }),
  };
}

function notesOf(
  kind: Kind,
  calibration: Calibration | undefined,
  precision: number,
  { unreadable }: Checker,
): string[] {
  const notes: string[] = [];
  const things = kind === 'image' ? 'pictures' : 'documents';
  if (calibration === undefined)
    notes.push(
      `Too few ${things} to measure what copies look like here: the usual threshold is used, and no precision is promised.`,
    );
  else if (calibration.precision < precision)
    notes.push(
      `A precision of ${precision} cannot be promised for ${things}: with ${calibration.strangers} measured pairs ${calibration.precision.toFixed(3)} is what can be expected.`,
    );
  const [first] = unreadable;
  if (first !== undefined)
    notes.push(`${unreadable.size} ${things} could not be looked at, among them ${first[0]}: ${first[1]}`);
  return notes;
}
