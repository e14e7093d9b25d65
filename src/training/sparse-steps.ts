// Collects the entries of sparse matrices of several steps into the two tensors that a training graph reads.
import type { NumericTensor } from '../runtime/numeric-tensor.ts';

/**
 * Steps of different numbers of entries, each padded to the longest with the value 0 at place 0. Memory grows with the
 * entries that are there, not with the size of the matrix.
 */
export class SparseSteps {
  readonly #steps: { positions: number[]; values: number[] }[] = [];

  beginStep(): void {
    this.#steps.push({ positions: [], values: [] });
  }

  /** Adds a value at a flat position of the current step's matrix. */
  add(position: number, value: number): void {
    const step = this.#steps.at(-1)!;
    step.positions.push(position);
    step.values.push(value);
  }

  /** [steps, longest] int32 positions and float32 values. */
  tensors(): { positions: NumericTensor; values: NumericTensor } {
    const longest = Math.max(1, ...this.#steps.map(({ positions }) => positions.length));
    const shape = [this.#steps.length, longest];
    const positions = new Int32Array(this.#steps.length * longest);
    const values = new Float32Array(positions.length);
    this.#steps.forEach((step, i) => {
      positions.set(step.positions, i * longest);
      values.set(step.values, i * longest);
    });
    return { positions: { data: positions, shape }, values: { data: values, shape } };
  }
}
