// Every differentiable operator against finite differences, alone and in random chains; shape mistakes by name.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gradients } from '../../../src/training/graph/autodiff.ts';
import { conv2d, convTranspose2d } from '../../../src/training/graph/convolution.ts';
import * as elementwise from '../../../src/training/graph/elementwise.ts';
import { differentiable, Graph, stopGradient, type Tensor } from '../../../src/training/graph/graph.ts';
import { gemm } from '../../../src/training/graph/linear.ts';
import { batchNorm, layerNorm } from '../../../src/training/graph/normalisation.ts';
import { averagePool, maxPool2d, unpool2d, upsampleNearest } from '../../../src/training/graph/pooling.ts';
import { expand, mean, meanOfAll, sum } from '../../../src/training/graph/reduction.ts';
import { greater, where } from '../../../src/training/graph/selection.ts';
import { concat, gather, pad, reshape, slice, transpose } from '../../../src/training/graph/shaping.ts';
import { l2Normalise, logSoftmax, softmax } from '../../../src/training/graph/softmax.ts';
import {
  binaryCrossEntropy,
  cosineDistance,
  infoNce,
  klToStandardNormal,
  l1,
  meanSquaredError,
  multinomial,
  weightedSum,
} from '../../../src/training/losses.ts';
import { type GradientCase, gradientError } from './gradient-check.ts';

const { add, sub, mul, div, neg, exp, log, sqrt, abs, relu, leakyRelu, sigmoid, tanh, softplus } = elementwise;
type Parts = [Tensor, Tensor, Tensor];
const one = (operator: (x: Tensor) => Tensor, positive = false): GradientCase => ({
  shapes: [[5, 4]],
  build: ([x]) => operator(x!),
  positive,
});
const picture = (shapes: number[][], build: (...parts: Parts) => Tensor): GradientCase => ({
  shapes,
  build: (inputs) => build(...(inputs as Parts)),
});
const odd = (i: number) => Math.sin(i * 2.3);

