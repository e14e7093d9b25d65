// Writes a trained network as an ONNX file that any ONNX Runtime runs: weights inside, any number of rows.
import type { ElementType } from '../runtime/numeric-tensor.ts';
import { Graph, type Tensor } from './graph/graph.ts';
import type { Shape } from './graph/shape.ts';
import type { Parameter } from './trainer.ts';

export interface ExportDescription {
  readonly name: string;
  /** The input's name, element type and shape of one row; the file declares [N, …row]. */
  readonly input: { readonly name: string; readonly type: ElementType; readonly row: Shape };
  readonly parameters: readonly Parameter[];
  /** Kept in the file: what made it. */
  readonly metadata?: Readonly<Record<string, string>>;
  /**
   * Builds the outputs, by name, from the input [rows, …] and the parameters. Only operators that work row by row may
   * be used, and none of training only (random numbers, grid sampling).
   */
  build(input: Tensor, parameters: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>>;
}

/** The name of the open number of rows. */
const ROWS = 'N';
/** Operators reckon with this number of rows while the graph is built; only an open size comes out. */
const ROWS_WHILE_BUILDING = 3;

/** The bytes of the ONNX file: opset 17, operators of ONNX's own domain only. */
export function exportModel(description: ExportDescription): Uint8Array {
  const { input, parameters } = description;
  const graph = new Graph(description.name);
  const x = graph.input(input.name, input.type, [ROWS_WHILE_BUILDING, ...input.row], [ROWS, ...input.row]);
  const constants = Object.fromEntries(
    parameters.map(({ name, shape, data }) => [name, graph.constant(data, 'float32', shape, name)]),
  );
  for (const [name, tensor] of Object.entries(description.build(x, constants))) {
    graph.output(tensor, name, [ROWS, ...tensor.shape.slice(1)]);
  }
  return graph.toModel({ metadata: description.metadata ?? {} });
}
