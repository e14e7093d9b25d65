// The networks of the training benchmarks, as plain descriptions that contestants in both languages build from.
//
// Weights lie one after the other, weights and bias of each layer in turn; dense ones as [in, out], as PyTorch has the others.
import { conv2d, convTranspose2d } from '../dist/training/graph/convolution.js';
import { mul, relu, sigmoid } from '../dist/training/graph/elementwise.js';
import type { Tensor } from '../dist/training/graph/graph.js';
import { gemm } from '../dist/training/graph/linear.js';
import { maxPool2d } from '../dist/training/graph/pooling.js';
import { cast, gather, reshape } from '../dist/training/graph/shaping.js';
import { zeros } from '../dist/training/initialisation.js';
import { meanSquaredError } from '../dist/training/losses.js';
import { defineProgram } from '../dist/training/program.js';

export interface DenseDescription {
  readonly kind: 'dense';
  /** Sizes of all layers; the code is the one in the middle and has no ReLU. */
  readonly widths: readonly number[];
  readonly sigmoid: boolean;
}

/** Convolutions of 3 × 3 to 16 and 32 maps, halved after each; a code of 64; transposed convolutions of 2 × 2 back. */
export interface ConvolutionalDescription {
  readonly kind: 'convolutional';
  readonly channels: number;
  readonly side: number;
}

export interface TrainingCase {
  readonly title: string;
  readonly network: DenseDescription | ConvolutionalDescription;
  /** Rows of data. */
  readonly rows: number;
  readonly batch: number;
  /** What bytes are multiplied with. */
  readonly scale: number;
  readonly content: 'pictures' | 'words';
}

export const CASES: Readonly<Record<string, TrainingCase>> = {
  'mnist-mlp': {
    title: '784-256-128-64-16 and back, batch 64',
    network: { kind: 'dense', widths: [784, 256, 128, 64, 16, 64, 128, 256, 784], sigmoid: true },
    rows: 60_000,
    batch: 64,
    scale: 1 / 255,
    content: 'pictures',
  },
  'conv-28': {
    title: 'convolutions on 1 × 28 × 28, batch 64',
    network: { kind: 'convolutional', channels: 1, side: 28 },
    rows: 60_000,
    batch: 64,
    scale: 1 / 255,
    content: 'pictures',
  },
  'conv-64': {
    title: 'convolutions on 3 × 64 × 64, batch 64',
    network: { kind: 'convolutional', channels: 3, side: 64 },
    rows: 4000,
    batch: 64,
    scale: 1 / 255,
    content: 'pictures',
  },
  text: {
    title: '10000-500-250-125-64 and back, batch 128',
    network: { kind: 'dense', widths: [10_000, 500, 250, 125, 64, 125, 250, 500, 10_000], sigmoid: false },
    rows: 11_000,
    batch: 128,
    scale: 1,
    content: 'words',
  },
};

export interface LayerSize {
  readonly weights: readonly number[];
  readonly bias: number;
  /** Places of the input that reach one of the output. */
  readonly fanIn: number;
  /** Multiplications with weights for one row. */
  readonly products: number;
}

const CODE = 64;

export function layersOf(network: TrainingCase['network']): LayerSize[] {
  const dense = (from: number, to: number) => ({ weights: [from, to], bias: to, fanIn: from, products: from * to });
  if (network.kind === 'dense') return network.widths.slice(1).map((to, i) => dense(network.widths[i]!, to));
  const { channels, side } = network;
  const half = side / 2;
  const quarter = side / 4;
  const flat = 32 * quarter ** 2;
  const convolution = (from: number, to: number, out: number) => {
    return { weights: [to, from, 3, 3], bias: to, fanIn: from * 9, products: out ** 2 * to * from * 9 };
  };
  const transposed = (from: number, to: number, input: number) => {
    return { weights: [from, to, 2, 2], bias: to, fanIn: from, products: input ** 2 * from * to * 4 };
  };
  return [
    convolution(channels, 16, side),
    convolution(16, 32, half),
    dense(flat, CODE),
    dense(CODE, flat),
    transposed(32, 16, quarter),
    transposed(16, channels, half),
  ];
}

