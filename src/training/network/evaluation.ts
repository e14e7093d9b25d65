// A network as it stands, asked in the middle of training: its loss on rows it does not learn from, and what it makes of some.
import type { NumericTensor } from '../../runtime/numeric-tensor.ts';
import { type Device, openSession } from '../../runtime/onnx-session.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { elementCount } from '../graph/shape.ts';
import { weightedSum } from '../losses.ts';
import type { Parameter } from '../state.ts';
import { decode, encode, outputOf, valuesOf } from './forward.ts';
import { withRows } from './layer.ts';
import type { Network } from './network.ts';
import type { Recipe } from './recipe.ts';
import { lossTerms } from './training-graph.ts';

/** What a network makes of a block of rows. */
export interface Evaluated {
  /** The recipe's losses that compare a row with its reconstruction, without corruption. */
  readonly loss: number;
  /** [block, …input], as values: pixels in 0…1. */
  readonly reconstructions: Float32Array;
}

/** Rows that are evaluated at a time where there are many. */
export const EVALUATION_BLOCK = 500;

export interface Evaluator {
  /** Rows of one block: how many {@link evaluate} takes at a time. */
  readonly block: number;
  /** @param rows as they are stored, [block, …input] @param values parameters and buffers as they stand */
  evaluate(rows: Uint8Array | Float32Array, values: readonly Parameter[]): Promise<Evaluated>;
  release(): Promise<void>;
}

/** Opens an evaluation model whose weights are inputs, so that one session serves all epochs. */
export async function openEvaluator(
  recipe: Recipe,
  network: Network,
  options: {
    readonly block: number;
    readonly device: Device;
    readonly threads?: number;
  },
): Promise<Evaluator> {
  const { block, ...where } = options;
  const session = await openSession(evaluationModel(recipe, network, block), where);
  return {
    block,
    async evaluate(rows, values) {
      const feeds: Record<string, NumericTensor> = {
        // Noise that a picture was given is no whole number: the model takes floats.
        rows: { data: Float32Array.from(rows), shape: [block, ...network.input] },
      };
      for (const { name, shape, data } of values) feeds[name] = { data, shape };
      const { loss, reconstructions } = await session.run(feeds);
      return { loss: Number(loss!.data[0]), reconstructions: reconstructions!.data as Float32Array };
    },
    release: () => session.release(),
  };
}

function evaluationModel(recipe: Recipe, network: Network, block: number): Uint8Array {
  const graph = new Graph(`${recipe.name}-evaluation`);
  const rows = graph.input('rows', 'float32', [block, ...network.input]);
  const described = Object.entries({ ...network.parameters, ...network.buffers });
  const values = Object.fromEntries(described.map(([name, { shape }]) => [name, graph.input(name, 'float32', shape)]));
  const pass = () => ({ values, switches: new Map<string, Tensor>() });
  const clean = valuesOf(recipe, rows);
  const terms = lossTerms(recipe, network, clean, pass());
  graph.output(weightedSum(terms.map(({ spec, loss }) => [spec.weight, loss])), 'loss');
  const once = pass();
  const made = outputOf(recipe, decode(network, encode(network, clean, once), once));
  graph.output(withRows(made, [elementCount(network.input)]), 'reconstructions');
  return graph.toModel();
}

/** Any number of rows through an evaluator, which takes whole blocks. */
export async function reconstruct(
  evaluator: Evaluator,
  { input }: Network,
  rows: Uint8Array | Float32Array,
  values: readonly Parameter[],
): Promise<Float32Array> {
  const width = input.reduce((product, size) => product * size, 1);
  const made = new Float32Array(rows.length);
  const size = evaluator.block * width;
  for (let at = 0; at < rows.length; at += size) {
    const part = rows.subarray(at, at + size);
    const whole =
      part.length === size ? part : rows instanceof Uint8Array ? new Uint8Array(size) : new Float32Array(size);
    if (whole !== part) whole.set(part);
    const { reconstructions } = await evaluator.evaluate(whole, values);
    made.set(reconstructions.subarray(0, part.length), at);
  }
  return made;
}
