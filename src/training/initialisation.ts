// Starting values of parameters, as torch.nn.init defines them.
import { elementCount, type Shape } from './graph/shape.ts';
import type { Random } from './random.ts';

/** Draws the starting values of a parameter. */
export type Initialiser = (shape: Shape, random: Random) => Float32Array;

export const zeros: Initialiser = constant(0);

export function constant(value: number): Initialiser {
  return (shape) => new Float32Array(elementCount(shape)).fill(value);
}

/** Evenly from −limit to limit. */
export function uniform(limit: number): Initialiser {
  return fill((random) => random.between(-limit, limit));
}

/** From the normal distribution around 0. */
function normal(deviation: number): Initialiser {
  return fill((random) => deviation * random.normal());
}

/** What an activation does to the size of what passes: torch.nn.init.calculate_gain. A number stands for itself. */
export type Gain = 'identity' | 'sigmoid' | 'tanh' | 'relu' | { readonly leakyRelu: number } | number;

export interface FanOptions {
  /** Inputs of a unit. @default as {@link fans} reckons from the shape */
  readonly fanIn?: number;
  /** @default 'relu' for He, 1 for Glorot */
  readonly gain?: Gain;
}

/** He et al. 2015 (kaiming_normal_): normal with the deviation gain / √(inputs of a unit). */
export function heNormal(options: FanOptions = {}): Initialiser {
  return (shape, random) => normal(heDeviation(shape, options))(shape, random);
}

/** He et al. 2015 (kaiming_uniform_): even with the same deviation. */
export function heUniform(options: FanOptions = {}): Initialiser {
  return (shape, random) => uniform(Math.sqrt(3) * heDeviation(shape, options))(shape, random);
}

/** Glorot & Bengio 2010 (xavier_normal_): normal with the deviation gain · √(2 / (inputs + outputs of a unit)). */
export function glorotNormal(options: Pick<FanOptions, 'gain'> = {}): Initialiser {
  return (shape, random) => normal(glorotDeviation(shape, options))(shape, random);
}

/** Glorot & Bengio 2010 (xavier_uniform_): even with the same deviation. */
export function glorotUniform(options: Pick<FanOptions, 'gain'> = {}): Initialiser {
  return (shape, random) => uniform(Math.sqrt(3) * glorotDeviation(shape, options))(shape, random);
}

/**
 * Inputs and outputs of a unit. Dense weights are [in, out] here; the kernels of convolutions [out, in, height, width] and
 * of transposed ones [in, out, height, width], where PyTorch takes the first axis for the outputs as well.
 *
 * @throws RangeError for fewer than two axes
 */
export function fans(shape: Shape): { readonly fanIn: number; readonly fanOut: number } {
  const [first, second, ...kernel] = shape;
  if (first === undefined || second === undefined) {
    throw new RangeError(`Expected weights of two axes or more but received the shape [${shape.join(', ')}]`);
  }
  if (kernel.length === 0) return { fanIn: first, fanOut: second };
  const places = elementCount(kernel);
  return { fanIn: second * places, fanOut: first * places };
}

function heDeviation(shape: Shape, { fanIn = fans(shape).fanIn, gain = 'relu' }: FanOptions): number {
  return gainOf(gain) / Math.sqrt(fanIn);
}

function glorotDeviation(shape: Shape, { gain = 1 }: Pick<FanOptions, 'gain'>): number {
  const { fanIn, fanOut } = fans(shape);
  return gainOf(gain) * Math.sqrt(2 / (fanIn + fanOut));
}

function gainOf(gain: Gain): number {
  if (typeof gain === 'number') return gain;
  if (typeof gain === 'object') return Math.sqrt(2 / (1 + gain.leakyRelu ** 2));
  switch (gain) {
    case 'identity':
    case 'sigmoid':
      return 1;
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.SQRT2;
  }
}

function fill(draw: (random: Random) => number): Initialiser {
  return (shape, random) => {
    const values = new Float32Array(elementCount(shape));
    for (let i = 0; i < values.length; i++) values[i] = draw(random);
    return values;
  };
}
