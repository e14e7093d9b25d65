// Dense layers: every unit sees every value of the row. With weights of their own or an encoder's, transposed.
import { gemm } from '../graph/linear.ts';
import type { Shape } from '../graph/shape.ts';
import { showShape } from '../graph/shape.ts';
import { zeros } from '../initialisation.ts';
import { activate } from './activation.ts';
import { biasOf, type Layer, refuseInput, tensorNamed } from './layer.ts';
import type { LayerOf } from './layer-specs.ts';
import { initialiser } from './weights.ts';

/**
 * @param tiedTo the weights [units, inputs] of an encoder's layer that are used in place of own ones
 */
export function denseLayer(name: string, spec: LayerOf<'dense'>, input: Shape, tiedTo?: string): Layer {
  const [inputs] = input;
  if (inputs === undefined || input.length !== 1) {
    refuseInput(
      name,
      'dense',
      `expected rows with one axis but the layer before it gives ${showShape(input)}; put {"kind": "flatten"} between`,
    );
  }
  const weight = tiedTo ?? `${name}.weight`;
  const bias = `${name}.bias`;
  const shape = [inputs, spec.units];
  return {
    name,
    kind: 'dense',
    input,
    output: [spec.units],
    parameters: {
      ...(tiedTo === undefined ? { [weight]: { shape, initial: initialiser(spec), product: true } } : {}),
      ...(spec.bias ? { [bias]: { shape: [spec.units], initial: zeros } } : {}),
    },
    buffers: {},
    ...(spec.activation === 'identity' && tiedTo === undefined
      ? { sums: { weight, bias, unitOf: (place) => place % spec.units } }
      : {}),
    apply(rows, pass) {
      const sums = gemm(rows, tensorNamed(pass, weight), { transposeB: tiedTo !== undefined, ...biasOf(pass, bias) });
      return activate(sums, spec.activation);
    },
  };
}
