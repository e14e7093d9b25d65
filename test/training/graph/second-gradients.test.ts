// Gradients of gradients, as a contractive penalty needs them, against finite differences.
import { describe, expect, it } from '@jest/globals';
import { gradients } from '../../../src/training/graph/autodiff.ts';
import { conv2d } from '../../../src/training/graph/convolution.ts';
import {
  add,
  div,
  exp,
  leakyRelu,
  log,
  mul,
  relu,
  sigmoid,
  softplus,
  sqrt,
  sub,
  tanh,
} from '../../../src/training/graph/elementwise.ts';
import { Graph, type Tensor } from '../../../src/training/graph/graph.ts';
import { gemm } from '../../../src/training/graph/linear.ts';
import { layerNorm } from '../../../src/training/graph/normalisation.ts';
import { maxPool2d } from '../../../src/training/graph/pooling.ts';
import { mean, sum } from '../../../src/training/graph/reduction.ts';
import { concat, reshape, slice, transpose } from '../../../src/training/graph/shaping.ts';
import { l2Normalise, logSoftmax, softmax } from '../../../src/training/graph/softmax.ts';
import { binaryCrossEntropy, meanSquaredError, multinomial } from '../../../src/training/losses.ts';
import { Random } from '../../../src/training/random.ts';
import { type Build, type GradientCase, gradientError } from './gradient-check.ts';
import { expectClose, numbers, runGraph } from './run-graph.ts';

/** Σ of squares of the gradient of Σ y·r with respect to the first input, added to y's own sum. */
function penalised(build: Build): Build {
  return (inputs, graph) => {
    const y = build(inputs, graph);
    const directions = Float32Array.from({ length: y.shape.reduce((a, b) => a * b, 1) }, (_, i) =>
      Math.cos(i * 2.1 + 1),
    );
    const [slope] = gradients(sum(mul(y, graph.constant(directions, 'float32', y.shape))), [inputs[0]!]);
    return add(sum(mul(slope!, slope!)), sum(y));
  };
}

const dense = (activation: (x: Tensor) => Tensor): GradientCase => ({
  shapes: [[3, 4], [4, 5], [5], [5, 2]],
  build: penalised(([x, first, bias, second]) =>
    activation(gemm(activation(gemm(x!, first!, { bias: bias! })), second!)),
  ),
});
const of = (operator: (x: Tensor, graph: Graph) => Tensor): GradientCase => ({
  shapes: [
    [3, 4],
    [3, 4],
  ],
  // The second input keeps its gradient, and the first passes through something curved.
  build: penalised(([x, y], graph) => operator(mul(x!, add(mul(x!, 0.3), y!)), graph)),
  positive: true,
});

const CASES: Record<string, GradientCase> = {
  'a dense network with sigmoid': dense(sigmoid),
  'a dense network with tanh': dense(tanh),
  'a dense network with softplus': dense(softplus),
  'a dense network with ReLU': dense(relu),
  // Away from its kink, where the penalty jumps.
  'leaky ReLU': {
    shapes: [
      [3, 4],
      [3, 4],
    ],
    build: penalised(([x, y]) => leakyRelu(mul(x!, y!), 0.2)),
  },
  'a linear network': dense((x) => x),
  exp: of(exp),
  log: of(log),
  sqrt: of(sqrt),
  div: of((x) => div(1, x)),
  softmax: of((x) => softmax(x)),
  logSoftmax: of((x) => logSoftmax(x)),
  l2Normalise: of((x) => l2Normalise(x)),
  'means of means': of((x) => mul(mean(mean(x, { axes: [1] })), 3)),
  'shapes and parts': of((x) => concat([slice(transpose(x, [1, 0]), 0, 1, 3), reshape(slice(x, 1, 0, 2), [2, 3])], 0)),
  'layer norm': of((x, graph) =>
    layerNorm(
      x,
      graph.constant(Float32Array.of(1, 2, 0.5, 1), 'float32', [4]),
      graph.constant(new Float32Array(4), 'float32', [4]),
    ),
  ),
  losses: of((x) =>
    add(add(meanSquaredError(x, mul(x, x)), binaryCrossEntropy(x, softmax(x))), multinomial(x, softmax(x))),
  ),
  'a convolution': {
    shapes: [
      [2, 2, 4, 4],
      [3, 2, 3, 3],
    ],
    build: penalised(([x, w]) => tanh(conv2d(x!, w!, { padding: 1 }))),
  },
  'max pooling': { shapes: [[2, 2, 4, 4]], build: penalised(([x]) => maxPool2d(tanh(x!), { kernel: 2 }).pooled) },
};

describe('the gradient of a gradient', () => {
  it("of a convolution's weights is refused, not wrong", () => {
    const graph = new Graph('refused');
    const x = graph.input('x', 'float32', [1, 1, 4, 4]);
    const weights = graph.input('weights', 'float32', [1, 1, 2, 2]);
    const [slope] = gradients(sum(tanh(conv2d(x, weights))), [weights]);
    expect(() => gradients(sum(mul(slope!, slope!)), [weights])).toThrow(TypeError);
  });

  it.each(Object.entries(CASES))('of %s agrees with finite differences', async (_, check) => {
    expect(await gradientError(check)).toBeLessThan(2e-2);
  });

  it('is the contractive penalty of a sigmoid layer, Σ (h·(1 − h))² · Σ w² (Rifai et al. 2011)', async () => {
    const random = new Random(5);
    const drawn = (...shape: number[]) => ({
      data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
      shape,
    });
    const results = await runGraph({ x: drawn(3, 4), w: drawn(4, 2) }, ({ x, w }) => {
      const code = sigmoid(gemm(x!, w!));
      const slopes = mul(code, sub(1, code));
      const closed = sum(mul(mul(slopes, slopes), sum(mul(w!, w!), { axes: [0], keepAxes: true })));
      const ofUnits = [0, 1].map((unit) => gradients(sum(slice(code, 1, unit, unit + 1)), [x!])[0]!);
      const penalty = ofUnits.map((slope) => sum(mul(slope, slope))).reduce(add);
      return {
        closed: reshape(closed, [1]),
        penalty: reshape(penalty, [1]),
        closedGradient: gradients(closed, [w!])[0]!,
        penaltyGradient: gradients(penalty, [w!])[0]!,
      };
    });
    expectClose(numbers(results.penalty), numbers(results.closed));
    expectClose(numbers(results.penaltyGradient), numbers(results.closedGradient));
  });
});
