// What a training takes, what it tells while it runs, and what it gives back.
import type { NumericTensor } from '../runtime/numeric-tensor.ts';
import type { Device } from '../runtime/onnx-session.ts';
import type { CheckpointOptions } from './checkpoint.ts';
import type { Schedule } from './schedule.ts';
import type { Parameter } from './state.ts';

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
