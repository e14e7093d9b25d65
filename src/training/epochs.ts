// Which rows each step sees: every row once an epoch, in an order of its own.
import type { RecipeHooks } from './auto-encoder.ts';
import type { Random } from './random.ts';
import type { TrainingProgress } from './training-options.ts';

export interface EpochPlan {
  readonly rows: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly steps: number;
}

/** Cuts epochs into steps of one size; the rows that are left over (others in each epoch) are left out. */
export function planEpochs(rows: number, batchSize: number, epochs: number): EpochPlan {
  const size = Math.min(batchSize, rows);
  const stepsPerEpoch = Math.floor(rows / size);
  return { rows, batchSize: size, epochs, stepsPerEpoch, steps: epochs * stepsPerEpoch };
}

/** Draws the batches of one step after another. Passing over steps costs a shuffle for each epoch, no more. */
export class BatchOrder {
  readonly #plan: EpochPlan;
  readonly #random: Random;
  #order: Uint32Array = new Uint32Array(0);
  #step = 0;
  /** Epochs whose order was drawn. */
  #epochs = 0;

  constructor(plan: EpochPlan, random: Random) {
    this.#plan = plan;
    this.#random = random;
  }

  /** Row numbers of the next step, [batch size]. No row comes twice. */
  next(): Uint32Array {
    const { batchSize, stepsPerEpoch } = this.#plan;
    this.skipTo(this.#step + 1);
    const place = (this.#step - 1) % stepsPerEpoch;
    return this.#order.subarray(place * batchSize, (place + 1) * batchSize);
  }

  /** Makes `step` (from 0, not before the present one) the step that comes next. */
  skipTo(step: number): void {
    if (step < this.#step) throw new RangeError(`Expected a step from ${this.#step} on but received ${step}`);
    const { stepsPerEpoch, rows } = this.#plan;
    const epochs = Math.ceil(step / stepsPerEpoch);
    for (; this.#epochs < epochs; this.#epochs++) this.#order = this.#random.permutation(rows);
    this.#step = step;
  }
}

/** The mean loss of each epoch. */
export function meanLosses(losses: Float32Array, { epochs, stepsPerEpoch }: EpochPlan): number[] {
  return Array.from({ length: epochs }, (_, epoch) => {
    const part = losses.subarray(epoch * stepsPerEpoch, (epoch + 1) * stepsPerEpoch);
    return part.reduce((sum, loss) => sum + loss, 0) / stepsPerEpoch;
  });
}

/** Passes the trainer's progress on with the epoch it is in. */
export function epochProgress({ epochs, stepsPerEpoch }: EpochPlan, { onProgress }: RecipeHooks) {
  return (progress: TrainingProgress): void => {
    onProgress?.({ ...progress, epochs, epoch: Math.min(epochs, Math.floor(progress.step / stepsPerEpoch) + 1) });
  };
}
