// The learning rate of each step.

/**
 * How the learning rate goes: it grows linearly over the first `warmUp` steps (@default 0), then stays, or falls along half
 * a cosine from `rate` to `final` (@default 0) over the steps that are left.
 */
export type Schedule =
  | { readonly kind: 'constant'; readonly rate: number; readonly warmUp?: number }
  | { readonly kind: 'cosine'; readonly rate: number; readonly final?: number; readonly warmUp?: number };

/** The learning rate of step `step` (from 0) of `steps`. */
export function learningRate(schedule: Schedule, step: number, steps: number): number {
  const { rate, warmUp = 0 } = schedule;
  if (step < warmUp) return (rate * (step + 1)) / warmUp;
  if (schedule.kind === 'constant') return rate;
  const { final = 0 } = schedule;
  const share = (step - warmUp) / Math.max(1, steps - warmUp);
  return final + ((rate - final) * (1 + Math.cos(Math.PI * share))) / 2;
}
