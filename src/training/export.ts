// Writes a trained network as an ONNX file that any ONNX Runtime runs: weights inside, any number of rows.
import type { ElementType } from '../runtime/numeric-tensor.ts';
import { Graph, type Tensor } from './graph/graph.ts';
import type { Parameter } from './state.ts';

/** An input's name, element type and shape of one row, where a name is an open size; the file declares [N, …row]. */
export interface ExportedInput {
  readonly name: string;
  readonly type: ElementType;
  readonly row: readonly (number | string)[];
}

export interface ExportDescription {
  readonly name: string;
  readonly inputs: readonly ExportedInput[];
  /** Those that `build` takes up are written. */
  readonly parameters: readonly Parameter[];
  /** Kept in the file: what made it. */
  readonly metadata?: Readonly<Record<string, string>>;
  /**
   * Builds the outputs, by name, from the inputs [rows, …] and the parameters. Only operators that work row by row may
   * be used, and none of training only (random numbers, grid sampling).
   */
  build(
    inputs: Readonly<Record<string, Tensor>>,
    parameters: Readonly<Record<string, Tensor>>,
  ): Readonly<Record<string, Tensor>>;
}

/** The name of the open number of rows. */
const ROWS = 'N';
/** Operators reckon with these while the graph is built; only open sizes come out. */
const ROWS_WHILE_BUILDING = 3;
const OPEN_SIZE_WHILE_BUILDING = 7;

/** The bytes of the ONNX file: opset 17, operators of ONNX's own domain only. */
export function exportGraph(description: ExportDescription): Uint8Array {
  const graph = new Graph(description.name);
  const inputs = Object.fromEntries(
    description.inputs.map(({ name, type, row }) => [
      name,
      graph.input(name, type, [ROWS_WHILE_BUILDING, ...row.map(sizeWhileBuilding)], [ROWS, ...row]),
    ]),
  );
  const parameters: Record<string, Tensor> = {};
  for (const { name, shape, data } of description.parameters) {
    let constant: Tensor | undefined;
    Object.defineProperty(parameters, name, {
      enumerable: true,
      get: () => {
        constant ??= graph.constant(data, 'float32', shape, name);
        return constant;
      },
    });
  }
  for (const [name, tensor] of Object.entries(description.build(inputs, parameters))) {
    graph.output(tensor, name, [ROWS, ...tensor.shape.slice(1)]);
  }
  return graph.toModel({ metadata: description.metadata ?? {} });
}

function sizeWhileBuilding(size: number | string): number {
  return typeof size === 'number' ? size : OPEN_SIZE_WHILE_BUILDING;
}

/** {@link exportGraph} for a network with one input. */
export function exportModel(
  description: Omit<ExportDescription, 'inputs' | 'build'> & {
    readonly input: ExportedInput;
    build(input: Tensor, parameters: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>>;
  },
): Uint8Array {
  const { input, build, ...others } = description;
  return exportGraph({
    ...others,
    inputs: [input],
    build: (inputs, parameters) => build(inputs[input.name]!, parameters),
  });
}
