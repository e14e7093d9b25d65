// Data of many steps at a time: where it comes from, how much of it is asked for, and how it is passed over.
import type { NumericTensor } from '../runtime/numeric-tensor.ts';

/** For each streamed input a tensor with a leading axis of steps. */
export type Chunk = Readonly<Record<string, NumericTensor>>;

/**
 * Data for steps `first` … `first + count − 1`. Called in order, once for each step; what it gives must not depend on how
 * the steps are cut into chunks.
 */
export type NextChunk = (first: number, count: number) => Chunk | Promise<Chunk>;

/** A {@link NextChunk} that may be able to pass over steps without making their data. */
export interface ChunkSource {
  readonly next: NextChunk;
  /** Makes `step` the step that comes next. Called once, before the first chunk, when training goes on from a checkpoint. */
  readonly skipTo?: (step: number) => void;
}

/** Steps that are passed over at a time. */
const SKIPPED_AT_ONCE = 64;

/** Passes over the first `steps` steps. */
export async function skipSteps(source: ChunkSource, steps: number): Promise<void> {
  if (steps === 0) return;
  if (source.skipTo !== undefined) return source.skipTo(steps);
  for (let first = 0; first < steps; first += SKIPPED_AT_ONCE) {
    await source.next(first, Math.min(SKIPPED_AT_ONCE, steps - first));
  }
}

/** A chunk should take about this long, so that progress moves and cancelling is quick. */
const SECONDS_PER_CHUNK = 1;
/** How many steps are tried while nothing is known of their speed. */
const FIRST_CHUNK = 4;

/** How many steps the next chunk should have, from how long the others took. */
export class ChunkLength {
  readonly #most: number;
  #steps = 0;
  #seconds = 0;

  constructor(most: number) {
    if (!Number.isInteger(most) || most < 1)
      throw new RangeError(`Expected mostStepsPerChunk ≥ 1 but received ${most}`);
    this.#most = most;
  }

  next(): number {
    if (this.#steps === 0) return Math.min(FIRST_CHUNK, this.#most);
    const stepsPerSecond = this.#steps / Math.max(1e-3, this.#seconds);
    return Math.max(1, Math.min(this.#most, Math.round(stepsPerSecond * SECONDS_PER_CHUNK)));
  }

  took(steps: number, seconds: number): void {
    this.#steps += steps;
    this.#seconds += seconds;
  }
}
