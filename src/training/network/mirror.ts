// The encoder backwards: the layers of a decoder that undoes it, step by step.
import type { Shape } from '../graph/shape.ts';
import { pair } from './convolution.ts';
import type { Layer } from './layer.ts';
import type { ActivationName, LayerSpec } from './layer-specs.ts';

/** A layer of the decoder, and the encoder's layer whose weights it may share. */
export interface Mirrored {
  readonly spec: LayerSpec;
  readonly of: Layer;
}

/**
 * Each layer undone, the last first: dense by dense, convolution by its transpose, pooling by unpooling where it is named
 * and by repeating pixels where not. What only corrupts or normalises is left out. A layer's sums go through the
 * activation that stood before the layer it undoes; the last through none.
 */
export function mirror(specs: readonly LayerSpec[], layers: readonly Layer[]): Mirrored[] {
  const undone: Mirrored[] = [];
  for (let i = layers.length - 1; i >= 0; i--) {
    const of = layers[i]!;
    const spec = undo(specs[i]!, of, activationBefore(specs, i));
    if (spec !== undefined) undone.push({ spec, of });
  }
  return undone;
}

/** What the values went through that reach layer `i`. */
function activationBefore(specs: readonly LayerSpec[], i: number): ActivationName {
  for (const spec of specs.slice(0, i).reverse()) {
    if ('activation' in spec) return spec.activation;
    if (spec.kind === 'gaussian') return 'identity';
  }
  return 'identity';
}

function undo(spec: LayerSpec, { input, output }: Layer, activation: ActivationName): LayerSpec | undefined {
  switch (spec.kind) {
    case 'dense':
      return { ...spec, units: input[0]!, activation };
    case 'gaussian':
      return { kind: 'dense', units: input[0]!, bias: true, activation };
    case 'conv2d':
      return {
        ...spec,
        kind: 'convTranspose2d',
        filters: input[0]!,
        activation,
        outputPadding: leftOver(input, output, spec),
      };
    case 'convTranspose2d': {
      const { outputPadding: _, ...others } = spec;
      return { ...others, kind: 'conv2d', filters: input[0]!, activation };
    }
    case 'maxPool2d':
      if (spec.name !== undefined) return { kind: 'unpool2d', of: spec.name };
      return { kind: 'upsample', factor: Math.max(1, Math.floor(input[1]! / output[1]!)) };
    case 'flatten':
    case 'reshape':
      return { kind: 'reshape', shape: [...input] };
    default:
      return undefined;
  }
}

/** Rows and columns that the stride passed over: the transpose has to add them. */
function leftOver(input: Shape, output: Shape, spec: Extract<LayerSpec, { kind: 'conv2d' }>): [number, number] {
  const side = (axis: 0 | 1) => {
    const wide = pair(spec.dilation)[axis] * (pair(spec.kernel)[axis] - 1) + 1;
    const back = (output[axis + 1]! - 1) * pair(spec.stride)[axis] - 2 * pair(spec.padding)[axis] + wide;
    return input[axis + 1]! - back;
  };
  return [side(0), side(1)];
}
