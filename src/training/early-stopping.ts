// Validation after each epoch: what it was, and whether it is worth going on.
import type { State } from './state.ts';

/** The validation so far, and the state at its best when that is to be given back. */
export class EarlyStopping {
  readonly #patience: number | undefined;
  readonly #validations: number[] = [];
  #best: { readonly epoch: number; readonly state: State } | undefined;

  /** @param patience epochs without improvement after which training stops; undefined: never, and the last state counts */
  constructor(patience?: number) {
    if (patience !== undefined && !(Number.isInteger(patience) && patience >= 1)) {
      throw new RangeError(`Expected a patience of at least 1 epoch but received ${patience}`);
    }
    this.#patience = patience;
  }

  /** What validation gave after each epoch. */
  get validations(): readonly number[] {
    return this.#validations;
  }

  /** The epoch (from 1) that validated best, with its state. Only kept when there is a patience. */
  get best(): { readonly epoch: number; readonly state: State } | undefined {
    return this.#best;
  }

  get shouldStop(): boolean {
    if (this.#patience === undefined || this.#best === undefined) return false;
    return this.#validations.length - this.#best.epoch >= this.#patience;
  }

  /**
   * Takes note of an epoch's validation.
   *
   * @param state kept when it is the best so far
   */
  record(validation: number, state: State): void {
    const epoch = this.#validations.length + 1;
    this.#validations.push(validation);
    if (this.#patience === undefined) return;
    if (this.#best !== undefined && !(validation < this.#validations[this.#best.epoch - 1]!)) return;
    this.#best = { epoch, state };
  }

  /** Goes on from what another run had recorded. */
  restore(validations: Iterable<number>, best: { readonly epoch: number; readonly state: State } | undefined): void {
    this.#validations.push(...validations);
    this.#best = best;
  }
}
