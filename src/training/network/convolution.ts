// Convolutional layers and their transposes, as PyTorch has them.
import { conv2d, convTranspose2d } from '../graph/convolution.ts';
import type { Pair, Size2 } from '../graph/convolution-geometry.ts';
import { type Shape, showShape } from '../graph/shape.ts';
import { zeros } from '../initialisation.ts';
import { activate } from './activation.ts';
import { biasOf, type Layer, refuseInput, tensorNamed } from './layer.ts';
import type { LayerOf } from './layer-specs.ts';
import { initialiser } from './weights.ts';

/** A number for both directions, or one for each. */
export function pair(value: Size2): Pair {
  return typeof value === 'number' ? [value, value] : value;
}

/** Channels, height and width of rows that are pictures. */
export function picture(name: string, kind: Layer['kind'], input: Shape): [number, number, number] {
  if (input.length !== 3) {
    refuseInput(
      name,
      kind,
      `expected pictures [channels, height, width] but the layer before it gives ${showShape(input)}`,
    );
  }
  return input as unknown as [number, number, number];
}

/** How far a window reaches, its holes included. */
export function reach(kernel: Pair, dilation: Pair): [number, number] {
  return [dilation[0] * (kernel[0] - 1) + 1, dilation[1] * (kernel[1] - 1) + 1];
}

type Convolution = LayerOf<'conv2d'> | LayerOf<'convTranspose2d'>;

/** o = ⌊(h + 2p − d(k − 1) − 1) / s⌋ + 1, and for the transpose o = (h − 1)s − 2p + d(k − 1) + 1 + output padding. */
function outputSides(name: string, spec: Convolution, [, height, width]: readonly number[]): [number, number] {
  const stride = pair(spec.stride);
  const padding = pair(spec.padding);
  const dilation = pair(spec.dilation);
  const wide = reach(pair(spec.kernel), dilation);
  if (spec.kind === 'convTranspose2d') {
    const added = pair(spec.outputPadding);
    if (added.some((size, axis) => size >= Math.max(stride[axis]!, dilation[axis]!))) {
      refuseInput(
        name,
        spec.kind,
        `expected an output padding smaller than the stride ${showShape(stride)} or the dilation ${showShape(dilation)} but received ${showShape(added)}`,
      );
    }
  }
  const sides = [height!, width!].map((side, axis) =>
    spec.kind === 'conv2d'
      ? Math.floor((side + 2 * padding[axis]! - wide[axis]!) / stride[axis]!) + 1
      : (side - 1) * stride[axis]! - 2 * padding[axis]! + wide[axis]! + pair(spec.outputPadding)[axis]!,
  );
  if (sides.some((side) => side < 1)) {
    refuseInput(
      name,
      spec.kind,
      `a kernel of ${showShape(wide)} (its dilation included) with padding ${showShape(padding)} leaves nothing of ${showShape([height!, width!])}`,
    );
  }
  return sides as [number, number];
}

/** Which filter a weight belongs to: [filters, channels / groups, …], transposed [channels, filters / groups, …]. */
function unitsOf({ kind, groups, filters }: Convolution, shape: Shape): (place: number) => number {
  const taps = shape[2]! * shape[3]!;
  const ofAGroup = filters / groups;
  if (kind === 'conv2d') return (place) => Math.floor(place / (shape[1]! * taps));
  return (place) => {
    const channel = Math.floor(place / (ofAGroup * taps));
    const group = Math.floor(channel / (shape[0]! / groups));
    return group * ofAGroup + (Math.floor(place / taps) % ofAGroup);
  };
}

/**
 * @param tiedTo the weights of an encoder's convolution that its transpose uses in place of own ones
 */
export function convolutionLayer(name: string, spec: Convolution, input: Shape, tiedTo?: string): Layer {
  const [channels] = picture(name, spec.kind, input);
  const { groups, filters } = spec;
  if (channels % groups !== 0 || filters % groups !== 0) {
    refuseInput(
      name,
      spec.kind,
      `expected groups that divide ${channels} channels and ${filters} filters but received ${groups}`,
    );
  }
  const output = [filters, ...outputSides(name, spec, input)];
  const weight = tiedTo ?? `${name}.weight`;
  const bias = `${name}.bias`;
  const kernel = pair(spec.kernel);
  const shape =
    spec.kind === 'conv2d' ? [filters, channels / groups, ...kernel] : [channels, filters / groups, ...kernel];
  return {
    name,
    kind: spec.kind,
    input,
    output,
    parameters: {
      ...(tiedTo === undefined ? { [weight]: { shape, initial: initialiser(spec) } } : {}),
      ...(spec.bias ? { [bias]: { shape: [filters], initial: zeros } } : {}),
    },
    buffers: {},
    ...(spec.activation === 'identity' && tiedTo === undefined
      ? { sums: { weight, bias, unitOf: unitsOf(spec, shape) } }
      : {}),
    apply(rows, pass) {
      const { stride, padding, dilation } = spec;
      const options = {
        stride,
        padding,
        dilation,
        groups,
        ...biasOf(pass, bias),
      };
      const sums =
        spec.kind === 'conv2d'
          ? conv2d(rows, tensorNamed(pass, weight), options)
          : convTranspose2d(rows, tensorNamed(pass, weight), { ...options, outputPadding: spec.outputPadding });
      return activate(sums, spec.activation);
    },
  };
}
