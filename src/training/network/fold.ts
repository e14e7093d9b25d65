// Batch norm folded away for export: its running statistics become part of the weights before it.
import type { Parameter } from '../state.ts';
import type { Layer, LayerSums } from './layer.ts';
import { batchNormNames } from './normalisation.ts';

/** Layers without those that were folded away, and the values that the others then use. */
export interface Folded {
  readonly layers: readonly Layer[];
  readonly values: readonly Parameter[];
}

/**
 * Of one unit or channel a batch norm is y = x · scale + shift. Behind a layer that ends with its sums, both go into that
 * layer's weights and bias and the batch norm is dropped; elsewhere they take the place of its gain and bias.
 *
 * @param shared true when the weights are another layer's too and have to stay as they are
 */
export function foldBatchNorm(layers: readonly Layer[], values: readonly Parameter[], shared: boolean): Folded {
  const folded = new Map(values.map((value) => [value.name, value]));
  const kept: Layer[] = [];
  for (const layer of layers) {
    if (layer.kind !== 'batchNorm') {
      kept.push(layer);
      continue;
    }
    const names = batchNormNames(layer.name);
    const { scale, shift } = scaleAndShift(layer, folded);
    const sums = shared ? undefined : kept.at(-1)?.sums;
    if (sums === undefined) {
      folded.set(names.gain, { ...folded.get(names.gain)!, data: scale });
      folded.set(names.bias, { ...folded.get(names.bias)!, data: shift });
      kept.push(layer);
    } else foldInto(sums, folded, scale, shift);
    folded.delete(names.mean);
    folded.delete(names.variance);
  }
  return { layers: kept, values: [...folded.values()] };
}

function scaleAndShift(layer: Layer, values: ReadonlyMap<string, Parameter>) {
  const names = batchNormNames(layer.name);
  const [gain, bias, mean, variance] = [names.gain, names.bias, names.mean, names.variance].map(
    (name) => values.get(name)!.data,
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const scale = gain.map((value, unit) => value / Math.sqrt(variance[unit]! + (layer.epsilon ?? 0)));
  return { scale, shift: bias.map((value, unit) => value - mean[unit]! * scale[unit]!) };
}

/** (x·w + b) · scale + shift = x · (w · scale) + (b · scale + shift) */
function foldInto(
  { weight, bias, unitOf }: LayerSums,
  values: Map<string, Parameter>,
  scale: Float32Array,
  shift: Float32Array,
): void {
  const weights = values.get(weight)!;
  values.set(weight, { ...weights, data: weights.data.map((value, place) => value * scale[unitOf(place)]!) });
  const biases = values.get(bias)?.data ?? new Float32Array(scale.length);
  values.set(bias, {
    name: bias,
    shape: [scale.length],
    data: biases.map((value, unit) => value * scale[unit]! + shift[unit]!),
  });
}
