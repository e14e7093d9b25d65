// Optimizers inside the graph, as PyTorch defines them: SGD, Adam, AdamW.
import { add, div, mul, sqrt, sub } from './graph/elementwise.ts';
import type { Tensor } from './graph/graph.ts';

/** Gradient descent (torch.optim.SGD without dampening). */
export interface SgdOptions {
  readonly kind: 'sgd';
  /** Share of the last direction that is kept. @default 0 */
  readonly momentum?: number;
  /** Looks ahead along the direction; needs momentum. @default false */
  readonly nesterov?: boolean;
  /** This share of each parameter is added to its gradient. @default 0 */
  readonly weightDecay?: number;
}

/** Adam (Kingma & Ba 2015) and AdamW (Loshchilov & Hutter 2019), which takes the decay off the parameter itself. */
export interface AdamOptions {
  readonly kind: 'adam' | 'adamw';
  /** Decay of the mean of gradients. @default 0.9 */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients. @default 0.999 */
  readonly beta2?: number;
  /** Keeps the division finite. @default 1e-8 */
  readonly epsilon?: number;
  /** @default 0 for adam, where it is added to the gradient; 0.01 for adamw, where it is times the learning rate */
  readonly weightDecay?: number;
}

export type OptimizerOptions = SgdOptions | AdamOptions;

/** One parameter with what its optimizer remembers of it, all of one shape. */
export interface ParameterState {
  readonly parameter: Tensor;
  /** In the order of {@link Optimizer.memory}. */
  readonly memory: readonly Tensor[];
}

/** An optimizer with all its settings. */
export interface Optimizer {
  readonly options: Readonly<Record<string, number | string | boolean>>;
  /** Names of what it remembers of each parameter: tensors of the parameter's shape that start at 0. */
  readonly memory: readonly string[];
  /** Names of the numbers that {@link scalars} gives. */
  readonly scalarNames: readonly string[];
  /**
   * The numbers of a step (from 0) with a learning rate, in double precision: 1 − 0.999^t in float32 is off by 3e-3 after
   * 200 steps.
   */
  scalars(step: number, rate: number): readonly number[];
  /** One step of one parameter. @param scalars the step's numbers, in the order of {@link scalarNames} */
  update(state: ParameterState, gradient: Tensor, scalars: readonly Tensor[]): ParameterState;
}

/** @throws RangeError for settings with which nothing could be learned, and for a kind that is not known */
export function createOptimizer(options: OptimizerOptions): Optimizer {
  switch (options.kind) {
    case 'sgd':
      return sgd(options);
    case 'adam':
    case 'adamw':
      return adam(options);
    default:
      throw new RangeError(
        `Expected an optimizer of kind sgd, adam or adamw but received '${(options as OptimizerOptions).kind}'`,
      );
  }
}

function sgd({ momentum = 0, nesterov = false, weightDecay = 0 }: SgdOptions): Optimizer {
  demand('momentum', momentum, momentum >= 0 && momentum < 1, '0 ≤ x < 1');
  demand('weightDecay', weightDecay, weightDecay >= 0, '≥ 0');
  if (nesterov && momentum === 0) throw new RangeError('Expected a momentum above 0 for nesterov but received 0');
  return {
    options: { kind: 'sgd', momentum, nesterov, weightDecay },
    memory: momentum === 0 ? [] : ['momentum'],
    scalarNames: ['rate'],
    scalars: (_, rate) => [rate],
    update: ({ parameter, memory }, gradient, [rate]) => {
      const decayed = withDecay(gradient, parameter, weightDecay);
      const [velocity] = memory;
      if (velocity === undefined) return { parameter: sub(parameter, mul(decayed, rate!)), memory };
      const next = add(mul(velocity, momentum), decayed);
      const direction = nesterov ? add(decayed, mul(next, momentum)) : next;
      return { parameter: sub(parameter, mul(direction, rate!)), memory: [next] };
    },
  };
}

function adam(options: AdamOptions): Optimizer {
  const { kind, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const weightDecay = options.weightDecay ?? (kind === 'adamw' ? 0.01 : 0);
  demand('beta1', beta1, beta1 >= 0 && beta1 < 1, '0 ≤ x < 1');
  demand('beta2', beta2, beta2 >= 0 && beta2 < 1, '0 ≤ x < 1');
  demand('epsilon', epsilon, epsilon >= 0, '≥ 0');
  demand('weightDecay', weightDecay, weightDecay >= 0, '≥ 0');
  const decoupled = kind === 'adamw' && weightDecay > 0;
  const rootOfScale = Math.sqrt(1 - beta2);
  return {
    options: { kind, beta1, beta2, epsilon, weightDecay },
    // M = m / (1 − β1) and V = v / (1 − β2) in place of m and v save two passes over all parameters; the factors that
    // takes are in the scalars.
    memory: ['mean', 'square'],
    scalarNames: decoupled ? ['rate', 'epsilon', 'kept'] : ['rate', 'epsilon'],
    scalars: (step, rate) => {
      const correction1 = 1 - beta1 ** (step + 1);
      const correction2 = Math.sqrt(1 - beta2 ** (step + 1));
      const scaledRate = ((rate * correction2) / correction1) * ((1 - beta1) / rootOfScale);
      const scaledEpsilon = (epsilon * correction2) / rootOfScale;
      return decoupled ? [scaledRate, scaledEpsilon, 1 - rate * weightDecay] : [scaledRate, scaledEpsilon];
    },
    update: ({ parameter, memory }, gradient, [rate, smallest, kept]) => {
      const slope = decoupled ? gradient : withDecay(gradient, parameter, weightDecay);
      const start = kept === undefined ? parameter : mul(parameter, kept);
      const mean = add(mul(memory[0]!, beta1), slope);
      const square = add(mul(memory[1]!, beta2), mul(slope, slope));
      const next = sub(start, div(mul(mean, rate!), add(sqrt(square), smallest!)));
      return { parameter: next, memory: [mean, square] };
    },
  };
}

function withDecay(gradient: Tensor, parameter: Tensor, weightDecay: number): Tensor {
  return weightDecay === 0 ? gradient : add(gradient, mul(parameter, weightDecay));
}

function demand(name: string, value: number, holds: boolean, expected: string): void {
  if (!holds) throw new RangeError(`Expected ${name} ${expected} but received ${value}`);
}
