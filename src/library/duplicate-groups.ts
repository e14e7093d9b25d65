// Confirmed pairs of contents become groups of files: what to keep first, what each is to it.
import { type Group, groupsOf } from '../duplicates/groups.ts';
import { chooseKeeper, type KeepRules } from '../duplicates/keeper.ts';
import { RELATIONS, type Relation } from '../duplicates/relation.ts';
import type { Kind } from '../features/feature.ts';
import { present } from '../present.ts';
import type { Candidate } from './duplicate-candidates.ts';
import type { Check } from './duplicate-checks.ts';
import type { Content, ContentFile } from './duplicate-contents.ts';
import type { DuplicateFile, DuplicateGroup, DuplicatePair, GroupMember } from './duplicates-result.ts';
import { isWithin } from './folders.ts';

/** Two contents that were looked at, and what they are to one another. */
export interface ConfirmedPair extends Candidate {
  readonly check: Check;
  readonly relation: Relation;
  readonly probability: number;
}

export interface ArrangeOptions {
  readonly kind: Kind;
  /** Files of identical bytes are listed. */
  readonly withIdentical: boolean;
  /** True for a content whose copies have been decided to stay. */
  keepsBoth(hash: string): boolean;
  /** Only groups and pairs that lie in two of these. */
  readonly folders?: readonly string[] | undefined;
  readonly rules: KeepRules;
}

export function arrangeGroups(
  contents: readonly Content[],
  confirmed: readonly ConfirmedPair[],
  options: ArrangeOptions,
): { groups: DuplicateGroup[]; others: DuplicatePair[] } {
  const filesOf = (row: number): readonly ContentFile[] => {
    const { hash, files } = contents[row]!;
    return options.withIdentical && !options.keepsBoth(hash) ? files : [files[0]];
  };
  // Every pair was confirmed: within the limit is what is given at all.
  const distant = confirmed.map(({ a, b, probability }) => ({ a, b, distance: 1 - probability }));
  const grouped = groupsOf(contents.length, distant, 1);
  const groupOfRow = new Map(grouped.flatMap((group, number) => group.rows.map((row) => [row, number] as const)));
  const alone = contents.flatMap((_, row) =>
    !groupOfRow.has(row) && filesOf(row).length > 1 ? [{ rows: [row], diameter: 0 }] : [],
  );
  const pairs = new Map(confirmed.map((pair) => [pair.a * contents.length + pair.b, pair]));
  const pairOfRows = (a: number, b: number) => pairs.get(a < b ? a * contents.length + b : b * contents.length + a)!;
  const spans = (paths: readonly string[]) => {
    const { folders } = options;
    return (
      folders === undefined || new Set(paths.map((path) => folders.findIndex((one) => isWithin(one, path)))).size > 1
    );
  };

  const groups = [...grouped, ...alone]
    .map((group) => groupOf(group, filesOf, pairOfRows, contents, options))
    .filter(({ files }) => spans(files.map(({ path }) => path)));
  const others = confirmed
    .filter(({ a, b }) => groupOfRow.get(a) !== groupOfRow.get(b))
    .map((pair) => pairOf(pair, contents))
    .filter(({ a, b }) => spans([a, b]));
  return { groups, others };
}

function groupOf(
  { rows, diameter }: Group,
  filesOf: (row: number) => readonly ContentFile[],
  pairOfRows: (a: number, b: number) => ConfirmedPair,
  contents: readonly Content[],
  { kind, rules }: ArrangeOptions,
): DuplicateGroup {
  const rowOf = new Map(rows.flatMap((row) => filesOf(row).map((file) => [file.absolute, row] as const)));
  const all = rows.flatMap((row) => filesOf(row).map((file) => ({ ...file, path: file.absolute })));
  const { keep, why } = chooseKeeper(all as [(typeof all)[0], ...typeof all], rules);
  const keptRow = rowOf.get(keep.path)!;
  const members = all
    .filter((file) => file !== keep)
    .map((file): GroupMember & { relation: Relation; probability: number } => {
      const row = rowOf.get(file.path)!;
      const { relation, probability } =
        row === keptRow ? ({ relation: 'identical', probability: 1 } as const) : pairOfRows(keptRow, row);
      return { ...describeFile(file), relation, probability };
    })
    .sort((a, b) => RELATIONS.indexOf(a.relation) - RELATIONS.indexOf(b.relation) || (a.path < b.path ? -1 : 1));
  const pairs = rows.flatMap((a, i) => rows.slice(i + 1).map((b) => pairOfRows(a, b)));
  return {
    kind,
    files: [describeFile(keep), ...members],
    why,
    bytes: members.reduce((sum, { size }) => sum + size, 0),
    least: 1 - diameter,
    pairs: pairs.map((pair) => pairOf(pair, contents)),
  };
}

function pairOf(
  { a, b, relation, probability, check, proposedBy }: ConfirmedPair,
  contents: readonly Content[],
): DuplicatePair {
  return {
    a: contents[a]!.files[0].absolute,
    b: contents[b]!.files[0].absolute,
    relation,
    probability,
    score: check.score,
    ...(check.evidence === undefined ? {} : { evidence: check.evidence }),
    proposedBy,
  };
}

function describeFile({ path, hash, format, size, mtimeMs, width, height, words }: ContentFile): DuplicateFile {
  const modified = new Date(mtimeMs).toISOString();
  return { path, hash, format, size, modified, ...present({ width, height, words }) };
}
