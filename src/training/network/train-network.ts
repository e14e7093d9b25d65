// Trains a recipe's network on rows: held-out validation, layer-wise pre-training where asked, checkpoints, reports.
import { join } from 'node:path';
import { SandglassError } from '../../errors.ts';
import type { NumericTensor } from '../../runtime/numeric-tensor.ts';
import type { Device } from '../../runtime/onnx-session.ts';
import { removeCheckpoint } from '../checkpoint.ts';
import type { ChunkSource } from '../chunks.ts';
import { BatchOrder, type EpochPlan, planEpochs } from '../epochs.ts';
import type { Program } from '../program.ts';
import { Random } from '../random.ts';
import type { Schedule } from '../schedule.ts';
import { type Parameter, runTraining, type StepReport, type TrainedState, type TrainingResult } from '../trainer.ts';
import { type Evaluator, openEvaluator } from './evaluation.ts';
import { buildNetwork, type Network } from './network.ts';
import { defineNetworkProgram, LOSS_WEIGHTS, lossWeights, PICKED, ROWS, warmsUp } from './network-program.ts';
import { type PretrainingStage, pretrainingStages, stageProgram } from './pretraining.ts';
import type { Recipe } from './recipe.ts';

/** Rows to learn from: [count, …shape], bytes of pixels or counts of words. */
export interface TrainingRows {
  readonly count: number;
  readonly type: 'uint8' | 'float32';
  /** All of them, when they fit into memory. */
  readonly resident?: Uint8Array | Float32Array;
  /** Rows by number, one after the other. */
  read(rows: Uint32Array): Promise<Uint8Array | Float32Array>;
}

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

export interface NetworkEpoch extends StageOfTraining {
  readonly epoch: number;
  readonly step: number;
  readonly loss: number;
  readonly validation?: number;
  readonly seconds: number;
  /** What the network makes of stored rows now: values [rows, …input]. Only in the last stage. */
  readonly reconstruct?: (rows: Uint8Array | Float32Array) => Promise<Float32Array>;
}

export interface NetworkProgress extends StageOfTraining {
  readonly epoch: number;
  readonly step: number;
  readonly loss: number;
  readonly secondsLeft: number;
}