const CASES: Record<string, GradientCase> = {
  'gemm with a bias': picture([[5, 4], [4, 3], [3]], (a, b, bias) => gemm(a, b, { bias })),
  'gemm with a full bias': picture(
    [
      [5, 4],
      [4, 3],
      [5, 3],
    ],
    (a, b, bias) => gemm(a, b, { bias }),
  ),
  'gemm, a transposed': picture(
    [
      [4, 5],
      [4, 3],
    ],
    (a, b) => gemm(a, b, { transposeA: true }),
  ),
  'gemm, b transposed': picture(
    [
      [5, 4],
      [3, 4],
    ],
    (a, b) => gemm(a, b, { transposeB: true }),
  ),
  'gemm, both transposed': picture(
    [
      [4, 5],
      [3, 4],
    ],
    (a, b) => gemm(a, b, { transposeA: true, transposeB: true }),
  ),
  'add, one row stretched': picture([[5, 4], [4]], (a, b) => add(a, b)),
  'add, both stretched': picture(
    [
      [5, 1],
      [1, 4],
    ],
    (a, b) => add(a, b),
  ),
  'sub, one column stretched': picture(
    [
      [5, 4],
      [5, 1],
    ],
    (a, b) => sub(a, b),
  ),
  'sub from a number': one((x) => sub(2, x)),
  'mul, one row stretched': picture(
    [
      [5, 4],
      [1, 4],
    ],
    (a, b) => mul(a, b),
  ),
  'mul, a middle axis stretched': picture(
    [
      [2, 3, 4],
      [2, 1, 4],
    ],
    (a, b) => mul(a, b),
  ),
  'mul with itself': one((x) => mul(x, x)),
  'div, one column stretched': {
    ...picture(
      [
        [5, 4],
        [5, 1],
      ],
      (a, b) => div(a, b),
    ),
    positive: true,
  },
  neg: one(neg),
  exp: one(exp),
  log: one(log, true),
  sqrt: one(sqrt, true),
  abs: one(abs),
  relu: one(relu),
  leakyRelu: one((x) => leakyRelu(x, 0.1)),
  sigmoid: one(sigmoid),
  tanh: one(tanh),
  softplus: one(softplus),
  softmax: one((x) => softmax(x)),
  'softmax over rows': one((x) => softmax(x, 0)),
  logSoftmax: one((x) => logSoftmax(x)),
  l2Normalise: one((x) => l2Normalise(x)),
  'sum of everything': one((x) => sum(x)),
  'sum over an axis': picture([[5, 4, 3]], (x) => sum(x, { axes: [1] })),
  'mean over two axes, kept': picture([[5, 4, 3]], (x) => mean(x, { axes: [0, -1], keepAxes: true })),
  meanOfAll: one((x) => mul(meanOfAll(mul(x, x)), 3)),
  expand: picture([[5, 1, 3]], (x) => expand(x, [2, 5, 4, 3])),
  'reshape and transpose': picture([[6, 4]], (x) => transpose(reshape(x, [2, 3, 4]), [2, 0, 1])),
  concat: picture(
    [
      [3, 4],
      [3, 2],
    ],
    (a, b) => concat([a, b, a], 1),
  ),
  slice: picture([[3, 6]], (x) => slice(x, 1, 2, 5)),
  pad: picture([[3, 4]], (x) => pad(x, 0, 1, 2)),
  'gather, one row twice': {
    shapes: [[6, 3]],
    build: ([table], graph) => gather(table!, graph.integers([0, 2, 2, 5])),
  },
  where: one((x) => where(greater(x, 0.2), mul(x, 3), neg(x))),
  'conv2d, padded': picture([[3, 2, 6, 6], [4, 2, 3, 3], [4]], (x, w, bias) => conv2d(x, w, { bias, padding: 1 })),
  'conv2d, stride 2 on odd sides': picture([[3, 2, 7, 7], [4, 2, 3, 3], [4]], (x, w, bias) =>
    conv2d(x, w, { bias, padding: 1, stride: 2 }),
  ),
  'conv2d, stride 2 on even sides': picture([[3, 2, 8, 6], [4, 2, 3, 3], [4]], (x, w, bias) =>
    conv2d(x, w, { bias, padding: 1, stride: 2 }),
  ),
  'conv2d with more filters than places': picture(
    [
      [3, 2, 4, 4],
      [9, 2, 3, 3],
    ],
    (x, w) => conv2d(x, w, { padding: 1, stride: 2 }),
  ),
  'convTranspose2d, stride 2': picture([[3, 4, 4, 4], [4, 2, 2, 2], [2]], (x, w, bias) =>
    convTranspose2d(x, w, { bias, stride: 2 }),
  ),
  'convTranspose2d, 4 × 4 kernel': picture([[3, 4, 2, 3], [4, 2, 4, 4], [2]], (x, w, bias) =>
    convTranspose2d(x, w, { bias, stride: 2, padding: 1 }),
  ),
  'convTranspose2d, output padding': picture([[3, 4, 4, 4], [4, 2, 3, 3], [2]], (x, w, bias) =>
    convTranspose2d(x, w, { bias, stride: 2, padding: 1, outputPadding: 1 }),
  ),
  'max pooling': picture([[2, 3, 4, 6]], (x) => maxPool2d(x, { kernel: 2 }).pooled),
  'max pooling by 3 with a rest': picture([[2, 2, 7, 8]], (x) => maxPool2d(x, { kernel: 3 }).pooled),
  'pooling and unpooling at the switches': picture([[2, 3, 4, 6]], (x) => {
    const { pooled, switches } = maxPool2d(x, { kernel: 2 });
    return unpool2d(tanh(pooled), switches, x.shape.slice(1));
  }),
  'conv2d, dilated in groups': picture([[2, 4, 6, 7], [6, 2, 3, 2], [6]], (x, w, bias) =>
    conv2d(x, w, { bias, groups: 2, dilation: [2, 1], stride: [1, 2], padding: 1 }),
  ),
  'conv2d of many channels': picture(
    [
      [1, 17, 3, 4],
      [2, 17, 3, 3],
    ],
    (x, w) => conv2d(x, w, { padding: 1 }),
  ),
  'convTranspose2d, dilated in groups': picture([[2, 4, 3, 3], [4, 2, 2, 3], [4]], (x, w, bias) =>
    convTranspose2d(x, w, { bias, groups: 2, dilation: [3, 1], stride: [1, 2], outputPadding: [2, 1] }),
  ),
  'max pooling, windows that overlap': picture(
    [[2, 2, 5, 6]],
    (x) => maxPool2d(x, { kernel: 3, stride: [1, 2], padding: 1 }).pooled,
  ),
  'layer norm': picture([[4, 5], [5], [5]], (x, gain, bias) => layerNorm(x, gain, bias)),
  'layer norm of pictures': picture(
    [
      [2, 2, 3, 2],
      [2, 3, 2],
      [2, 3, 2],
    ],
    (x, gain, bias) => layerNorm(x, gain, bias),
  ),
  'batch norm': picture([[6, 3], [3], [3]], (x, gain, bias) => batchNorm(x, gain, bias).normalised),
  'batch norm of pictures': picture([[3, 2, 3, 2], [2], [2]], (x, gain, bias) => batchNorm(x, gain, bias).normalised),
  'cosine distance': picture(
    [
      [4, 3],
      [4, 3],
    ],
    (a, b) => cosineDistance(a, b),
  ),
  l1: one((x) => l1(x)),
  'Kullback-Leibler divergence': picture(
    [
      [4, 3],
      [4, 3],
    ],
    (mean, logVariance) => klToStandardNormal(mean, logVariance),
  ),
  'average pooling': picture([[2, 3, 6, 6]], (x) => averagePool(x, 3)),
  'nearest upsampling': picture([[2, 3, 3, 2]], (x) => upsampleNearest(x, 2)),
  'mean squared error': picture(
    [
      [5, 4],
      [5, 4],
    ],
    (a, b) => meanSquaredError(a, b),
  ),
  'binary cross-entropy from logits': {
    shapes: [[5, 4]],
    build: ([z], graph) =>
      binaryCrossEntropy(
        z!,
        graph.constant(
          Float32Array.from({ length: 20 }, (_, i) => odd(i) ** 2),
          'float32',
          [5, 4],
        ),
      ),
  },
  'multinomial cross-entropy': {
    shapes: [[5, 4]],
    build: ([z], graph) =>
      multinomial(
        z!,
        graph.constant(
          Float32Array.from({ length: 20 }, (_, i) => odd(i) ** 2),
          'float32',
          [5, 4],
        ),
      ),
  },
  'InfoNCE, both ways': picture(
    [
      [4, 3],
      [4, 3],
    ],
    (a, b) => infoNce(a, b, { temperature: 0.3 }),
  ),
  'a weighted sum of losses': picture(
    [
      [4, 3],
      [4, 3],
    ],
    (a, b) =>
      weightedSum([
        [0.3, meanSquaredError(a, b)],
        [2, infoNce(a, b, { temperature: 0.5 })],
      ]),
  ),
};

