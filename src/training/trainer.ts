// Runs a training program: chunk after chunk of steps, with progress, cancelling and a watch for divergence.
import { SandglassError } from '../errors.ts';
import { type NumericTensor, unshared } from '../runtime/numeric-tensor.ts';
import { type Device, type OnnxSession, openSession } from '../runtime/onnx-session.ts';
import { elementCount, type Shape } from './graph/shape.ts';
import { learningRate, SCALARS_PER_STEP, type Schedule, stepScalars } from './optimizer.ts';
import { NAMES, type Program } from './program.ts';
import { Random } from './random.ts';

/** A trained parameter. */
export interface Parameter {
  readonly name: string;
  readonly shape: Shape;
  readonly data: Float32Array;
}

export interface TrainingProgress {
  /** Steps done. */
  readonly step: number;
  /** Steps in all. */
  readonly steps: number;
  /** Mean loss of the steps since the last report. */
  readonly loss: number;
  /** At the speed so far. */
  readonly secondsLeft: number;
}

/**
 * Data for steps `first` … `first + count − 1`: for each streamed input a tensor with a leading axis of `count` steps.
 * Called in order, once for each step; what it gives must not depend on how the steps are cut into chunks.
 */
export type NextChunk = (first: number, count: number) => Readonly<Record<string, NumericTensor>>;

export interface TrainingOptions {
  readonly steps: number;
  readonly schedule: Schedule;
  /** Draws the starting values. */
  readonly seed: number;
  /** Starting values by name, for parameters that shall not be drawn (a stage that was trained before). */
  readonly start?: readonly Parameter[];
  /** Resident data by name. @default none */
  readonly resident?: Readonly<Record<string, NumericTensor>>;
  /** Most steps of one call into the runtime: bounds the memory of streamed data. @default 200 */
  readonly mostStepsPerChunk?: number;
  /** @default 'auto' */
  readonly device?: Device;
  /** @default as many as there are physical cores */
  readonly threads?: number;
  /** Looked at between chunks. */
  readonly signal?: AbortSignal;
  /** Called after each chunk. */
  readonly onProgress?: (progress: TrainingProgress) => void;
}

export interface TrainingResult {
  readonly parameters: readonly Parameter[];
  /** The loss of each step. */
  readonly losses: Float32Array;
  /** Further numbers of each step, by name. */
  readonly metrics: Readonly<Record<string, Float32Array>>;
  readonly seconds: number;
}

/** A chunk should take about this long, so that progress moves and cancelling is quick. */
const SECONDS_PER_CHUNK = 1;

/**
 * Trains. Blocks its thread for about a second at a time: run it in a worker.
 *
 * The result depends on the program, the data, the seed and the number of threads only, not on timing.
 *
 * @throws SandglassError ABORTED; TRAINING_DIVERGED with the step and the likely cause; DEVICE_UNAVAILABLE
 */
export async function runTraining(
  program: Program,
  nextChunk: NextChunk,
  options: TrainingOptions,
): Promise<TrainingResult> {
  const { steps, schedule, signal } = options;
  if (!Number.isInteger(steps) || steps < 1)
    throw new RangeError(`Expected a number of steps ≥ 1 but received ${steps}`);
  throwIfAborted(signal);
  const session = await openSession(program.model, {
    device: options.device ?? 'auto',
    // Minutes of work beside whatever else the machine does: threads that wait busily took 0.31 s of processor time a step
    // of the picture recipe in place of 0.19.
    spinning: false,
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  });
  try {
    return await runChunks(program, session, nextChunk, options, (step) => learningRate(schedule, step, steps));
  } finally {
    await session.release();
  }
}