/** Shape of one row: [784], [3, 64, 64] … */
export function rowShape(network: TrainingCase['network']): number[] {
  return network.kind === 'dense' ? [network.widths[0]!] : [network.channels, network.side, network.side];
}

/** Numbers in all weights and biases. */
export function parameterCount(network: TrainingCase['network']): number {
  return layersOf(network).reduce((sum, { weights, bias }) => sum + size(weights) + bias, 0);
}

/**
 * Floating-point operations of one step's products: forwards, back to the weights and back to the layer's input, which
 * the first layer is spared; an addition and a multiplication each.
 */
export function operationsPerStep({ network, batch }: TrainingCase): number {
  const products = layersOf(network).map((layer) => layer.products);
  return 2 * batch * (3 * products.reduce((sum, each) => sum + each, 0) - products[0]!);
}

export interface NamedParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Cuts weights that lie one after the other into parameters `0`, `1` … */
export function cutParameters(network: TrainingCase['network'], all: Float32Array): NamedParameter[] {
  let at = 0;
  return layersOf(network)
    .flatMap(({ weights, bias }) => [weights, [bias]])
    .map((shape, i) => {
      const begin = at;
      at += size(shape);
      return { name: `${i}`, shape, data: all.slice(begin, at) };
    });
}

/** The training program: mean squared error to the input, Adam. */
export function programOf(name: string, { network, rows, batch, scale }: TrainingCase) {
  const shapes = layersOf(network).flatMap(({ weights, bias }) => [weights, [bias]]);
  return defineProgram({
    name,
    parameters: Object.fromEntries(shapes.map((shape, i) => [`${i}`, { shape, initial: zeros, product: true }])),
    resident: { data: { type: 'uint8', shape: [rows, ...rowShape(network)] } },
    streamed: { rows: { type: 'int64', shape: [batch] } },
    loss({ parameters, resident, streamed }) {
      const x = mul(cast(gather(resident.data, streamed.rows), 'float32'), scale);
      const restored = network.kind === 'dense' ? restore(network, x, parameters) : restoreMaps(network, x, parameters);
      return { loss: meanSquaredError(restored, x) };
    },
  });
}

type Weights = Readonly<Record<string, Tensor>>;

function restore({ widths, sigmoid: squashed }: DenseDescription, x: Tensor, weights: Weights): Tensor {
  const layers = widths.length - 1;
  let values = x;
  for (let i = 0; i < layers; i++) {
    values = gemm(values, ...layer(weights, i));
    if (i !== layers / 2 - 1 && i !== layers - 1) values = relu(values);
  }
  return squashed ? sigmoid(values) : values;
}

function restoreMaps({ side }: ConvolutionalDescription, x: Tensor, weights: Weights): Tensor {
  const batch = x.shape[0]!;
  const quarter = side / 4;
  const halved = (input: Tensor, i: number) => {
    const [kernels, bias] = layer(weights, i);
    // Before the ReLU, which is the same for a quarter of the work.
    return relu(maxPool2d(conv2d(input, kernels, { ...bias, padding: 1 }), { kernel: 2 }).pooled);
  };
  const doubled = (input: Tensor, i: number) => {
    const [kernels, bias] = layer(weights, i);
    return convTranspose2d(input, kernels, { ...bias, stride: 2 });
  };
  const code = gemm(reshape(halved(halved(x, 0), 1), [batch, 32 * quarter ** 2]), ...layer(weights, 2));
  const maps = reshape(relu(gemm(code, ...layer(weights, 3))), [batch, 32, quarter, quarter]);
  return sigmoid(doubled(relu(doubled(maps, 4)), 5));
}

function layer(weights: Weights, i: number): [Tensor, { bias: Tensor }] {
  return [weights[`${2 * i}`]!, { bias: weights[`${2 * i + 1}`]! }];
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, each) => product * each, 1);
}