describe('shapes that do not fit', () => {
  const graph = new Graph('mistakes');
  const tensor = (...shape: number[]) => graph.input(graph.uniqueName('x'), 'float32', shape);
  const int64 = (...shape: number[]) => graph.input(graph.uniqueName('x'), 'int64', shape);
  it.each<[string, () => unknown, RegExp]>([
    ['gemm', () => gemm(tensor(2, 3), tensor(4, 5)), /Gemm.*\[2, 3\].*\[4, 5\]/],
    ['gemm with a bias', () => gemm(tensor(2, 3), tensor(3, 5), { bias: tensor(4) }), /\[2, 5\].*\[4\]/],
    ['add', () => add(tensor(2, 3), tensor(4)), /Add.*\[2, 3\].*\[4\]/],
    ['add of two element types', () => add(tensor(2), graph.integers([1, 2])), /float32.*int64/],
    ['conv2d', () => conv2d(tensor(1, 3, 8, 8), tensor(4, 2, 3, 3)), /Conv.*\[1, 3, 8, 8\].*\[4, 2, 3, 3\]/],
    ['conv2d on a picture smaller than the kernel', () => conv2d(tensor(1, 3, 2, 2), tensor(4, 3, 3, 3)), /kernel/],
    ['conv2d with a bias', () => conv2d(tensor(1, 3, 8, 8), tensor(4, 3, 3, 3), { bias: tensor(3) }), /\[4\].*\[3\]/],
    ['convTranspose2d', () => convTranspose2d(tensor(1, 3, 8, 8), tensor(4, 2, 3, 3)), /ConvTranspose/],
    [
      'conv2d in groups that do not divide the channels',
      () => conv2d(tensor(1, 3, 8, 8), tensor(4, 1, 3, 3), { groups: 2 }),
      /Conv.*groups.*2.*\[1, 3, 8, 8\].*\[4, 1, 3, 3\]/,
    ],
    [
      'conv2d in groups that do not divide the filters',
      () => conv2d(tensor(1, 4, 8, 8), tensor(3, 2, 3, 3), { groups: 2 }),
      /groups.*\[1, 4, 8, 8\].*\[3, 2, 3, 3\]/,
    ],
    [
      'conv2d with the depth of all groups',
      () => conv2d(tensor(1, 4, 8, 8), tensor(2, 4, 3, 3), { groups: 2 }),
      /2 channels in 2 groups.*\[1, 4, 8, 8\].*\[2, 4, 3, 3\]/,
    ],
    [
      'conv2d with a stride of 0',
      () => conv2d(tensor(1, 1, 8, 8), tensor(1, 1, 3, 3), { stride: 0 }),
      /stride.*≥ 1.*0/,
    ],
    ['conv2d with half a padding', () => conv2d(tensor(1, 1, 8, 8), tensor(1, 1, 3, 3), { padding: 0.5 }), /padding/],
    [
      'conv2d with a dilated kernel larger than the picture',
      () => conv2d(tensor(1, 1, 4, 4), tensor(1, 1, 3, 3), { dilation: [1, 2] }),
      /no smaller than the kernel.*\[1, 1, 4, 4\].*\[1, 1, 3, 3\]/,
    ],
    [
      'convTranspose2d with an output padding as large as the stride',
      () => convTranspose2d(tensor(1, 2, 4, 4), tensor(2, 1, 3, 3), { stride: 2, outputPadding: [0, 2] }),
      /output padding.*\[2, 2\].*\[1, 1\].*\[0, 2\].*\[1, 2, 4, 4\].*\[2, 1, 3, 3\]/,
    ],
    [
      'convTranspose2d with more padding than there is',
      () => convTranspose2d(tensor(1, 2, 2, 2), tensor(2, 1, 2, 2), { padding: 2 }),
      /impossible size \[-1, -1\].*\[1, 2, 2, 2\].*\[2, 1, 2, 2\]/,
    ],
    [
      'convTranspose2d in groups that do not divide',
      () => convTranspose2d(tensor(1, 3, 4, 4), tensor(3, 1, 3, 3), { groups: 2 }),
      /groups.*\[1, 3, 4, 4\].*\[3, 1, 3, 3\]/,
    ],
    ['max pooling with more padding than half', () => maxPool2d(tensor(1, 1, 4, 4), { kernel: 3, padding: 2 }), /half/],
    ['layer norm', () => layerNorm(tensor(2, 3), tensor(2), tensor(3)), /LayerNorm.*\[2, 3\].*\[2\] and \[3\]/],
    ['batch norm', () => batchNorm(tensor(2, 3), tensor(3), tensor(2)), /BatchNorm.*\[3\].*\[2, 3\].*\[2\]/],
    ['batch norm of one row', () => batchNorm(tensor(1, 3), tensor(3), tensor(3)), /two values.*\[1, 3\]/],
    ['two losses of different shapes', () => cosineDistance(tensor(2, 3), tensor(2, 4)), /\[2, 3\] and \[2, 4\]/],
    ['unpool into too little room', () => unpool2d(tensor(2, 4), int64(2, 4), [3]), /4 values.*\[2, 4\].*\[3\]/],
    ['reshape', () => reshape(tensor(2, 3), [7]), /Reshape.*\[2, 3\].*\[7\]/],
    ['transpose', () => transpose(tensor(2, 3), [0, 0]), /Transpose/],
    ['concat', () => concat([tensor(2, 3), tensor(3, 3)], 1), /Concat.*\[2, 3\].*\[3, 3\]/],
    ['slice', () => slice(tensor(2, 3), 1, 2, 4), /Slice/],
    ['expand', () => expand(tensor(2, 3), [2, 4]), /Expand.*\[2, 4\].*\[2, 3\]/],
    ['gather by floats', () => gather(tensor(2, 3), tensor(1)), /Gather.*float32/],
    ['max pooling', () => maxPool2d(tensor(1, 1, 2, 2), { kernel: 3 }), /MaxPool/],
    ['average pooling', () => averagePool(tensor(1, 1, 5, 4), 2), /AveragePool/],
    ['unpool', () => unpool2d(tensor(2), graph.integers([1]), [4]), /Unpool/],
    ['a loss that is no scalar', () => gradients(tensor(2), []), /scalar/],
    ['a parameter the loss knows nothing of', () => gradients(sum(tensor(2)), [tensor(1)]), /depend/],
  ])('are GRAPH_SHAPE: %s', (_, build, message) => {
    expect(build).toThrow(
      expect.objectContaining({ code: 'GRAPH_SHAPE', message: expect.stringMatching(message) }) as never,
    );
  });

  it('name the layer they are in', () => {
    const mistake = () =>
      graph.inLayer('encoder', () => graph.inLayer('hidden', () => gemm(tensor(2, 3), tensor(4, 5))));
    expect(mistake).toThrow("Gemm of layer 'encoder.hidden'");
    expect(graph.layer).toBe('');
  });
});

