// An auto-encoder from its recipe: the layers of the encoder and of the decoder with their shapes, and the way through.
import { elementCount, type Shape, sameShape, shapeError, showShape } from '../graph/shape.ts';
import type { ParameterDescription } from '../program.ts';
import { activate } from './activation.ts';
import { convolutionLayer } from './convolution.ts';
import { denseLayer } from './dense.ts';
import { type Layer, plainLayer, refuseInput, withRows } from './layer.ts';
import type { LayerSpec } from './layer-specs.ts';
import { mirror } from './mirror.ts';
import { corruptionLayer, gaussianLayer } from './noisy.ts';
import { batchNormLayer, layerNormLayer } from './normalisation.ts';
import { maxPoolLayer, unpoolLayer, upsampleLayer } from './pooling.ts';
import type { Recipe } from './recipe.ts';

export interface Network {
  /** Of one row. */
  readonly input: Shape;
  readonly encoder: readonly Layer[];
  readonly decoder: readonly Layer[];
  /** Of one row's code. */
  readonly code: Shape;
  /** Everything that is trained, by name. */
  readonly parameters: Readonly<Record<string, ParameterDescription>>;
  /** What is carried along beside it. */
  readonly buffers: Readonly<Record<string, ParameterDescription>>;
}

/**
 * @throws SandglassError GRAPH_SHAPE, naming the layer and both shapes, when a layer cannot take what the one before it
 *   gives, or when the decoder does not give back the shape of the input
 */
export function buildNetwork(recipe: Recipe): Network {
  const input = recipe.input.shape;
  const encoder = stack('encoder', recipe.encoder, input, []);
  const code = encoder.at(-1)!.output;
  refuseNamesakes(encoder);
  const decoder = buildDecoder(recipe, encoder, code);
  const made = decoder.at(-1);
  if (made === undefined)
    refuseInput(encoder[0]!.name, encoder[0]!.kind, 'the encoder has no layer that a mirrored decoder could undo');
  if (!sameShape(made.output, input) && elementCount(made.output) !== elementCount(input)) {
    throw shapeError(
      made.name,
      made.kind,
      `the decoder ends with ${showShape(made.output)} but the input is ${showShape(input)}`,
    );
  }
  const all = [...encoder, ...decoder];
  return {
    input,
    encoder,
    decoder,
    code,
    parameters: Object.assign({}, ...all.map(({ parameters }) => parameters)),
    buffers: Object.assign({}, ...all.map(({ buffers }) => buffers)),
  };
}

/** Two pooling layers of one name would overwrite each other's switches. */
function refuseNamesakes(encoder: readonly Layer[]): void {
  const names = encoder.map(({ poolName }) => poolName);
  encoder.forEach(({ name, kind, poolName }, i) => {
    if (poolName !== undefined && names.indexOf(poolName) < i)
      refuseInput(name, kind, `an earlier pooling layer has the name "${poolName}" already`);
  });
}

function buildDecoder({ decoder, encoder: specs }: Recipe, encoder: readonly Layer[], code: Shape): Layer[] {
  if (typeof decoder !== 'string') return stack('decoder', decoder, code, encoder);
  const layers: Layer[] = [];
  for (const { spec, of } of mirror(specs, encoder)) {
    const tied =
      decoder === 'tied' && (spec.kind === 'dense' || spec.kind === 'convTranspose2d' || spec.kind === 'conv2d');
    const weight = tied ? `${of.name}.weight` : undefined;
    if (tied && of.kind === 'gaussian') refuseInput(of.name, of.kind, 'has no weights that a tied decoder could use');
    const layer = buildLayer(`decoder.${layers.length}`, spec, layers.at(-1)?.output ?? code, encoder, weight);
    if (!sameShape(layer.output, of.input)) {
      refuseInput(
        of.name,
        of.kind,
        `takes ${showShape(of.input)} but ${spec.kind} in its place of the mirrored decoder gives ${showShape(layer.output)}; ` +
          `write the decoder out${of.kind === 'maxPool2d' ? ', or give the pooling layer a "name"' : ''}`,
      );
    }
    layers.push(layer);
  }
  return layers;
}

function stack(part: string, specs: readonly LayerSpec[], input: Shape, others: readonly Layer[]): Layer[] {
  const layers: Layer[] = [];
  for (const spec of specs) {
    layers.push(buildLayer(`${part}.${layers.length}`, spec, layers.at(-1)?.output ?? input, [...others, ...layers]));
  }
  return layers;
}

/**
 * @param others layers that were built before, for those that refer to one
 * @param tiedTo weights of another layer in place of own ones
 */
function buildLayer(name: string, spec: LayerSpec, input: Shape, others: readonly Layer[], tiedTo?: string): Layer {
  const { kind } = spec;
  switch (kind) {
    case 'dense':
      return denseLayer(name, spec, input, tiedTo);
    case 'conv2d':
    case 'convTranspose2d':
      return convolutionLayer(name, spec, input, tiedTo);
    case 'gaussian':
      return gaussianLayer(name, spec, input);
    case 'layerNorm':
      return layerNormLayer(name, spec, input);
    case 'batchNorm':
      return batchNormLayer(name, spec, input);
    case 'maxPool2d':
      return maxPoolLayer(name, spec, input);
    case 'unpool2d':
      return unpoolLayer(
        name,
        spec,
        input,
        others.find(({ poolName }) => poolName === spec.of),
      );
    case 'upsample':
      return upsampleLayer(name, spec, input);
    case 'activation':
      return plainLayer({ name, kind, input }, input, (rows) => activate(rows, spec.activation));
    case 'flatten':
      return reshapingLayer(name, kind, input, [elementCount(input)]);
    case 'reshape':
      return reshapingLayer(name, kind, input, spec.shape);
    case 'mask':
    case 'noise':
    case 'dropout':
      return corruptionLayer(name, spec, input);
  }
}

function reshapingLayer(name: string, kind: 'flatten' | 'reshape', input: Shape, output: Shape): Layer {
  if (elementCount(input) !== elementCount(output))
    refuseInput(
      name,
      kind,
      `expected ${elementCount(output)} values for ${showShape(output)} but the layer before it gives ${showShape(input)}`,
    );
  return plainLayer({ name, kind, input }, output, (rows) => withRows(rows, output));
}
