// Two-dimensional convolution and its transpose, with gradients. Pictures are [rows, channels, height, width].
import {
  type Geometry,
  geometryAttributes,
  geometryOf,
  type Pair,
  pictureShape,
  placesOf,
  type Size2,
  sizeForPlaces,
  wholePair,
} from './convolution-geometry.ts';
import { differentiable, emit, refuse, type Tensor } from './graph.ts';
import type { AttributeProto } from './model-proto.ts';
import { sum } from './reduction.ts';
import { showShape } from './shape.ts';
import { pad, transpose } from './shaping.ts';
import { weightGradient } from './weight-gradient.ts';

export interface ConvolutionOptions {
  /** One number a channel of the result. */
  readonly bias?: Tensor;
  /** @default 1 */
  readonly stride?: Size2;
  /** Zeros on every side. @default 0 */
  readonly padding?: Size2;
  /** Pixels from one place of the kernel to the next. @default 1 */
  readonly dilation?: Size2;
  /** Channels fall into so many parts that know nothing of one another. @default 1 */
  readonly groups?: number;
}

export interface TransposedConvolutionOptions extends ConvolutionOptions {
  /** Rows and columns added at the lower right; less than the stride or than the dilation. @default 0 */
  readonly outputPadding?: Size2;
}

/**
 * x [rows, in, h, w] with weights [out, in / groups, kh, kw], as PyTorch's conv2d: sizes become
 * ⌊(h + 2·padding − dilation·(kh − 1) − 1) / stride⌋ + 1.
 */
export function conv2d(x: Tensor, weights: Tensor, options: ConvolutionOptions = {}): Tensor {
  const { bias, groups = 1 } = options;
  const [rows, channels, height, width] = pictureShape('Conv', x);
  const [filters, depth, ...kernel] = pictureShape('Conv', weights);
  checkGroups('Conv', x, weights, groups, filters);
  if (channels !== depth * groups) refuseDepth('Conv', x, weights, groups, channels / groups);
  checkBias('Conv', x, bias, filters);
  const geometry = geometryOf('Conv', x, kernel, options);
  const places = placesOf([height, width], geometry);
  if (places[0] < 1 || places[1] < 1) {
    refuse(
      'Conv',
      [x, weights],
      `expected pictures no smaller than the kernel but received ${showShape(x.shape)} and ${showShape(weights.shape)}` +
        ` with padding ${showShape(geometry.padding)} and dilation ${showShape(geometry.dilation)}`,
    );
  }
  const y = emit('Conv', inputs(x, weights, bias), [rows, filters, ...places], {
    attributes: attributesOf(geometry, groups),
  });
  return differentiable(y, [
    [x, (gradient) => inputGradient(gradient, weights, [height, width], geometry, groups)],
    [weights, (gradient) => weightGradient(x, gradient, weights, geometry, groups)],
    ...biasOrigin(bias),
  ]);
}

/**
 * x [rows, in, h, w] with weights [in, out / groups, kh, kw], as PyTorch's conv_transpose2d: sizes become
 * (h − 1)·stride − 2·padding + dilation·(kh − 1) + 1 + outputPadding.
 */
export function convTranspose2d(x: Tensor, weights: Tensor, options: TransposedConvolutionOptions = {}): Tensor {
  const { bias, groups = 1 } = options;
  const [rows, channels, height, width] = pictureShape('ConvTranspose', x);
  const [depth, filtersOfGroup, ...kernel] = pictureShape('ConvTranspose', weights);
  checkGroups('ConvTranspose', x, weights, groups, channels);
  if (channels !== depth) refuseDepth('ConvTranspose', x, weights, groups, channels);
  const filters = filtersOfGroup * groups;
  checkBias('ConvTranspose', x, bias, filters);
  const geometry = geometryOf('ConvTranspose', x, kernel, options);
  const outputPadding = wholePair('ConvTranspose', x, 'output padding', options.outputPadding ?? 0, 0);
  checkOutputPadding(x, weights, outputPadding, geometry);
  const { stride } = geometry;
  if (outputPadding.some((size, axis) => size >= stride[axis]!)) {
    // ONNX Runtime refuses a stride or more (which a dilation allows): a line of zeros in the input does the same.
    const [down, right] = outputPadding.map((size, axis) => Math.floor(size / stride[axis]!)) as unknown as Pair;
    const rest: Pair = [outputPadding[0] % stride[0], outputPadding[1] % stride[1]];
    return convTranspose2d(pad(pad(x, 2, 0, down), 3, 0, right), weights, { ...options, outputPadding: rest });
  }
  const least = sizeForPlaces([height, width], geometry);
  const size: Pair = [least[0] + outputPadding[0], least[1] + outputPadding[1]];
  if (size[0] < 1 || size[1] < 1) {
    refuse(
      'ConvTranspose',
      [x, weights],
      `the result would have the impossible size ${showShape(size)}, from ${showShape(x.shape)} and ` +
        `${showShape(weights.shape)} with padding ${showShape(geometry.padding)}`,
    );
  }
  const y = emit('ConvTranspose', inputs(x, weights, bias), [rows, filters, ...size], {
    attributes: { ...attributesOf(geometry, groups), output_padding: { ints: outputPadding } },
  });
  return differentiable(y, [
    [x, (gradient) => conv2d(gradient, weights, { ...geometry, groups })],
    [weights, (gradient) => weightGradient(gradient, x, weights, geometry, groups)],
    ...biasOrigin(bias),
  ]);
}