describe('the gradient', () => {
  it.each(Object.entries(CASES))('of %s agrees with finite differences', async (_, check) => {
    expect(await gradientError(check)).toBeLessThan(2e-2);
  });

  it('of an operator that claims a wrong one does not agree', async () => {
    const build = ([x]: Tensor[]) => differentiable(mul(x!, 2), [[x!, (gradient) => mul(gradient, 2.2)]]);
    expect(await gradientError({ shapes: [[3, 4]], build })).toBeGreaterThan(5e-2);
  });

  it('does not pass stopGradient', () => {
    const graph = new Graph('stopped');
    const x = graph.input('x', 'float32', [3]);
    expect(() => gradients(sum(stopGradient(mul(x, 2))), [x])).toThrow('does not depend');
  });

  it('of random chains of operators agrees with finite differences', async () => {
    const smooth = [
      tanh,
      sigmoid,
      softplus,
      (x: Tensor) => softmax(x),
      (x: Tensor) => l2Normalise(x),
      (x: Tensor) => mul(x, 0.7),
      (x: Tensor) => transpose(x, [1, 0]),
    ];
    const joined = [
      add,
      sub,
      mul,
      (a: Tensor, b: Tensor) => gemm(a, b, { transposeB: true }),
      (a: Tensor, b: Tensor) => concat([a, b], 0),
      (a: Tensor, b: Tensor) => div(a, add(exp(tanh(b)), 1)),
    ];
    const chain = fc.array(
      fc.record({ unary: fc.nat(smooth.length - 1), binary: fc.nat(joined.length - 1), join: fc.boolean() }),
      { minLength: 2, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(chain, fc.nat(1000), async (steps, seed) => {
        const build = ([first, second]: Tensor[]) => {
          let x = first!;
          for (const { unary, binary, join } of steps) {
            const changed = smooth[unary]!(x);
            // Joining the chain with its own past makes tensors that are used more than once.
            const fits = changed.shape.join() === x.shape.join();
            x = join && fits ? joined[binary]!(changed, binary === 3 ? x : add(x, mean(second!))) : changed;
          }
          return x;
        };
        expect(
          await gradientError(
            {
              shapes: [
                [3, 4],
                [2, 2],
              ],
              build: ([a, b]) => add(build([a!, b!]), sum(b!)),
            },
            seed,
          ),
        ).toBeLessThan(2e-2);
      }),
      { numRuns: 25, seed: 7 },
    );
  });
});
