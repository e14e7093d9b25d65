// A training program: parameters, inputs and a loss, made into one ONNX graph that runs many steps in a Loop.
import type { ElementType } from '../runtime/numeric-tensor.ts';
import { clipGradients } from './clipping.ts';
import { gradients } from './graph/autodiff.ts';
import { Graph, refuse, type Tensor } from './graph/graph.ts';
import { loop } from './graph/loop.ts';
import { cutTensor, joinPieces } from './graph/pieces.ts';
import { type Shape, sameShape, showShape } from './graph/shape.ts';
import { gather } from './graph/shaping.ts';
import { GraphNoise, type Noise, type NoiseDraw } from './noise.ts';
import { createOptimizer, type OptimizerOptions } from './optimizer.ts';
import { NAMES } from './program-names.ts';
import { type ParameterDescription, type StateDescription, type StateTensor, stateTensors } from './state.ts';

export type { ParameterDescription } from './state.ts';

export interface InputDescription {
  readonly type: ElementType;
  readonly shape: Shape;
}

/** What a loss is made of: tensors under the names they were described with. */
export interface StepInputs<
  Parameter extends string,
  Resident extends string,
  Streamed extends string,
  Buffer extends string,
> {
  /** The graph of one step. */
  readonly graph: Graph;
  readonly parameters: Readonly<Record<Parameter, Tensor>>;
  /** As the step before left them. */
  readonly buffers: Readonly<Record<Buffer, Tensor>>;
  /** The whole resident data; pick a step's rows with {@link gather} and a streamed index. */
  readonly resident: Readonly<Record<Resident, Tensor>>;
  /** This step's part of what is streamed. */
  readonly streamed: Readonly<Record<Streamed, Tensor>>;
  /** Where random numbers are drawn. */
  readonly noise: Noise;
}

export interface StepLoss {
  /** The scalar to make small. */
  readonly loss: Tensor;
  /** Further scalars to report for each step, for example the parts of the loss. */
  readonly metrics?: Readonly<Record<string, Tensor>>;
  /** What buffers become; those that are not named stay as they are. */
  readonly buffers?: Readonly<Record<string, Tensor>>;
}

export interface ProgramDescription<
  Parameter extends string,
  Resident extends string,
  Streamed extends string,
  Buffer extends string,
> {
  readonly name: string;
  readonly parameters: Readonly<Record<Parameter, ParameterDescription>>;
  /** Values carried from step to step that no gradient changes, for example the running means of a batch norm. */
  readonly buffers?: Readonly<Record<Buffer, ParameterDescription>>;
  /** Data that is handed over once and stays: shapes with the number of rows first, [N, …]. */
  readonly resident?: Readonly<Record<Resident, InputDescription>>;
  /**
   * Data that is handed over for each chunk of steps: shapes of one step; a feed has a leading axis of steps. A size of
   * −1 in the first place may differ from chunk to chunk (operators that need to know it cannot be used on it).
   */
  readonly streamed: Readonly<Record<Streamed, InputDescription>>;
  /** @default { kind: 'adam' } with its usual settings */
  readonly optimizer?: OptimizerOptions;
  /** Longest Euclidean norm of all gradients together; longer ones are scaled. Reported as the metric `gradientNorm`. */
  readonly clipNorm?: number;
  /** Builds the loss of one step. */
  loss(inputs: StepInputs<Parameter, Resident, Streamed, Buffer>): StepLoss;
}

/** What {@link runTraining} runs. */
export interface Program extends StateDescription {
  readonly name: string;
  readonly model: Uint8Array;
  readonly streamed: readonly string[];
  readonly resident: readonly string[];
  readonly metrics: readonly string[];
  /** What each step draws. */
  readonly noise: readonly NoiseDraw[];
}

/** The metric that {@link ProgramDescription.clipNorm} adds. */
export const GRADIENT_NORM = 'gradientNorm';

/**
 * Builds the graph of a chunk of steps. Its inputs are the state (parameters, what the optimizer remembers, buffers), the
 * data and the optimizer's numbers for each step; its outputs the state after the last step, and each step's loss.
 *
 * @throws SandglassError GRAPH_SHAPE when the loss is not a scalar, does not depend on a parameter, or shapes do not fit
 */
export function defineProgram<
  Parameter extends string,
  Resident extends string = never,
  Streamed extends string = never,
  Buffer extends string = never,