async function runChunks(
  program: Program,
  session: OnnxSession,
  nextChunk: NextChunk,
  options: TrainingOptions,
  rateOf: (step: number) => number,
): Promise<TrainingResult> {
  const { steps, signal, onProgress, mostStepsPerChunk = 200 } = options;
  const started = performance.now();
  const secondsSince = (start: number) => (performance.now() - start) / 1000;
  const resident = Object.fromEntries(
    Object.entries(named(program.resident, options.resident ?? {}, NAMES.resident)).map(([name, { data, shape }]) => {
      return [name, { data: unshared(data), shape }]; // once, and not again for each chunk
    }),
  );
  const losses = new Float32Array(steps);
  const metrics = Object.fromEntries(program.metrics.map((name) => [name, new Float32Array(steps)]));
  let state = startingState(program, options);
  let count = Math.min(4, mostStepsPerChunk);
  for (let first = 0; first < steps; first += count) {
    throwIfAborted(signal);
    if (first > 0) count = chunkLength(first, secondsSince(started), mostStepsPerChunk);
    count = Math.min(count, steps - first);
    const results = await session.run({
      ...state,
      ...resident,
      ...named(program.streamed, nextChunk(first, count), NAMES.streamed),
      [NAMES.scalars]: {
        data: stepScalars(first, count, rateOf, program.adam),
        shape: [count, SCALARS_PER_STEP],
      },
    });
    const chunk = results[NAMES.losses]!.data as Float32Array;
    demandFinite(chunk, first, rateOf);
    losses.set(chunk, first);
    for (const name of program.metrics) metrics[name]!.set(results[NAMES.metric(name)]!.data as Float32Array, first);
    state = Object.fromEntries(Object.keys(state).map((name) => [name, results[NAMES.next(name)]!]));
    const done = first + count;
    onProgress?.({
      step: done,
      steps,
      loss: chunk.reduce((sum, loss) => sum + loss, 0) / count,
      secondsLeft: (secondsSince(started) / done) * (steps - done),
    });
  }
  throwIfAborted(signal);
  const parameters = Object.entries(program.parameters).map(([name, { shape }]) => {
    return { name, shape, data: state[NAMES.parameter(name)]!.data as Float32Array };
  });
  if (parameters.some(({ data }) => !data.every(Number.isFinite))) throw diverged(steps - 1, rateOf);
  return { parameters, losses, metrics, seconds: secondsSince(started) };
}

function chunkLength(stepsDone: number, seconds: number, most: number): number {
  const stepsPerSecond = stepsDone / Math.max(1e-3, seconds);
  return Math.max(1, Math.min(most, Math.round(stepsPerSecond * SECONDS_PER_CHUNK)));
}

/** The parameters, drawn or given, and Adam's means, which start at 0. */
function startingState(program: Program, options: TrainingOptions): Record<string, NumericTensor> {
  const random = new Random(options.seed);
  const state: Record<string, NumericTensor> = {};
  for (const [name, { shape, initial }] of Object.entries(program.parameters)) {
    // Drawn even when it is given, so that one given parameter leaves the others as they would be.
    const drawn = initial(elementCount(shape), random.fork());
    const given = options.start?.find((parameter) => parameter.name === name);
    if (given !== undefined && given.data.length !== drawn.length) {
      throw new RangeError(`Expected ${drawn.length} starting values for '${name}' but received ${given.data.length}`);
    }
    state[NAMES.parameter(name)] = { data: given?.data ?? drawn, shape };
    state[NAMES.mean(name)] = { data: new Float32Array(drawn.length), shape };
    state[NAMES.square(name)] = { data: new Float32Array(drawn.length), shape };
  }
  return state;
}

function named(
  names: readonly string[],
  tensors: Readonly<Record<string, NumericTensor>>,
  inputName: (name: string) => string,
): Record<string, NumericTensor> {
  return Object.fromEntries(
    names.map((name) => {
      const tensor = tensors[name];
      if (tensor === undefined) throw new TypeError(`Expected a tensor for '${name}' but received none`);
      return [inputName(name), tensor];
    }),
  );
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new SandglassError('ABORTED', 'Training was stopped before it was done; nothing of it was kept', {
      cause: signal.reason,
    });
  }
}

function demandFinite(losses: Float32Array, first: number, rateOf: (step: number) => number): void {
  const at = losses.findIndex((loss) => !Number.isFinite(loss));
  if (at >= 0) throw diverged(first + at, rateOf);
}

function diverged(step: number, rateOf: (step: number) => number): SandglassError {
  const cause =
    step === 0
      ? 'already the first loss is not finite, so the data or the starting values hold NaN or infinite numbers'
      : `the learning rate of ${rateOf(step).toPrecision(2)} is most likely too high; try a tenth of it, or a warm-up`;
  return new SandglassError(
    'TRAINING_DIVERGED',
    `The training loss became NaN or infinite at step ${step + 1}: ${cause}`,
  );
}
