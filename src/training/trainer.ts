// Runs a training program: chunk after chunk of steps, epoch after epoch, with checkpoints, progress and cancelling.
import { SandglassError } from '../errors.ts';
import type { NumericTensor } from '../runtime/numeric-tensor.ts';
import { type Device, openSession } from '../runtime/onnx-session.ts';
import { type CheckpointOptions, fingerprintOf, loadCheckpoint } from './checkpoint.ts';
import { type ChunkSource, type NextChunk, skipSteps } from './chunks.ts';
import type { Program } from './program.ts';
import { NAMES } from './program-names.ts';
import { learningRate, type Schedule } from './schedule.ts';
import { type Parameter, partOf, startingState, stateBytes } from './state.ts';
import { LARGE_STATE, TrainingRun } from './training-run.ts';

export type { NextChunk } from './chunks.ts';
export type { Parameter } from './state.ts';

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

/** What training has made so far. */
export interface TrainedState {
  readonly parameters: readonly Parameter[];
  readonly buffers: readonly Parameter[];
}

/** Each step of a chunk, in order. After a resume, steps that a killed run had reported already may come again. */
export interface StepReport {
  /** The first of the steps, from 0. */
  readonly first: number;
  readonly losses: Float32Array;
  /** Further numbers, by name. */
  readonly metrics: Readonly<Record<string, Float32Array>>;
  readonly rates: readonly number[];
}

export interface EpochReport extends TrainedState {
  /** From 1. */
  readonly epoch: number;
  /** Steps done. */
  readonly step: number;
  /** Mean loss of the epoch's steps. */
  readonly loss: number;
  /** What `validate` gave. */
  readonly validation?: number;
  /** Time the epoch's steps took. */
  readonly seconds: number;
}

export interface TrainingOptions {
  readonly steps: number;
  readonly schedule: Schedule;
  /** Draws the starting values and the noise. */
  readonly seed: number;
  /** Starting values by name, for parameters and buffers that shall not be drawn (a stage that was trained before). */
  readonly start?: readonly Parameter[];
  /** Resident data by name. @default none */
  readonly resident?: Readonly<Record<string, NumericTensor>>;
  /** Where epochs end. The last one may be shorter. @default the whole training is one epoch */
  readonly stepsPerEpoch?: number;
  /** Called after each epoch: a number that should become small, for example the loss on rows that are held out. */
  readonly validate?: (state: TrainedState) => Promise<number>;
  /**
   * Stops when that many epochs have not improved the validation, and gives back the best epoch's state, which is kept in
   * memory. @default goes on to the end and gives back the last
   */
  readonly patience?: number;
  /** Called after each epoch, and waited for. */
  readonly afterEpoch?: (epoch: EpochReport) => Promise<void>;
  /** Called after each chunk. */
  readonly onSteps?: (steps: StepReport) => void;
  /** Called after each chunk. */
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** Called at the start when training goes on from a checkpoint, with the steps that are done. */
  readonly onResume?: (step: number) => void;
  /** @default nothing is kept of a training that is interrupted */
  readonly checkpoint?: CheckpointOptions;
  /** Most steps of one call into the runtime: bounds the memory of streamed data. @default 200 */
  readonly mostStepsPerChunk?: number;
  /** @default 'auto' */
  readonly device?: Device;
  /** @default as many as there are physical cores */
  readonly threads?: number;
  /**
   * Whether threads that wait keep a processor busy: faster where steps are short and the machine has nothing else to do.
   * @default false
   */
  readonly spinning?: boolean;
  /** Looked at between chunks. */
  readonly signal?: AbortSignal;
}

export interface TrainingResult extends TrainedState {
  /** The loss of each step. */
  readonly losses: Float32Array;
  /** Further numbers of each step, by name. */
  readonly metrics: Readonly<Record<string, Float32Array>>;
  /** What `validate` gave after each epoch. */
  readonly validations: readonly number[];
  /** The epoch (from 1) after which the parameters were as they are: the best one where there is a patience. */
  readonly epoch: number;
  /** Time the steps took, in all sessions of a training that was interrupted. */
  readonly seconds: number;
}

/**
 * Trains. Blocks its thread for about a second at a time: run it in a worker.
 *
 * The result depends on the program, the data, the options and the number of threads only, not on timing, nor on how often
 * the training was interrupted.
 *
 * @throws SandglassError ABORTED; TRAINING_DIVERGED with the step and the likely cause; DEVICE_UNAVAILABLE;
 *   CHECKPOINT_BROKEN, CHECKPOINT_MISMATCH, DISK_FULL, OUTPUT_UNWRITABLE of a checkpoint
 */
export async function runTraining(
  program: Program,
  chunks: NextChunk | ChunkSource,
  options: TrainingOptions,
): Promise<TrainingResult> {
  checkOptions(options);
  const { steps, seed, schedule, start = [], stepsPerEpoch, patience, checkpoint, signal } = options;
  if (signal?.aborted === true) {
    throw new SandglassError('ABORTED', 'Training was stopped before it began', { cause: signal.reason });
  }
  const source = typeof chunks === 'function' ? { next: chunks } : chunks;
  const run = new TrainingRun(program, source, startingState(program, seed, start), options, (step) =>
    learningRate(schedule, step, steps),
  );
  if (checkpoint !== undefined) {
    const settings = { steps, seed, schedule, start, stepsPerEpoch, patience, run: checkpoint.run ?? '' };
    const fingerprint = fingerprintOf(program, settings);
    const progress = await loadCheckpoint(checkpoint.file, fingerprint, run.state);
    run.keepCheckpoints(checkpoint, fingerprint);
    if (progress !== undefined) {
      run.resume(progress);
      await skipSteps(source, progress.step);
      options.onResume?.(progress.step);
    }
  }
  const session = await openSession(program.model, {
    device: options.device ?? 'auto',
    spinning: options.spinning ?? false,
    memory: memoryFor(stateBytes(run.state)),
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  });
  try {
    await run.finish(session);
  } finally {
    await session.release();
  }
  const { state, epoch } = run.result;
  return {
    parameters: partOf(state, program.parameters, NAMES.parameter),
    buffers: partOf(state, program.buffers, NAMES.buffer),
    losses: run.losses,
    metrics: run.metrics,
    validations: run.validations,
    epoch,
    seconds: run.seconds,
  };
}

/**
 * What keeps the peak below the data, twelve times the parameters and 300 MB: with 39 MB of parameters and Adam, `fast`
 * took 890 MB, `lean` 820 at the same speed; with 115 MB `lean` 1,950 MB, `least` 1,320 and half as much time again.
 */
function memoryFor(bytes: number): 'fast' | 'lean' | 'least' {
  if (bytes <= LARGE_STATE) return 'fast';
  return bytes <= 120 * 2 ** 20 ? 'lean' : 'least';
}

function checkOptions({ steps, stepsPerEpoch, validate, patience }: TrainingOptions): void {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(`Expected a number of steps ≥ 1 but received ${steps}`);
  }
  if (stepsPerEpoch !== undefined && !(Number.isInteger(stepsPerEpoch) && stepsPerEpoch >= 1)) {
    throw new RangeError(`Expected stepsPerEpoch ≥ 1 but received ${stepsPerEpoch}`);
  }
  if (patience !== undefined && validate === undefined) {
    throw new TypeError('Expected validate where there is a patience but received none');
  }
}
