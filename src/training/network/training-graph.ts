// The graph of one training step of a network: rows through it with all that corrupts them, its losses against the clean rows.
import { gradients } from '../graph/autodiff.ts';
import { add, div, mul } from '../graph/elementwise.ts';
import type { Tensor } from '../graph/graph.ts';
import { sum } from '../graph/reduction.ts';
import { elementCount } from '../graph/shape.ts';
import { reshape } from '../graph/shaping.ts';
import { binaryCrossEntropy, cosineDistance, infoNce, l1, meanSquaredError, multinomial } from '../losses.ts';
import { decode, encode, outputOf } from './forward.ts';
import type { Pass, TrainingPass } from './layer.ts';
import type { Network } from './network.ts';
import { isReconstruction, type LossSpec, type Recipe } from './recipe.ts';

/** One of a recipe's losses, before its weight. */
export interface LossTerm {
  readonly spec: LossSpec;
  readonly loss: Tensor;
}

/**
 * All losses of a recipe for some clean rows, in its order.
 *
 * @param clean values as the encoder takes them, [n, …input]
 * @param pass without `training`, what corrupts is left out, and so are the terms that only training knows
 */
export function lossTerms(recipe: Recipe, network: Network, clean: Tensor, pass: Pass): LossTerm[] {
  const code = encode(network, clean, pass);
  const made = decode(network, code, pass);
  return recipe.loss
    .filter(({ kind }) => pass.training !== undefined || isReconstruction(kind))
    .map((spec) => ({ spec, loss: termOf(spec, { recipe, network, clean, pass, code, made }) }));
}

interface Situation {
  readonly recipe: Recipe;
  readonly network: Network;
  readonly clean: Tensor;
  readonly pass: Pass;
  readonly code: Tensor;
  /** What the decoder gives, before the output's function. */
  readonly made: Tensor;
}

function termOf(spec: LossSpec, { recipe, network, clean, pass, code, made }: Situation): Tensor {
  const [n] = clean.shape as [number];
  const flat = (x: Tensor) => reshape(x, [n, elementCount(x.shape) / n]);
  const perRow = (loss: Tensor) =>
    'reduction' in spec && spec.reduction === 'sum' ? mul(loss, elementCount(network.input)) : loss;
  switch (spec.kind) {
    case 'mse':
      return perRow(meanSquaredError(outputOf(recipe, made), clean));
    case 'bce':
      return perRow(binaryCrossEntropy(made, clean));
    case 'multinomial':
      return multinomial(flat(made), distribution(flat(clean)));
    case 'cosine':
      return cosineDistance(flat(outputOf(recipe, made)), flat(clean));
    case 'l1':
      return l1(flat(code));
    case 'kl':
      return trainingOf(pass).divergences.reduce(add);
    case 'contractive':
      return contraction(network, clean, pass);
    case 'infoNce':
      return infoNce(flat(code), flat(encode(network, clean, anotherPass(pass))), { temperature: spec.temperature });
  }
}

function trainingOf({ training }: Pass): TrainingPass {
  if (training === undefined) throw new TypeError('Expected a training pass');
  return training;
}

/** The rows once more, with other noise; what the first pass took note of stays as it is. */
function anotherPass(pass: Pass): Pass {
  const { noise } = trainingOf(pass);
  return { values: pass.values, switches: new Map(), training: { noise, buffers: new Map(), divergences: [] } };
}

/** Each row divided by its sum; an all-zero row stays what it is. */
function distribution(rows: Tensor): Tensor {
  return div(rows, add(sum(rows, { axes: [-1], keepAxes: true }), 1e-12));
}

/**
 * Mean over rows of ‖J‖², J the derivative of the code by the row: estimated without bias by ‖vᵀJ‖² for one normal v a
 * row, since E[vvᵀ] is the identity (Hutchinson 1990). vᵀJ is what gradients of v · code are; the loss's own gradient
 * passes through it once more.
 */
function contraction(network: Network, clean: Tensor, pass: Pass): Tensor {
  const code = encode(network, clean, anotherPass(pass));
  const direction = trainingOf(pass).noise.normal(code.shape);
  const [product] = gradients(sum(mul(code, direction)), [clean]) as [Tensor];
  return mul(sum(mul(product, product)), 1 / clean.shape[0]!);
}
