// How fast training could be at best: the machine's rate of multiplying matrices, and where the time of a step goes.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { openSession } from '../dist/runtime/onnx-session.js';
import { Graph } from '../dist/training/graph/graph.js';
import { gemm } from '../dist/training/graph/linear.js';
import { cutParameters, layersOf, programOf, rowShape, type TrainingCase } from './train-networks.ts';

const SIDE = 1024;
const PRODUCTS = 20;
const THREADS = 2;

/** Floating-point operations a second of large matrix products on two threads: the best of several runs. */
export async function matrixRate(): Promise<number> {
  const graph = new Graph('matrix-rate');
  const factor = graph.input('factor', 'float32', [SIDE, SIDE]);
  let product = factor;
  for (let i = 0; i < PRODUCTS; i++) product = gemm(product, factor);
  graph.output(product, 'product');
  const session = await openSession(graph.toModel(), { device: 'cpu', threads: THREADS });
  const feeds = { factor: { data: new Float32Array(SIDE ** 2).fill(1 / SIDE), shape: [SIDE, SIDE] } };
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 8; run++) {
    const began = performance.now();
    await session.run(feeds);
    best = Math.min(best, (performance.now() - began) / 1000);
  }
  await session.release();
  return (PRODUCTS * 2 * SIDE ** 3) / best;
}

/** Milliseconds of one step by kind of work. */
export interface StepParts {
  /** Matrix products and convolutions. */
  readonly products: number;
  /** The optimizer's passes over parameters. */
  readonly optimizer: number;
  readonly rest: number;
  /** The slowest kinds of operators that are neither. */
  readonly slowest: readonly (readonly [operator: string, milliseconds: number])[];
}

const PRODUCT = /Gemm|MatMul|Conv/;
const ELEMENTWISE = new Set(['Add', 'Div', 'Mul', 'Sqrt', 'Sub']);

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args?: {
    readonly op_name?: string;
    /** For example [{ float: [784, 256] }]. */
    readonly output_type_shape?: readonly Readonly<Record<string, readonly number[]>>[];
  };
}

/** Runs some steps under ONNX Runtime's profiler, which itself takes some microseconds an operator. */
export async function profileSteps(
  described: TrainingCase,
  inputs: { readonly data: Uint8Array; readonly weights: Float32Array; readonly order: BigInt64Array },
  steps: number,
): Promise<StepParts> {
  const folder = mkdtempSync(join(tmpdir(), 'sandglass-profile-'));
  try {
    const session = await InferenceSession.create(programOf('bench', described).model, {
      intraOpNumThreads: THREADS,
      logSeverityLevel: 4,
      enableProfiling: true,
      profileFilePrefix: join(folder, 'profile'),
    });
    const known = new Map<string, Tensor>([
      ['resident/data', new Tensor('uint8', inputs.data, [described.rows, ...rowShape(described.network)])],
      ['streamed/rows', new Tensor('int64', firstRows(inputs.order, steps, described.batch), [steps, described.batch])],
      ...cutParameters(described.network, inputs.weights).map(({ name, data, shape }) => {
        return [`parameter/${name}`, new Tensor('float32', data, shape)] as const;
      }),
    ]);
    const feeds = session.inputMetadata.map((input) => {
      const shape = input.isTensor ? input.shape.map((size) => (typeof size === 'number' ? size : steps)) : [];
      return [input.name, known.get(input.name) ?? smallNumbers(shape)] as const;
    });
    await session.run(Object.fromEntries(feeds));
    session.endProfiling();
    await session.release();
    const events = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8')) as ProfileEvent[];
    return sumUp(events, steps, parameterShapes(described));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sumUp(events: readonly ProfileEvent[], steps: number, shapes: ReadonlySet<string>): StepParts {
  let [products, optimizer, rest] = [0, 0, 0];
  const others = new Map<string, number>();
  for (const { cat, name, dur, args } of events) {
    const operator = args?.op_name;
    if (cat !== 'Node' || operator === undefined || operator === 'Loop' || !name.endsWith('_kernel_time')) continue;
    const milliseconds = dur / 1000 / steps;
    const shape = Object.values(args?.output_type_shape?.[0] ?? {})[0]?.join() ?? '';
    if (PRODUCT.test(operator)) products += milliseconds;
    // What works element by element on something of a parameter's shape; few activations have one.
    else if (ELEMENTWISE.has(operator) && shapes.has(shape)) optimizer += milliseconds;
    else {
      rest += milliseconds;
      others.set(operator, (others.get(operator) ?? 0) + milliseconds);
    }
  }
  const slowest = [...others].sort(([, a], [, b]) => b - a).slice(0, 4);
  return { products, optimizer, rest, slowest };
}

function parameterShapes({ network }: TrainingCase): Set<string> {
  return new Set(layersOf(network).flatMap(({ weights, bias }) => [weights.join(), `${bias}`]));
}

function firstRows(order: BigInt64Array, steps: number, batch: number): BigInt64Array {
  return BigInt64Array.from({ length: steps * batch }, (_, i) => order[i % order.length]!);
}

/** Stands for the optimizer's memory and its numbers: small, and far from 0 / 0. */
function smallNumbers(shape: readonly number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return new Tensor('float32', new Float32Array(count).fill(1e-4), shape);
}