export interface NetworkTrainingOptions {
  /** @default 'auto' */
  readonly device?: Device;
  /** @default as many as there are physical cores */
  readonly threads?: number;
  /** A folder for checkpoints: the same training goes on from there. They are removed at the end. */
  readonly checkpoints?: string;
  /** @default 30 */
  readonly checkpointSeconds?: number;
  /** What the data are: a checkpoint of a training on others is refused. */
  readonly dataFingerprint?: string;
  readonly signal?: AbortSignal;
  readonly onStage?: (stage: StageOfTraining) => void;
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

export interface TrainedNetwork {
  readonly recipe: Recipe;
  readonly network: Network;
  /** Parameters and buffers. */
  readonly values: readonly Parameter[];
  readonly stages: readonly StageResult[];
  /** The epoch that gave the values: the best one with early stopping. */
  readonly epoch: number;
  readonly trainingRows: number;
  readonly validationRows: number;
  /** Rows of a step: fewer than the recipe says when there are no more. */
  readonly batch: number;
  readonly seconds: number;
}

/** Fewer rows than this are nothing to learn from. */
const FEWEST_ROWS = 2;
/** Rows that are evaluated at a time. */
const EVALUATION_BLOCK = 500;
/** Streamed rows of a chunk take no more than this. */
const MOST_STREAMED_BYTES = 64 * 2 ** 20;

/**
 * Blocks its thread for about a second at a time: run it in a worker.
 *
 * @throws SandglassError GRAPH_SHAPE, RECIPE_INVALID, TRAINING_TOO_SMALL, TRAINING_DIVERGED, ABORTED, DEVICE_UNAVAILABLE,
 *   CHECKPOINT_BROKEN, CHECKPOINT_MISMATCH, DISK_FULL
 */
export async function trainNetwork(
  recipe: Recipe,
  data: TrainingRows,
  options: NetworkTrainingOptions = {},
): Promise<TrainedNetwork> {
  const network = buildNetwork(recipe);
  const stages = recipe.pretraining === undefined ? [] : pretrainingStages(recipe, network);
  const random = new Random(recipe.seed);
  const split = splitRows(recipe, data.count, random.fork());
  const run: Run = { recipe, network, data, split, options, stages: stages.length + 1, orders: random };
  const results: StageResult[] = [];
  let values: Parameter[] = [];
  for (const stage of stages) {
    const { parameters, result } = await trainStage(run, stage, values, results.length + 1);
    values = [...values, ...parameters];
    results.push(result);
  }
  const whole = await trainWhole(run, values);
  results.push(whole.result);
  for (let stage = 1; stage <= results.length; stage++) {
    const file = checkpointFile(run, stage);
    if (file !== undefined) await removeCheckpoint(file);
  }
  return {
    recipe,
    network,
    values: [...whole.trained.parameters, ...whole.trained.buffers],
    stages: results,
    epoch: whole.trained.epoch,
    trainingRows: split.training.length,
    validationRows: split.validation.length,
    batch: Math.min(recipe.batch, split.training.length),
    seconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** What the stages of one training share. */
interface Run {
  readonly recipe: Recipe;
  readonly network: Network;
  readonly data: TrainingRows;
  readonly split: Split;
  readonly options: NetworkTrainingOptions;
  readonly stages: number;
  /** Gives each stage an order of its own. */
  readonly orders: Random;
}

interface Split {
  readonly training: Uint32Array;
  readonly validation: Uint32Array;
}

/** Holds out a share of the rows; their number is cut to whole blocks of evaluation. */
function splitRows({ validation }: Recipe, count: number, random: Random): Split {
  const order = random.permutation(count);
  const wanted = Math.floor(count * validation.share);
  const block = Math.min(EVALUATION_BLOCK, Math.max(1, wanted));
  const held = wanted - (wanted % block);
  if (count - held < FEWEST_ROWS) {
    throw new SandglassError(
      'TRAINING_TOO_SMALL',
      `Expected at least ${FEWEST_ROWS} rows to train on but ${count - held} of ${count} are left` +
        `${held > 0 ? ` beside ${held} for validation` : ''}.`,
    );
  }
  if (validation.share > 0 && held === 0) {
    throw new SandglassError(
      'TRAINING_TOO_SMALL',
      `Expected at least one row for validation but ${validation.share} of ${count} rows are none; ` +
        'give more data or a validation share of 0.',
    );
  }
  return { training: order.slice(held).sort(), validation: order.slice(0, held).sort() };
}

async function trainStage(run: Run, stage: PretrainingStage, before: readonly Parameter[], number: number) {
  const { recipe, network, data, split } = run;
  const { epochs, rate } = recipe.pretraining!;
  const plan = planEpochs(split.training.length, recipe.batch, epochs);
  const place = { stage: number, stages: run.stages, name: stage.name, epochs, steps: plan.steps };
  const program = stageProgram(recipe, network, stage, rowsOfProgram(data, plan));
  const frozen = Object.fromEntries(before.map(({ name, shape, data: values }) => [name, { data: values, shape }]));
  const used = Object.fromEntries(stage.frozen.map((name) => [name, frozen[name]!]));
  const schedule = { kind: 'constant', rate: rate ?? recipe.schedule.rate } as const;
  const trained = await runStage(run, place, plan, program, { schedule, resident: used, start: [] });
  return { parameters: trained.parameters, result: resultOf(place, plan, trained) };
}

async function trainWhole(run: Run, start: readonly Parameter[]) {
  const { recipe, network, data, split, options } = run;
  const plan = planEpochs(split.training.length, recipe.batch, recipe.epochs);
  const place = {
    stage: run.stages,
    stages: run.stages,
    name: 'whole network',
    epochs: recipe.epochs,
    steps: plan.steps,
  };
  const { warmUp, ...schedule } = recipe.schedule;
  const program = defineNetworkProgram(recipe, network, rowsOfProgram(data, plan));
  const evaluator = await openEvaluator(recipe, network, {
    block: Math.min(EVALUATION_BLOCK, Math.max(1, split.validation.length || EVALUATION_BLOCK)),
    device: options.device ?? 'auto',
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  });
  try {
    const trained = await runStage(run, place, plan, program, {
      schedule: { ...schedule, warmUp: Math.round(warmUp * plan.stepsPerEpoch) },
      resident: {},
      start,
      evaluator,
    });
    return { trained, result: resultOf(place, plan, trained) };
  } finally {
    await evaluator.release();
  }
}

function resultOf(place: StageOfTraining, plan: EpochPlan, trained: TrainingResult): StageResult {
  const { losses, validations, seconds } = trained;
  return { ...place, losses, validations, seconds, stepsPerEpoch: plan.stepsPerEpoch };
}

async function runStage(
  run: Run,
  place: StageOfTraining,
  plan: EpochPlan,
  program: Program,
  how: {
    readonly schedule: Schedule;
    readonly resident: Readonly<Record<string, NumericTensor>>;
    readonly start: readonly Parameter[];
    readonly evaluator?: Evaluator;
  },
): Promise<TrainingResult> {
  const { recipe, network, data, split, options } = run;
  const { evaluator } = how;
  const { device, threads, signal, onSteps, onProgress, onResume, afterEpoch, onStage } = options;
  onStage?.(place);
  const epochOf = (step: number) => Math.min(plan.epochs, Math.floor(step / plan.stepsPerEpoch) + 1);
  const file = checkpointFile(run, place.stage);
  const rowsResident: Record<string, NumericTensor> =
    data.resident === undefined ? {} : { [ROWS]: { data: data.resident, shape: [data.count, ...network.input] } };
  const { patience } = recipe.validation;
  const validated = evaluator !== undefined && split.validation.length > 0;
  return runTraining(program, chunksOf(run, plan, warmsUp(recipe) && evaluator !== undefined), {
    steps: plan.steps,
    stepsPerEpoch: plan.stepsPerEpoch,
    schedule: how.schedule,
    // Each stage draws numbers of its own.
    seed: (recipe.seed + place.stage - 1) >>> 0,
    start: how.start,
    resident: { ...rowsResident, ...how.resident },
    mostStepsPerChunk: mostStepsPerChunk(data, network, plan),
    spinning: true,
    ...(device === undefined ? {} : { device }),
    ...(threads === undefined ? {} : { threads }),
    ...(signal === undefined ? {} : { signal }),
    ...(file === undefined
      ? {}
      : {
          checkpoint: {
            file,
            run: options.dataFingerprint ?? '',
            ...(options.checkpointSeconds === undefined ? {} : { everySeconds: options.checkpointSeconds }),
          },
        }),
    ...(validated ? { validate: (state) => validationLoss(run, evaluator, state) } : {}),
    ...(validated && patience !== undefined ? { patience } : {}),
    onSteps: (steps) => onSteps?.(place, steps),
    onResume: (step) => onResume?.(place, step),
    onProgress: ({ step, loss, secondsLeft }) =>
      onProgress?.({ ...place, epoch: epochOf(step), step, loss, secondsLeft }),
    afterEpoch: async ({ epoch, step, loss, validation, seconds, ...state }) =>
      afterEpoch?.({
        ...place,
        epoch,
        step,
        loss,
        seconds,
        ...(validation === undefined ? {} : { validation }),
        ...(evaluator === undefined
          ? {}
          : { reconstruct: (rows) => reconstruct(evaluator, network, rows, [...state.parameters, ...state.buffers]) }),
      }),
  });
}

function checkpointFile({ options, stages }: Run, stage: number): string | undefined {
  if (options.checkpoints === undefined) return undefined;
  return join(options.checkpoints, stages === 1 ? 'checkpoint.safetensors' : `checkpoint-${stage}.safetensors`);
}

function rowsOfProgram({ count, type, resident }: TrainingRows, { batchSize }: EpochPlan) {
  return { count, type, resident: resident !== undefined, batch: batchSize };
}

/** The rows of each step, in an order that is drawn anew each epoch. */
function chunksOf({ recipe, data, split, network, orders }: Run, plan: EpochPlan, weighted: boolean): ChunkSource {
  const order = new BatchOrder(plan, orders.fork());
  const { batchSize, stepsPerEpoch } = plan;
  return {
    skipTo: (step) => order.skipTo(step),
    async next(first, count) {
      const rows = new Uint32Array(count * batchSize);
      for (let step = 0; step < count; step++) {
        order.next().forEach((place, i) => {
          rows[step * batchSize + i] = split.training[place]!;
        });
      }
      const picked: NumericTensor =
        data.resident === undefined
          ? { data: await data.read(rows), shape: [count, batchSize, ...network.input] }
          : { data: BigInt64Array.from(rows, BigInt), shape: [count, batchSize] };
      if (!weighted) return { [data.resident === undefined ? ROWS : PICKED]: picked };
      const weights = Array.from({ length: count }, (_, i) => lossWeights(recipe, first + i, stepsPerEpoch));
      return {
        [data.resident === undefined ? ROWS : PICKED]: picked,
        [LOSS_WEIGHTS]: { data: Float32Array.from(weights.flat()), shape: [count, recipe.loss.length] },
      };
    },
  };
}

function mostStepsPerChunk(data: TrainingRows, network: Network, { batchSize, stepsPerEpoch }: EpochPlan): number {
  if (data.resident !== undefined) return Math.max(1, stepsPerEpoch);
  const bytesOfRow = network.input.reduce((product, size) => product * size, data.type === 'uint8' ? 1 : 4);
  return Math.max(1, Math.floor(MOST_STREAMED_BYTES / (bytesOfRow * batchSize)));
}

async function validationLoss({ data, split }: Run, evaluator: Evaluator, state: TrainedState): Promise<number> {
  const values = [...state.parameters, ...state.buffers];
  const { block } = evaluator;
  const blocks = split.validation.length / block;
  let sum = 0;
  for (let i = 0; i < blocks; i++) {
    const rows = await data.read(split.validation.subarray(i * block, (i + 1) * block));
    sum += (await evaluator.evaluate(rows, values)).loss;
  }
  return sum / blocks;
}

/** Any number of rows through an evaluator, which takes whole blocks. */
export async function reconstruct(
  evaluator: Evaluator,
  { input }: Network,
  rows: Uint8Array | Float32Array,
  values: readonly Parameter[],
): Promise<Float32Array> {
  const width = input.reduce((product, size) => product * size, 1);
  const made = new Float32Array(rows.length);
  const size = evaluator.block * width;
  for (let at = 0; at < rows.length; at += size) {
    const part = rows.subarray(at, at + size);
    const whole =
      part.length === size ? part : rows instanceof Uint8Array ? new Uint8Array(size) : new Float32Array(size);
    if (whole !== part) whole.set(part);
    const { reconstructions } = await evaluator.evaluate(whole, values);
    made.set(reconstructions.subarray(0, part.length), at);
  }
  return made;
}
