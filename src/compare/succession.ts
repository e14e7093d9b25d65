// Should a newly trained encoder take the place of the one that answers?
import { bootstrapDifference, bootstrapFigure, type Estimate } from './bootstrap.ts';
import type { LabelFreeOutcome } from './label-free.ts';
import type { CopyScores, MethodOutcome } from './outcome.ts';

/** Held-out items below which nothing is shown. */
const FEWEST_ITEMS = 20;
/** Of strangers, the largest share that may pass for copies. */
const MOST_STRANGERS = 0.05;

/** A figure of both encoders, and what the new one is better by with its 95 % interval (paired bootstrap over items). */
export interface Compared {
  readonly candidate: number;
  readonly present: number;
  readonly difference: Estimate;
}

export type Succession = {
  /** Items that no encoder was trained on, and copies of them, that the figures are over. */
  readonly heldOutItems: number;
  readonly queries: number;
} & (
  | { readonly reason: 'too-few' }
  | {
      readonly reason: 'better' | 'not-better';
      /** See {@link foundAmongStrangers}. */
      readonly found: Compared;
      readonly reciprocalRank: Compared;
    }
);

/**
 * Compares two encoders by the copies that both were asked for, of all kinds: both have practised the same ones. The new one
 * is better when it tells copies from strangers better, with an interval that lies above zero, and its mean reciprocal rank is
 * not shown to be lower. The first is the harder measure: an encoder that was tuned on a few hundred pictures can tell copies
 * from strangers better and still rank pictures less well that it has not seen.
 *
 * @param candidate the name of the new one among the outcome's methods
 * @param present that of the one that answers
 */
export function compareForSuccession(outcome: LabelFreeOutcome, candidate: string, present: string): Succession {
  const chosen = outcome.queries.flatMap(({ heldOut }, place) => (heldOut ? [place] : []));
  const clusters = chosen.map((place) => outcome.queries[place]!.id);
  const counts = { heldOutItems: new Set(clusters).size, queries: chosen.length };
  if (counts.heldOutItems < FEWEST_ITEMS) return { ...counts, reason: 'too-few' };
  const [ours, theirs] = [candidate, present].map((name) => ofMethod(outcome, name, chosen)) as [Asked, Asked];
  const options = { seed: outcome.seed, clusters };
  const found: Compared = {
    candidate: foundAmongStrangers(ours.scores),
    present: foundAmongStrangers(theirs.scores),
    difference: bootstrapFigure(
      chosen.length,
      (places) => foundAmongStrangers(at(ours.scores, places)) - foundAmongStrangers(at(theirs.scores, places)),
      options,
    ),
  };
  const reciprocalRank: Compared = {
    candidate: mean(ours.reciprocalRanks),
    present: mean(theirs.reciprocalRanks),
    difference: bootstrapDifference(ours.reciprocalRanks, theirs.reciprocalRanks, options),
  };
  const isBetter = found.difference.low > 0 && reciprocalRank.difference.high >= 0;
  return { ...counts, reason: isBetter ? 'better' : 'not-better', found, reciprocalRank };
}

/**
 * How well copies are told from strangers: the share of copies that are found at a threshold which a share of strangers
 * passes, on average over shares from 0 to 5 % (the area under that part of the ROC curve, divided by 0.05). The strangers are
 * the same copies with their originals taken away.
 */
export function foundAmongStrangers(scores: readonly CopyScores[]): number {
  const strangers = Float64Array.from(scores, ({ stranger }) => stranger).sort();
  let sum = 0;
  for (const { original } of scores) {
    const passing = strangers.length - firstNotBelow(strangers, original);
    sum += Math.max(0, 1 - passing / strangers.length / MOST_STRANGERS);
  }
  return sum / scores.length;
}

interface Asked {
  readonly scores: readonly CopyScores[];
  readonly reciprocalRanks: readonly number[];
}

function ofMethod({ methods }: LabelFreeOutcome, name: string, places: readonly number[]): Asked {
  const found: MethodOutcome | undefined = methods.find(({ method }) => method === name);
  if (found?.scores === undefined) throw new RangeError(`Expected ${name} among the methods but there is none`);
  const { scores, perQuery } = found;
  return { scores: at(scores, places), reciprocalRanks: at(perQuery, places).map((query) => query.reciprocalRank) };
}

function at<T>(values: readonly T[], places: ArrayLike<number>): T[] {
  return Array.from(places, (place) => values[place]!);
}

/** The place of the first of ascending values that is not below. */
function firstNotBelow(ascending: Float64Array, value: number): number {
  let [from, to] = [0, ascending.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (ascending[middle]! < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
