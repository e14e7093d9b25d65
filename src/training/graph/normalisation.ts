// Layer and batch normalisation, with their gradients.
import { add, div, mul, sqrt, sub } from './elementwise.ts';
import { differentiable, refuse, type Tensor } from './graph.ts';
import { mean } from './reduction.ts';
import { elementCount, sameShape, showShape } from './shape.ts';
import { reshape } from './shaping.ts';

export interface NormalisationOptions {
  /** Added to the variance before its root is taken. @default 1e-5 */
  readonly epsilon?: number;
}

export interface BatchNormalised {
  readonly normalised: Tensor;
  /** Of each channel, [channels]. */
  readonly mean: Tensor;
  /** Of each channel, [channels]: the mean squared distance from the mean, which is what the batch is divided by. */
  readonly variance: Tensor;
  /** Of each channel, [channels]: the estimate for all data, which PyTorch keeps as running variance. */
  readonly unbiased: Tensor;
}

/**
 * Each row by itself moved to mean 0 and variance 1, then gain · row + bias (Ba et al. 2016), as PyTorch's layer_norm over
 * all axes but the first.
 *
 * @param gain in the shape of a row
 * @param bias in the shape of a row
 */
export function layerNorm(x: Tensor, gain: Tensor, bias: Tensor, options: NormalisationOptions = {}): Tensor {
  const row = x.shape.slice(1);
  if (row.length === 0 || !sameShape(gain.shape, row) || !sameShape(bias.shape, row)) {
    refuse(
      'LayerNorm',
      [x],
      `expected a gain and a bias of the shape of a row of ${showShape(x.shape)} but received ${showShape(gain.shape)} and ${showShape(bias.shape)}`,
    );
  }
  const flat = reshape(x, [x.shape[0]!, elementCount(row)]);
  const { standard } = standardise(flat, (values) => mean(values, { axes: [1], keepAxes: true }), options);
  return add(mul(reshape(standard, x.shape), gain), bias);
}

/**
 * Each channel moved to mean 0 and variance 1 over the rows, and the places of pictures, of this batch; then
 * gain · channel + bias (Ioffe & Szegedy 2015), as PyTorch's batch_norm while training.
 *
 * @param x [rows, channels] or [rows, channels, …]
 * @param gain [channels]
 * @param bias [channels]
 */
export function batchNorm(x: Tensor, gain: Tensor, bias: Tensor, options: NormalisationOptions = {}): BatchNormalised {
  const [rows, channels] = x.shape;
  if (rows === undefined || channels === undefined) {
    return refuse('BatchNorm', [x], `expected [rows, channels, …] but received ${showShape(x.shape)}`);
  }
  if (!sameShape(gain.shape, [channels]) || !sameShape(bias.shape, [channels])) {
    refuse(
      'BatchNorm',
      [x],
      `expected a gain and a bias of shape [${channels}] for ${showShape(x.shape)} but received ${showShape(gain.shape)} and ${showShape(bias.shape)}`,
    );
  }
  const places = elementCount(x.shape.slice(2));
  const count = rows * places;
  if (count < 2) {
    refuse('BatchNorm', [x], `expected at least two values a channel but received ${showShape(x.shape)}`);
  }
  // Places first, then rows: one float32 sum over all of them loses digits.
  const overBatch = (values: Tensor) =>
    mean(mean(values, { axes: [2], keepAxes: true }), { axes: [0], keepAxes: true });
  const ofBatch = standardise(reshape(x, [rows, channels, places]), overBatch, options);
  const perChannel = (values: Tensor) => reshape(values, [channels, 1]);
  const normalised = add(mul(ofBatch.standard, perChannel(gain)), perChannel(bias));
  const variance = reshape(ofBatch.variance, [channels]);
  return {
    normalised: reshape(normalised, x.shape),
    mean: reshape(ofBatch.mean, [channels]),
    variance,
    unbiased: mul(variance, count / (count - 1)),
  };
}

/** Values with mean 0 and variance 1, for a way of taking the mean that keeps axes. */
function standardise(
  x: Tensor,
  meanOf: (values: Tensor) => Tensor,
  { epsilon = 1e-5 }: NormalisationOptions,
): { standard: Tensor; mean: Tensor; variance: Tensor } {
  const average = meanOf(x);
  const centred = sub(x, average);
  const variance = meanOf(mul(centred, centred));
  const deviation = sqrt(add(variance, epsilon));
  const standard = div(centred, deviation);
  // Written out: the chain of the operators above would take twice as many passes.
  const gradient = (g: Tensor) => div(sub(sub(g, meanOf(g)), mul(standard, meanOf(mul(g, standard)))), deviation);
  return { standard: differentiable(standard, [[x, gradient]]), mean: average, variance };
}
