// One stage of a network's training: its program run on the rows, its checkpoint, and what it tells as part of the whole.
import { join } from 'node:path';
import type { NumericTensor } from '../../runtime/numeric-tensor.ts';
import type { Device } from '../../runtime/onnx-session.ts';
import { removeCheckpoint } from '../checkpoint.ts';
import type { ChunkSource } from '../chunks.ts';
import type { EpochPlan } from '../epochs.ts';
import type { Program } from '../program.ts';
import type { Schedule } from '../schedule.ts';
import type { Parameter } from '../state.ts';
import { runTraining } from '../trainer.ts';
import type { EpochReport, StepReport, TrainedState, TrainingProgress, TrainingResult } from '../training-options.ts';

/** Where in the whole training a report comes from. */
export interface StageOfTraining {
  /** From 1; the last one trains the whole network. */
  readonly stage: number;
  readonly stages: number;
  /** `layer 2 of 4` or `whole network`. */
  readonly name: string;
  readonly epochs: number;
  readonly steps: number;
}

export interface NetworkEpoch extends StageOfTraining, Omit<EpochReport, keyof TrainedState> {
  /** What the network makes of stored rows now: values [rows, …input]. Only in the last stage. */
  readonly reconstruct?: (rows: Uint8Array | Float32Array) => Promise<Float32Array>;
}

export interface NetworkProgress extends StageOfTraining, Omit<TrainingProgress, 'steps'> {
  readonly epoch: number;
}

export interface NetworkTrainingOptions {
  /** @default 'auto' */
  readonly device?: Device;
  /** @default as many as there are physical cores */
  readonly threads?: number;
  /** A folder for checkpoints: the same training goes on from there. See {@link removeCheckpoints}. */
  readonly checkpoints?: string;
  /** @default 30 */
  readonly checkpointSeconds?: number;
  /** What the data are: a checkpoint of a training on others is refused. */
  readonly dataFingerprint?: string;
  readonly signal?: AbortSignal;
  readonly onStage?: (stage: StageOfTraining) => void;
  /** Called once, when training goes on from a checkpoint, for the stage it goes on with. */
  readonly onResume?: (stage: StageOfTraining, step: number) => void;
  readonly onSteps?: (stage: StageOfTraining, steps: StepReport) => void;
  readonly onProgress?: (progress: NetworkProgress) => void;
  readonly afterEpoch?: (epoch: NetworkEpoch) => Promise<void>;
}

/** What one stage of a training did. */
export interface StageResult extends StageOfTraining {
  /** Of each step. */
  readonly losses: Float32Array;
  readonly stepsPerEpoch: number;
  readonly validations: readonly number[];
  readonly seconds: number;
}

/** What a stage trains, and on what. */
export interface StageTask {
  readonly place: StageOfTraining;
  readonly plan: EpochPlan;
  readonly program: Program;
  readonly chunks: ChunkSource;
  readonly resident: Readonly<Record<string, NumericTensor>>;
  readonly mostStepsPerChunk: number;
  readonly schedule: Schedule;
  readonly seed: number;
  /** Values from the stages before. */
  readonly start: readonly Parameter[];
  /** True for the stage whose checkpoint is the last that an interrupted training wrote. */
  readonly goesOn: boolean;
  readonly validate?: (state: TrainedState) => Promise<number>;
  readonly patience?: number;
  readonly reconstruct?: (state: TrainedState, rows: Uint8Array | Float32Array) => Promise<Float32Array>;
}

export async function runStage(task: StageTask, options: NetworkTrainingOptions): Promise<TrainingResult> {
  const { place, plan, program, chunks, goesOn, validate, patience, reconstruct } = task;
  const { device, threads, signal, onSteps, onProgress, onResume, afterEpoch, onStage } = options;
  onStage?.(place);
  return runTraining(program, chunks, {
    steps: plan.steps,
    stepsPerEpoch: plan.stepsPerEpoch,
    schedule: task.schedule,
    seed: task.seed,
    start: task.start,
    resident: task.resident,
    mostStepsPerChunk: task.mostStepsPerChunk,
    spinning: true,
    ...(device === undefined ? {} : { device }),
    ...(threads === undefined ? {} : { threads }),
    ...(signal === undefined ? {} : { signal }),
    ...checkpointOf(place, options),
    ...(validate === undefined ? {} : { validate }),
    ...(patience === undefined ? {} : { patience }),
    onSteps: (steps) => onSteps?.(place, steps),
    onResume: (step) => goesOn && onResume?.(place, step),
    onProgress: (progress) => onProgress?.({ ...progress, ...place, epoch: epochOf(progress.step, plan) }),
    afterEpoch: async ({ parameters, buffers, ...report }) => {
      const now = { parameters, buffers };
      await afterEpoch?.({
        ...place,
        ...report,
        ...(reconstruct === undefined ? {} : { reconstruct: (rows) => reconstruct(now, rows) }),
      });
    },
  });
}

/** Where a stage keeps how far it has come, when a folder was given for that. */
export function checkpointFile(
  { stage, stages }: Pick<StageOfTraining, 'stage' | 'stages'>,
  { checkpoints }: NetworkTrainingOptions,
): string | undefined {
  if (checkpoints === undefined) return undefined;
  return join(checkpoints, stages === 1 ? 'checkpoint.safetensors' : `checkpoint-${stage}.safetensors`);
}

/** Removes what a training of so many stages could go on from: once its result is kept elsewhere. */
export async function removeCheckpoints(stages: number, folder: string): Promise<void> {
  for (let stage = 1; stage <= stages; stage++) {
    const file = checkpointFile({ stage, stages }, { checkpoints: folder });
    if (file !== undefined) await removeCheckpoint(file);
  }
}

function checkpointOf(place: StageOfTraining, options: NetworkTrainingOptions) {
  const file = checkpointFile(place, options);
  if (file === undefined) return {};
  const { checkpointSeconds, dataFingerprint = '' } = options;
  return {
    checkpoint: {
      file,
      run: dataFingerprint,
      // What is done is not done again when a later stage, or what is made of the result, is interrupted.
      atEnd: true,
      ...(checkpointSeconds === undefined ? {} : { everySeconds: checkpointSeconds }),
    },
  };
}

function epochOf(step: number, { epochs, stepsPerEpoch }: EpochPlan): number {
  return Math.min(epochs, Math.floor(step / stepsPerEpoch) + 1);
}
