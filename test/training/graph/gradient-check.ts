// Compares the gradients a graph computes with central finite differences of the same graph, both run by ONNX Runtime.
import { openSession } from '../../../src/runtime/onnx-session.ts';
import { gradients } from '../../../src/training/graph/autodiff.ts';
import { mul } from '../../../src/training/graph/elementwise.ts';
import { Graph, type Tensor } from '../../../src/training/graph/graph.ts';
import { sum } from '../../../src/training/graph/reduction.ts';
import { elementCount } from '../../../src/training/graph/shape.ts';
import { Random } from '../../../src/training/random.ts';

export type Build = (inputs: Tensor[], graph: Graph) => Tensor;

export interface GradientCase {
  readonly shapes: readonly (readonly number[])[];
  readonly build: Build;
  /** Keeps every input away from 0 and below, for logarithms, roots and divisors. */
  readonly positive?: boolean;
}

const STEP = 1e-2;

/** Values further apart than twice the step, none closer to 0 than that: no kink and no tie lies within a step. */
function spacedValues(count: number, positive: boolean, random: Random): Float32Array {
  const spacing = Math.max(2.5 / count, 3 * STEP);
  const order = random.permutation(count);
  const start = positive ? 0.5 : -spacing * (Math.floor(count / 2) - 0.5);
  return Float32Array.from(order, (rank) => start + rank * Math.min(spacing, positive ? 3 / count : spacing));
}

/** The largest difference between both gradients, relative to the largest gradient of its input. */
export async function gradientError(check: GradientCase, seed = 1): Promise<number> {
  const random = new Random(seed);
  const values = check.shapes.map((shape) => spacedValues(elementCount(shape), check.positive ?? false, random));
  const session = await openSession(differentiatedModel(check), { device: 'cpu', threads: 1 });
  const feed = (inputs: readonly Float32Array[]) =>
    Object.fromEntries(inputs.map((data, i) => [`x${i}`, { data, shape: check.shapes[i]! }]));
  const results = await session.run(feed(values));
  const lossAt = async (input: number, place: number, offset: number) => {
    const moved = values.map((data) => data.slice());
    moved[input]![place]! += offset;
    return { loss: Number((await session.run(feed(moved))).loss!.data[0]), at: moved[input]![place]! };
  };
  let worst = 0;
  for (let input = 0; input < values.length; input++) {
    const analytic = results[`gradient${input}`]!.data as Float32Array;
    const scale = Math.max(1e-2, ...analytic.map(Math.abs));
    const places = Math.min(analytic.length, 24);
    for (let i = 0; i < places; i++) {
      const place = Math.floor((i * analytic.length) / places);
      const above = await lossAt(input, place, STEP);
      const below = await lossAt(input, place, -STEP);
      const numeric = (above.loss - below.loss) / (above.at - below.at);
      worst = Math.max(worst, Math.abs(numeric - analytic[place]!) / scale);
    }
  }
  await session.release();
  return worst;
}

/** Outputs the loss Σ y·r, for some fixed r, and its gradient with respect to every input. */
function differentiatedModel({ shapes, build }: GradientCase): Uint8Array {
  const graph = new Graph('gradient-check');
  const inputs = shapes.map((shape, i) => graph.input(`x${i}`, 'float32', shape));
  const y = build(inputs, graph);
  const weights = Float32Array.from({ length: elementCount(y.shape) }, (_, i) => Math.sin(i * 1.7 + 0.3));
  const loss = sum(mul(y, graph.constant(weights, 'float32', y.shape)));
  graph.output(loss, 'loss');
  gradients(loss, inputs).forEach((gradient, i) => {
    graph.output(gradient, `gradient${i}`);
  });
  return graph.toModel();
}
