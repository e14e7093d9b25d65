// What training carries from step to step: parameters, what the optimizer remembers of them, buffers.
import type { NumericTensor } from '../runtime/numeric-tensor.ts';
import { type Cut, cutFor } from './graph/pieces.ts';
import { elementCount, type Shape, sameShape, showShape } from './graph/shape.ts';
import type { Initialiser } from './initialisation.ts';
import type { Optimizer } from './optimizer.ts';
import { NAMES } from './program-names.ts';
import { Random } from './random.ts';

/** A trained parameter, or a buffer. */
export interface Parameter {
  readonly name: string;
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** A parameter or a buffer before it is there. */
export interface ParameterDescription {
  readonly shape: Shape;
  readonly initial: Initialiser;
  /** True for the weights of a matrix product: large ones are then carried in pieces, which is faster. @default false */
  readonly product?: boolean;
}

export interface StateDescription {
  readonly parameters: Readonly<Record<string, ParameterDescription>>;
  readonly buffers: Readonly<Record<string, ParameterDescription>>;
  readonly optimizer: Optimizer;
}

/** One tensor of the state. */
export interface StateTensor {
  /** Name of the model's input; the output's is `NAMES.next` of it. */
  readonly input: string;
  readonly shape: Shape;
  /** Into what it is cut while steps run. */
  readonly cut?: Cut | undefined;
  /** How it starts, under the name it was described with; what the optimizer remembers starts at 0. */
  readonly described?: ParameterDescription & { readonly name: string };
}

/** The state by the names of the model's inputs. Its arrays are never written to: each chunk makes new ones. */
export type State = Readonly<Record<string, NumericTensor & { readonly data: Float32Array }>>;

/** All tensors of the state: parameters, then what the optimizer remembers of them, then buffers. */
export function stateTensors({ parameters, buffers, optimizer }: StateDescription): StateTensor[] {
  const described = (record: StateDescription['parameters'], inputOf: (name: string) => string) =>
    Object.entries(record).map(([name, description]) => ({
      input: inputOf(name),
      shape: description.shape,
      cut: cutOf(description),
      described: { name, ...description },
    }));
  return [
    ...described(parameters, NAMES.parameter),
    ...optimizer.memory.flatMap((kind) =>
      Object.entries(parameters).map(([name, description]) => ({
        input: NAMES.memory(kind, name),
        shape: description.shape,
        cut: cutOf(description),
      })),
    ),
    ...described(buffers, NAMES.buffer),
  ];
}

function cutOf({ shape, product = false }: ParameterDescription): Cut | undefined {
  return product ? cutFor(shape) : undefined;
}

/**
 * The state before the first step.
 *
 * @param start values for parameters and buffers that shall not be drawn
 * @throws RangeError when one of them has another shape or a name that nothing has
 */
export function startingState(description: StateDescription, seed: number, start: readonly Parameter[]): State {
  const random = new Random(seed);
  const given = new Map(start.map((parameter) => [parameter.name, parameter]));
  const state = stateTensors(description).map(({ input, shape, described }) => {
    if (described === undefined) return [input, { data: new Float32Array(elementCount(shape)), shape }] as const;
    // A generator is taken even when values are given, so that one given parameter leaves the others as they would be.
    const own = random.fork();
    const values = given.get(described.name);
    given.delete(described.name);
    if (values !== undefined && !sameShape(values.shape, shape)) {
      throw new RangeError(
        `Expected starting values ${showShape(shape)} for '${described.name}' but received ${showShape(values.shape)}`,
      );
    }
    const data = values === undefined ? described.initial(shape, own) : values.data;
    if (data.length !== elementCount(shape)) {
      throw new RangeError(
        `Expected ${elementCount(shape)} starting values for '${described.name}' but received ${data.length}`,
      );
    }
    return [input, { data, shape }] as const;
  });
  const [unknown] = given.keys();
  if (unknown !== undefined) {
    throw new RangeError(`Expected starting values for parameters and buffers only but received some for '${unknown}'`);
  }
  return Object.fromEntries(state);
}

/** Parameters or buffers of a state: the arrays themselves, not copies. */
export function partOf(
  state: State,
  described: Readonly<Record<string, ParameterDescription>>,
  inputOf: (name: string) => string,
): Parameter[] {
  return Object.entries(described).map(([name, { shape }]) => ({ name, shape, data: state[inputOf(name)]!.data }));
}

export function stateBytes(state: State): number {
  return Object.values(state).reduce((sum, { data }) => sum + data.byteLength, 0);
}
