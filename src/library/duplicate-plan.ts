// Makes the plan of what was found: the best file of each group stays, its plain copies go, the rest is left to a person.
import type { DuplicatePlan } from '../duplicates/plan.ts';
import { PLAIN_COPIES, type Relation } from '../duplicates/relation.ts';
import type { DuplicateGroup, Duplicates } from './duplicates-result.ts';
import { writeNewFile } from './write-output.ts';

export interface PlanOptions {
  /**
   * Relations whose lesser file goes. @default those that lose nothing one can see: `identical`, `same-pixels`, `re-encoded`,
   * `resized`
   */
  readonly relations?: readonly Relation[];
}

/** @param index the id of the catalog that the files are in */
export function planOf(
  { groups }: Pick<Duplicates, 'groups'>,
  index: string,
  { relations = PLAIN_COPIES }: PlanOptions = {},
): DuplicatePlan {
  return {
    schema: 1,
    index,
    made: new Date().toISOString(),
    groups: groups.map((group) => plannedGroup(group, relations)),
  };
}

function plannedGroup({ files: [keep, ...copies], why }: DuplicateGroup, relations: readonly Relation[]) {
  const planned = copies.map(({ path, hash, size, relation, probability }) => ({
    path,
    hash,
    size,
    relation: relation!,
    probability: probability!,
  }));
  return {
    keep: { path: keep.path, hash: keep.hash, why },
    move: planned.filter(({ relation }) => relations.includes(relation)),
    look: planned.filter(({ relation }) => !relations.includes(relation)),
  };
}

/**
 * Writes a plan where nothing is yet: one that was changed by hand is not written over.
 *
 * @throws SandglassError OUTPUT_EXISTS, OUTPUT_UNWRITABLE, DISK_FULL
 */
export async function saveDuplicatePlan(plan: DuplicatePlan, file: string): Promise<void> {
  await writeNewFile(file, `${JSON.stringify(plan, null, 2)}\n`, 'plan');
}
