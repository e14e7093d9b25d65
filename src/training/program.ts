// A training program: parameters, inputs and a loss, made into one ONNX graph that runs many steps of Adam in a Loop.
import type { ElementType } from '../runtime/numeric-tensor.ts';
import { gradients } from './graph/autodiff.ts';
import { Graph, refuse, type Tensor } from './graph/graph.ts';
import { loop } from './graph/loop.ts';
import { type Shape, showShape } from './graph/shape.ts';
import { gather, reshape } from './graph/shaping.ts';
import type { Initialiser } from './initialisation.ts';
import { type AdamOptions, adamStep, SCALARS_PER_STEP } from './optimizer.ts';

export interface ParameterDescription {
  readonly shape: Shape;
  readonly initial: Initialiser;
}

export interface InputDescription {
  readonly type: ElementType;
  readonly shape: Shape;
}

/** What a loss is made of: tensors under the names they were described with. */
export interface StepInputs<Parameter extends string, Resident extends string, Streamed extends string> {
  /** The graph of one step: where noise is drawn. */
  readonly graph: Graph;
  readonly parameters: Readonly<Record<Parameter, Tensor>>;
  /** The whole resident data; pick a step's rows with {@link gather} and a streamed index. */
  readonly resident: Readonly<Record<Resident, Tensor>>;
  /** This step's part of what is streamed. */
  readonly streamed: Readonly<Record<Streamed, Tensor>>;
}

export interface StepLoss {
  /** The scalar to make small. */
  readonly loss: Tensor;
  /** Further scalars to report for each step, for example the parts of the loss. */
  readonly metrics?: Readonly<Record<string, Tensor>>;
}

export interface ProgramDescription<Parameter extends string, Resident extends string, Streamed extends string> {
  readonly name: string;
  readonly parameters: Readonly<Record<Parameter, ParameterDescription>>;
  /** Data that is handed over once and stays: shapes with the number of rows first, [N, …]. */
  readonly resident?: Readonly<Record<Resident, InputDescription>>;
  /**
   * Data that is handed over for each chunk of steps: shapes of one step; a feed has a leading axis of steps. A size of
   * −1 in the first place may differ from chunk to chunk (operators that need to know it cannot be used on it).
   */
  readonly streamed: Readonly<Record<Streamed, InputDescription>>;
  /** @default Adam's usual settings */
  readonly adam?: AdamOptions;
  /** Builds the loss of one step. */
  loss(inputs: StepInputs<Parameter, Resident, Streamed>): StepLoss;
}

/** What {@link runTraining} runs. */
export interface Program {
  readonly name: string;
  readonly model: Uint8Array;
  readonly parameters: Readonly<Record<string, ParameterDescription>>;
  readonly streamed: readonly string[];
  readonly resident: readonly string[];
  readonly metrics: readonly string[];
  readonly adam: AdamOptions;
}

/** Prefixes of the model's inputs and outputs, so that names of parameters and data cannot collide. */
export const NAMES = {
  scalars: 'step-scalars',
  losses: 'losses',
  parameter: (name: string) => `parameter/${name}`,
  mean: (name: string) => `mean/${name}`,
  square: (name: string) => `square/${name}`,
  resident: (name: string) => `resident/${name}`,
  streamed: (name: string) => `streamed/${name}`,
  metric: (name: string) => `metric/${name}`,
  next: (name: string) => `next/${name}`,
} as const;

/**
 * Builds the graph of a chunk of steps. Its inputs are the parameters with Adam's state, the data and Adam's numbers for
 * each step; its outputs the parameters and the state after the last step, and each step's loss.
 *
 * @throws SandglassError GRAPH_SHAPE when the loss is not a scalar, does not depend on a parameter, or shapes do not fit
 */
export function defineProgram<Parameter extends string, Resident extends string, Streamed extends string>(
  description: ProgramDescription<Parameter, Resident, Streamed>,
): Program {
  const { name, parameters, streamed, adam = {} } = description;
  const residentInputs: Readonly<Record<string, InputDescription>> = description.resident ?? {};
  const graph = new Graph(name);
  const names = Object.keys(parameters) as Parameter[];
  const scalars = graph.input(NAMES.scalars, 'float32', [0, SCALARS_PER_STEP], ['steps', SCALARS_PER_STEP]);
  const resident = mapValues(residentInputs, ({ type, shape }, key) => graph.input(NAMES.resident(key), type, shape));
  const streams = mapValues<InputDescription, Tensor>(streamed, ({ type, shape }, key) => {
    const declared = shape.map((size, axis) => (size < 0 ? `${key}-${axis}` : size));
    const known = shape.map((size) => Math.max(0, size));
    return graph.input(NAMES.streamed(key), type, [0, ...known], ['steps', ...declared]);
  });
  const initial = [NAMES.parameter, NAMES.mean, NAMES.square].flatMap((inputName) =>
    names.map((key) => graph.input(inputName(key), 'float32', parameters[key].shape)),
  );

  let metricNames: string[] = [];
  const { carried, collected } = loop(countSteps(scalars), initial, (body, step, state) => {
    const part = (kind: number) => state.slice(kind * names.length, (kind + 1) * names.length);
    const [values, means, squares] = [part(0), part(1), part(2)];
    const { loss, metrics = {} } = description.loss({
      graph: body,
      parameters: Object.fromEntries(names.map((key, i) => [key, values[i]!])) as Record<Parameter, Tensor>,
      resident: resident as Record<Resident, Tensor>,
      streamed: mapValues(streams, (tensor) => gather(tensor, step)) as Record<Streamed, Tensor>,
    });
    metricNames = Object.keys(metrics);
    for (const [key, metric] of Object.entries(metrics)) {
      if (metric.shape.length !== 0) {
        refuse(`metric '${key}'`, [metric], `expected a scalar but received ${showShape(metric.shape)}`);
      }
    }
    const rate = scalarAt(gather(scalars, step), 0);
    const epsilon = scalarAt(gather(scalars, step), 1);
    const next = gradients(loss, values).map((gradient, i) =>
      adamStep({ parameter: values[i]!, mean: means[i]!, square: squares[i]! }, gradient, rate, epsilon, adam),
    );
    return {
      carried: [
        ...next.map(({ parameter }) => parameter),
        ...next.map(({ mean }) => mean),
        ...next.map(({ square }) => square),
      ],
      collected: [loss, ...Object.values(metrics)],
    };
  });

  const stateNames = [NAMES.parameter, NAMES.mean, NAMES.square].flatMap((of) => names.map((key) => of(key)));
  carried.forEach((tensor, i) => {
    graph.output(tensor, NAMES.next(stateNames[i]!));
  });
  [NAMES.losses, ...metricNames.map(NAMES.metric)].forEach((output, i) => {
    graph.output(collected[i]!, output, ['steps']);
  });
  return {
    name,
    model: graph.toModel(),
    parameters,
    streamed: Object.keys(streamed),
    resident: Object.keys(residentInputs),
    metrics: metricNames,
    adam,
  };
}

/** The number of steps, as an int64 scalar: how many rows of numbers Adam was given. */
function countSteps(scalars: Tensor): Tensor {
  const { graph } = scalars;
  const [shape] = graph.node('Shape', [scalars], [{ type: 'int64', shape: [2] }]) as [Tensor];
  return scalarAt(shape, 0);
}

/** One element of a list, as a scalar. */
function scalarAt(list: Tensor, place: number): Tensor {
  return reshape(gather(list, list.graph.integers(place)), []);
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
