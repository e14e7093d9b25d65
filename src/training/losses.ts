// Training losses: scalars of a graph, with gradients written out where that saves passes over large tensors.
import { abs, add, exp, mul, sigmoid, softplus, sub } from './graph/elementwise.ts';
import { differentiable, emit, refuse, type Tensor } from './graph/graph.ts';
import { gemm } from './graph/linear.ts';
import { mean, meanOfAll, sum } from './graph/reduction.ts';
import { elementCount, sameShape, showShape } from './graph/shape.ts';
import { reshape, transpose } from './graph/shaping.ts';
import { l2Normalise, logSoftmax } from './graph/softmax.ts';

/** Mean of (prediction − target)² over all elements. */
export function meanSquaredError(prediction: Tensor, target: Tensor): Tensor {
  demandSameShape('meanSquaredError', prediction, target);
  const difference = sub(prediction, target);
  const factor = 2 / elementCount(prediction.shape);
  return differentiable(meanOfAll(mul(difference, difference)), [
    [prediction, (gradient) => mul(difference, mul(gradient, factor))],
    [target, (gradient) => mul(difference, mul(gradient, -factor))],
  ]);
}

/**
 * Mean over all elements of −t·log σ(z) − (1 − t)·log(1 − σ(z)), computed as softplus(z) − z·t.
 *
 * @param target probabilities in 0…1; no gradient reaches them
 */
export function binaryCrossEntropy(logits: Tensor, target: Tensor): Tensor {
  demandSameShape('binaryCrossEntropy', logits, target);
  const factor = 1 / elementCount(logits.shape);
  return differentiable(meanOfAll(sub(softplus(logits), mul(logits, target))), [
    [logits, (gradient) => mul(sub(sigmoid(logits), target), mul(gradient, factor))],
  ]);
}

/**
 * Mean over rows of −Σ t·log softmax(z): the cross-entropy of a distribution over columns, for example over the words of
 * a document.
 *
 * @param logits [rows, columns]
 * @param target [rows, columns], each row a distribution or a weighted part of one; no gradient reaches it
 */
export function multinomial(logits: Tensor, target: Tensor): Tensor {
  demandSameShape('multinomial', logits, target);
  const rows = logits.shape[0]!;
  const logarithms = logSoftmax(logits);
  const perRow = sum(mul(target, logarithms), { axes: [-1] });
  return differentiable(mul(sum(perRow), -1 / rows), [
    [
      logits,
      (gradient) => {
        const mass = sum(target, { axes: [-1], keepAxes: true });
        return mul(sub(mul(exp(logarithms), mass), target), mul(gradient, 1 / rows));
      },
    ],
  ]);
}

/**
 * {@link multinomial} for targets that are nearly all zeros, given by their entries: no dense target is made, and the
 * logarithms of the other columns are never taken.
 *
 * @param logits [rows, columns]
 * @param positions [entries] int32 or int64, flat places in [rows, columns]; unused ones have the weight 0
 * @param weights [entries]; those of a row sum to 1
 */
export function sparseMultinomial(logits: Tensor, positions: Tensor, weights: Tensor): Tensor {
  const rows = logits.shape[0]!;
  const flat = [elementCount(logits.shape)];
  const probabilities = emit('Softmax', [logits], logits.shape, { attributes: { axis: { int: -1 } } });
  const inARow = reshape(probabilities, flat);
  const picked = emit('Gather', [inARow, positions], weights.shape, { attributes: { axis: { int: 0 } } });
  const smallest = 1e-30; // keeps the logarithm finite where a probability vanished
  const total = sum(
    mul(weights, emit('Log', [emit('Max', [picked, logits.graph.scalar(smallest)], weights.shape)], weights.shape)),
  );
  return differentiable(mul(total, -1 / rows), [
    [
      logits,
      (gradient) => {
        const less = emit('ScatterElements', [inARow, positions, mul(weights, -1)], flat, {
          attributes: { axis: { int: 0 }, reduction: { string: 'add' } },
        });
        return mul(reshape(less, logits.shape), mul(gradient, 1 / rows));
      },
    ],
  ]);
}

/** Mean over rows of 1 − the cosine between prediction and target; a row of zeros has the cosine 0. */
export function cosineDistance(prediction: Tensor, target: Tensor): Tensor {
  demandSameShape('cosineDistance', prediction, target);
  const cosines = sum(mul(l2Normalise(inRows(prediction)), l2Normalise(inRows(target))), { axes: [-1] });
  return sub(1, mean(cosines));
}

/** Mean over rows of Σ |x|: pulls values to 0, for a code that is sparse. */
export function l1(x: Tensor): Tensor {
  return mean(sum(abs(inRows(x)), { axes: [-1] }));
}

/**
 * Mean over rows of the Kullback-Leibler divergence of a normal distribution with independent elements from the standard
 * one, −½ Σ (1 + log σ² − μ² − σ²) (Kingma & Welling 2014, appendix B).
 *
 * @param logVariance log σ², in the shape of `mean`
 */
export function klToStandardNormal(mean: Tensor, logVariance: Tensor): Tensor {
  demandSameShape('klToStandardNormal', mean, logVariance);
  const terms = sub(add(mul(mean, mean), exp(logVariance)), add(logVariance, 1));
  return mul(sum(sum(inRows(terms), { axes: [-1] })), 0.5 / mean.shape[0]!);
}

export interface InfoNceOptions {
  /** Divides the cosines: the lower, the more the nearest wrong row counts. */
  readonly temperature: number;
}

/**
 * Agreement of two codes of the same items (InfoNCE; van den Oord et al. 2018, both ways as in SimCLR, Chen et al. 2020):
 * each row of `a` should find its partner among the rows of `b` by cosine, and the other way round.
 *
 * @param a [rows, size]
 * @param b [rows, size], row i belonging to row i of `a`
 */
export function infoNce(a: Tensor, b: Tensor, { temperature }: InfoNceOptions): Tensor {
  demandSameShape('infoNce', a, b);
  const rows = a.shape[0]!;
  const cosines = gemm(l2Normalise(a), l2Normalise(b), { transposeB: true });
  const logits = mul(cosines, 1 / temperature);
  const partners = new Float32Array(rows * rows);
  for (let row = 0; row < rows; row++) partners[row * rows + row] = 1;
  const target = a.graph.constant(partners, 'float32', [rows, rows], 'partners');
  return mul(add(multinomial(logits, target), multinomial(transpose(logits, [1, 0]), target)), 0.5);
}

/** Σ weight · loss; a loss of weight 0 is left out. */
export function weightedSum(losses: readonly (readonly [weight: number, loss: Tensor])[]): Tensor {
  const [first, ...others] = losses.filter(([weight]) => weight !== 0).map(([weight, loss]) => mul(loss, weight));
  if (first === undefined) throw new RangeError('Expected at least one loss with a weight other than 0');
  return others.reduce(add, first);
}

/** [rows, …] as [rows, everything else]. */
function inRows(x: Tensor): Tensor {
  const [rows] = x.shape;
  if (rows === undefined || rows < 1) refuse('loss', [x], `expected rows but received ${showShape(x.shape)}`);
  return reshape(x, [rows, elementCount(x.shape) / rows]);
}

function demandSameShape(loss: string, a: Tensor, b: Tensor): void {
  if (sameShape(a.shape, b.shape)) return;
  refuse(
    loss,
    [a, b],
    `expected two tensors of one shape but received ${showShape(a.shape)} and ${showShape(b.shape)}`,
  );
}
