// What two near-duplicates are to one another: the names, closest first.
import type { Kind } from '../features/feature.ts';

/** Relations of two pictures, the closest first. */
export const PICTURE_RELATIONS = [
  'identical',
  'same-pixels',
  're-encoded',
  'resized',
  'turned',
  'cropped',
  'edited',
  'similar-shot',
] as const;

/** Relations of two documents, the closest first. */
export const TEXT_RELATIONS = ['identical', 'same-text', 'contains', 'revision', 'template', 'related'] as const;

export type PictureRelation = (typeof PICTURE_RELATIONS)[number];
export type TextRelation = (typeof TEXT_RELATIONS)[number];
export type Relation = PictureRelation | TextRelation;

export const RELATIONS: readonly Relation[] = [...new Set<Relation>([...PICTURE_RELATIONS, ...TEXT_RELATIONS])];

/** Pairs that resemble each other and are no duplicates: listed when they are asked for, never in a plan by themselves. */
const SIMILAR: readonly Relation[] = ['similar-shot', 'template', 'related'];

/**
 * Relations in which nothing that one can see is lost with the lesser of the two: what a plan moves by itself. The same words may stand
 * in other documents beside other pictures, or in the draft of what was printed.
 */
export const PLAIN_COPIES: readonly Relation[] = ['identical', 'same-pixels', 're-encoded', 'resized'];

/** Every relation that is a duplicate, of pictures or of documents. */
export function duplicateRelations(kind: Kind): Relation[] {
  const all: readonly Relation[] = kind === 'image' ? PICTURE_RELATIONS : TEXT_RELATIONS;
  return all.filter((relation) => !SIMILAR.includes(relation));
}

/** What an exact look at two things says. Where a copy begins is the folder's to say, see calibration.ts. */
export interface Verdict<Name extends Relation, Evidence> {
  /** How much speaks for a copy, 0…1. */
  readonly score: number;
  /** What the two are, if the score is that of a copy. */
  readonly ifCopy: Name;
  /** What they are if it is not; absent when they are nothing to one another. */
  readonly ifNot?: Name;
  readonly evidence: Evidence;
}

/** @param threshold the score from which two things are copies */
export function relationAt<Name extends Relation>(
  { score, ifCopy, ifNot }: Pick<Verdict<Name, unknown>, 'score' | 'ifCopy' | 'ifNot'>,
  threshold: number,
): Name | undefined {
  return score >= threshold ? ifCopy : ifNot;
}
