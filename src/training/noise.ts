// Random numbers inside a training graph: a function of seed, step and draw only, on every device and after a resume.
import type { NumericTensor } from '../runtime/numeric-tensor.ts';
import { add, mul, sub } from './graph/elementwise.ts';
import { emit, type Graph, stopGradient, type Tensor } from './graph/graph.ts';
import { elementCount, type Shape } from './graph/shape.ts';
import { gather, reshape } from './graph/shaping.ts';
import { Random } from './random.ts';

/** Where a loss draws random numbers. Each call is a draw of its own, new at every step. No gradient passes. */
export interface Noise {
  /** Even in 0 ≤ x < 1. */
  uniform(shape: Shape): Tensor;
  /** From the normal distribution around 0. @param deviation standard deviation, 1 by default */
  normal(shape: Shape, deviation?: number): Tensor;
}

export type Distribution = 'uniform' | 'normal';

/** One draw of each step. */
export interface NoiseDraw {
  readonly distribution: Distribution;
  /** Numbers it takes. */
  readonly count: number;
}

/** Names of the model's inputs for noise. */
const NOISE_INPUTS = {
  windows: 'noise-windows',
  table: (distribution: Distribution) => `noise-table/${distribution}`,
} as const;

const SHORTEST_TABLE = 2 ** 20;

/**
 * Draws by adding two windows of a table of random numbers that stays with the model, at places hashed from the seed, the
 * step and the draw: ONNX's RandomUniform and RandomNormal compute on one thread, number by number, and every device, and
 * every session, gives others. One window lies in the first half of the table and one in the second, so that no number
 * meets itself within a draw. Two draws may overlap, shifted against one another; a sum modulo 1 is independent of
 * another one even then, and two normal numbers at different places then have a correlation of ½.
 */
export class GraphNoise implements Noise {
  readonly #body: Graph;
  readonly #step: Tensor;
  readonly #tables = new Map<Distribution, Tensor>();
  readonly #draws: NoiseDraw[] = [];
  #windows: Tensor | undefined;

  /** @param body the graph of one step @param step its number within the chunk, an int64 scalar */
  constructor(body: Graph, step: Tensor) {
    this.#body = body;
    this.#step = step;
  }

  /** All that was drawn so far, in order. */
  get draws(): readonly NoiseDraw[] {
    return this.#draws;
  }

  uniform(shape: Shape): Tensor {
    const sum = this.#sumOfWindows('uniform', shape);
    return stopGradient(sub(sum, emit('Floor', [sum], sum.shape)));
  }

  normal(shape: Shape, deviation = 1): Tensor {
    return stopGradient(mul(this.#sumOfWindows('normal', shape), deviation * Math.SQRT1_2));
  }

  #sumOfWindows(distribution: Distribution, shape: Shape): Tensor {
    const count = elementCount(shape);
    const place = 2 * this.#draws.length;
    this.#draws.push({ distribution, count });
    const [first, second] = [place, place + 1].map((column) => this.#window(distribution, column, count));
    return reshape(add(first!, second!), shape);
  }

  #window(distribution: Distribution, column: number, count: number): Tensor {
    const { root } = this.#body;
    let table = this.#tables.get(distribution);
    if (table === undefined) {
      const name = NOISE_INPUTS.table(distribution);
      table = root.input(name, 'float32', [0], [name]);
      this.#tables.set(distribution, table);
    }
    this.#windows ??= gather(
      root.input(NOISE_INPUTS.windows, 'int64', [0, 0], ['steps', NOISE_INPUTS.windows]),
      this.#step,
    );
    const start = emit('Gather', [this.#windows, root.integers([column])], [1], { type: 'int64' });
    const end = emit('Add', [start, root.integers([count])], [1], { type: 'int64' });
    return emit('Slice', [table, start, end, root.integers([0])], [count]);
  }
}

/** The tables that some draws need, by the name of their input. They depend on the seed and the largest draw only. */
export function noiseTables(draws: readonly NoiseDraw[], seed: number): Record<string, NumericTensor> {
  const kinds = new Set(draws.map(({ distribution }) => distribution));
  return Object.fromEntries(
    [...kinds].map((distribution) => {
      const length = tableLength(draws, distribution);
      const random = new Random(hash(seed, distribution === 'uniform' ? 1 : 2, 0, 0));
      const data = distribution === 'uniform' ? uniformTable(length, random) : normalTable(length, random);
      return [NOISE_INPUTS.table(distribution), { data, shape: [length] }];
    }),
  );
}

/** Where the windows of `count` steps from `first` on begin, by the name of their input; nothing when nothing is drawn. */
export function noiseWindows(
  draws: readonly NoiseDraw[],
  seed: number,
  first: number,
  count: number,
): Record<string, NumericTensor> {
  if (draws.length === 0) return {};
  const halves = draws.map(({ distribution }) => tableLength(draws, distribution) / 2);
  const starts = new BigInt64Array(count * 2 * draws.length);
  for (let step = 0; step < count; step++) {
    draws.forEach((draw, i) => {
      const places = halves[i]! - draw.count + 1;
      for (const side of [0, 1]) {
        const place = Math.floor((hash(seed, first + step, i, side) / 2 ** 32) * places);
        starts[2 * (step * draws.length + i) + side] = BigInt(side * halves[i]! + place);
      }
    });
  }
  return { [NOISE_INPUTS.windows]: { data: starts, shape: [count, 2 * draws.length] } };
}

/** A power of two that is at least four times the largest draw. */
function tableLength(draws: readonly NoiseDraw[], distribution: Distribution): number {
  let length = SHORTEST_TABLE;
  for (const draw of draws) {
    while (draw.distribution === distribution && length < 4 * draw.count) length *= 2;
  }
  return length;
}

/** Multiples of 2^−23, whose sums a float32 holds exactly. */
function uniformTable(length: number, random: Random): Float32Array {
  const table = new Float32Array(length);
  for (let i = 0; i < length; i++) table[i] = (random.bits() >>> 9) / 2 ** 23;
  return table;
}

/** Each half has the mean 0 and the variance 1: what a table is off by would be off at every step. */
function normalTable(length: number, random: Random): Float32Array {
  const table = new Float32Array(length);
  for (let i = 0; i < length; i++) table[i] = random.normal();
  for (const half of [table.subarray(0, length / 2), table.subarray(length / 2)]) {
    let [sum, squares] = [0, 0];
    for (const value of half) {
      sum += value;
      squares += value * value;
    }
    const mean = sum / half.length;
    const deviation = Math.sqrt(squares / half.length - mean * mean);
    for (let i = 0; i < half.length; i++) half[i] = (half[i]! - mean) / deviation;
  }
  return table;
}

/** 32 bits of four whole numbers: each is mixed in with the finaliser of MurmurHash3 (Appleby, public domain). */
function hash(...numbers: readonly number[]): number {
  let state = 0x9e3779b9;
  for (const number of numbers) {
    state = (state ^ number) | 0;
    state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
    state = (state ^ (state >>> 16)) + 0x9e3779b9;
  }
  return state >>> 0;
}
