// Collects sparse rows of several steps into the two tensors that scatterFlat makes dense again inside the graph.
import type { NumericTensor } from '../runtime/numeric-tensor.ts';

/**
 * Steps of different numbers of entries, each padded to the longest by repeating its first entry (the same value at the
 * same place changes nothing). Memory grows with the words that are there, not with the vocabulary.
 */
export class SparseSteps {
  readonly #steps: { positions: number[]; values: number[] }[] = [];

  beginStep(): void {
    this.#steps.push({ positions: [], values: [] });
  }

  /** Adds a value at a flat position of the current step's dense tensor; each position at most once. */
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
      const from = i * longest;
      positions.fill(step.positions[0] ?? 0, from, from + longest);
      values.fill(step.values[0] ?? 0, from, from + longest);
      positions.set(step.positions, from);
      values.set(step.values, from);
    });
    return { positions: { data: positions, shape }, values: { data: values, shape } };
  }
}
