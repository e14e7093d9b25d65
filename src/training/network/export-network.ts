// A trained network as two ONNX files: rows → code, and code → rows.
import { SandglassError } from '../../errors.ts';
import { exportGraph } from '../export.ts';
import type { Tensor } from '../graph/graph.ts';
import { greater } from '../graph/selection.ts';
import { elementCount } from '../graph/shape.ts';
import { cast } from '../graph/shaping.ts';
import type { Parameter } from '../state.ts';
import { foldBatchNorm } from './fold.ts';
import { decode, encode, outputOf, valuesOf } from './forward.ts';
import { type Layer, withRows } from './layer.ts';
import type { LayerKind } from './layer-specs.ts';
import type { Network } from './network.ts';
import type { Recipe } from './recipe.ts';

export interface ExportedNetwork {
  readonly encoder: Uint8Array;
  readonly decoder: Uint8Array;
}

/**
 * encoder.onnx: `rows` [N, …input] → `code` [N, size], with `bits` also `bits` [N, size] uint8 of 0 and 1, and for each
 * pooling layer that the decoder undoes `switches.<name>` int64.
 * decoder.onnx: `code`, and those switches → `reconstruction` [N, …input], as values (pixels in 0…1).
 *
 * Corruption is left out and batch norm folded away.
 *
 * @param values parameters and buffers
 * @throws SandglassError TRAINING_DIVERGED when a value is not finite
 */
export function exportNetwork(
  recipe: Recipe,
  network: Network,
  values: readonly Parameter[],
  options: { readonly type: 'uint8' | 'float32'; readonly metadata: Readonly<Record<string, string>> },
): ExportedNetwork {
  const { type, metadata } = options;
  const infinite = values.find(({ data }) => !data.every(Number.isFinite));
  if (infinite !== undefined)
    throw new SandglassError(
      'TRAINING_DIVERGED',
      `Expected finite weights but ${infinite.name} holds NaN or infinity.`,
    );
  const shared = recipe.decoder === 'tied';
  const encoder = foldBatchNorm(network.encoder, values, shared);
  const decoder = foldBatchNorm(network.decoder, encoder.values, shared);
  const folded: Network = { ...network, encoder: encoder.layers, decoder: decoder.layers };
  const pools = poolsUndone(network);
  const size = elementCount(network.code);
  return {
    encoder: exportGraph({
      name: `${recipe.name}-encoder`,
      inputs: [{ name: 'rows', type, row: network.input }],
      parameters: decoder.values,
      metadata,
      build({ rows }, weights) {
        const pass = { values: weights, switches: new Map<string, Tensor>() };
        const code = withRows(encode(folded, valuesOf(recipe, rows!), pass), [size]);
        return {
          code,
          ...(recipe.bits ? { bits: cast(greater(code, bitThreshold(recipe)), 'uint8') } : {}),
          ...Object.fromEntries(pools.map(({ poolName }) => [`switches.${poolName}`, pass.switches.get(poolName!)!])),
        };
      },
    }),
    decoder: exportGraph({
      name: `${recipe.name}-decoder`,
      inputs: [
        { name: 'code', type: 'float32', row: [size] },
        ...pools.map(({ poolName, output }) => ({ name: `switches.${poolName}`, type: 'int64' as const, row: output })),
      ],
      parameters: decoder.values,
      metadata,
      build(inputs, weights) {
        const switches = new Map(pools.map(({ poolName }) => [poolName!, inputs[`switches.${poolName}`]!]));
        const code = withRows(inputs.code!, network.code);
        return { reconstruction: outputOf(recipe, decode(folded, code, { values: weights, switches })) };
      },
    }),
  };
}

/** Above which value of the code a bit is 1: what the code's activation makes of 0. */
export function bitThreshold({ encoder }: Recipe): number {
  const last = encoder.findLast(({ kind }) => !PASSING_ON.has(kind));
  if (last === undefined || !('activation' in last)) return 0;
  if (last.activation === 'sigmoid') return 0.5;
  return last.activation === 'softplus' ? Math.LN2 : 0;
}

/** Layers whose values have been through the activation of a layer before. */
const PASSING_ON: ReadonlySet<LayerKind> = new Set([
  'maxPool2d',
  'unpool2d',
  'upsample',
  'flatten',
  'reshape',
  'mask',
  'noise',
  'dropout',
]);

/** Pooling layers of the encoder whose switches the decoder asks for. */
function poolsUndone({ encoder, decoder }: Network): Layer[] {
  const asked = new Set(decoder.map(({ unpools }) => unpools));
  return encoder.filter(({ poolName }) => poolName !== undefined && asked.has(poolName));
}
