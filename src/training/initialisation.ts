// Starting values of parameters.
import type { Random } from './random.ts';

/** Fills a parameter of `count` numbers. */
export type Initialiser = (count: number, random: Random) => Float32Array;

export const zeros: Initialiser = (count) => new Float32Array(count);

/** Evenly from −limit to limit. */
export function uniform(limit: number): Initialiser {
  return (count, random) => Float32Array.from({ length: count }, () => random.between(-limit, limit));
}

/** For layers before a ReLU (He et al. 2015): normal with the variance 2 / inputs of a unit. */
export function he(fanIn: number): Initialiser {
  const deviation = Math.sqrt(2 / fanIn);
  return (count, random) => Float32Array.from({ length: count }, () => deviation * random.normal());
}

/** For layers before tanh, a sigmoid or nothing (Glorot & Bengio 2010): even with the variance 2 / (inputs + outputs). */
export function glorot(fanIn: number, fanOut: number): Initialiser {
  return uniform(Math.sqrt(6 / (fanIn + fanOut)));
}
