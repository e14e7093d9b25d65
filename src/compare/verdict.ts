// Which method should answer by default: the auto-encoder or the plain way?
import { bootstrapDifference } from './bootstrap.ts';
import type { Interval } from './figures.ts';
import type { LabelFreeOutcome } from './label-free.ts';
import type { MethodOutcome } from './outcome.ts';

export interface VerdictOptions {
  /** The method that has to prove itself. @default 'ae' */
  readonly encoder?: string;
  /** The methods it has to beat; the best of them is its opponent. @default every other method */
  readonly plain?: readonly string[];
  /** Held-out items below which nothing is proved. @default 20 */
  readonly minimumItems?: number;
}

/** The decision and the figures it rests on. */
export interface Verdict {
  /** The method to use by default. */
  readonly winner: string;
  /** The other one; absent when there was nothing to choose between. */
  readonly loser?: string;
  /**
   * `encoder-wins`: the interval of the difference lies above zero; `encoder-loses`: below; `tie`: it holds zero;
   * `too-few`: not enough held-out items; `no-opponent`: the encoder or every plain method is missing.
   */
  readonly reason: 'encoder-wins' | 'encoder-loses' | 'tie' | 'too-few' | 'no-opponent';
  /** Held-out items, and copies of them, that the figures are over. */
  readonly heldOutItems: number;
  readonly queries: number;
  /** Mean reciprocal rank of the encoder and of the best plain method; absent for `too-few` and `no-opponent`. */
  readonly encoderMrr?: number;
  readonly plainMrr?: number;
  /** Encoder minus plain, and its 95 % interval. */
  readonly difference?: number;
  readonly interval?: Interval;
  /** The whole of it for a person. */
  readonly sentence: string;
}

/**
 * Chooses the default method from a label-free comparison. Only what no encoder has practised counts: kinds of
 * corruption held out from training, on items held out from training. The encoder becomes the default only when its mean
 * reciprocal rank is above that of the best plain method with an interval of the difference (paired bootstrap over items)
 * that lies above zero. A tie goes to the plain method: it needs no training and is easier to explain. That the best
 * plain method is picked on the same queries makes the test a little harder for the encoder.
 */
export function chooseDefault(outcome: LabelFreeOutcome, options: VerdictOptions = {}): Verdict {
  const { encoder: encoderName = 'ae', minimumItems = 20 } = options;
  const chosen = outcome.queries.flatMap(({ heldOut, seen }, place) => (heldOut && !seen ? [place] : []));
  const clusters = chosen.map((place) => outcome.queries[place]!.id);
  const heldOutItems = new Set(clusters).size;
  const counts = { heldOutItems, queries: chosen.length };
  const reciprocalRanks = ({ perQuery }: MethodOutcome): number[] =>
    chosen.map((place) => perQuery[place]!.reciprocalRank);
  const encoder = outcome.methods.find(({ method }) => method === encoderName);
  const plain = best(
    outcome.methods.filter(({ method }) => method !== encoderName && (options.plain?.includes(method) ?? true)),
    reciprocalRanks,
  );
  if (encoder === undefined || plain === undefined) {
    const winner = (encoder ?? plain)?.method;
    if (winner === undefined) throw new RangeError(`Expected ${encoderName} or a plain method but received neither`);
    return { winner, reason: 'no-opponent', ...counts, sentence: alone(winner, outcome, encoderName) };
  }
  if (heldOutItems < minimumItems) {
    return {
      winner: plain.method,
      loser: encoderName,
      reason: 'too-few',
      ...counts,
      sentence:
        `${plain.method} answers by default: ${count(heldOutItems, 'item')} held out from training, ` +
        `fewer than the ${minimumItems} it takes to show that ${encoderName} is better.`,
    };
  }
  const encoderRanks = reciprocalRanks(encoder);
  const plainRanks = reciprocalRanks(plain);
  const { mean, low, high } = bootstrapDifference(encoderRanks, plainRanks, { seed: outcome.seed, clusters });
  const reason = low > 0 ? 'encoder-wins' : high < 0 ? 'encoder-loses' : 'tie';
  const winner = reason === 'encoder-wins' ? encoder.method : plain.method;
  const encoderMrr = average(encoderRanks);
  const plainMrr = average(plainRanks);
  return {
    winner,
    loser: winner === encoderName ? plain.method : encoderName,
    reason,
    ...counts,
    encoderMrr,
    plainMrr,
    difference: mean,
    interval: [low, high],
    sentence: sentence(reason, {
      encoder: encoderName,
      plain: plain.method,
      figures:
        `mean reciprocal rank ${encoderMrr.toFixed(3)} against ${plainMrr.toFixed(3)}, ` +
        `difference ${signed(mean)} (95 % interval ${signed(low)} to ${signed(high)})`,
      basis: `${count(chosen.length, 'corrupted copy', 'corrupted copies')} of ${count(heldOutItems, 'item')}, items and corruptions held out from training`,
    }),
  };
}

function sentence(
  reason: 'encoder-wins' | 'encoder-loses' | 'tie',
  { encoder, plain, figures, basis }: Record<'encoder' | 'plain' | 'figures' | 'basis', string>,
): string {
  if (reason === 'encoder-wins') {
    return `${encoder} answers by default: it finds originals better than ${plain} (${figures}; ${basis}).`;
  }
  if (reason === 'encoder-loses') {
    return `${plain} answers by default: ${encoder} finds originals less well (${figures}; ${basis}).`;
  }
  return `${plain} answers by default: ${encoder} is not shown to be better (${figures}; ${basis}).`;
}

/** What can be said without an opponent. */
function alone(winner: string, { methods }: LabelFreeOutcome, encoder: string): string {
  if (methods.length === 1) return `${winner} is the only method there is to choose.`;
  return winner === encoder
    ? `There is nothing to decide: no plain method was compared with ${encoder}.`
    : `There is nothing to decide: ${encoder} was not among the methods that were compared.`;
}

function best(
  candidates: readonly MethodOutcome[],
  values: (outcome: MethodOutcome) => number[],
): MethodOutcome | undefined {
  let winner: MethodOutcome | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (const candidate of candidates) {
    const mean = average(values(candidate));
    if (winner === undefined || mean > highest) {
      winner = candidate;
      highest = mean;
    }
  }
  return winner;
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** With its sign, to three places. */
export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}

function count(many: number, one: string, several = `${one}s`): string {
  return `${many.toLocaleString('en')} ${many === 1 ? one : several}`;
}