/** The gradient at the input of a convolution: the transposed one of the gradient at its output. */
function inputGradient(gradient: Tensor, weights: Tensor, size: Pair, geometry: Geometry, groups: number): Tensor {
  const { kernel, stride, padding, dilation } = geometry;
  const [, depth] = pictureShape('Conv', weights);
  const around = kernel.map((taps, axis) => dilation[axis]! * (taps - 1) - padding[axis]!) as unknown as Pair;
  if (groups === 1 && depth >= LEAST_FILTERS && stride.every((step) => step === 1) && around.every((n) => n >= 0)) {
    return conv2d(gradient, turned(transpose(weights, [1, 0, 2, 3])), { padding: around, dilation });
  }
  // Rows and columns no place of the kernel reached.
  const [, , ...places] = pictureShape('Conv', gradient);
  const reached = sizeForPlaces(places, geometry);
  const outputPadding: Pair = [size[0] - reached[0], size[1] - reached[1]];
  return convTranspose2d(gradient, weights, { ...geometry, groups, outputPadding });
}

/**
 * Filters from which on a convolution with turned kernels is faster than a transposed one, part of which ONNX Runtime does
 * on one thread.
 */
const LEAST_FILTERS = 16;

/** Each kernel turned by half a circle. */
function turned(weights: Tensor): Tensor {
  const { graph } = weights;
  const last = graph.integers([-1, -1]);
  const beforeFirst = graph.integers([-(2 ** 31), -(2 ** 31)]);
  const y = emit('Slice', [weights, last, beforeFirst, graph.integers([2, 3]), last], weights.shape);
  return differentiable(y, [[weights, turned]]);
}

function biasOrigin(bias: Tensor | undefined): [Tensor, (gradient: Tensor) => Tensor][] {
  if (bias === undefined) return [];
  // Three short sums: one long float32 sum loses digits.
  return [[bias, (gradient) => sum(sum(sum(gradient, { axes: [3] }), { axes: [2] }), { axes: [0] })]];
}

/** @param split the number of channels, in weights and pictures alike, whose axis is not that of the group */
function checkGroups(operator: string, x: Tensor, weights: Tensor, groups: number, split: number): void {
  const [, channels] = pictureShape(operator, x);
  if (Number.isSafeInteger(groups) && groups >= 1 && channels % groups === 0 && split % groups === 0) return;
  refuse(
    operator,
    [x, weights],
    `expected groups that divide the channels but received ${groups} for ${showShape(x.shape)} and ${showShape(weights.shape)}`,
  );
}

function refuseDepth(operator: string, x: Tensor, weights: Tensor, groups: number, depth: number): never {
  const inGroups = groups === 1 ? '' : ` in ${groups} groups`;
  return refuse(
    operator,
    [x, weights],
    `expected weights for ${depth} channels${inGroups}, as in ${showShape(x.shape)}, but received ${showShape(weights.shape)}`,
  );
}

function checkBias(operator: string, x: Tensor, bias: Tensor | undefined, channels: number): void {
  if (bias === undefined || bias.shape.join() === `${channels}`) return;
  refuse(
    operator,
    [x],
    `expected a bias of shape [${channels}] for ${showShape(x.shape)} but received ${showShape(bias.shape)}`,
  );
}

function checkOutputPadding(x: Tensor, weights: Tensor, outputPadding: Pair, geometry: Geometry): void {
  const { stride, dilation } = geometry;
  if (outputPadding.every((size, axis) => size < Math.max(stride[axis]!, dilation[axis]!))) return;
  refuse(
    'ConvTranspose',
    [x, weights],
    `expected an output padding smaller than the stride ${showShape(stride)} or the dilation ${showShape(dilation)} but ` +
      `received ${showShape(outputPadding)} for ${showShape(x.shape)} and ${showShape(weights.shape)}`,
  );
}

function inputs(x: Tensor, weights: Tensor, bias: Tensor | undefined): Tensor[] {
  return bias === undefined ? [x, weights] : [x, weights, bias];
}

function attributesOf(geometry: Geometry, groups: number): Record<string, AttributeProto> {
  return { ...geometryAttributes(geometry), group: { int: groups } };
}
