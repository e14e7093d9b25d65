// Training that runs into NaN or infinite numbers: at which step, and most likely why.
import { SandglassError } from '../errors.ts';

/** @throws SandglassError TRAINING_DIVERGED when one of the losses from step `first` (from 0) on is not finite */
export function demandFiniteLosses(losses: Float32Array, first: number, rateOf: (step: number) => number): void {
  const at = losses.findIndex((loss) => !Number.isFinite(loss));
  if (at >= 0) throw diverged('loss', first + at, rateOf);
}

/** @throws SandglassError TRAINING_DIVERGED when a parameter holds a number that is not finite after step `step` (from 0) */
export function demandFiniteParameters(
  parameters: readonly { readonly name: string; readonly data: Float32Array }[],
  step: number,
  rateOf: (step: number) => number,
): void {
  for (const { name, data } of parameters) {
    let sum = 0;
    for (let i = 0; i < data.length; i++) sum += data[i]! * 0; // NaN as soon as one is NaN or infinite
    if (sum !== 0) throw diverged(`parameter '${name}'`, step, rateOf);
  }
}

/** @throws SandglassError TRAINING_DIVERGED when what an epoch's (from 1) validation gave is not finite */
export function demandFiniteValidation(validation: number, epoch: number): void {
  if (Number.isFinite(validation)) return;
  throw new SandglassError(
    'TRAINING_DIVERGED',
    `Expected a finite validation after epoch ${epoch} but received ${validation}: ` +
      'the learning rate is most likely too high, or the data of the validation hold NaN or infinite numbers',
  );
}

function diverged(what: string, step: number, rateOf: (step: number) => number): SandglassError {
  const cause =
    step === 0
      ? 'already the first loss is not finite, so the data or the starting values hold NaN or infinite numbers'
      : `the learning rate of ${rateOf(step).toPrecision(2)} is most likely too high; try a tenth of it, or a warm-up`;
  return new SandglassError(
    'TRAINING_DIVERGED',
    `The training ${what} became NaN or infinite at step ${step + 1}: ${cause}`,
  );
}
