// What a training graph is fed with, under the names of its inputs.
import { type NumericTensor, unshared } from '../runtime/numeric-tensor.ts';
import type { Optimizer } from './optimizer.ts';
import { NAMES } from './program-names.ts';

/** @throws TypeError when one of the names has no tensor */
export function named(
  names: readonly string[],
  tensors: Readonly<Record<string, NumericTensor>>,
  inputName: (name: string) => string,
): Record<string, NumericTensor> {
  return Object.fromEntries(
    names.map((name) => {
      const tensor = tensors[name];
      if (tensor === undefined) throw new TypeError(`Expected a tensor for '${name}' but received none`);
      return [inputName(name), tensor];
    }),
  );
}

/** Copied out of memory that threads share once, and not again for each chunk. */
export function unsharedTensors(tensors: Readonly<Record<string, NumericTensor>>): Record<string, NumericTensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { data, shape }]) => [name, { data: unshared(data), shape }]),
  );
}

/** The optimizer's numbers for steps from `first` on, each at its learning rate. */
export function scalarFeeds(
  optimizer: Optimizer,
  first: number,
  rates: readonly number[],
): Record<string, NumericTensor> {
  const rows = rates.map((rate, i) => optimizer.scalars(first + i, rate));
  return Object.fromEntries(
    optimizer.scalarNames.map((name, column) => [
      NAMES.scalar(name),
      { data: Float32Array.from(rows, (row) => row[column]!), shape: [rows.length] },
    ]),
  );
}
