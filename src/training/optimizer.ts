// Adam inside the graph, and the learning rate of each step.
import { add, div, mul, sqrt, sub } from './graph/elementwise.ts';
import type { Tensor } from './graph/graph.ts';

/** Settings of Adam (Kingma & Ba 2015). */
export interface AdamOptions {
  /** Decay of the mean of gradients. @default 0.9 */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients. @default 0.999 */
  readonly beta2?: number;
  /** Keeps the division finite. @default 1e-8 */
  readonly epsilon?: number;
}

const ADAM_DEFAULTS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

export type Schedule =
  | { readonly kind: 'constant'; readonly rate: number }
  /** Half a cosine from `rate` down to `final`. */
  | { readonly kind: 'cosine'; readonly rate: number; readonly final?: number; readonly warmUp?: number };

/**
 * The learning rate of step `step` (from 0) of `steps`. A cosine may begin with `warmUp` steps of linear growth; it falls
 * over the others.
 */
export function learningRate(schedule: Schedule, step: number, steps: number): number {
  if (schedule.kind === 'constant') return schedule.rate;
  const { rate, final = 0, warmUp = 0 } = schedule;
  if (step < warmUp) return (rate * (step + 1)) / warmUp;
  const share = (step - warmUp) / Math.max(1, steps - warmUp);
  return final + ((rate - final) * (1 + Math.cos(Math.PI * share))) / 2;
}

/** How many numbers {@link stepScalars} gives for a step. */
export const SCALARS_PER_STEP = 2;

/**
 * The numbers Adam needs for `count` steps from `first` (from 0) on, [count, 2]: the learning rate with both bias
 * corrections, and the corrected epsilon.
 *
 * They are computed here, in double precision: 1 − 0.999^t in float32 is off by 3e-3 after 200 steps. The graph keeps
 * M = m / (1 − β1) and V = v / (1 − β2) in place of m and v, which saves two passes over all parameters; the factors
 * that takes are in these numbers too.
 */
export function stepScalars(
  first: number,
  count: number,
  rateOf: (step: number) => number,
  options: AdamOptions = {},
): Float32Array {
  const { beta1, beta2, epsilon } = { ...ADAM_DEFAULTS, ...options };
  const scalars = new Float32Array(count * SCALARS_PER_STEP);
  for (let i = 0; i < count; i++) {
    const step = first + i;
    const correction1 = 1 - beta1 ** (step + 1);
    const correction2 = Math.sqrt(1 - beta2 ** (step + 1));
    const rootOfScale = Math.sqrt(1 - beta2);
    scalars[2 * i] = ((rateOf(step) * correction2) / correction1) * ((1 - beta1) / rootOfScale);
    scalars[2 * i + 1] = (epsilon * correction2) / rootOfScale;
  }
  return scalars;
}

/** A parameter with Adam's two running means, all of one shape: M = m / (1 − β1) and V = v / (1 − β2). */
export interface AdamState {
  readonly parameter: Tensor;
  readonly mean: Tensor;
  readonly square: Tensor;
}

/**
 * One step of Adam for one parameter.
 *
 * @param rate the first of the step's two numbers, a scalar
 * @param epsilon the second
 */
export function adamStep(
  state: AdamState,
  gradient: Tensor,
  rate: Tensor,
  epsilon: Tensor,
  options: AdamOptions = {},
): AdamState {
  const { beta1, beta2 } = { ...ADAM_DEFAULTS, ...options };
  const mean = add(mul(state.mean, beta1), gradient);
  const square = add(mul(state.square, beta2), mul(gradient, gradient));
  const parameter = sub(state.parameter, div(mul(mean, rate), add(sqrt(square), epsilon)));
  return { parameter, mean, square };
}
