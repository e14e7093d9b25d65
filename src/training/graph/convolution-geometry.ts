// What two-dimensional convolutions need to know about sizes: options made whole, checked, and what comes out of them.
import { refuse, type Tensor } from './graph.ts';
import type { AttributeProto } from './model-proto.ts';
import { showShape } from './shape.ts';

/** One number for both directions, or one each. */
export type Size2 = number | readonly [height: number, width: number];

export type Pair = readonly [height: number, width: number];

/** How a kernel moves over a picture. */
export interface Geometry {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
}

export interface GeometryOptions {
  readonly stride?: Size2;
  readonly padding?: Size2;
  readonly dilation?: Size2;
}

/** Options as pairs; throws GRAPH_SHAPE for those no kernel can have. */
export function geometryOf(operator: string, x: Tensor, kernel: Pair, options: GeometryOptions): Geometry {
  return {
    kernel: wholePair(operator, x, 'kernel', kernel, 1),
    stride: wholePair(operator, x, 'stride', options.stride ?? 1, 1),
    padding: wholePair(operator, x, 'padding', options.padding ?? 0, 0),
    dilation: wholePair(operator, x, 'dilation', options.dilation ?? 1, 1),
  };
}

/** A size as a pair of whole numbers ≥ `least`; throws GRAPH_SHAPE otherwise. */
export function wholePair(operator: string, x: Tensor, name: string, size: Size2, least: number): Pair {
  const pair = typeof size === 'number' ? ([size, size] as const) : size;
  if (pair.length !== 2 || pair.some((value) => !Number.isSafeInteger(value) || value < least)) {
    refuse(operator, [x], `expected a ${name} of whole numbers ≥ ${least} but received ${showShape(pair)}`);
  }
  return pair;
}

/** ⌊(size + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1, the places a kernel has in each direction. */
export function placesOf([height, width]: Pair, geometry: Geometry): Pair {
  const { kernel, stride, padding, dilation } = geometry;
  const along = (size: number, axis: 0 | 1) =>
    Math.floor((size + 2 * padding[axis] - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis]) + 1;
  return [along(height, 0), along(width, 1)];
}

/** (places − 1)·stride − 2·padding + dilation·(kernel − 1) + 1, the least size that gives a kernel so many places. */
export function sizeForPlaces([height, width]: Pair, geometry: Geometry): Pair {
  const { kernel, stride, padding, dilation } = geometry;
  const along = (places: number, axis: 0 | 1) =>
    (places - 1) * stride[axis] - 2 * padding[axis] + dilation[axis] * (kernel[axis] - 1) + 1;
  return [along(height, 0), along(width, 1)];
}

/** True when a kernel moves by its own size and nothing of a picture is left over. */
export function isTiling(size: Pair, places: Pair, { kernel, stride, dilation, padding }: Geometry): boolean {
  const along = (axis: 0 | 1) =>
    stride[axis] === kernel[axis] &&
    (dilation[axis] === 1 || kernel[axis] === 1) &&
    padding[axis] === 0 &&
    size[axis] === places[axis] * kernel[axis];
  return along(0) && along(1);
}

/** The geometry as attributes of ONNX's convolutions and pools. */
export function geometryAttributes({
  kernel,
  stride,
  padding,
  dilation,
}: Geometry): Readonly<Record<string, AttributeProto>> {
  return {
    kernel_shape: { ints: kernel },
    strides: { ints: stride },
    pads: { ints: [...padding, ...padding] },
    dilations: { ints: dilation },
  };
}

/** The four sizes of a picture tensor or of weights. */
export function pictureShape(operator: string, x: Tensor): [number, number, number, number] {
  if (x.shape.length !== 4) refuse(operator, [x], `expected four axes but received ${showShape(x.shape)}`);
  return x.shape as unknown as [number, number, number, number];
}
