// What a layer is: shapes of one row, the numbers it learns, and what it does to rows that pass through.
import type { Tensor } from '../graph/graph.ts';
import { type Shape, shapeError } from '../graph/shape.ts';
import { reshape } from '../graph/shaping.ts';
import type { Noise } from '../noise.ts';
import type { ParameterDescription } from '../program.ts';
import type { LayerKind } from './layer-specs.ts';

/** Rows on their way through the layers of a network, once. */
export interface Pass {
  /** Parameters and buffers by their full names. */
  readonly values: Readonly<Record<string, Tensor>>;
  /** Where unpooling layers find what pooling layers remembered, by the pooling layer's name. */
  readonly switches: Map<string, Tensor>;
  /** Absent when the network is used: nothing is corrupted then, and batch norm takes its running statistics. */
  readonly training?: TrainingPass;
}

/** What only happens in training. */
export interface TrainingPass {
  readonly noise: Noise;
  /** New values of buffers, by their full names. */
  readonly buffers: Map<string, Tensor>;
  /** Divergences of gaussian codes from the standard normal distribution: scalars. */
  readonly divergences: Tensor[];
}

/** One layer of a network, its place and shapes fixed. */
export interface Layer {
  /** Unique within the network: `encoder.2`. */
  readonly name: string;
  readonly kind: LayerKind;
  /** The name under which an unpooling layer finds this pooling layer. */
  readonly poolName?: string;
  /** The pooling layer that this layer undoes. */
  readonly unpools?: string;
  /** Shapes of one row. */
  readonly input: Shape;
  readonly output: Shape;
  /** What is trained, by full name. */
  readonly parameters: Readonly<Record<string, ParameterDescription>>;
  /** What is carried along without a gradient (running statistics), by full name. */
  readonly buffers: Readonly<Record<string, ParameterDescription>>;
  /** What batch norm adds to the variance. */
  readonly epsilon?: number;
  /** Of layers that end with sums (no activation): the weights that a batch norm behind them can be folded into. */
  readonly sums?: LayerSums;
  /** Rows [n, …input] to rows [n, …output]. */
  apply(rows: Tensor, pass: Pass): Tensor;
}

/** The weights behind a layer's sums. */
export interface LayerSums {
  readonly weight: string;
  /** The bias's name, whether there is one or not: one that is given is added. */
  readonly bias: string;
  /** The unit or channel that the weight at a flat place belongs to. */
  unitOf(place: number): number;
}

/** A layer without numbers of its own. */
export function plainLayer(
  at: { readonly name: string; readonly kind: LayerKind; readonly input: Shape },
  output: Shape,
  apply: Layer['apply'],
): Layer {
  return { ...at, output, parameters: {}, buffers: {}, apply };
}

/** The value of that name. */
export function tensorNamed({ values }: Pass, name: string): Tensor {
  const value = values[name];
  if (value === undefined) throw new TypeError(`Expected a tensor for '${name}' but received none`);
  return value;
}

/** The bias of that name where there is one. */
export function biasOf({ values }: Pass, name: string): { bias?: Tensor } {
  const bias = values[name];
  return bias === undefined ? {} : { bias };
}

/** Throws GRAPH_SHAPE for a layer that cannot take what the layer before it gives. */
export function refuseInput(name: string, kind: LayerKind, problem: string): never {
  throw shapeError(name, kind, problem);
}

/** The same values in rows of another shape. */
export function withRows(x: Tensor, shape: Shape): Tensor {
  return reshape(x, [x.shape[0]!, ...shape]);
}
