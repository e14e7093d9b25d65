// From scores to probabilities: the folder's own copies and strangers say from which score on a pair is a duplicate.

export interface Calibration {
  /** Pairs from this score on are duplicates with the precision that was asked for. */
  readonly threshold: number;
  /** The precision that the threshold is expected to have; below what was asked for when the samples cannot promise it. */
  readonly precision: number;
  /** The share of the damaged copies that lie above the threshold. */
  readonly recall: number;
  /** Pairs of copies and of strangers that were measured. */
  readonly copies: number;
  readonly strangers: number;
  /** The probability that a pair of this score is a duplicate. */
  probability(score: number): number;
}

export interface CalibrationInput {
  /** Scores of pairs that are copies: damaged ones, made for this. */
  readonly copies: readonly number[];
  /** Scores of pairs that are not: things at random. */
  readonly strangers: readonly number[];
  /** Precision that is wanted, between 0 and 1. */
  readonly precision: number;
  /** How many of the pairs that are judged are duplicates, as far as is known. @default 0.5 */
  readonly share?: number;
  /** The threshold is at least this. @default 0 */
  readonly least?: number;
}

/** With fewer measured pairs of either sort nothing is promised. */
export const LEAST_MEASURED = 30;

const STEPS = 200;
/** Newton steps; the loss is convex and two parameters wide. */
const ITERATIONS = 100;
/** Keeps the slope finite where copies and strangers do not overlap: one part in a hundred of a pair. */
const RIDGE = 1e-3;

/**
 * The threshold and the probabilities.
 *
 * The probability is a logistic curve over the score, fitted to both samples with the targets of Platt, "Probabilistic
 * Outputs for Support Vector Machines" (1999), which say that n pairs cannot show more than n pairs can. The precision of a
 * threshold counts strangers with Laplace's rule, (k + 1) / (n + 2): that none of 500 strangers passes shows that no more than
 * about one in 500 does. Both samples are weighted by the share of duplicates among what is judged.
 */
export function calibrate({ copies, strangers, precision, share = 0.5, least = 0 }: CalibrationInput): Calibration {
  if (copies.length === 0 || strangers.length === 0) throw new RangeError('Expected scores of copies and of strangers');
  const curve = logistic(copies, strangers, share);
  const passing = (scores: readonly number[], least: number) => scores.filter((score) => score >= least).length;
  let best = { threshold: 1, precision: 0, recall: 0 };
  const first = Math.ceil(least * STEPS);
  for (let step = first; step <= STEPS; step++) {
    const threshold = step / STEPS;
    const recall = passing(copies, threshold) / copies.length;
    const right = share * recall;
    const wrong = ((1 - share) * (passing(strangers, threshold) + 1)) / (strangers.length + 2);
    const reached = right + wrong === 0 ? 0 : right / (right + wrong);
    if (reached > best.precision || (step === first && reached > 0)) best = { threshold, precision: reached, recall };
    // a pair that is more likely not a duplicate is never one
    if (reached >= precision && curve(threshold) >= 0.5) {
      best = { threshold, precision: reached, recall };
      break;
    }
  }
  return { ...best, copies: copies.length, strangers: strangers.length, probability: curve };
}

/** p(s) = 1 / (1 + e^-(a + b·s)), by Newton's method. */
function logistic(copies: readonly number[], strangers: readonly number[], share: number): (score: number) => number {
  const targetOfCopies = (copies.length + 1) / (copies.length + 2);
  const targetOfStrangers = 1 / (strangers.length + 2);
  const points = [
    ...copies.map((score) => ({ score, target: targetOfCopies, weight: share / copies.length })),
    ...strangers.map((score) => ({ score, target: targetOfStrangers, weight: (1 - share) / strangers.length })),
  ];
  let [a, b] = [-2, 4];
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    let [ga, gb, haa, hab, hbb] = [0, RIDGE * b * 0.01, RIDGE * 0.01, 0, RIDGE * 0.01];
    for (const { score, target, weight } of points) {
      const p = 1 / (1 + Math.exp(-(a + b * score)));
      const curvature = weight * p * (1 - p);
      ga += weight * (p - target);
      gb += weight * (p - target) * score;
      haa += curvature;
      hab += curvature * score;
      hbb += curvature * score * score;
    }
    const det = haa * hbb - hab * hab;
    const [stepA, stepB] = [(ga * hbb - gb * hab) / det, (gb * haa - ga * hab) / det];
    // far steps overshoot where the curve is flat
    const shorten = Math.min(1, 5 / Math.max(Math.abs(stepA), Math.abs(stepB), 1e-12));
    a -= shorten * stepA;
    b -= shorten * stepB;
    if (Math.abs(stepA) + Math.abs(stepB) < 1e-9) break;
  }
  // more agreement never makes a copy less likely
  const slope = Math.max(b, 0);
  return (score) => 1 / (1 + Math.exp(-(a + slope * score)));
}