>(description: ProgramDescription<Parameter, Resident, Streamed, Buffer>): Program {
  const { name, parameters, streamed, clipNorm } = description;
  if (clipNorm !== undefined && !(clipNorm > 0)) {
    throw new RangeError(`Expected clipNorm above 0 but received ${clipNorm}`);
  }
  const optimizer = createOptimizer(description.optimizer ?? { kind: 'adam' });
  const residentInputs: Readonly<Record<string, InputDescription>> = description.resident ?? {};
  const buffers: Readonly<Record<string, ParameterDescription>> = description.buffers ?? {};
  const graph = new Graph(name);
  const scalars = optimizer.scalarNames.map((scalar) => graph.input(NAMES.scalar(scalar), 'float32', [0], ['steps']));
  const resident = mapValues(residentInputs, ({ type, shape }, key) => graph.input(NAMES.resident(key), type, shape));
  const streams = mapValues<InputDescription, Tensor>(streamed, ({ type, shape }, key) => {
    const declared = shape.map((size, axis) => (size < 0 ? `${key}-${axis}` : size));
    const known = shape.map((size) => Math.max(0, size));
    return graph.input(NAMES.streamed(key), type, [0, ...known], ['steps', ...declared]);
  });
  const state = stateTensors({ parameters, buffers, optimizer });
  const initial = state.flatMap(({ input, shape, cut }) => cutTensor(graph.input(input, 'float32', shape), cut));

  const names = Object.keys(parameters);
  let metricNames: string[] = [];
  let noise: GraphNoise | undefined;
  const { carried, collected } = loop(countSteps(scalars[0]!), initial, (body, step, values) => {
    const pieces = grouped(state, values);
    const now = new Map(state.map(({ input, cut }) => [input, joinPieces(pieces.get(input)!, cut)]));
    noise = new GraphNoise(body, step);
    const made = description.loss({
      graph: body,
      parameters: tensorsOf(names, NAMES.parameter, now) as Record<Parameter, Tensor>,
      buffers: tensorsOf(Object.keys(buffers), NAMES.buffer, now) as Record<Buffer, Tensor>,
      resident: resident as Record<Resident, Tensor>,
      streamed: mapValues(streams, (tensor) => gather(tensor, step)) as Record<Streamed, Tensor>,
      noise,
    });
    const metrics: Record<string, Tensor> = { ...made.metrics };
    const numbers = scalars.map((scalar) => gather(scalar, step));
    const trained = names.flatMap((key) =>
      pieces.get(NAMES.parameter(key))!.map((parameter, piece) => ({ key, piece, parameter })),
    );
    let slopes: readonly Tensor[] = gradients(
      made.loss,
      trained.map(({ parameter }) => parameter),
    );
    if (clipNorm !== undefined) {
      const clipped = clipGradients(slopes, clipNorm);
      slopes = clipped.gradients;
      metrics[GRADIENT_NORM] = clipped.norm;
    }
    const next = new Map([...pieces].map(([input, parts]) => [input, [...parts]]));
    trained.forEach(({ key, piece, parameter }, i) => {
      const memory = optimizer.memory.map((kind) => pieces.get(NAMES.memory(kind, key))![piece]!);
      const updated = optimizer.update({ parameter, memory }, slopes[i]!, numbers);
      next.get(NAMES.parameter(key))![piece] = updated.parameter;
      optimizer.memory.forEach((kind, slot) => {
        next.get(NAMES.memory(kind, key))![piece] = updated.memory[slot]!;
      });
    });
    for (const [key, value] of Object.entries(made.buffers ?? {})) {
      next.set(NAMES.buffer(key), [demandShape(`buffer '${key}'`, value, buffers[key]?.shape)]);
    }
    metricNames = Object.keys(metrics);
    return {
      carried: state.flatMap(({ input }) => next.get(input)!),
      collected: [
        made.loss,
        ...Object.entries(metrics).map(([key, metric]) => demandShape(`metric '${key}'`, metric, [])),
      ],
    };
  });

  const last = grouped(state, carried);
  for (const { input, cut } of state) graph.output(joinPieces(last.get(input)!, cut), NAMES.next(input));
  [NAMES.losses, ...metricNames.map(NAMES.metric)].forEach((output, i) => {
    graph.output(collected[i]!, output, ['steps']);
  });
  return {
    name,
    model: graph.toModel(),
    parameters,
    buffers,
    streamed: Object.keys(streamed),
    resident: Object.keys(residentInputs),
    metrics: metricNames,
    optimizer,
    noise: noise?.draws ?? [],
  };
}

/** The number of steps, as an int64 scalar: how many numbers the optimizer was given. */
function countSteps(scalar: Tensor): Tensor {
  const [shape] = scalar.graph.node('Shape', [scalar], [{ type: 'int64', shape: [1] }]) as [Tensor];
  return gather(shape, scalar.graph.integers(0));
}

/** The pieces of each tensor of the state, by the name of its input. */
function grouped(state: readonly StateTensor[], pieces: readonly Tensor[]): Map<string, readonly Tensor[]> {
  let from = 0;
  return new Map(
    state.map(({ input, cut }) => {
      from += cut?.sizes.length ?? 1;
      return [input, pieces.slice(from - (cut?.sizes.length ?? 1), from)];
    }),
  );
}

function demandShape(what: string, tensor: Tensor, shape: Shape | undefined): Tensor {
  if (shape === undefined) refuse(what, [tensor], 'expected a name that was described but received another');
  if (!sameShape(tensor.shape, shape)) {
    refuse(what, [tensor], `expected the shape ${showShape(shape)} but received ${showShape(tensor.shape)}`);
  }
  return tensor;
}

function tensorsOf(
  names: readonly string[],
  inputOf: (name: string) => string,
  values: ReadonlyMap<string, Tensor>,
): Record<string, Tensor> {
  return Object.fromEntries(names.map((name) => [name, values.get(inputOf(name))!]));
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
